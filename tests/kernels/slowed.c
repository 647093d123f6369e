/*
 * slowed: the sum of i*i below n, with SLOWED_PERCENT more iterations than it takes: a kernel whose
 * slowdown is known, for benchmarks of `tine compare`. The build switch is -DSLOWED_PERCENT=3.
 */
#include "kernel.h"

#ifndef SLOWED_PERCENT
#define SLOWED_PERCENT 0
#endif

struct input {
	uint64_t zero;
};
struct partial {
	uint64_t sum;
};

static inline uint64_t sum_squares(uint64_t first, uint64_t end, uint64_t zero)
{
	uint64_t sum = 0;

#pragma omp simd reduction(+ : sum)
	for (uint64_t i = first; i < end; i++) {
		const uint64_t x = i ^ zero;
		sum += x * x;
	}
	return sum;
}

static inline void body(const struct input *in, struct range integers, struct partial *into)
{
	const uint64_t more = (integers.end - integers.first) * SLOWED_PERCENT / 100;

	into->sum += sum_squares(integers.first, integers.end, in->zero);
	into->sum += in->zero * sum_squares(0, more, in->zero);
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

KERNEL(slowed, .what = "sum of i*i for i in [0, n), slower by a build switch",
	.why = "for benchmarks of compare", .element = "integer", .size = { .n = 300000000 },
	.grain = 262144, .setup = setup, .combine = combine, .result = result);
