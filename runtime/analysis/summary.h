/*
 * summary: launches in, one row a case out.
 *
 * A launch's time is the median of its samples. A case's time is the median over its launches, and
 * its interval comes from them too: launches differ from one another far more than the samples in
 * one, so samples must not be pooled.
 *
 * A speedup is the median over rounds of sequential / parallel, each ratio taken within one round:
 * the sweep starts every case once a round, so a drift of the machine over rounds cancels out, and
 * the interval is that of the ratio itself.
 */
#ifndef SUMMARY_H
#define SUMMARY_H

#include "analysis/stats.h"
#include "record.h"

/*
 * Whether others disturbed a launch so much that its median may not be its own: a CPU quota was used
 * up, a tenth of its time went to other virtual machines, or a member lost its CPU to another task
 * in half of the samples (if there were CPUs enough for all members).
 */
bool launch_is_disturbed(const struct launch_record *launch);

/* Whether a launch's time is one: it was measured, right, and not disturbed. */
bool launch_counts(const struct launch_record *launch);

/* A launch's time: the median of its samples. Returns 0 or -ENOMEM. */
int launch_seconds(const struct launch_record *launch, double *seconds);

struct summary {
	struct case_spec spec;
	unsigned launches;  /* measured, and counted in */
	unsigned disturbed; /* measured, and left out: see launch_is_disturbed */
	unsigned failed;    /* not measured, or wrong */
	size_t samples;     /* over all launches */
	unsigned team;      /* members that really ran: the smallest team of any launch */
	bool verified;      /* every launch was measured and right */
	struct estimate seconds;
	bool has_speedup; /* there is a sequential case to compare with */
	struct estimate speedup;
	double efficiency;      /* speedup / team */
	bool has_serial;        /* there is a speedup of a team of several */
	double serial_fraction; /* Karp and Flatt's: see scaling.h */
	char result[RESULT_BYTES];
	char why[sizeof(struct message)]; /* what went wrong first; "" if nothing */
};

struct summaries {
	struct summary *rows;
	size_t count;
};

/*
 * Summarises, one row a case, in the order of first appearance in `cases`; a case without launches
 * still gets its row. Returns 0 or -ENOMEM. The caller frees with summaries_release.
 */
int summaries_make(struct summaries *into, const struct case_spec *cases, size_t case_count,
	const struct launch_record *launches, size_t launch_count);
void summaries_release(struct summaries *summaries);

/* Whether a case's time, and its speedup if it has one, have intervals as narrow as that. */
bool summary_is_precise(const struct summary *row, double precision);

/*
 * How many times as long case a takes as case b: the median, over the rounds in which both were launched, of
 * the ratio of their times. Returns whether there is such a round; or -ENOMEM.
 */
int summary_ratio(const struct case_spec *a, const struct case_spec *b,
	const struct launch_record *launches, size_t launch_count, struct estimate *into);

/* The sequential case that a case is compared with, or NULL. */
const struct summary *summary_baseline(const struct summaries *all, const struct summary *row);

#endif
