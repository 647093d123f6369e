/*
 * tasks: how long each of several tasks takes alone, and what no team can then beat.
 *
 * In the sequential run one task follows another. In each of its launches the time of a task is the
 * median over the regions recorded with units; over launches there are medians and intervals, as of
 * cases (summary.h). With p members at work at once, and t_1 >= t_2 >= ... the tasks' times,
 *
 *	E >= max(t_1, sum of all t_i / p),
 *
 * which members can reach that are interrupted and go on elsewhere (R. McNaughton, Scheduling with
 * Deadlines and Loss Functions, Management Science 6(1), 1959). Where each member does one task after
 * another, one of them does k + 1 of the k p + 1 longest, and at best the shortest of these:
 *
 *	E >= t_(kp+1) + t_(kp) + ... + t_(kp+1-k)        for each k with k p + 1 tasks
 *
 * What is measured may still be below by what caches gain, or by noise.
 */
#ifndef ANALYSIS_TASKS_H
#define ANALYSIS_TASKS_H

#include "analysis/stats.h"
#include "record.h"

struct task_times {
	size_t tasks, launches; /* launches 0: nothing is known */
	double *seconds;        /* of each task in each launch, launch by launch; owned */
};

/*
 * From the sequential launches among these that count (summary.h), and in whose regions all tasks were
 * kept. Returns 0 or -ENOMEM. The caller frees with task_times_release.
 */
int task_times_make(struct task_times *into, size_t tasks, const struct launch_record *launches,
	size_t launch_count);
void task_times_release(struct task_times *times);

/* ---- with launches > 0; these return 0 or -ENOMEM ---- */

/* The time of one of them. */
int task_time(const struct task_times *times, size_t task, struct estimate *into);

/* What a team cannot beat. */
struct task_bound {
	struct estimate seconds;
	struct estimate speedup; /* the sum of all, over that */
	size_t longest;          /* the longest task, the first of several, by its median time */
	/* why, as most launches have it: */
	enum task_reason {
		BY_LONGEST, /* t_1 */
		BY_SHARE,   /* the sum of all / p */
		BY_SEVERAL, /* that one member does several */
		TASK_REASONS
	} reason;
};

/* The word for it in files: "longest", "share", "several". */
const char *task_reason_name(enum task_reason reason);

/* in_turn: each member does one task after another. */
int task_bound(
	const struct task_times *times, unsigned members, bool in_turn, struct task_bound *into);

#endif
