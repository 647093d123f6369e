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
 * A lesson is shown if all its claims are; not shown if one is not; else it cannot be told.
 *
 * How often that is wrong: an interval misses its quantity on one given side in 2.5 % of cases at most.
 * So a lesson of which a claim is false is called shown in 2.5 % of cases at most, however many claims
 * it makes, since all of them must be shown (an intersection-union test); a lesson of which all claims
 * are true is called not shown in 2.5 % of cases a bound at most, and hardly ever unless the quantity
 * lies right at the bound. R. L. Berger, Technometrics 24(4), 1982.
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

/*
 * Of a lesson's claims together. *deciding is the first that made it what it is, or count if all are
 * shown. A lesson without claims cannot be told.
 */
enum outcome lesson_judge(const struct claim *claims, size_t count, size_t *deciding);

#endif
