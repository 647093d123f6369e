/*
 * calibration: what a simulation needs to know, from launches: what units cost, and what a node adds.
 */
#ifndef CALIBRATION_H
#define CALIBRATION_H

#include "analysis/losses.h"
#include "analysis/simulation.h"
#include "message.h"
#include "record.h"

/*
 * What each unit costs, from launches of a case of one member that kept all units in traces: the
 * median over all traces, scaled so that the sum is the median busy time of the regions that were
 * timed without them; what recording costs is then shared out evenly instead of by unit. Disturbed
 * launches are left out. Returns 0, -ENODATA if there is no such launch or units are missing, or
 * -ENOMEM. The caller frees with unit_costs_release.
 */
int unit_costs_measure(struct unit_costs *into, const struct case_spec *spec,
	const struct launch_record *launches, size_t count, struct message *why);

/*
 * How long the members of a case are busy in a region, summed over them: the median over launches of
 * the median over their regions. *ns is NAN if no launch counts. Returns 0 or -ENOMEM.
 */
int busy_measure(double *ns, const struct case_spec *spec, const struct launch_record *launches,
	size_t count);

/* One kernel on one core, and on all of them at once. */
struct crowding {
	unsigned team;      /* that was on all of them */
	double alone_ns;    /* busy_measure of the one member */
	double together_ns; /* and of the team: the same, if members do not hinder one another */
	double computing; /* how much slower plain arithmetic is on all cores at once: 1 is none */
	double bytes;     /* that the kernel moves in a region; 0: none to speak of */
	double bytes_a_second; /* that the node can move */
};

/* What follows from it for teams of more than one. */
struct contention {
	double slowdown; /* of each unit, however many members there are */
	struct memory_limit memory;
};

/*
 * A kernel that moves bytes, and that is slowed down by CROWDING_MEMORY more than plain arithmetic is,
 * is taken to be bound by memory: it got all that the node can move of what it asks for. Any other is
 * slowed down by whatever else cores share, and memory limits it where more members than here ask for
 * more than the node can move. In both cases `team` members are as slow as was measured.
 */
#define CROWDING_MEMORY 1.05
struct contention contention_fit(const struct crowding *crowding);

/*
 * The latencies of fork and join, as simulation.h has them, from the budget of a region of next to
 * no work. Of one team size only: a tree's step follows from the mean of its members' latencies over
 * their levels; libgomp's is taken to be flat, since teams of other sizes are not known.
 */
void latencies_fit(struct overheads *into, enum variant variant, const struct losses *empty);

/* How many levels below member 0 the tree of a pool has: 0 for one member, 1 for 2 to 5, 2 to 21. */
unsigned pool_levels(unsigned team);

#endif
