/*
 * state: what others did to us, and what changes while we measure.
 *
 * Counters that only grow: read before and after a launch, a difference above 0 says that it was
 * disturbed. One reading opens half a dozen small files, some 0.1 ms: not while time is running.
 *
 * `root` is where the system's files are seen: MACHINE_ROOT; tests give a directory that holds a
 * proc and a sys of their own.
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stdint.h>

#define MACHINE_ROOT ""

/*
 * The numbers behind a *_known that is false are 0 and mean nothing.
 *
 * throttled is how many periods, of 0.1 s as a rule, ended early since our control group began, its
 * quota or that of a group above it used up by us or by others in it; throttled_ns is how long
 * tasks then stood still.
 *
 * busy_ns is the time that was asked of all CPUs since the system began; steal_ns that part of it
 * which the hypervisor gave to others. Both go in steps of some 10 ms.
 */
struct machine_state {
	bool throttling_known, steal_known, load_known;
	uint64_t throttled, throttled_ns;
	uint64_t steal_ns, busy_ns;
	double load_average; /* of the last minute */
	unsigned runnable;   /* tasks that run or could, on all CPUs at this moment, us included */
};

void machine_state_read(const char *root, struct machine_state *state);

/*
 * The runnable tasks besides the caller: the median of some looks over 20 ms, so that tasks which
 * pass by do not count. -1: unknown.
 */
int machine_others_runnable(const char *root);

#endif
