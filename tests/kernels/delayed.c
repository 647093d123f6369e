/*
 * delayed: a kernel that computes nothing, and is late where and by how much a test says: a truth to
 * hold the analysis of losses against.
 *
 * The team's own functions are wrapped, so that delays lie on either side of the real stamps.
 */
#ifdef KERNEL_DESCRIPTION /* the sequential variant's */
#define DELAYED_SEQUENTIALLY
#endif
#include "kernel.h"

#include "delayed.h"
#include "team/member.h"

#ifdef DELAYED_SEQUENTIALLY
struct delays delays;
#endif

struct input {
	uint64_t half; /* elements from here on are member 1's under static */
};
struct partial {
	uint64_t done;
};

static inline void spin(double us)
{
	const uint64_t end_ns = clock_monotonic_ns() + (uint64_t)(1e3 * us);

	while (us > 0 && clock_monotonic_ns() < end_ns)
		;
}

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	for (uint64_t i = elements.first; i < elements.end; i++) {
#ifdef DELAYED_SEQUENTIALLY
		spin(delays.unit);
		(void)in;
#else
		spin(delays.unit + delays.body[i >= in->half]);
#endif
	}
	into->done += elements.end - elements.first;
}

#ifndef DELAYED_SEQUENTIALLY
static inline struct arrival late_start(struct seat *mine, const struct clock *clock)
{
	spin(delays.start[mine->member % 2]);
	return seat_start(mine, clock);
}

static inline struct range late_elements(
	const struct input *in, uint64_t unit, uint64_t grain, uint64_t n)
{
	const struct range elements = unit_elements(unit, grain, n);

	spin(delays.dispatch[elements.first >= in->half]);
	return elements;
}

static inline void late_complete(
	struct seat *mine, struct arrival arrival, const struct clock *clock, uint64_t units)
{
	seat_complete(mine, arrival, clock, units);
	spin(delays.end[mine->member % 2]);
}

#define seat_start                    late_start
#define unit_elements(unit, grain, n) late_elements(input, unit, grain, n)
#define seat_complete                 late_complete
#endif

static int setup(struct input *in, const struct problem *problem)
{
	in->half = (problem->size.n + 1) / 2;
	return 0;
}

static void combine(struct partial *into, const struct partial *from)
{
	into->done += from->done;
}

static void result(const struct partial *total, char text[RESULT_BYTES])
{
	snprintf(text, RESULT_BYTES, "%llu", (unsigned long long)total->done);
}

KERNEL(delayed, .what = "counts its elements, late where a test says", .why = "for tests of losses",
	.element = "element", .size = { .n = 1000 }, .grain = 1, .setup = setup, .combine = combine,
	.result = result);
