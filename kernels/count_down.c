/*
 * count_down: count = count + i, for i from n-1 down to 0, modulo 2^64.
 *
 * The textbook loop, run backwards: element e is the integer n-1-e, so that the elements in order
 * count down. All units cost the same. Bound by the integer units, as count_up is and by the same means.
 */
#include "kernel.h"

enum { STEPS = 16, CHAINS = 8, BLOCK = STEPS * U64_LANES };

struct input {
	uint64_t n;
	uint64_t zero; /* keeps the compiler from replacing the loop by a formula */
};
struct partial {
	uint64_t count;
};

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	const uint64_t above = in->n - elements.first, last = in->n - elements.end;
	const uint64_t zero = in->zero;
	u64_vector offsets[STEPS], counts[CHAINS] = { 0 };
	uint64_t i = above,
		 count = 0; /* i is one above the integer: an unsigned i >= 0 never ends */

	vectors_count_up(offsets, STEPS);
	for (; i > last && i % BLOCK; i--)
		count += (i - 1) ^ zero;
	/* (i - 1) ^ offset is i - 1 - offset here: the integers below a multiple of BLOCK, downward */
	for (; i - last >= BLOCK; i -= BLOCK)
		for (unsigned s = 0; s < STEPS; s++)
			counts[s % CHAINS] += offsets[s] ^ ((i - 1) ^ zero);
	for (; i > last; i--)
		count += (i - 1) ^ zero;
	into->count += count + vectors_sum(counts, CHAINS);
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
