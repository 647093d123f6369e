/*
 * bytes_copied: an array is read, and another written, with ordinary stores: most processors read a
 * line before they write it, which is not counted. Stores that leave that out, and the caches, cannot
 * be asked for in portable C, and are slower where arrays fit a cache.
 */
#include "ceilings/ceiling.h"

struct input {
	u64_vector *from, *to;
	uint64_t n, passes, zero;
};

/* With an exclusive or, since compilers make calls of memcpy of plain copies. */
static inline void body(const struct input *in, struct range lines, struct partial *into)
{
	const u64_vector *restrict from = in->from;
	u64_vector *restrict to = in->to;
	const uint64_t zero = in->zero;

	(void)into;
	for (uint64_t pass = 0; pass < in->passes; pass++) {
		for (uint64_t i = lines.first; i < lines.end; i++)
			for (unsigned v = 0; v < LINE_VECTORS; v++)
				to[i * LINE_VECTORS + v] = from[i * LINE_VECTORS + v] ^ zero;
		next_pass();
	}
}

static uint64_t passes(uint64_t n)
{
	return passes_over(2 * n * LINE);
}

static void release(struct input *in)
{
	free(in->from);
	free(in->to);
}

static int setup(struct input *in, const struct problem *problem)
{
	in->n = problem->size.n;
	in->passes = passes(in->n);
	in->zero = problem->zero;
	in->from = kernel_alloc(in->n, LINE);
	in->to = kernel_alloc(in->n, LINE);
	if (in->from && in->to)
		return 0;
	release(in);
	return -ENOMEM;
}

static void fill(const struct input *in, struct range lines)
{
	uint64_t *words = (uint64_t *)in->from;

	for (uint64_t w = lines.first * LINE / 8; w < lines.end * LINE / 8; w++)
		words[w] = w;
	memset((uint8_t *)in->to + lines.first * LINE, 0, (lines.end - lines.first) * LINE);
}

static struct output output(const struct input *in)
{
	return (struct output) { .data = in->to, .bytes = in->n * LINE };
}

KERNEL(bytes_copied, .what = "an array is read, another written", .why = "a ceiling",
	.element = "line", .size = { .n = 1 << 17 }, .grain = 64, .bytes = 2 * LINE,
	.demand = { .read_bytes = LINE, .written_bytes = LINE }, .setup = setup, .fill = fill,
	.release = release, .output = output, .passes = passes);
