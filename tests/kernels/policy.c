/*
 * policy: how this process was told that members are to wait, as its result; for tests.
 *
 * Element 0 takes 10 ms in which it computes nothing, so that whoever else is there waits so long.
 */
#include "kernel.h"

#include <unistd.h>

enum { NAP_US = 10000 };

struct input {
	bool naps;
};
struct partial {
	uint64_t done;
};

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	if (in->naps && !elements.first)
		usleep(NAP_US);
	into->done += elements.end - elements.first;
}

static int setup(struct input *in, const struct problem *problem)
{
	in->naps = problem->size.n > 1;
	return 0;
}

static void combine(struct partial *into, const struct partial *from)
{
	into->done += from->done;
}

static void result(const struct partial *total, char text[RESULT_BYTES])
{
	const char *policy = getenv("OMP_WAIT_POLICY");

	(void)total;
	snprintf(text, RESULT_BYTES, "%s", policy ? policy : "unset");
}

KERNEL(policy, .what = "what OMP_WAIT_POLICY says", .why = "for tests", .element = "element",
	.size = { .n = 1 }, .grain = 1, .setup = setup, .combine = combine, .result = result);
