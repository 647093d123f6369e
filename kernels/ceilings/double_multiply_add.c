/*
 * double_multiply_add: x = x * a + b in doubles; make lets compilers fuse the two where a processor
 * can, which it forbids in kernels.
 */
#include "ceilings/ceiling.h"

struct input {
	double zero;
};

/* From x = lane + 1 toward b / (1 - a), so that nothing overflows or becomes denormal. */
static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	const f64_vector factor = (f64_vector) { 0 } + (in->zero + 0.999);
	const f64_vector step = (f64_vector) { 0 } + (in->zero + 1);
	uint64_t check = 0;

	for (uint64_t e = elements.first; e < elements.end; e++) {
		u64_vector bits[CHAINS];
		f64_vector chain[CHAINS];
		for (unsigned c = 0; c < CHAINS; c++)
			chain[c] = step + (double)(e + c);
		for (unsigned r = 0; r < ROUNDS; r++)
			for (unsigned c = 0; c < CHAINS; c++)
				chain[c] = chain[c] * factor + step;
		for (unsigned c = 0; c < CHAINS; c++)
			bits[c] = (u64_vector)chain[c];
		check += vectors_sum(bits, CHAINS);
	}
	into->check += check;
}

static int setup(struct input *in, const struct problem *problem)
{
	in->zero = (double)problem->zero;
	return 0;
}

KERNEL(double_multiply_add, .what = "x = x * a + b in doubles", .why = "a ceiling",
	.element = "element", .size = { .n = 4096 }, .grain = 8,
	.demand = { .operations[DOUBLE_MULTIPLY_ADD] = 1.0 * ROUNDS * CHAINS * U64_LANES },
	.setup = setup, .combine = combine, .result = result);
