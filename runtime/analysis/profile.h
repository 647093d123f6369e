/*
 * profile: where the time of a traced process went: by the places that forked, by member, and
 * outside of all regions. Seconds throughout.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/losses.h"
#include "trace/format.h"

/* What a trace is made from; see store/tracefile.h. Borrowed. */
struct profile_source {
	const struct trace_head *head;
	const struct trace_site *sites; /* NULL: there was no region */
	const struct trace_lane *const *lanes;
	size_t lane_count;
	double seconds_per_tick;
	uint64_t end; /* when the process ended, in ticks */
};

/*
 * One place that forks. Its budget, over the sum of its regions, with p members and E from fork to
 * join:
 *
 *	sum of p E = body + dispatch + sync + fork + wait + join
 *
 * sync: waits inside of members' parts, at barriers, locks and for tasks; wait: for the last member.
 * T1 is not known, so that inflation is inside body; without stamps per chunk so is dispatch.
 */
struct profile_site {
	const struct trace_site *raw;
	double count, elapsed, share; /* regions; seconds; of the process's time */
	double mean, least, most;     /* of a region's E */
	double members;               /* p, the mean */
	double total, body, dispatch, sync, fork, wait, join;
	double busiest;        /* of the busiest member of each region */
	double overhead_least; /* of fork and join, the least that a region had */
	struct efficiencies efficiencies;
	double regular; /* the share of regions in which the same member was last as in the one before */
};

struct profile {
	double wall;   /* from the process's begin to its end */
	double inside; /* of it, while at least one region was open */
	double serial; /* wall - inside */
	double work;   /* body of all outermost regions: core time */
	double cores;  /* mean number of members at work while inside */
	double bound; /* Amdahl's: no number of cores makes it faster than so many times one core */
	double one_core; /* what one core would take: serial + work */
	double regions;
	double lost; /* regions of which nothing is known */
	unsigned long long migrations, preempted;
	struct profile_site *sites; /* those that had regions, by their time; owned */
	size_t site_count;
};

/* Returns 0 or -ENOMEM. */
int profile_make(struct profile *into, const struct profile_source *source);
void profile_release(struct profile *profile);

#endif
