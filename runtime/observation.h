/*
 * observation: what was seen of a command and of all processes that it started, from its start to
 * its end. Times are in seconds.
 *
 * Sums over threads come from looks at /proc, some 20 ms apart: a thread that lived between two of
 * them was not seen. What says exact was counted by the kernel, over all processes that were waited
 * for.
 */
#ifndef OBSERVATION_H
#define OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a thread that does not run waits for, by the system call that it is in. */
enum reason {
	FOR_LOCK,    /* futex: a lock, a condition, the end of another thread */
	FOR_TIMER,   /* sleep */
	FOR_NETWORK, /* one socket */
	FOR_EVENTS,  /* poll, select, epoll: any of several descriptors */
	FOR_PIPE,    /* a pipe or a terminal */
	FOR_DISK, /* asleep in the kernel where no signal reaches it, which is storage nearly always */
	FOR_CHILD, /* another process's end */
	FOR_OTHER, /* another system call, or one that may not be seen */
	REASONS
};

/* A thread that was seen for BRIEF_S or longer, and took CPU_LEAST_S of CPU time. */
struct observed_task {
	double first, last; /* seen, since the command began */
	double cpu;
	double ready; /* runnable, but without a CPU */
	double waits[REASONS];
};

struct observation {
	double wall;
	double cpus; /* it may use: of its affinity mask, or fewer by a quota of its control group */

	double user, system; /* exact CPU time */
	double seen;         /* of it, in threads that were looked at */

	/*
	 * The wall time by what went on, which adds up to it. Between two looks w threads ran, on average,
	 * a ran or were ready, and d asked for a CPU: each for the share run / (run + waited) of its time, as
	 * if it were never ready without one. Of that time
	 *
	 *	computing  w / d * min(1, d), alone if d < TOGETHER
	 *	idle       the lesser of w / d * max(0, 1 - d) and max(0, 1 - a)
	 *	held       the rest: others had the CPUs, or its own threads, of which there are more
	 *
	 * A thread that ran at a look and is gone at the next is taken to have run on, as far as its process,
	 * or at the end all of them, used CPU time that no look met. What is left of that is taken from idle, then held, and is alone; where it is a tenth of all
	 * or more, idle is no longer than the looks, as a sample, found nothing to run, and the rest is held.
	 */
	double idle, alone, together, held;
	double demand;    /* d, on average, while not idle; 0: never */
	bool ready_known; /* whether the kernel says how long threads were ready; else held is idle */

	double waits[REASONS]; /* of all threads */
	bool block_known;      /* whether the kernel counts the next */
	double block;          /* threads' waits for block I/O */

	uint64_t voluntary, involuntary; /* exact context switches */
	uint64_t minor, major;   /* exact page faults: without and with a wait for storage */
	uint64_t read, written;  /* exact bytes, by system calls, of any kind of file */
	uint64_t loaded, stored; /* exact bytes from and to storage */
	uint64_t peak;           /* exact bytes of memory of the largest process, or if */
	bool peak_bound;         /* that is true, at most so many */

	unsigned threads, threads_at_once; /* seen */
	unsigned processes, processes_at_once;
	uint64_t
		started; /* threads and processes that anybody started here meanwhile: at most so many */
	unsigned brief; /* threads seen that ended and had been seen for less than BRIEF_S */
	unsigned left;  /* processes that still ran when the command had ended */

	struct observed_task *tasks; /* those that lasted; owned */
	size_t task_count;

	unsigned looks;  /* at which something was there to be seen */
	double watching; /* CPU time that the looks took */
};

#define BRIEF_S     0.1
#define CPU_LEAST_S 0.01
#define TOGETHER    1.5

#endif
