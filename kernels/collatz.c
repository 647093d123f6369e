/*
 * collatz: over the starts 1 to n, the most steps any takes to reach 1, the smallest start that
 * takes them, and the total of all steps. A step halves an even number and makes 3x+1 of an odd one.
 *
 * Element e is the start e+1. Irregular: neighbouring starts differ severalfold, though units of
 * some dozens of starts come close to one another. Bound by the latency of one step after another.
 *
 * Exact to n = 12327829502: the path of 12327829503 climbs to 20722398914405051728, which is more
 * than 64 bits hold, and it is the first to do so.
 */
#include "kernel.h"

struct input {
	char none;
};
struct partial {
	uint64_t steps, start; /* the longest path; start is 0 as long as there is none */
	uint64_t total;
};

/* An odd x is followed by an even 3x+1, whose halvings down to the next odd number are one shift. */
static inline uint64_t steps_from(uint64_t x)
{
	unsigned halvings = (unsigned)__builtin_ctzll(x);
	uint64_t steps = halvings;

	x >>= halvings;
	while (x != 1) {
		x = 3 * x + 1;
		halvings = (unsigned)__builtin_ctzll(x);
		x >>= halvings;
		steps += 1 + halvings;
	}
	return steps;
}

/* More steps win, and among equals the smaller start; any start wins over none. */
static void combine(struct partial *into, const struct partial *from)
{
	const bool longer = from->steps > into->steps;
	const bool sooner = from->steps == into->steps && from->start < into->start;

	if (from->start && (longer || sooner || !into->start)) {
		into->steps = from->steps;
		into->start = from->start;
	}
	into->total += from->total;
}

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	struct partial mine = { 0 };

	(void)in;
	for (uint64_t start = elements.first + 1; start <= elements.end; start++) {
		const uint64_t steps = steps_from(start);
		mine.total += steps;
		if (steps > mine.steps || !mine.start) {
			mine.steps = steps;
			mine.start = start;
		}
	}
	combine(into, &mine);
}

static int setup(struct input *in, const struct problem *problem)
{
	(void)in;
	(void)problem;
	return 0;
}

static void result(const struct partial *total, char text[RESULT_BYTES])
{
	snprintf(text, RESULT_BYTES, "%llu:%llu:%llu", (unsigned long long)total->steps,
		(unsigned long long)total->start, (unsigned long long)total->total);
}

KERNEL(collatz, .what = "most steps to 1 over starts 1 to n, who takes them, and all steps' total",
	.why = "irregular, bound by latency", .element = "start", .size = { .n = 500000 },
	.grain = 64, .limit = 12327829502, .bound = "latency", .setup = setup, .combine = combine,
	.result = result);
