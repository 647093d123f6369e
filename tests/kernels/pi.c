/*
 * pi: the area under 4 / (1 + x^2) from 0 to 1, by the midpoint rule with n strips.
 */
#include "kernel.h"

struct input {
	double width; /* of a strip */
};
struct partial {
	double area;
};

static inline void body(const struct input *in, struct range strips, struct partial *into)
{
	double sum = 0;
#pragma omp simd reduction(+ : sum)
	for (uint64_t i = strips.first; i < strips.end; i++) {
		const double x = ((double)i + 0.5) * in->width;
		sum += 4 / (1 + x * x);
	}
	into->area += sum * in->width;
}
static int setup(struct input *in, const struct problem *problem)
{
	in->width = 1 / (double)problem->size.n;
	return 0;
}
static void combine(struct partial *into, const struct partial *from)
{
	into->area += from->area;
}
static void result(const struct partial *total, char text[RESULT_BYTES])
{
	snprintf(text, RESULT_BYTES, "%.15g", total->area);
}
KERNEL(pi, .what = "pi by the midpoint rule with n strips", .why = "compute-bound, regular",
	.element = "strip", .size = { .n = 20000000 }, .grain = 8192, .tolerance = 1e-12,
	.setup = setup, .combine = combine, .result = result);
