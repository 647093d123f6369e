/*
 * count_up: count = count + i, for i from 0 up to n-1, modulo 2^64.
 *
 * The textbook loop: all units cost the same. Bound by the integer units: an integer takes an
 * operation to make it, and an addition to the count. STEPS vectors of integers are counted at a time,
 * and CHAINS counts run beside one another, so that no addition waits for the one before it.
 */
#include "kernel.h"

enum { STEPS = 16, CHAINS = 8, BLOCK = STEPS * U64_LANES };

struct input {
	uint64_t zero; /* keeps the compiler from replacing the loop by a formula */
};
struct partial {
	uint64_t count;
};

static inline void body(const struct input *in, struct range integers, struct partial *into)
{
	const uint64_t zero = in->zero;
	u64_vector offsets[STEPS], counts[CHAINS] = { 0 };
	uint64_t i = integers.first, count = 0;

	vectors_count_up(offsets, STEPS);
	for (; i < integers.end && i % BLOCK; i++)
		count += i ^ zero;
	/* i ^ offset is i + offset here; as a sum, compilers would add up i and offsets apart */
	for (; integers.end - i >= BLOCK; i += BLOCK)
		for (unsigned s = 0; s < STEPS; s++)
			counts[s % CHAINS] += offsets[s] ^ (i ^ zero);
	for (; i < integers.end; i++)
		count += i ^ zero;
	into->count += count + vectors_sum(counts, CHAINS);
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
	.grain = 131072, .demand = { .operations[INT64_OPERATION] = 2 }, .regular = true,
	.setup = setup, .combine = combine, .result = result);
