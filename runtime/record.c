#include "record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *size_print(struct size size, char text[SIZE_TEXT])
{
	if (size.width)
		snprintf(text, SIZE_TEXT, "%" PRIu32 "x%" PRIu32, size.width, size.height);
	else
		snprintf(text, SIZE_TEXT, "%" PRIu64, size.n);
	return text;
}

char *task_print(const struct task_spec *task, char text[TASK_TEXT])
{
	char size[SIZE_TEXT];

	snprintf(text, TASK_TEXT, "%s/%s", task->kernel, size_print(task->size, size));
	return text;
}

char *case_print(const struct case_spec *spec, char text[CASE_ID_MAX])
{
	char schedule[SCHEDULE_TEXT], size[SIZE_TEXT], grain[SIZE_TEXT] = "";

	if (!spec->grain_is_default)
		snprintf(grain, sizeof(grain), "/g%" PRIu64, spec->grain);
	snprintf(text, CASE_ID_MAX, "%s/%s/t%u/%s/%s%s%s", spec->kernel,
		variant_name(spec->variant), spec->threads,
		schedule_print(spec->schedule, schedule), spec->size.width ? "" : "n",
		size_print(spec->size, size), grain);
	return text;
}

bool case_same_work(const struct case_spec *a, const struct case_spec *b)
{
	return !strcmp(a->kernel, b->kernel) && a->size.n == b->size.n &&
		a->size.width == b->size.width && a->grain == b->grain;
}

bool case_same(const struct case_spec *a, const struct case_spec *b)
{
	return case_same_work(a, b) && a->variant == b->variant && a->threads == b->threads &&
		schedule_same(a->schedule, b->schedule);
}

static struct region_record *regions_make(size_t count, unsigned team)
{
	struct region_record *regions = calloc(count, sizeof(*regions));
	struct member_record *members = calloc(count * team, sizeof(*members));

	if (!regions || !members) {
		free(regions);
		free(members);
		return NULL;
	}
	for (size_t r = 0; r < count; r++)
		regions[r].members = members + r * team;
	return regions;
}

static void regions_release(struct region_record *regions, size_t count)
{
	if (!regions)
		return;
	for (size_t r = 0; r < count; r++)
		free(regions[r].units);
	free(regions[0].members);
	free(regions);
}

int launch_reserve(struct launch_record *launch, size_t samples, unsigned team)
{
	launch->regions = regions_make(samples, team);
	if (!launch->regions)
		return -ENOMEM;
	launch->samples = samples;
	launch->team = team;
	return 0;
}

int launch_reserve_traces(struct launch_record *launch, size_t traces)
{
	launch->traced = regions_make(traces, launch->team);
	if (!launch->traced)
		return -ENOMEM;
	launch->traces = traces;
	return 0;
}

void launch_release(struct launch_record *launch)
{
	regions_release(launch->regions, launch->samples);
	regions_release(launch->traced, launch->traces);
	free(launch->memory);
	free(launch->parts);
	free(launch->task_results);
	launch->task_results = NULL;
	launch->tasks = 0;
	launch->regions = launch->traced = NULL;
	launch->memory = NULL;
	launch->parts = NULL;
	launch->samples = launch->traces = 0;
}

const char *launch_status_name(enum launch_status status)
{
	static const char *const names[LAUNCH_STATUSES] = {
		[LAUNCH_OK] = "ok",
		[LAUNCH_WRONG] = "wrong",
		[LAUNCH_FAILED] = "failed",
	};

	return names[status];
}
