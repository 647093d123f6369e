/*
 * folded: what a kernel must not be. Its loop has no x ^ zero, so compilers replace it by a formula,
 * and twice the n takes the same time: test_linear must notice.
 */
#include "kernel.h"

struct input {
	uint64_t n;
};
struct partial {
	uint64_t count;
};

static inline void body(const struct input *in, struct range integers, struct partial *into)
{
	uint64_t count = 0;

	(void)in;
	for (uint64_t i = integers.first; i < integers.end; i++)
		count += 1;
	into->count += count;
}

static int setup(struct input *in, const struct problem *problem)
{
	in->n = problem->size.n;
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

KERNEL(folded, .what = "a loop that compilers fold away", .why = "for tests alone",
	.element = "integer", .size = { .n = 500000000 }, .grain = 65536, .setup = setup,
	.combine = combine, .result = result);
