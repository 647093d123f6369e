/*
 * task: one thread of another process, as /proc shows it at this moment.
 */
#ifndef OBSERVE_TASK_H
#define OBSERVE_TASK_H

#include <sys/types.h>

#include "observation.h"

struct task_look {
	char state;         /* R: runs, or could; S, D: waits; Z: has ended; proc(5) has more */
	bool leader;        /* its process's first thread */
	uint64_t start;     /* when it began, in ticks: with its number, its identity */
	uint64_t run_ns;    /* CPU time since then */
	uint64_t ready_ns;  /* runnable without a CPU: counted when it gets one. 0 if not known */
	bool ready_known;   /* then run_ns is exact, too, to one tick of the scheduler's */
	uint64_t block_ns;  /* 0 where the kernel does not count */
	uint64_t voluntary; /* context switches; filled in only if state is R */
	enum reason reason; /* only if it waits */
};

/* Reads it. False: it is gone. */
bool task_look(pid_t process, pid_t thread, struct task_look *into);

/* Reads a line of /proc/PID/stat: all but voluntary, reason and what schedstat says better. */
bool task_parse(const char *line, struct task_look *into);

/* The reason of a thread in a system call as /proc/PID/syscall names it, with its first argument. */
enum reason task_reason(pid_t process, long call, unsigned long argument);

#endif
