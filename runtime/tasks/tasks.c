/*
 * tasks: kernels side by side (set.h), each done by one member from its beginning to its end.
 *
 * The whole of them as a kernel: compiled around by the same templates, and in a table of its own. A
 * member that can be asked to step aside does so between units of its task's kernel, since a task may
 * take long.
 */
#include "kernel.h"
#include "tasks/set.h"

struct input {
	struct task_set *set;
};
struct partial {
	uint64_t done;
};

static inline void body(const struct input *in, struct range tasks, struct partial *into)
{
	for (uint64_t i = tasks.first; i < tasks.end; i++)
		task_do(&in->set->tasks[i]);
	into->done += tasks.end - tasks.first;
}

#define BODY_GOES_ON
static inline bool body_go_on(const struct input *in, struct range one, struct partial *into)
{
	const bool last = task_go_on(&in->set->tasks[one.first]);

	into->done += last;
	return last;
}

static int setup(struct input *in, const struct problem *problem)
{
	in->set = problem->tasks;
	return task_set_open(in->set, problem);
}

static void fill(const struct input *in, struct range tasks)
{
	task_set_fill(in->set, tasks);
}

static void release(struct input *in)
{
	task_set_close(in->set);
}

static void combine(struct partial *into, const struct partial *from)
{
	into->done += from->done;
}

KERNEL(tasks, .what = "kernels side by side, each a task", .why = "what its tasks are",
	.element = "task", .grain = 1, .in_order = true, .setup = setup, .fill = fill,
	.release = release, .combine = combine);
