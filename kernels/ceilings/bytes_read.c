/*
 * bytes_read: an array is read, and its 64-bit words are added up.
 */
#include "ceilings/ceiling.h"

struct input {
	u64_vector *from;
	uint64_t passes;
};

static inline void body(const struct input *in, struct range lines, struct partial *into)
{
	const u64_vector *restrict from = in->from;
	u64_vector sums[LINE_VECTORS] = { 0 };

	for (uint64_t pass = 0; pass < in->passes; pass++) {
		for (uint64_t i = lines.first; i < lines.end; i++)
			for (unsigned v = 0; v < LINE_VECTORS; v++)
				sums[v] += from[i * LINE_VECTORS + v];
		next_pass();
	}
	into->check += vectors_sum(sums, LINE_VECTORS);
}

static uint64_t passes(uint64_t n)
{
	return passes_over(n * LINE);
}

static int setup(struct input *in, const struct problem *problem)
{
	in->passes = passes(problem->size.n);
	in->from = kernel_alloc(problem->size.n, LINE);
	return in->from ? 0 : -ENOMEM;
}

static void fill(const struct input *in, struct range lines)
{
	uint64_t *words = (uint64_t *)in->from;

	for (uint64_t w = lines.first * LINE / 8; w < lines.end * LINE / 8; w++)
		words[w] = w;
}

static void release(struct input *in)
{
	free(in->from);
}

KERNEL(bytes_read, .what = "an array is read", .why = "a ceiling", .element = "line",
	.size = { .n = 1 << 18 }, .grain = 64, .bytes = LINE, .demand = { .read_bytes = LINE },
	.setup = setup, .fill = fill, .release = release, .combine = combine, .result = result,
	.passes = passes);
