/*
 * clock: stamps in ticks, and what they are in nanoseconds.
 *
 * All variants read the same clock. Where the kernel itself keeps time by the x86 time stamp
 * counter (it has then checked that the counter runs at one rate on all CPUs and does not stop),
 * so do we: a stamp costs 9 ns instead of 21. Elsewhere a tick is a nanosecond of CLOCK_MONOTONIC.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#if defined(__x86_64__)
#include <x86intrin.h>
#endif

struct clock {
	bool tsc;
	double ns_per_tick;
};

/* Picks the clock and measures its rate against CLOCK_MONOTONIC for 2 ms, to some 10^-5. */
struct clock clock_calibrate(void);

/*
 * The clock's step: the smallest difference other than 0 between two readings, one right after the
 * other, in nanoseconds; at least 1.
 */
uint64_t clock_step_ns(const struct clock *clock);

/* "tsc" or "monotonic". */
const char *clock_name(const struct clock *clock);

/* Nanoseconds of CLOCK_MONOTONIC. */
static inline uint64_t clock_monotonic_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Now, in ticks. What comes before in the program has completed, not merely begun. */
static inline uint64_t clock_ticks(const struct clock *clock)
{
#if defined(__x86_64__)
	if (clock->tsc) {
		_mm_lfence();
		return __rdtsc();
	}
#endif
	(void)clock;
	return clock_monotonic_ns();
}

/*
 * Now, but for what the processor has in flight: it may be early by what that takes, some 10 to 100 ns,
 * for two thirds of the cost. For who stamps other people's regions, which may be short.
 */
static inline uint64_t clock_ticks_soon(const struct clock *clock)
{
#if defined(__x86_64__)
	if (clock->tsc)
		return __rdtsc();
#endif
	return clock_ticks(clock);
}

/* The nanoseconds from one stamp to a later one; 0 if they are the other way round. */
static inline uint64_t clock_ns_between(const struct clock *clock, uint64_t from, uint64_t to)
{
	return to > from ? (uint64_t)((double)(to - from) * clock->ns_per_tick + 0.5) : 0;
}

#endif
