/*
 * conductor: starts the launches of a plan, one at a time, in a random order, round by round.
 *
 * A launch is this program started again, with exec, as 'tine launch ORDER'. The conductor itself
 * never runs a kernel and never touches OpenMP.
 */
#ifndef CONDUCTOR_H
#define CONDUCTOR_H

#include "launch.h"
#include "message.h"
#include "plan.h"

/* Takes one finished launch, and ownership of the record. Returns 0, or a negative errno to stop. */
typedef int keep_launch_fn(void *context, struct launch_record *launch, struct message *why);

/*
 * Measures every case of the plan, plan->launches times. A launch that fails is a record that says
 * so. Returns 0, -EINTR if a signal asked us to end, or another negative errno.
 */
int conductor_run(const struct plan *plan, bool progress_always, keep_launch_fn *keep,
	void *context, struct message *why);

/* Starts one launch, waits for it and reads its record; errors as above. */
int conductor_launch(
	const struct launch_order *order, struct launch_record *into, struct message *why);

/* An order as the argument of 'tine launch', in memory of the caller's; and back. */
char *order_to_text(const struct launch_order *order);

/* cpus belong to the caller, who frees them; strings live as long as `json`. */
int order_from_json(const json_t *json, struct launch_order *into, int **cpus, struct message *why);

/* Blocks the signals that end a run, so that the conductor takes them between and during launches. */
void conductor_block_signals(void);

#endif
