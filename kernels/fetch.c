/*
 * fetch: n requests, each answered after a time.
 *
 * Element e's answer is 8 bytes, random number 0 of random number e of the seed; the result is the sum
 * of all answers, modulo 2^64, which are written to an array, too. They come after 2, 1 and 1.5 s, and
 * so on from the first of these, times the scale: see server.h.
 *
 * Nobody computes: one after another requests take the sum of their times, all at once that of the
 * longest, on however few cores.
 */
#include "server.h"

struct input {
	struct requests requests;
	uint64_t *answers;
};
struct partial {
	uint64_t sum;
};

/* A request that fails leaves its answer as it is, and the sum without it, so that both are wrong. */
static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	uint64_t sum = into->sum;

	for (uint64_t e = elements.first; e < elements.end; e++)
		if (!requests_take(&in->requests, e, &in->answers[e]))
			sum += in->answers[e];
	into->sum = sum;
}

static int begin(const struct input *in, uint64_t element)
{
	return requests_begin(&in->requests, element);
}

static void release(struct input *in)
{
	requests_release(&in->requests);
	free(in->answers);
}

static int setup(struct input *in, const struct problem *problem)
{
	in->answers = kernel_alloc(problem->size.n, sizeof(*in->answers));
	if (!in->answers)
		return -ENOMEM;
	const int error = requests_init(&in->requests, problem, sizeof(*in->answers));
	if (error)
		free(in->answers);
	return error;
}

static void fill(const struct input *in, struct range elements)
{
	for (uint64_t e = elements.first; e < elements.end; e++)
		in->answers[e] = 0;
}

static void combine(struct partial *into, const struct partial *from)
{
	into->sum += from->sum;
}

static void result(const struct partial *total, char text[RESULT_BYTES])
{
	snprintf(text, RESULT_BYTES, "%llu", (unsigned long long)total->sum);
}

static struct output output(const struct input *in)
{
	return (struct output) { .data = in->answers,
		.bytes = in->requests.n * sizeof(*in->answers) };
}

KERNEL(fetch, .what = "sum of n answers that come after 2, 1, 1.5, 2 ... s times --scale (0.1)",
	.why = "waiting, next to no work", .element = "request", .size = { .n = 3 }, .grain = 1,
	.limit = 100000, .bytes = 16, .bound = "waiting", .setup = setup, .fill = fill,
	.release = release, .combine = combine, .result = result, .output = output, .begin = begin);
