/*
 * simulation: how long a loop would take on a team, under a schedule, from what its units cost on
 * one core and what fork, dispatch and join cost on this node.
 *
 * A discrete-event simulation plays one region. Member i starts when the fork has reached it. Until
 * none are left it gets its next units from schedule_next(), in the order in which libgomp deals them
 * out, and does them; then it waits for the last member, and the join ends the region. (pthread and
 * pool deal out a dynamic loop's chunks block by block, with a counter a member: give them no
 * serial_ns.)
 *
 *	fork, join   a latency that grows along a tree, or member by member: struct latency
 *	dispatch     a chunk takes its member own_ns. Under dynamic and guided all members share one
 *	             counter; its cache line is with one member at a time, and moves to another in
 *	             serial_ns. Requests queue for it in the order of time, those of one moment in the
 *	             order of members. So one request after another by the same member costs own_ns; of
 *	             a member that comes to a free counter, serial_ns + own_ns; and however many
 *	             members ask, they get no more than one chunk each serial_ns. The last request of
 *	             each member, which finds nothing left, costs the same. Member 0 has the line at
 *	             the fork. Under static there is no counter, and no request that finds nothing.
 *	memory       of k members that are in the body at a moment, each is slowed down by
 *
 *	                 (1 - share) + share * max(1, k * demand / total)
 *
 *	             where `share` of its time on one core is spent moving `demand` bytes a second, and
 *	             the node moves `total`. k is followed from event to event, so that a member
 *	             that is left alone is as fast as on one core. The formula assumes that nobody
 *	             computes while others move: with share = 1, and `demand` averaged over all of the
 *	             body, it is instead the roofline's bound, which assumes that all of it overlaps.
 *
 * All losses are summed over members, and with them core time is accounted for in full:
 *
 *	team * elapsed = sequential + inflation + fork + dispatch + wait + join
 *
 * What is not modelled, and can make a prediction wrong:
 *	- more members than cores, and SMT: each member has a core of its own
 *	- clock frequencies that fall as more cores are busy
 *	- caches: what members share, take from one another or no longer find after a schedule moved
 *	  their units; false sharing; loops that the compiler makes slower for smaller chunks
 *	- NUMA: memory that is farther from some members, and distances that differ between cores
 *	- noise: interrupts, other processes, virtual machines; each unit always costs what it cost
 *	- units that differ in how much they depend on memory: all have the same share
 *	- a guided request that fails since another came first, and repeats; a counter whose line
 *	  does not pass in the order of requests
 *
 * It takes O((chunks + team) log team) time, and O(team) memory besides the costs. Bodies that are
 * slowed down alike keep their order, so that their ends lie in a heap by the work done since the
 * fork rather than by time: no event is ever rescheduled. The same input gives the same output, bit
 * for bit.
 *
 * Sources: Graham, SIAM Journal on Applied Mathematics 17(2), 1969 (bounds of list scheduling, which
 * dynamic,1 is); Brent, JACM 21(2), 1974 (work and span); Polychronopoulos and Kuck, IEEE
 * Transactions on Computers 36(12), 1987 (guided); Williams, Waterman and Patterson, CACM 52(4), 2009
 * (roofline); Demers, Keshav and Shenker, SIGCOMM 1989 (time counted in work done).
 */
#ifndef SIMULATION_H
#define SIMULATION_H

#include <stddef.h>
#include <stdint.h>

#include "schedule.h"

/* What the units of a loop cost on one core. */
struct unit_costs {
	uint64_t units;
	double *before_ns; /* units + 1 of them: what the first u units cost together; owned */
	double dearest_ns; /* the dearest unit; 0 without units */
};

/*
 * Takes over one cost a unit, in nanoseconds. Returns 0, -ENOMEM, or -EINVAL if a cost is negative
 * or not finite, or their sum is not. The caller frees with unit_costs_release.
 */
int unit_costs_init(struct unit_costs *costs, const double *unit_ns, size_t units);
void unit_costs_release(struct unit_costs *costs);

/* What all units cost together: the work, or the sequential time. */
static inline double unit_costs_total(const struct unit_costs *costs)
{
	return costs->before_ns[costs->units];
}

enum latency_kind {
	/*
	 * Member m passes on to members fan_out * m + 1 and on: as the pool does. A fork reaches a
	 * member after base + step * its level, member 0 after base; a join takes base + step * the
	 * deepest level. Without a fan_out all are one level below member 0.
	 */
	LATENCY_TREE,
	/*
	 * Member 0 starts the others one by one, and works last: as pthread does. A fork reaches
	 * member m after base + step * m, and member 0 after step * (team - 1); a join takes
	 * base + step * (team - 1).
	 */
	LATENCY_IN_TURN,
	LATENCY_KINDS
};

struct latency {
	enum latency_kind kind;
	double base_ns, step_ns;
	unsigned fan_out; /* of a tree; 0: no limit */
};

struct chunk_cost {
	double own_ns;    /* of a member that has the counter, or needs none */
	double serial_ns; /* for which one member that asks keeps the others waiting */
};

struct memory_limit {
	double share;         /* of a unit's time on one core that memory bounds, 0 to 1 */
	double demand, total; /* bytes a second: of one member in that share; of the node */
};

/*
 * What a node adds. Nothing is negative or infinite; all zeros is a machine without costs. A total
 * below the demand counts as the demand: alone, a unit takes what it was measured to.
 */
struct overheads {
	struct latency fork, join;
	struct chunk_cost chunk[SCHEDULE_KINDS]; /* auto's is not looked at: it is static's */
	struct memory_limit memory;              /* demand and total matter if there is a share */
};

/* What one schedule would do. Losses are summed over members. */
struct prediction {
	struct schedule schedule;
	unsigned team;
	double elapsed_ns;    /* from fork to join */
	double sequential_ns; /* what all units cost together */
	double speedup;       /* sequential / elapsed; NAN if the region takes no time */
	double fork_ns;       /* from the fork to each member's start */
	double dispatch_ns;   /* in getting chunks */
	double queue_ns;      /* of it, waiting for members that had asked before */
	double inflation_ns;  /* in the body, beyond what the units cost on one core */
	double wait_ns;       /* from each member's completion to the last one's */
	double join_ns;       /* from the last completion to the join */
	uint64_t chunks;
	unsigned last;       /* the member that completes last, or the first of them */
	double body_max_ns;  /* the longest that a member is in the body, all its chunks together */
	double body_mean_ns; /* the mean over members */
};

/*
 * Plays one region. Returns 0, -ENOMEM, or -EINVAL for a team of none, SCHEDULE_NONE, or overheads
 * that are none.
 */
int simulate(struct prediction *into, const struct unit_costs *costs, unsigned team,
	struct schedule schedule, const struct overheads *overheads);

/* What no schedule can beat, while units stay whole. */
struct bounds {
	double work_ns;    /* what all units cost together */
	double dearest_ns; /* what the dearest unit costs */
	double ideal_ns;   /* max(work / team, dearest): the least on a machine without costs */
	double span_ns;    /* first start + dearest + join: the least with cores without end */
	double least_ns;   /* the least with this fork, join and memory; no less than the others */
	double speedup;    /* work / least; NAN if the least is 0 */
};

/*
 * The bounds for a team. With s_i for the start of member i, the last completion comes no sooner
 * than the last start; than the first start + dearest; than (work + sum of s_i) / team, since each
 * member works from s_i on at most; and than the first start + work * slowdown(team) / team. The
 * join follows. Returns 0, or -EINVAL as simulate() does.
 */
int bounds_find(struct bounds *into, const struct unit_costs *costs, unsigned team,
	const struct overheads *overheads);

#endif
