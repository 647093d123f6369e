/*
 * losses: where the core time of a parallel case went.
 *
 * With p members and E = t_join - t_fork, a region holds p E core-seconds. Each member spends its E
 *
 *	fork_i      t_start,i - t_fork                until it starts
 *	busy_i      t_complete,i - t_start,i          at its part of the work
 *	wait_i      max t_complete - t_complete,i     for the member that completes last
 *	            t_join - max t_complete           until the caller has joined: join, for all p
 *
 * which adds up to p E whatever the stamps are; clocks that differ between CPUs make a fork or a
 * join negative, and it stays so. Of the busy time, a member spends aside_i without what it needs to go on:
 * under a global lock while it waits for that (lock), in an event loop from its yield to its next
 * turn (yield). Of the rest, dispatch is what lies outside the body. With T1, the sequential median of
 * the same work, the budget of a case is
 *
 *	p E = T1 + inflation + fork + dispatch + lock + yield + wait + join,
 *	inflation = sum of body_i - T1
 *
 * where inflation is what memory, caches or frequency add to the same work; it may be negative.
 *
 * How a case's budget is made of its launches: components are averaged, so that they still add up;
 * medians of them would not. In each launch the mean is that of the middle half of its regions in
 * the order of E, and then that of the middle half of the launches in the order of these means: a
 * quarter, rounded down, is left out at each end. Samples in which a member lost its CPU are among
 * those left out. Where short regions are repeated in a sample, its last region stands for them.
 *
 * Left out altogether are launches that failed or were wrong, those that were disturbed (summary.h),
 * and regions in which a member of the team did not run. p is the team that really ran; if launches
 * differ in it, that of most launches, the smallest if several are as frequent, and the others are
 * counted as `other_teams`.
 *
 * Dispatch is known only from regions recorded at the `units` level, which are samples of their own
 * and no part of E. From them comes the share of busy time, less that aside, that is dispatch, by the
 * same means, and it is applied to that of the timed regions. It includes what recording costs between two
 * bodies, so it is an upper bound; `recording` says how much longer members were busy in all.
 */
#ifndef LOSSES_H
#define LOSSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

/* Of one region, summed over its members, in nanoseconds: total = fork + busy + wait + join. */
struct region_budget {
	int64_t total_ns, fork_ns, busy_ns, wait_ns, join_ns;
	int64_t aside_ns;   /* of busy_ns */
	int64_t body_ns;    /* of busy_ns; 0 if recorded at the `region` level */
	int64_t busiest_ns; /* the longest busy time of a member */
	unsigned last;      /* the member that completes last; the first of several */
};

/* team > 0 members, all of which ran. */
struct region_budget region_budget(const struct region_record *region, unsigned team);

enum loss {
	LOSS_INFLATION,
	LOSS_FORK,
	LOSS_DISPATCH, /* 0 if it is not known: it is then in inflation */
	LOSS_LOCK,     /* the global-lock variant's */
	LOSS_YIELD,    /* the event-loop variant's */
	LOSS_WAIT,
	LOSS_JOIN,
	LOSS_KINDS
};

/* The word for it in tables and files. */
const char *loss_name(enum loss kind);

/* One member, in the mean. */
struct member_mean {
	double fork, busy, wait; /* seconds */
	double aside;            /* of busy */
	double units;
	double last; /* the share of regions in which it completed last */
};

struct losses {
	unsigned team;        /* p */
	size_t launches;      /* that were there to be averaged; 0: none, and all below is 0 */
	unsigned other_teams; /* launches left out because their team was not p */
	bool crowded;         /* members share hardware threads: seconds of threads, not of cores */
	double total;         /* p E, seconds, as all that follow */
	double sequential;    /* T1 */
	double parts[LOSS_KINDS];
	double busy;    /* of all members */
	double busiest; /* of the busiest member of each region */
	bool has_dispatch;
	enum loss aside;  /* LOSS_LOCK or LOSS_YIELD; LOSS_KINDS: the variant has neither */
	double recording; /* with dispatch: busy time with units recorded, over that without, - 1 */
	struct member_mean *members; /* team of them; owned */
};

/*
 * The budget of a case, from whichever launches are its; sequential is T1 in seconds. Returns 0 or
 * -ENOMEM. The caller frees with losses_release.
 */
int losses_make(struct losses *into, const struct case_spec *spec,
	const struct launch_record *launches, size_t launch_count, double sequential);
void losses_release(struct losses *losses);

/* Whether this part is known, and is of the variant. */
bool losses_has(const struct losses *losses, enum loss kind);

/* T1 and the parts together, over p E: 1 to rounding, or a formula is wrong. */
double losses_sum(const struct losses *losses);

/* Time in the body: busy time less dispatch, lock and yield. */
double losses_body(const struct losses *losses);

/* Units done in a region, by all members. */
double losses_units(const struct losses *losses);

/*
 * The names that people know. Useful time is that in the body, which with unknown dispatch is all
 * busy time; U is its mean over the members, and Umax that of the busiest member of each region,
 * from both of which dispatch is taken in proportion.
 *
 * POP's metrics (https://co-design.pop-coe.eu/metrics; the POP Centre of Excellence):
 *
 *	parallel efficiency   useful time / (p E) = U / E
 *	load balance          U / Umax
 *
 * Imbalance percentage (DeRose, Homer and Johnson, Detecting Application Load Imbalance on High End
 * Massively Parallel Systems, Euro-Par 2007; CrayPat's Imb. Time%), the share of the time of all
 * others that the busiest costs: 0 if all are equal, 1 if one alone is busy:
 *
 *	imbalance             (Umax - U) / Umax * p / (p - 1);  0 for one member
 *
 * OpenMP efficiencies of TALP (DLB user guide, "TALP Performance metrics"). With T the time of a
 * thread, TALP splits its idle time into I_serial, outside of parallel regions; I_lb, the mean idle
 * time in a region less the smallest one; and I_sch, the smallest. A case is one region, so that
 * T = E and I_serial = 0; a member's idle time is all that is not useful, fork and join included,
 * and the smallest is E - Umax:
 *
 *	serial                (T - I_serial) / T                            = 1
 *	balance               (T - I_serial - I_lb) / (T - I_serial)        = (E - Umax + U) / E
 *	scheduling            (T - I_serial - I_lb - I_sch) / (T - I_serial - I_lb)
 *	                                                                    = U / (E - Umax + U)
 *
 * Their product is POP's parallel efficiency. TALP itself, which watches through OMPT, books a thread
 * that has not yet entered the region as outside of it, so that its serial efficiency holds a part
 * of what is fork here.
 */
struct efficiencies {
	double parallel, balance; /* POP */
	double imbalance;
	double talp_serial, talp_balance, talp_scheduling;
};

/* Of p members, E, U and Umax; p may be the mean of several teams. */
struct efficiencies efficiencies_of(double members, double elapsed, double mean, double most);

/* losses->launches > 0. */
struct efficiencies losses_efficiencies(const struct losses *losses);

#endif
