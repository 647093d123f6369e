/*
 * conductor: starts the launches of a plan, one at a time, in a random order, round by round.
 *
 * A launch is this program started again, with exec, as 'tine launch ORDER'. The conductor itself
 * never runs a kernel and never touches OpenMP. Call process_block_signals first.
 */
#ifndef CONDUCTOR_H
#define CONDUCTOR_H

#include "launch.h"
#include "message.h"
#include "plan.h"
#include "progress.h"

/*
 * Measures the plan's cases and appends every launch to the run. Rounds start each open case once, in
 * a random order that the plan's seed repeats. A case is open until it has launches_least launches
 * and, when stats_may_look, an interval within the precision; or launches_most; a sequential case, as long as a case that
 * is compared with it. The budget counts the time of launches. What the run already has is not
 * measured again, so a run that was cut short is finished by calling this with it.
 *
 * A launch that fails, crashes or hangs is a record that says so. Returns 0, -EINTR if a signal asked
 * us to end, or another negative errno.
 */
int conductor_run(
	const struct plan *plan, struct run *run, bool progress_always, struct message *why);

/*
 * One round of it: launches the cases that are open, open[i] for plan->cases[i], and of which the run
 * has no launch in this round; none after the budget is spent, if that is hard or the plan has had its
 * launches_least. Errors as above.
 */
int conductor_round(const struct plan *plan, struct run *run, unsigned round, const bool *open,
	struct progress *progress, struct message *why);

/*
 * Starts one launch, waits for it, at most the plan's limit, and reads its record; errors as above.
 * cpus, tasks, gamma, recipe and image of the order are the plan's.
 */
int conductor_launch(const struct plan *plan, const struct launch_order *order,
	struct launch_record *into, struct message *why);

#endif
