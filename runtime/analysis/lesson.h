/*
 * lesson: whether measurements bear a lesson out.
 *
 * A lesson makes claims: each of a measured quantity, most often a ratio of times, that it lies
 * between two bounds. A claim is judged by the quantity's 95 % interval, never by its median:
 *
 *	shown         the whole interval lies within the bounds
 *	not shown     the whole interval lies beyond one of them: the contrary was measured
 *	cannot tell   the interval reaches across a bound, or there is none
 *
 * A lesson stands on all its claims, or on any: on all, it is shown if all are, and not shown if one
 * is not; on any, each of which is a counter-example to the same belief, it is shown if one is, and not
 * shown if none is. Else it cannot be told.
 *
 * How often that is wrong: an interval misses its quantity on one given side in 2.5 % of cases at most.
 * So a lesson that stands on all claims, of which one is false, is called shown in 2.5 % of cases at
 * most, however many claims it makes, since all of them must be shown (an intersection-union test: R. L.
 * Berger, Technometrics 24(4), 1982); one that stands on any, of which all are false, in 2.5 % a claim.
 * The other way round, called not shown though it is true, it is 2.5 % a claim, or 2.5 %. All that is for
 * quantities that lie right at their bounds; further off, it is less.
 */
#ifndef LESSON_H
#define LESSON_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/stats.h"

struct claim {
	bool known; /* there is a value */
	struct estimate value;
	double least, most; /* that it lies between these, themselves included; either may be
			     * infinite */
};

enum outcome { OUTCOME_SHOWN, OUTCOME_NOT_SHOWN, OUTCOME_CANNOT_TELL, OUTCOMES };

/* "shown", "not shown", "cannot tell". */
const char *outcome_name(enum outcome outcome);

enum outcome claim_judge(const struct claim *claim);

enum quorum { QUORUM_ALL, QUORUM_ANY };

/*
 * Of a lesson's claims together. *deciding is the first claim that has the lesson's outcome. A lesson
 * without claims cannot be told.
 */
enum outcome lesson_judge(
	const struct claim *claims, size_t count, enum quorum quorum, size_t *deciding);

#endif
