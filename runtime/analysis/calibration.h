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
 * The latencies of fork and join, as simulation.h has them, from the budget of a region of next to
 * no work. Of one team size only: a tree's step follows from the mean of its members' latencies over
 * their levels; libgomp's is taken to be flat, since teams of other sizes are not known.
 */
void latencies_fit(struct overheads *into, enum variant variant, const struct losses *empty);

/* How many levels below member 0 the tree of a pool has: 0 for one member, 1 for 2 to 5, 2 to 21. */
unsigned pool_levels(unsigned team);

#endif
