/*
 * lesson: common beliefs about threads, and the experiments that settle them on this machine.
 *
 * A lesson is a row of a table (table.c): the belief; experiments, each a command of Tine's in words, which
 * is parsed and measured as if it had been typed; what is claimed of their numbers; and sentences. The
 * words of a verdict come from intervals alone (analysis/lesson.h).
 */
#ifndef LESSON_ROWS_H
#define LESSON_ROWS_H

#include "analysis/lesson.h"
#include "lessons/experiment.h"
#include "lessons/python.h"
#include "tables.h"

enum { EXPERIMENTS_MOST = 2, STATEMENTS_MOST = 5 };

struct study;

/* A case of an experiment, by what there is only one of. */
struct who {
	enum variant variant;
	enum team team;   /* of what is not sequential */
	unsigned threads; /* in its place, if not 0 */
};

/* What is claimed of a quantity, and how it is found. */
struct statement {
	const char *what; /* the quantity in a sentence: "the speedup of one-core" */
	/* Fills `into`. Returns whether it is known; -ENODATA: nothing is claimed; or -ENOMEM. */
	int (*find)(const struct study *study, const struct statement *statement,
		struct estimate *into);
	unsigned experiment;
	struct who of, over; /* the quantity is the time of `over` divided by that of `of` */
	double serial;       /* Amdahl's, where the quantity is a share of what his law allows */
	double least, most;
};

struct lesson {
	const char *belief;
	const char *experiments[EXPERIMENTS_MOST + 1]; /* NULL behind the last */
	bool python;                                   /* beside the first, where there is Python */
	enum quorum quorum;
	struct statement statements[STATEMENTS_MOST + 1]; /* .what NULL behind the last */
	const char *shown; /* what was shown, as the beginning of a sentence with the numbers */
	const char *else_; /* where it is otherwise, as the end of one */
};

extern const struct lesson lessons[];
extern const size_t lesson_count;

/* A lesson, measured. Owned by whoever began it; see study_release. */
struct study {
	const struct lesson *lesson;
	size_t number; /* from 1 */
	const struct topology *topology;
	struct experiment experiments[EXPERIMENTS_MOST];
	size_t experiment_count;
	struct python python;
	struct message why; /* why an experiment could not be made; "" if all were */
	struct claim claims[STATEMENTS_MOST];
	const struct statement *stated[STATEMENTS_MOST]; /* of each claim */
	size_t claim_count, deciding;
	enum outcome outcome;
	char *picture; /* DIR/lesson-N, of which there are .csv, .svg and .png; NULL: none. Owned */
};

/*
 * Measures a lesson within so many seconds, and judges it. What cannot be measured on this machine
 * is no error, but `why`. Returns 0; -EINTR if a signal asked us to end; or another negative errno.
 */
int study_make(
	struct study *study, const struct options *options, double budget_s, struct message *why);
void study_release(struct study *study);

/*
 * The verdict in one sentence, with the numbers that it rests on. Exits where there is no memory;
 * the caller frees.
 */
char *study_sentence(const struct study *study);

enum { HOW_TEXT = 64 };

/* One row of an experiment's table. */
struct study_row {
	char how[HOW_TEXT]; /* a variant, or by which Python */
	const char *member; /* "thread", or "task" in an event loop */
	unsigned threads, launches;
	struct schedule schedule;
	bool is_baseline;
	bool waits; /* so that it can gain more than there are cores */
	const struct estimate *seconds, *speedup; /* NULL: not known */
	char note[NOTE_TEXT];
};

/* The row at an index, Python's last; false if there is none. */
bool study_row(const struct study *study, size_t experiment, size_t index, struct study_row *into);

/* In what the rows of an experiment differ, baselines aside. */
struct varied {
	bool how, threads, schedule;
};
struct varied study_varied(const struct study *study, size_t experiment);

/* As text or Markdown. */
void study_print(const struct study *study, enum format format, FILE *to);

/* All verdicts as one table, if there are several. */
void studies_print(const struct study *studies, size_t count, enum format format, FILE *to);

/*
 * A lesson of --format json; medians come with their intervals as { median, low, high }, null where
 * unknown. The caller owns the object; NULL: no memory.
 *
 *	number, belief
 *	outcome      "shown", "not shown" or "cannot tell"
 *	sentence     the verdict
 *	claims       of each: what, its value, between what it was to lie (least; most, null: without end),
 *	             and its own outcome
 *	experiments  of each: the command, and cases as of tine run, or curves as of tine grain
 *	python       name, global_lock (null: unknown), squares, threads, launches, sequential_seconds,
 *	             threads_seconds and speedup; null if it was not measured
 *	picture      svg, png and csv: the files; null if there is none
 */
json_t *study_to_json(const struct study *study);

/* Leaves DIRECTORY/lesson-N.csv, .svg and .png, and says so in study->picture. */
int study_draw(struct study *study, const char *directory, struct message *why);

#endif
