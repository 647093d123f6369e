/*
 * experiment: a command of Tine's, tine run or tine grain, that a lesson measures as if it had been typed.
 */
#ifndef EXPERIMENT_H
#define EXPERIMENT_H

#include "analysis/summary.h"
#include "ladder.h"
#include "plan.h"

enum { EXPERIMENT_CROWD = 8 }; /* threads a core, at most */

/* How many threads a case has. */
enum team {
	TEAM_PAIR,     /* one a core, but at least two */
	TEAM_CORES,    /* one a core */
	TEAM_HARDWARE, /* one a hardware thread */
	TEAM_CROWD     /* as many as EXPERIMENT_CROWD says, a core */
};

unsigned experiment_threads(const struct topology *topology, enum team team);

struct experiment {
	char *command; /* what repeats it, "tine" in front; owned */
	char *words;   /* owned; argv and options point into it */
	char **argv;   /* owned */
	struct options options;
	bool is_ladder;
	/* of tine run */
	struct plan plan;
	struct run run;
	struct summaries all;
	/* of tine grain */
	struct ladder ladder;
};

/*
 * Reads a command in which stand for thread counts
 *
 *	{pair}    as TEAM_PAIR
 *	{ladder}  1, 2, 4 and so on, up to one a core
 *	{crowd}   1; one a core, and 2, 4 and 8 a core
 *
 * and plans its cases, with `given`'s launches and limit, within so many seconds. Returns 0, or a
 * negative errno: -EINVAL where this machine cannot do it. Release it in any case.
 */
int experiment_begin(struct experiment *experiment, const char *command,
	const struct topology *topology, const struct options *given, double budget_s,
	struct message *why);

/* Returns 0 or a negative errno, -EINTR if a signal asked us to end. */
int experiment_measure(struct experiment *experiment, struct message *why);

/* What was launched. */
const struct run *experiment_run(const struct experiment *experiment);

/* The case of a variant with so many threads, or NULL. */
const struct case_spec *experiment_case(
	const struct experiment *experiment, enum variant variant, unsigned threads);

void experiment_release(struct experiment *experiment);

#endif
