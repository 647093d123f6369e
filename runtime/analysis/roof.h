/*
 * roof: what bounds a kernel, and how near to that it comes.
 *
 * A ceiling is how much of one thing a machine can do in a second. A kernel that needs some of several
 * things for each element can do no more elements in a second than the tightest of them allows: that
 * one binds it, and the share it attains is its rate over what that allows. This is the roofline of
 * S. Williams, A. Waterman and D. Patterson, "Roofline", CACM 52(4), 2009, with one roof for each kind
 * of operation.
 */
#ifndef ROOF_H
#define ROOF_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/stats.h"
#include "record.h"

/* How much a case does in a second. */
struct rates {
	double *by_round; /* NAN where no launch counts; owned */
	unsigned rounds;
	bool known; /* there is a launch that counts */
	struct estimate per_second;
	char why[sizeof(struct message)]; /* what went wrong first in a launch; "" if nothing */
};

/*
 * From the case's launches that count (summary.h), of which a region does `work`. Returns 0, or -ENOMEM
 * with nothing to release.
 */
int rates_make(struct rates *into, const struct case_spec *spec, double work,
	const struct launch_record *launches, size_t launch_count);
void rates_release(struct rates *rates);

/*
 * The ratio by * a / b within rounds that both have: the median over these. *known says whether there
 * are any. Returns 0 or -ENOMEM.
 */
int rates_ratio(const struct rates *a, const struct rates *b, double by, struct estimate *into,
	bool *known);

/* So much of what a ceiling counts is needed for an element. */
struct need {
	double amount;
	const struct rates *ceiling;
};

/* The need that binds: whose amount takes the longest. `count` if the rate of any is not known. */
size_t roof_binding(const struct need *needs, size_t count);

#endif
