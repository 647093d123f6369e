/*
 * state: what others did to us, and what changes while we measure.
 *
 * Counters that only grow: read before and after a launch, a difference above 0 says that the launch
 * was disturbed. One reading opens half a dozen small files, some 0.1 ms: not while time is running.
 *
 * `root` is where the system's files are seen: MACHINE_ROOT; tests give a directory that holds a
 * proc and a sys of their own.
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stdint.h>

#define MACHINE_ROOT ""

/* The counters behind a *_known that is false are 0 and mean nothing. */
struct machine_state {
	bool throttling_known, steal_known, load_known;
	uint64_t throttled;    /* periods in which our control groups, or parents of them, used up */
	uint64_t throttled_ns; /* their quota, and how long tasks then stood; from the groups' start */
	uint64_t steal_ns;     /* of all CPUs, from the system's start: given by the hypervisor to */
	uint64_t busy_ns;      /* others; and that were asked for, steal included. In steps of 10 ms */
	double load_average;   /* of the last minute */
	unsigned runnable;     /* tasks that run or could, on all CPUs at this moment, us included */
};

void machine_state_read(const char *root, struct machine_state *state);

/*
 * The runnable tasks besides the caller: the median of some looks over 20 ms, so that tasks which
 * pass by do not count. -1: unknown.
 */
int machine_others_runnable(const char *root);

#endif
