/*
 * tasks: how long each of several tasks takes alone, and what no team can then beat.
 *
 * In the sequential run one task follows another. In each of its launches the time of a task is the
 * median over the regions recorded with units; over launches there are medians and intervals, as of
 * cases (summary.h). With p members at work at once and tasks of t_i that are not divided,
 *
 *	E >= max(max t_i, sum t_i / p),
 *
 * which holds for any assignment of tasks to members (R. L. Graham, Bounds on Multiprocessing Timing
 * Anomalies, SIAM J. Appl. Math. 17(2), 1969). What is measured may still be below by what caches
 * gain, or by noise.
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

/* What a team of so many at work at once cannot beat. */
struct task_bound {
	struct estimate seconds;
	struct estimate speedup; /* the sum of all, over that */
	bool is_longest;         /* it is the longest task's time, in most launches */
	size_t longest;          /* which that is, the first of them, by its median time */
};
int task_bound(const struct task_times *times, unsigned members, struct task_bound *into);

#endif
