/*
 * overhead: launches of next to no work in, what fork, join, barrier and dispatch cost out.
 *
 * After EPCC's method (J. M. Bull, Measuring Synchronisation and Scheduling Overheads in OpenMP, EWOMP
 * 1999): a construct costs what it adds to the same work without it. Differences and ratios are
 * taken within a launch where both are in one, else within a round, and the median over launches is
 * given with its interval.
 *
 *	region     a region of one integer, which member 0 adds up: fork and join
 *	cold       the first region of a process. libgomp creates its threads in it; a pool's are there
 *	           before
 *	floor      a cache line passed from member 0 to another and back: see team/probe.h. The worst
 *	           pair's; a tree of P members takes one after the other as many as it has levels
 *	dispatch   (T - T0) / chunks: T0 is the time of the same units under static, one block a member. So
 *	           it is what a chunk adds to the time of the region, all members together at it
 */
#ifndef OVERHEAD_H
#define OVERHEAD_H

#include "analysis/stats.h"
#include "record.h"

enum {
	OVERHEAD_VARIANTS = POOL + 1, /* from sequential on: of the others nothing is measured */
	OVERHEAD_SCHEDULES = 4,       /* static,1 dynamic,1 guided,1 auto: overhead_schedules */
	OVERHEAD_TEAMS = 2            /* one member, and all */
};

extern const struct schedule overhead_schedules[OVERHEAD_SCHEDULES];

/* What is measured. threads may be 1: then the two teams are the same cases. */
struct overhead_cases {
	unsigned threads;
	struct case_spec empty[VARIANTS]; /* of threads */
	struct case_spec dealt[VARIANTS][OVERHEAD_TEAMS][OVERHEAD_SCHEDULES];
	struct case_spec whole[VARIANTS][OVERHEAD_TEAMS][OVERHEAD_SCHEDULES]; /* the same, static */
};

/* A figure, in nanoseconds or a ratio. */
struct figure {
	unsigned launches; /* that it is made of; 0: not known */
	struct estimate of;
};

/* Of the sequential variant, and of those from OVERHEAD_VARIANTS on, there is nothing. */
struct overhead {
	unsigned threads;
	struct figure stamp, floor; /* floor: of the worst pair, in each launch */
	struct figure *pairs;       /* to member 1, 2 and so on; threads - 1 of them; owned */
	double tree_ns;             /* the floor for all; 0: not known */
	struct figure region[VARIANTS], cold[VARIANTS], barrier[VARIANTS];
	struct figure over_floor[VARIANTS]; /* region / floor */
	struct figure dispatch[VARIANTS][OVERHEAD_TEAMS][OVERHEAD_SCHEDULES];
	struct figure times[OVERHEAD_TEAMS][OVERHEAD_SCHEDULES]; /* openmp's dispatch / pool's */
};

/* Returns 0 or -ENOMEM. The caller frees with overhead_release. */
int overhead_make(struct overhead *into, const struct overhead_cases *cases,
	const struct launch_record *launches, size_t count);
void overhead_release(struct overhead *overhead);

#endif
