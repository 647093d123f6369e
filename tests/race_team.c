/*
 * race_team: forks and joins teams of every size and schedule, at both levels of recording, for a race
 * detector to watch.
 * Usage: race_team VARIANT [plant | keep | tasks]
 *
 * Of a kernel; or of tasks, in the variants that are for them alone, and with "tasks".
 *
 * What processes do is seen by no detector but in the caller: they do what pthread's members do, and
 * hand over by waitid and semaphores. With "keep" they are kept.
 *
 * A plain program, since Criterion and ThreadSanitizer do not work together. With "plant" all
 * members add to one partial without synchronisation, which the detector must report.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "tasks/set.h"

enum { REGIONS = 20, ROOM = 30 /* less than a team of 1 has units */, TASKS = 7 };

static const struct schedule schedules[] = {
	{ SCHEDULE_STATIC, 0 },
	{ SCHEDULE_STATIC, 3 },
	{ SCHEDULE_DYNAMIC, 1 },
	{ SCHEDULE_GUIDED, 0 },
};

/* Those of a kernel that has several units. */
static void make_tasks(struct task_set *set, const struct clock *clock)
{
	static struct task_spec specs[TASKS];
	struct message why;

	for (int i = 0; i < TASKS; i++)
		specs[i] = (struct task_spec) { "sum_squares", { .n = 140000 } };
	if (task_set_init(set, specs, TASKS, clock, &why))
		abort();
}

static void run_team(const struct kernel_entry *entry, enum variant variant, unsigned threads,
	struct schedule schedule, bool plant, bool keep)
{
	const struct clock clock = clock_calibrate();
	const bool tasks = !strcmp(entry->kernel->name, "tasks");
	struct task_set set = { 0 };
	const struct problem problem = { .size = { .n = 1009 }, .tasks = &set };
	struct team_plan plan = { .kernel = entry->kernel,
		.n = tasks ? TASKS : 1009,
		.grain = tasks ? 1 : 10,
		.variant = variant,
		.execution = { .keep = keep, .switch_interval_ns = 1000 },
		.threads = threads,
		.schedule = schedule,
		.clock = &clock,
		.room = ROOM };
	struct team team;
	struct message why;

	if (tasks)
		make_tasks(&set, &clock);
	memory_share_begin();
	struct input *input = calloc(1, entry->kernel->input_bytes);
	if (!input || entry->kernel->setup(input, &problem))
		abort();
	memory_share_end();
	plan.input = input;
	if (team_init(&team, &plan, &why))
		abort();
	for (unsigned m = 0; plant && m < threads; m++)
		team.seats[m].partial = team.seats[0].partial;
	for (int r = 0; r < REGIONS; r++) {
		region_fn *const region =
			r % 2 ? entry->region_units[variant] : entry->region[variant];
		team_reset(&team);
		task_set_reset(&set);
		team.watch = r == REGIONS - 1;
		if (region(&team))
			abort();
	}
	team_release(&team);
	if (entry->kernel->release)
		entry->kernel->release(input);
	free(input);
	task_set_release(&set);
}

int main(int argc, char **argv)
{
	const bool tasks = argc > 2 && !strcmp(argv[2], "tasks");
	const bool plant = argc > 2 && !strcmp(argv[2], "plant");
	const bool keep = argc > 2 && !strcmp(argv[2], "keep");
	enum variant variant;

	if (argc < 2 || variant_parse(argv[1], &variant)) {
		fputs("usage: race_team VARIANT [plant | keep | tasks]\n", stderr);
		return 2;
	}
	const struct kernel_entry *entry =
		kernel_find(tasks || variant >= VARIANTS ? "tasks" : "sum_squares");
	for (unsigned threads = 1; threads <= 7; threads += 2)
		for (size_t s = 0; s < sizeof(schedules) / sizeof(schedules[0]); s++)
			run_team(entry, variant, threads, schedules[s], plant, keep);
	puts("race_team: done");
	return 0;
}
