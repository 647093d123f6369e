/*
 * int64_multiply_add: x = x * x + b in 64-bit integers, modulo 2^64. Squares, since where there are only
 * 32-bit multiplications, they take two of these, and other products three.
 */
#include "ceilings/ceiling.h"

struct input {
	uint64_t zero;
};

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	const u64_vector step = (u64_vector) { 0 } + (in->zero + 0x9e3779b97f4a7c15u);
	uint64_t check = 0;

	for (uint64_t e = elements.first; e < elements.end; e++) {
		u64_vector chain[CHAINS];
		vectors_count_from(chain, CHAINS, e);
		for (unsigned r = 0; r < ROUNDS; r++)
			for (unsigned c = 0; c < CHAINS; c++)
				chain[c] = chain[c] * chain[c] + step;
		check += vectors_sum(chain, CHAINS);
	}
	into->check += check;
}

static int setup(struct input *in, const struct problem *problem)
{
	in->zero = problem->zero;
	return 0;
}

KERNEL(int64_multiply_add, .what = "x = x * x + b in 64-bit integers", .why = "a ceiling",
	.element = "element", .size = { .n = 8192 }, .grain = 8,
	.demand = { .operations[INT64_MULTIPLY_ADD] = 1.0 * ROUNDS * CHAINS * U64_LANES },
	.setup = setup, .combine = combine, .result = result);
