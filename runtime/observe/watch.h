/*
 * watch: an observation in progress, and how the time between its looks is accounted for. For
 * observer.c and interval.c alone.
 */
#ifndef WATCH_H
#define WATCH_H

#include "observe/task.h"
#include "observe/totals.h"
#include "observe/tree.h"

/* A thread that is being watched. */
struct followed {
	pid_t process, thread;
	struct task_look last;
	uint64_t last_ns, credited_ns; /* the last look at it; what was taken for ready in all */
	unsigned look;                 /* that met it last */
	/* of a process's first thread: CPU time of those that are gone, as far as it was looked up */
	uint64_t gone_ns;
	unsigned gone_look; /* and when that was */
	struct observed_task sums;
};

struct observer {
	struct observation seen;
	struct totals before;
	struct tree tree;
	struct followed *tasks;
	size_t count, room, hint;
	size_t kept_room;
	uint64_t begin_ns, last_ns; /* of the observation, of the last look */
	uint64_t now_ns;            /* of the look under way */
	double ran, asked, active;  /* since the last look, in ns: see interval.c */
	double demanded, busy;      /* the integral of demand, and of the time that was not idle */
	double quiet;               /* time that ended in looks at which nothing ran or was ready */
	unsigned look;              /* the number of the one under way */
	unsigned threads, processes, runnable; /* in it */
	int error;
};

static inline double seconds(uint64_t ns)
{
	return (double)ns * 1e-9;
}

/* Of the threads that were there at the last look; NULL: it was not. */
struct followed *find_followed(struct observer *observer, pid_t process, pid_t thread);

/*
 * interval.c: what went on between two looks, as observation.h says. A thread's part of it: since its
 * last look, 0 if there was none, how long it ran, and was ready and did not run. Then, at a look, the
 * end of the interval; and of the last one, when CPU time is known in all.
 */
void interval_add(struct observer *observer, uint64_t since_ns, uint64_t ran_ns, uint64_t ready_ns);
void interval_end(struct observer *observer);
void interval_end_last(struct observer *observer);

/* After the last one: CPU time that is still nobody's. */
void interval_add_unseen(struct observer *observer);

#endif
