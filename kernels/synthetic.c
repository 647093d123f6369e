/*
 * synthetic: elements of known cost, so that the best schedule is known before it is measured.
 *
 * Element i spins: from x = random number i of the seed, x = (x ^ a) * b is done `steps` times,
 * modulo 2^64, each step waiting for the one before. The result is the sum of all x, modulo 2^64.
 * A step is nominally 1 ns: an exclusive or and a multiplication take 4 cycles on most processors,
 * which is 1 ns at 4 GHz. It is work, not time: whatever slows a core down slows its elements down.
 *
 * The steps of an element are its weight, scaled so that all have mean_ns steps on average, whatever
 * the shape, and rounded. With u, random between 0 and 1, for each element:
 *
 *	constant      1
 *	              static is best: there is nothing to balance
 *	rising        i + 1/2
 *	              static gives the last of p members 2 - 1/p times its share: dynamic is best
 *	falling       n - i - 1/2
 *	              static gives it to the first; guided, too, begins with many costly elements
 *	exponential   -ln u
 *	bimodal       10 if u < 1/10, else 1
 *	              static is uneven by chance, the less so the more elements a member has
 *	heavy-tailed  (1 - u (1 - 10^-4.4))^(-1/1.1)
 *	              Pareto's distribution with exponent 1.1, bounded to [1, 10^4]: as before, but a
 *	              few elements decide
 *	giant         n - 1 at one random i, else 1
 *	              half of all work is in one element, so that no schedule gets beyond a speedup
 *	              of 2, and the later it comes the less dynamic gets
 *
 * Bound by the latency of multiplication. No two elements overlap, so that costs add up.
 */
#include "kernel.h"

#include <math.h>

enum { CONSTANT, RISING, FALLING, EXPONENTIAL, BIMODAL, HEAVY_TAILED, GIANT, SHAPES };

enum { MEAN_NS = 2000 };

static const char *const shapes[SHAPES + 1] = {
	[CONSTANT] = "constant",
	[RISING] = "rising",
	[FALLING] = "falling",
	[EXPONENTIAL] = "exponential",
	[BIMODAL] = "bimodal",
	[HEAVY_TAILED] = "heavy-tailed",
	[GIANT] = "giant",
};

struct input {
	uint64_t *steps; /* of each element */
	uint64_t n, seed, zero;
	unsigned shape;
	double scale; /* steps of a weight of 1 */
};
struct partial {
	uint64_t sum;
};

/* x & zero is 0, but makes an element wait for the one before. */
static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	const uint64_t *restrict steps = in->steps;
	const uint64_t seed = in->seed, zero = in->zero;
	uint64_t sum = into->sum, x = sum;

	for (uint64_t i = elements.first; i < elements.end; i++) {
		x = random_of(seed, i) ^ (x & zero);
		for (uint64_t left = steps[i]; left; left--)
			x = (x ^ 0x9e3779b97f4a7c15u) * 0xd1342543de82ef95u;
		sum += x;
	}
	into->sum = sum;
}

/* The element that a seed makes the giant; there is none among less than two. */
static bool is_giant(const struct input *in, uint64_t i)
{
	return in->n > 1 && i == random_of(in->seed, in->n) % in->n;
}

static double weight_of(const struct input *in, uint64_t i)
{
	const double u = uniform_of(in->seed, i);

	switch (in->shape) {
	case RISING:
		return (double)i + 0.5;
	case FALLING:
		return (double)(in->n - i) - 0.5;
	case EXPONENTIAL:
		return -log(u);
	case BIMODAL:
		return u < 0.1 ? 10 : 1;
	case HEAVY_TAILED:
		return pow(1 - u * (1 - pow(10, -4.4)), -1 / 1.1);
	case GIANT:
		return is_giant(in, i) ? (double)(in->n - 1) : 1;
	default:
		return 1;
	}
}

static int shape_named(const char *name, unsigned *into)
{
	for (unsigned s = 0; s < SHAPES; s++) {
		if (name && strcmp(name, shapes[s]) != 0)
			continue;
		*into = s;
		return 0;
	}
	return -EINVAL;
}

static int setup(struct input *in, const struct problem *problem)
{
	const uint64_t mean = problem->recipe.mean_ns ? problem->recipe.mean_ns : MEAN_NS;
	const uint64_t n = problem->size.n;
	double sum = 0;

	in->n = n;
	in->seed = problem->recipe.seed;
	in->zero = problem->zero;
	if (shape_named(problem->recipe.shape, &in->shape))
		return -EINVAL;
	for (uint64_t i = 0; i < n; i++)
		sum += weight_of(in, i);
	in->scale = (double)mean * (double)n / sum;
	in->steps = kernel_alloc(n, sizeof(*in->steps));
	return in->steps ? 0 : -ENOMEM;
}

static void fill(const struct input *in, struct range elements)
{
	for (uint64_t i = elements.first; i < elements.end; i++)
		in->steps[i] = (uint64_t)(weight_of(in, i) * in->scale + 0.5);
}

static void release(struct input *in)
{
	free(in->steps);
}

static void combine(struct partial *into, const struct partial *from)
{
	into->sum += from->sum;
}

static void result(const struct partial *total, char text[RESULT_BYTES])
{
	snprintf(text, RESULT_BYTES, "%llu", (unsigned long long)total->sum);
}

KERNEL(synthetic, .what = "sum of the ends of chains x = (x ^ a) b, as long as --shape says",
	.why = "as even or uneven as you like", .element = "element", .size = { .n = 10000 },
	.grain = 1, .limit = 1000000000, .bytes = sizeof(uint64_t), .shapes = shapes,
	.bound = "latency of multiplications", .setup = setup, .fill = fill, .release = release,
	.combine = combine, .result = result);
