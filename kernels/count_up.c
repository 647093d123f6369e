/*
 * count_up: count = count + i, for i from 0 up to n-1, modulo 2^64.
 *
 * The textbook loop: all units cost the same. Bound by the integer adders.
 */
#include "kernel.h"

struct input {
	uint64_t zero; /* keeps the compiler from replacing the loop by a formula */
};
struct partial {
	uint64_t count;
};

static inline void body(const struct input *in, struct range integers, struct partial *into)
{
	const uint64_t zero = in->zero;
	uint64_t count = 0;

#pragma omp simd reduction(+ : count)
	for (uint64_t i = integers.first; i < integers.end; i++)
		count += i ^ zero;
	into->count += count;
}

static int setup(struct input *in, const struct problem *problem)
{
	in->zero = problem->zero;
	return 0;
}

static void combine(struct partial *into, const struct partial *from)
{
	into->count += from->count;
}

static void result(const struct partial *total, char text[RESULT_BYTES])
{
	snprintf(text, RESULT_BYTES, "%llu", (unsigned long long)total->count);
}

KERNEL(count_up, .what = "count = count + i, i from 0 up to n-1, modulo 2^64",
	.why = "the textbook loop", .element = "integer", .size = { .n = 300000000 },
	.grain = 131072, .setup = setup, .combine = combine, .result = result);
