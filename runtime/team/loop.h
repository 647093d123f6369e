/*
 * loop: tasks that take turns in one thread, the caller's, on libuv: for the event-loop variant.
 *
 * A task is an idle handle of a uv_loop_t, which libuv calls once in each turn of the loop; between
 * turns it asks the system, without waiting, whether anything has happened, as it would for tasks
 * that wait. That is what a yield costs.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>

#include "message.h"

struct loop;

/* Returns 0, or a negative errno with nothing to destroy. */
int loop_create(struct loop **loop, unsigned tasks, struct message *why);
void loop_destroy(struct loop *loop); /* NULL is fine */

/* Calls turn(argument, task) for each task in turn, until it has returned false for each. */
typedef bool turn_fn(void *argument, unsigned task);
void loop_run(struct loop *loop, turn_fn *turn, void *argument);

#endif
