/*
 * race_team: forks and joins teams of every size and schedule, at both levels of recording, for a race
 * detector to watch.
 * Usage: race_team VARIANT [plant | keep | tasks | waits]
 *
 * Of a kernel; or of tasks, in the variants that are for them alone, and with "tasks"; or, with "waits", of
 * requests to a server that is a thread of this process.
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

enum { OF_A_LOOP, OF_TASKS, OF_WAITS };

static const struct work {
	const char *kernel;
	uint64_t n, grain;
} works[] = {
	[OF_A_LOOP] = { "sum_squares", 1009, 10 },
	[OF_TASKS] = { "tasks", TASKS, 1 },
	[OF_WAITS] = { "fetch", 30, 4 },
};

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

static void run_team(const struct work *work, enum variant variant, unsigned threads,
	struct schedule schedule, bool plant, bool keep)
{
	const struct kernel_entry *entry = kernel_find(work->kernel);
	const struct clock clock = clock_calibrate();
	struct task_set set = { 0 };
	const struct problem problem = {
		.size = { .n = work->n }, .recipe = { .scale = 1e-6 }, .tasks = &set
	};
	struct team_plan plan = { .kernel = entry->kernel,
		.n = work->n,
		.grain = work->grain,
		.variant = variant,
		.execution = { .keep = keep, .switch_interval_ns = 1000 },
		.threads = threads,
		.schedule = schedule,
		.clock = &clock,
		.room = ROOM };
	struct team team;
	struct message why;

	if (work == &works[OF_TASKS])
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
	const char *asked = argc > 2 ? argv[2] : "";
	const bool plant = !strcmp(asked, "plant"), keep = !strcmp(asked, "keep");
	const struct work *work = &works[OF_A_LOOP];
	enum variant variant;

	if (argc < 2 || variant_parse(argv[1], &variant)) {
		fputs("usage: race_team VARIANT [plant | keep | tasks | waits]\n", stderr);
		return 2;
	}
	if (variant >= VARIANTS || !strcmp(asked, "tasks"))
		work = &works[OF_TASKS];
	else if (!strcmp(asked, "waits"))
		work = &works[OF_WAITS];
	for (unsigned threads = 1; threads <= 7; threads += 2)
		for (size_t s = 0; s < sizeof(schedules) / sizeof(schedules[0]); s++)
			run_team(work, variant, threads, schedules[s], plant, keep);
	puts("race_team: done");
	return 0;
}
