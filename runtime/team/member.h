/*
 * member: what a member does in a region. For the templates alone, after the kernel's body.
 */
#ifndef MEMBER_H
#define MEMBER_H

#include <sched.h>

#include "team/team.h"

#define JOIN_NAMES(a, b)   a##_##b
#define NAME_OF(a, b)      JOIN_NAMES(a, b)
/* sum_squares_openmp, in the object of kernels/sum_squares.c and team/openmp.c */
#define REGION_FN(variant) NAME_OF(KERNEL_NAME, variant)

static inline void seat_start(struct seat *mine, const struct clock *clock)
{
	mine->cpu_start = sched_getcpu();
	mine->start = clock_ticks(clock);
}

static inline void seat_complete(struct seat *mine, const struct clock *clock, uint64_t units)
{
	mine->complete = clock_ticks(clock);
	mine->cpu_complete = sched_getcpu();
	mine->units = units;
}

#endif
