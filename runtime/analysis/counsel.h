/*
 * counsel: what a profile suggests to do, and what that would win. The words are the command line's.
 */
#ifndef COUNSEL_H
#define COUNSEL_H

#include "analysis/profile.h"

enum counsel_kind {
	COUNSEL_GRAIN,     /* regions too short for what they cost: more work in each */
	COUNSEL_ALONE,     /* so short that the caller alone would take less time */
	COUNSEL_IMBALANCE, /* the same member is last: the work is unequal */
	COUNSEL_IRREGULAR, /* now one is last, now another */
	COUNSEL_CHUNKS,    /* more, smaller chunks: those there are are too large */
	COUNSEL_SYNC,      /* waits inside of the region */
	COUNSEL_CROWDED,   /* a team as large as the CPUs, which others use as well */
	COUNSEL_NESTED,    /* regions that asked for a team inside another and got one member */
	COUNSEL_OVERSUBSCRIBED,
	COUNSEL_SERIAL, /* the rest of the program bounds the speedup */
	COUNSEL_MIGRATION,
	COUNSEL_KINDS
};

/*
 * One piece. `win` is how much less the run would take at most, in seconds, if that alone were cured;
 * NAN where it cannot be told from these numbers.
 *
 *	GRAIN      9/10 of fork and join: with ten times the work in a region
 *	ALONE      E - body: what the members did, done by one
 *	IMBALANCE, IRREGULAR, CHUNKS
 *	           (busiest - mean body) of each region: with all members equal
 *	SYNC       sync / p
 *	CROWDED    fork and join beyond those of the quickest region
 *	SERIAL     serial * (1 - 1/p): with the rest in parallel on p CPUs
 */
struct counsel {
	enum counsel_kind kind;
	const struct profile_site *site; /* NULL: the whole run */
	double win;
	double figure; /* of ALONE and GRAIN, the mean work of a region that would be half efficient */
	unsigned count; /* of CROWDED and OVERSUBSCRIBED, the members; else 0 */
};

enum { COUNSELS_MOST = 32 };

struct counsels {
	struct counsel of[COUNSELS_MOST]; /* the largest win first, unknown ones last */
	size_t count;
};

/* What wins less than 1 % of the run is not worth telling. cpus: that the process may run on. */
struct counsels counsels_of(const struct profile *profile, unsigned cpus);

#endif
