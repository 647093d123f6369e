/*
 * diagnosis: what a case lost most to, why, and what to try. The words are the command line's.
 */
#ifndef DIAGNOSIS_H
#define DIAGNOSIS_H

#include "analysis/losses.h"
#include "analysis/summary.h"

/* What losses are put down to. Fork and join are one: what a region costs however short it is. */
enum toll { TOLL_BODY, TOLL_DISPATCH, TOLL_ASIDE, TOLL_WAIT, TOLL_REGION, TOLLS };

/* Why a member completes last. */
enum lateness { LATE_START, LATE_ASIDE, LATE_MORE_UNITS, LATE_DEARER_UNITS };

enum remedy {
	REMEDY_NONE,
	REMEDY_MEASURED, /* another schedule of this run took less time, beyond doubt */
	REMEDY_SCHEDULE, /* to try `schedule` */
	REMEDY_GRAIN,    /* to try `grain` elements a unit */
	REMEDY_POOL,     /* threads that persist */
	REMEDY_MORE_WORK,
	REMEDY_FEWER_THREADS,
	REMEDY_PARALLEL /* a variant whose members compute at once */
};

struct diagnosis {
	/*
	 * Share of p E that was lost. Where the body took less time than the sequential run,
	 * inflation is left out of it, lest it hide the rest, and `gained` is what was gained.
	 */
	double lost, gained;
	bool little; /* lost is below 5 %: the rest is then not filled in */
	enum toll worst;
	double worst_share; /* of what was lost */
	bool one_member;    /* the same one completes last in 3 of 4 regions: */
	unsigned last;
	enum lateness why_last; /* what makes most of its lead over the mean */
	double excess; /* its units or their cost over the mean, - 1; or the seconds by which it started
			* later, or was aside longer, than the mean */
	enum remedy remedy;
	struct schedule schedule;
	double less; /* REMEDY_MEASURED: 1 - its time over this one's */
	uint64_t grain;
};

/*
 * The diagnosis of the case of a row of `all`, in which other schedules of it are sought;
 * losses->launches > 0.
 *
 * A case is advised on what it lost most to, and only to what differs from what it does:
 *
 *	wait      chunks of which a member gets 64, so that 1 of 64 is left to wait for at the end, or
 *	          units so large, if there are too few; but none that takes less than 2 us
 *	dispatch  chunks, or units, so many times larger that dispatch falls to 1 % of busy time
 *	body      units of 2 us, where shorter ones spoil what the compiler makes of long loops
 *	region    threads that persist, or more work
 *
 * Sizes are rounded to powers of two, and always leave 16 chunks to a member. Where members share
 * CPUs, there is nothing to advise but fewer threads; where the variant lets no two compute at once,
 * nothing but another variant.
 */
struct diagnosis diagnosis_of(
	const struct losses *losses, const struct summary *row, const struct summaries *all);

#endif
