/*
 * phase: what became of the core time of a region.
 *
 * Each member has, one after the other: the fork latency, from t_fork to its t_start; its work, to
 * its t_complete; the wait, to the last member's t_complete; and the join, to t_join. So
 *
 *	fork + work + wait + join = t_join - t_fork
 *
 * holds for every member, and for the means over members.
 */
#ifndef TIMELINE_PHASE_H
#define TIMELINE_PHASE_H

#include "record.h"

/* A region, and what its members have in common. */
struct span {
	const struct region_record *region;
	unsigned team;
	unsigned last_to_start, last_to_complete; /* members; the first of several at once */
	uint64_t last_ns;                         /* when the last completed */
};

struct span span_of(const struct region_record *region, unsigned team);

/* From t_fork to t_join. */
uint64_t span_ns(const struct span *span);

/* Means over the members. */
struct means {
	double fork_ns, work_ns, wait_ns, join_ns;
	double aside_ns;   /* of work_ns, without the lock, or from a yield to the next turn */
	double between_ns; /* of work_ns, the rest outside the units' bodies; at the `units` level */
};

struct means span_means(const struct span *span);

/* Whether the member completed on another CPU than it started on; false if either is unknown. */
bool member_moved(const struct member_record *member);

#endif
