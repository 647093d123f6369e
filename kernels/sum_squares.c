/*
 * sum_squares: the sum of i*i for i in [0, n), modulo 2^64.
 *
 * All units cost the same. Bound by the 64-bit integer multiplier.
 */
#include "kernel.h"

struct input {
	uint64_t zero; /* keeps the compiler from replacing the loop by a formula */
};
struct partial {
	uint64_t sum;
};

static inline void body(const struct input *in, struct range integers, struct partial *into)
{
	const uint64_t zero = in->zero;
	uint64_t sum = 0;

#pragma omp simd reduction(+ : sum)
	for (uint64_t i = integers.first; i < integers.end; i++) {
		const uint64_t x = i ^ zero;
		sum += x * x;
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

KERNEL(sum_squares, .what = "sum of i*i for i in [0, n), modulo 2^64",
	.why = "compute-bound, regular", .element = "integer", .size = { .n = 300000000 },
	.grain = 65536, .setup = setup, .combine = combine, .result = result);
