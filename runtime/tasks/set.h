/*
 * set: kernels side by side, each a task: its whole work, done by the kernel's sequential code.
 *
 * The whole of them is a kernel, too (tasks.c here), whose elements are the tasks. So every variant
 * executes it as it executes any other, and what is recorded, verified and told of it is the same. A
 * task has a team of its own, of one member, in which the sequential variant runs; what that leaves
 * (partial, stamps) lies with the input, which processes share.
 */
#ifndef TASKS_SET_H
#define TASKS_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "message.h"
#include "record.h"
#include "team/team.h"

struct task {
	const struct kernel_entry *entry;
	struct size size;
	struct input *input; /* owned; NULL: not open */
	struct team team;    /* of one; its elements from `first` on are still to be done */
	bool has_team;
	unsigned done; /* how often, since the last reset: once, if all is well */
};

struct task_set {
	uint64_t count;
	const struct clock *clock;
	struct task *tasks; /* open: count of them, where all members can write */
	const struct task_spec *specs;
	struct picture *pictures; /* one a task; owned */
};

/*
 * Before the whole's setup, which opens it: finds the kernels, and generates the pictures they take.
 * specs and clock outlive the set. Returns 0, or a negative errno with nothing to release.
 */
int task_set_init(struct task_set *set, const struct task_spec *specs, uint64_t count,
	const struct clock *clock, struct message *why);
void task_set_release(struct task_set *set); /* all zero is fine */

/*
 * The whole's setup and release, once or several times. `problem` says all but size and picture.
 * Allocates as memory.h's memory_share_begin says. Returns 0, or a negative errno with nothing open.
 */
int task_set_open(struct task_set *set, const struct problem *problem);
void task_set_close(struct task_set *set);

/* The whole's fill: all elements of these tasks. */
void task_set_fill(const struct task_set *set, struct range tasks);

/* Before each region: nothing is done. */
void task_set_reset(struct task_set *set);

/* For one member each: does a task; or the next unit of one, and tells whether that was the last. */
void task_do(struct task *task);
bool task_go_on(struct task *task);

#endif
