/*
 * count_down: count = count + i, for i from n-1 down to 0, modulo 2^64.
 *
 * The textbook loop, run backwards: element e is the integer n-1-e, so that the elements in order
 * count down. All units cost the same. Bound by the integer units, as count_up is and by the same means.
 */
#include "kernel.h"

enum { CHAINS = VECTOR_CHAINS, BLOCK = CHAINS * U64_LANES };

struct input {
	uint64_t n;
	uint64_t zero; /* keeps the compiler from replacing the loop by a formula */
};
struct partial {
	uint64_t count;
};

/* Integers below `above`, downward; `last` lies a multiple of BLOCK below it. */
static inline uint64_t count_blocks(uint64_t above, uint64_t last, uint64_t zero)
{
	u64_vector x[CHAINS], counts[CHAINS] = { 0 };

	vectors_count_from(x, CHAINS, (above - BLOCK) ^ zero);
	for (uint64_t i = above; i > last; i -= BLOCK)
		for (unsigned c = 0; c < CHAINS; c++) {
			counts[c] += x[c];
			x[c] -= BLOCK;
		}
	return vectors_sum(counts, CHAINS);
}

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	const uint64_t above = in->n - elements.first, last = in->n - elements.end;
	const uint64_t blocks_last = last + (above - last) % BLOCK, zero = in->zero;
	uint64_t count = 0;

	if (above - last >= BLOCK)
		count = count_blocks(above, blocks_last, zero);
	/* i is one above the integer, since an unsigned i >= 0 would never end. */
	for (uint64_t i = blocks_last; i > last; i--)
		count += (i - 1) ^ zero;
	into->count += count;
}

static int setup(struct input *in, const struct problem *problem)
{
	in->n = problem->size.n;
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

KERNEL(count_down, .what = "count = count + i, i from n-1 down to 0, modulo 2^64",
	.why = "the textbook loop", .element = "integer", .size = { .n = 300000000 },
	.grain = 131072, .demand = { .operations[INT64_OPERATION] = 2 }, .regular = true,
	.setup = setup, .combine = combine, .result = result);
