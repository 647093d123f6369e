/*
 * sum_squares: the sum of i*i for i in [0, n), modulo 2^64.
 *
 * All units cost the same. Bound by the integer units: an integer takes an addition to make it, a
 * multiplication, and an addition to the sum. STEPS vectors of integers are squared at a time, and
 * CHAINS sums run beside one another, so that no addition waits for the one before it.
 */
#include "kernel.h"

enum { STEPS = 16, CHAINS = 8, BLOCK = STEPS * U64_LANES };

struct input {
	uint64_t zero; /* keeps the compiler from replacing the loop by a formula */
};
struct partial {
	uint64_t sum;
};

static inline void body(const struct input *in, struct range integers, struct partial *into)
{
	const uint64_t zero = in->zero;
	u64_vector offsets[STEPS], sums[CHAINS] = { 0 };
	uint64_t i = integers.first, sum = 0;

	vectors_count_up(offsets, STEPS);
	for (; integers.end - i >= BLOCK; i += BLOCK)
		for (unsigned s = 0; s < STEPS; s++) {
			const u64_vector x = offsets[s] + (i ^ zero);
			sums[s % CHAINS] += x * x;
		}
	for (; i < integers.end; i++)
		sum += (i ^ zero) * (i ^ zero);
	into->sum += sum + vectors_sum(sums, CHAINS);
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
	.grain = 65536,
	.demand = { .operations = { [INT64_OPERATION] = 3, [INT64_MULTIPLY_ADD] = 1 } },
	.regular = true, .setup = setup, .combine = combine, .result = result);
