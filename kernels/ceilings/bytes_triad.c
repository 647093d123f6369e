/*
 * bytes_triad: a = b + 3 c in doubles: two arrays are read, and a third is written. After the triad of
 * McCalpin's STREAM; of its stores, see bytes_copied.
 */
#include "ceilings/ceiling.h"

struct input {
	f64_vector *a, *b, *c;
	uint64_t n, passes;
};

static inline void body(const struct input *in, struct range lines, struct partial *into)
{
	f64_vector *restrict a = in->a;
	const f64_vector *restrict b = in->b, *restrict c = in->c;

	(void)into;
	for (uint64_t pass = 0; pass < in->passes; pass++) {
		for (uint64_t i = lines.first; i < lines.end; i++)
			for (unsigned v = 0; v < LINE_VECTORS; v++) {
				const uint64_t at = i * LINE_VECTORS + v;
				a[at] = b[at] + 3 * c[at];
			}
		next_pass();
	}
}

static uint64_t passes(uint64_t n)
{
	return passes_over(3 * n * LINE);
}

static void release(struct input *in)
{
	free(in->a);
	free(in->b);
	free(in->c);
}

static int setup(struct input *in, const struct problem *problem)
{
	in->n = problem->size.n;
	in->passes = passes(in->n);
	in->a = kernel_alloc(in->n, LINE);
	in->b = kernel_alloc(in->n, LINE);
	in->c = kernel_alloc(in->n, LINE);
	if (in->a && in->b && in->c)
		return 0;
	release(in);
	return -ENOMEM;
}

static void fill(const struct input *in, struct range lines)
{
	double *b = (double *)in->b, *c = (double *)in->c;

	for (uint64_t i = lines.first * LINE / 8; i < lines.end * LINE / 8; i++) {
		b[i] = (double)i;
		c[i] = (double)(i % 1024);
	}
	memset((uint8_t *)in->a + lines.first * LINE, 0, (lines.end - lines.first) * LINE);
}

static struct output output(const struct input *in)
{
	return (struct output) { .data = in->a, .bytes = in->n * LINE };
}

KERNEL(bytes_triad, .what = "two arrays are read, a third written", .why = "a ceiling",
	.element = "line", .size = { .n = 1 << 17 }, .grain = 64, .bytes = 3 * LINE,
	.demand = { .read_bytes = 2 * LINE, .written_bytes = LINE }, .setup = setup, .fill = fill,
	.release = release, .output = output, .passes = passes);
