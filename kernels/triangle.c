/*
 * triangle: the sum of i XOR j over all i in [0, n) and j in [0, i], modulo 2^64.
 *
 * Element i is row i of a triangle and takes i+1 steps: cost grows with the index, so that equal
 * numbers of rows are unequal work, and `static` gives the last member the most.
 */
#include "kernel.h"

struct input {
	uint64_t zero; /* keeps the compiler from replacing the loop by a formula */
};
struct partial {
	uint64_t sum;
};

static inline void body(const struct input *in, struct range rows, struct partial *into)
{
	const uint64_t zero = in->zero;
	uint64_t sum = 0;

	for (uint64_t i = rows.first; i < rows.end; i++) {
		const uint64_t row = i ^ zero;
#pragma omp simd reduction(+ : sum)
		for (uint64_t j = 0; j <= i; j++)
			sum += row ^ j;
	}
	into->sum += sum;
}

static int setup(struct input *in, const struct problem *problem)
{
	in->zero = problem->zero;
	return 0;
}

static void combine(struct partial *into, const struct partial *from)
{
	into->sum += from->sum;
}

static void result(const struct partial *total, char text[RESULT_BYTES])
{
	snprintf(text, RESULT_BYTES, "%llu", (unsigned long long)total->sum);
}

KERNEL(triangle, .what = "sum of i XOR j for i in [0, n), j in [0, i], modulo 2^64",
	.why = "cost grows with the index", .element = "row", .size = { .n = 32000 }, .grain = 4,
	/* a row of i + 1 steps, 2 operations each */
	.demand = { .operations[INT64_OPERATION] = 2 * 16000.5 }, .setup = setup,
	.combine = combine, .result = result);
