/*
 * count_up: count = count + i, for i from 0 up to n-1, modulo 2^64.
 *
 * The textbook loop: all units cost the same. Bound by the integer units: an integer takes an
 * addition to make it, and one to the count. CHAINS vectors of counts run beside one another, so that no
 * addition waits for the one before it.
 */
#include "kernel.h"

enum { CHAINS = VECTOR_CHAINS, BLOCK = CHAINS * U64_LANES };

struct input {
	uint64_t zero; /* keeps the compiler from replacing the loop by a formula */
};
struct partial {
	uint64_t count;
};

/* `end` lies a multiple of BLOCK behind. */
static inline uint64_t count_blocks(uint64_t first, uint64_t end, uint64_t zero)
{
	u64_vector x[CHAINS], counts[CHAINS] = { 0 };

	vectors_count_from(x, CHAINS, first ^ zero);
	for (uint64_t i = first; i < end; i += BLOCK)
		for (unsigned c = 0; c < CHAINS; c++) {
			counts[c] += x[c];
			x[c] += BLOCK;
		}
	return vectors_sum(counts, CHAINS);
}

static inline void body(const struct input *in, struct range integers, struct partial *into)
{
	const uint64_t size = integers.end - integers.first, zero = in->zero;
	const uint64_t blocks_end = integers.end - size % BLOCK;
	uint64_t count = 0;

	if (size >= BLOCK)
		count = count_blocks(integers.first, blocks_end, zero);
	for (uint64_t i = blocks_end; i < integers.end; i++)
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
	.grain = 131072, .demand = { .operations[INT64_OPERATION] = 2 }, .regular = true,
	.setup = setup, .combine = combine, .result = result);
