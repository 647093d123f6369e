/*
 * member: what a member does in a region. For the templates alone, after the kernel's body.
 *
 * A template is compiled once for each level of recording, so that none is slowed down by what
 * another does:
 *
 *	0  bare     nothing; for benchmarks of what recording costs
 *	1  region   fork and join, and each member's start and complete: what is timed
 *	2  units    each unit's begin and end as well
 */
#ifndef MEMBER_H
#define MEMBER_H

#include <sched.h>

#include "team/team.h"

#ifndef RECORDING
#define RECORDING 1
#endif

#define JOIN_NAMES(a, b) a##_##b
#define NAME_OF(a, b)    JOIN_NAMES(a, b)
/* sum_squares_openmp, in the object of kernels/sum_squares.c and openmp.c; with _units behind it */
#if RECORDING == 0
#define REGION_FN(variant) NAME_OF(KERNEL_NAME, NAME_OF(variant, bare))
#elif RECORDING == 1
#define REGION_FN(variant) NAME_OF(KERNEL_NAME, variant)
#else
#define REGION_FN(variant) NAME_OF(KERNEL_NAME, NAME_OF(variant, units))
#endif

static inline void team_fork(struct team *team)
{
	if (RECORDING)
		team->fork = clock_ticks(team->clock);
}

static inline void team_join(struct team *team)
{
	if (RECORDING)
		team->join = clock_ticks(team->clock);
}

static inline struct arrival seat_start(struct seat *mine, const struct clock *clock)
{
	if (RECORDING > 1 && mine->team->watch)
		memory_mark(&mine->memory);
	if (!RECORDING)
		return (struct arrival) { 0 };
	const int cpu = sched_getcpu();
	return (struct arrival) { clock_ticks(clock), cpu };
}

/* The moment before a unit. */
static inline uint64_t seat_begin_unit(const struct clock *clock)
{
	return RECORDING > 1 ? clock_ticks(clock) : 0;
}

static inline void seat_end_unit(
	struct seat *mine, const struct clock *clock, uint64_t unit, uint64_t begin)
{
	if (RECORDING > 1) {
		const uint64_t end = clock_ticks(clock);
		mine->body += end - begin;
		if (mine->kept < mine->room)
			mine->stamps[mine->kept++] = (struct unit_stamp) { unit, begin, end };
	}
}

/* The same of a piece of one: what follows the last piece at once is of one stamp with it. */
static inline void seat_end_piece(
	struct seat *mine, const struct clock *clock, uint64_t unit, uint64_t begin)
{
	struct unit_stamp *last = mine->kept ? &mine->stamps[mine->kept - 1] : NULL;

	if (RECORDING > 1 && last && last->unit == unit && last->begin >= mine->left) {
		const uint64_t end = clock_ticks(clock);
		mine->body += end - begin;
		last->end = end;
	} else {
		seat_end_unit(mine, clock, unit, begin);
	}
}

/*
 * All that the member leaves is written at once, since whoever waits for it looks at the same line:
 * what came earlier would take that line from the member and to it again.
 */
static inline void seat_complete(
	struct seat *mine, struct arrival arrival, const struct clock *clock, uint64_t units)
{
	if (RECORDING) {
		const uint64_t complete = clock_ticks(clock);
		const int cpu = sched_getcpu();
		mine->start = arrival.start;
		mine->cpu_start = arrival.cpu;
		mine->complete = complete;
		mine->cpu_complete = cpu;
	}
	mine->units = units;
	if (RECORDING > 1 && mine->team->watch)
		memory_since(&mine->memory);
}

#endif
