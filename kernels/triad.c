/*
 * triad: a[i] = b[i] + 3 * c[i], in doubles.
 *
 * b[i] = 1 / (i + 1) and c[i] = (i mod 1024) / 7. All units cost the same. Bound by memory: two
 * loads, a store and two operations an element. After the triad of McCalpin's STREAM.
 */
#include "kernel.h"

struct input {
	double *a, *b, *c;
	uint64_t n;
};
struct partial {
	char none;
};

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	double *restrict a = in->a;
	const double *restrict b = in->b, *restrict c = in->c;

	(void)into;
#pragma omp simd
	for (uint64_t i = elements.first; i < elements.end; i++)
		a[i] = b[i] + 3 * c[i];
}

static void release(struct input *in)
{
	free(in->a);
	free(in->b);
	free(in->c);
}

static int setup(struct input *in, const struct problem *problem)
{
	const uint64_t n = problem->size.n;

	in->a = kernel_alloc(n, sizeof(double));
	in->b = kernel_alloc(n, sizeof(double));
	in->c = kernel_alloc(n, sizeof(double));
	in->n = n;
	if (in->a && in->b && in->c)
		return 0;
	release(in);
	return -ENOMEM;
}

static void fill(const struct input *in, struct range elements)
{
	for (uint64_t i = elements.first; i < elements.end; i++) {
		in->a[i] = 0;
		in->b[i] = 1 / (double)(i + 1);
		in->c[i] = (double)(i % 1024) / 7;
	}
}

static struct output output(const struct input *in)
{
	return (struct output) { .data = in->a, .bytes = in->n * sizeof(double) };
}

KERNEL(triad, .what = "a[i] = b[i] + 3 c[i] for i in [0, n), in doubles", .why = "bound by memory",
	.element = "element", .size = { .n = 8000000 }, .grain = 4096, .bytes = 3 * sizeof(double),
	.tolerance = 1e-15,
	.demand = { .operations[DOUBLE_MULTIPLY_ADD] = 1,
		.read_bytes = 2 * sizeof(double),
		.written_bytes = sizeof(double) },
	.regular = true, .setup = setup, .fill = fill, .release = release, .output = output);
