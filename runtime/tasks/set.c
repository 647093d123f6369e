#include "tasks/set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pattern.h"

/* ---- pictures, which are made once and outlive inputs ---- */

static int make_picture(struct task_set *set, uint64_t i, struct message *why)
{
	const struct task_spec *spec = &set->specs[i];
	const struct kernel_entry *entry = kernel_find(spec->kernel);

	if (!entry)
		return fail(why, -EINVAL, "there is no kernel '%s'", spec->kernel);
	if (!entry->kernel->takes_picture)
		return 0;
	return picture_generate(spec->size.width, spec->size.height, &set->pictures[i], why);
}

int task_set_init(struct task_set *set, const struct task_spec *specs, uint64_t count,
	const struct clock *clock, struct message *why)
{
	int error = 0;

	*set = (struct task_set) { .count = count, .specs = specs, .clock = clock };
	set->pictures = calloc(count, sizeof(*set->pictures));
	if (!set->pictures)
		return fail(why, -ENOMEM, "no memory for %llu tasks", (unsigned long long)count);
	for (uint64_t i = 0; i < count && !error; i++)
		error = make_picture(set, i, why);
	if (error)
		task_set_release(set);
	return error;
}

void task_set_release(struct task_set *set)
{
	for (uint64_t i = 0; set->pictures && i < set->count; i++)
		free(set->pictures[i].pixels);
	free(set->pictures);
	*set = (struct task_set) { 0 };
}

/* ---- inputs, and the teams of one that work on them ---- */

static int make_team(struct task *task, const struct clock *clock)
{
	const struct team_plan plan = {
		.kernel = task->entry->kernel,
		.input = task->input,
		.n = task->size.n,
		.grain = task->entry->kernel->grain,
		.variant = SEQUENTIAL,
		.threads = 1,
		.clock = clock,
	};
	struct message why;
	const int error = team_init(&task->team, &plan, &why);

	task->has_team = !error;
	return error;
}

static void close_task(struct task *task)
{
	if (task->has_team)
		team_release(&task->team);
	if (task->input && task->entry->kernel->release)
		task->entry->kernel->release(task->input);
	free(task->input);
	*task = (struct task) { 0 };
}

static int open_task(
	struct task_set *set, struct task *task, uint64_t i, const struct problem *whole)
{
	const struct task_spec *spec = &set->specs[i];
	struct problem problem = *whole;

	*task = (struct task) { .entry = kernel_find(spec->kernel), .size = spec->size };
	const struct kernel *kernel = task->entry->kernel;
	problem.size = spec->size;
	problem.picture = kernel->takes_picture ? &set->pictures[i] : NULL;
	problem.tasks = NULL;
	struct input *input = calloc(1, kernel->input_bytes);
	if (!input)
		return -ENOMEM;
	int error = kernel->setup(input, &problem);
	if (error) {
		free(input);
		return error;
	}
	task->input = input;
	return make_team(task, set->clock);
}

int task_set_open(struct task_set *set, const struct problem *problem)
{
	const size_t bytes = set->count * sizeof(*set->tasks);
	int error = 0;

	set->tasks = aligned_alloc(_Alignof(struct task), bytes);
	if (!set->tasks)
		return -ENOMEM;
	memset(set->tasks, 0, bytes);
	for (uint64_t i = 0; i < set->count && !error; i++)
		error = open_task(set, &set->tasks[i], i, problem);
	if (error)
		task_set_close(set);
	return error;
}

void task_set_close(struct task_set *set)
{
	for (uint64_t i = 0; i < set->count; i++)
		close_task(&set->tasks[i]);
	free(set->tasks);
	set->tasks = NULL;
}

void task_set_fill(const struct task_set *set, struct range tasks)
{
	for (uint64_t i = tasks.first; i < tasks.end; i++) {
		const struct task *task = &set->tasks[i];
		if (task->entry->kernel->fill)
			task->entry->kernel->fill(task->input, (struct range) { 0, task->size.n });
	}
}

/* ---- doing them ---- */

void task_set_reset(struct task_set *set)
{
	for (uint64_t i = 0; i < set->count; i++) {
		struct task *task = &set->tasks[i];
		team_reset(&task->team);
		task->team.first = 0;
		task->done = 0;
	}
}

void task_do(struct task *task)
{
	task->team.n = task->size.n;
	task->entry->region[SEQUENTIAL](&task->team);
	task->done++;
}

bool task_go_on(struct task *task)
{
	struct team *team = &task->team;
	const uint64_t rest = task->size.n - team->first;

	team->n = team->first + (rest < team->grain ? rest : team->grain);
	task->entry->region[SEQUENTIAL](team);
	team->first = team->n;
	const bool last = team->n == task->size.n;
	task->done += last;
	return last;
}
