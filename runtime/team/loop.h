/*
 * loop: tasks that take turns in one thread, the caller's, on libuv: for the event-loop variant.
 *
 * A task is an idle handle of a uv_loop_t, which libuv calls once in each turn of the loop; between
 * turns it asks the system, without waiting, whether anything has happened, as it would for tasks
 * that wait. That is what a yield costs. When no task takes turns any more, the thread sleeps until
 * something happens that one of them awaits.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "message.h"

struct loop;

/* Tasks that await `waits` things at once at most. Returns 0, or a negative errno with nothing to destroy. */
int loop_create(struct loop **loop, unsigned tasks, uint64_t waits, struct message *why);
void loop_destroy(struct loop *loop); /* NULL is fine */

/*
 * Calls turn(argument, task) for each task in turn, until it has returned false for each; and, for what
 * is awaited, ready(argument, task, wait). Returns when both are done. libuv may allocate what it keeps
 * of descriptors when one is larger than all before.
 */
typedef bool turn_fn(void *argument, unsigned task);
typedef void ready_fn(void *argument, unsigned task, uint64_t wait);
void loop_run(struct loop *loop, turn_fn *turn, ready_fn *ready, void *argument);

/*
 * For a task, in a run: has ready called once for `wait`, which nothing else awaits, when the descriptor is
 * readable, after which it may be closed. Returns 0 or a negative errno.
 */
int loop_await(struct loop *loop, unsigned task, uint64_t wait, int file);

#endif
