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
		a->schedule.kind == b->schedule.kind && a->schedule.chunk == b->schedule.chunk;
}

int launch_reserve(struct launch_record *launch, size_t samples, unsigned team)
{
	struct region_record *regions = calloc(samples, sizeof(*regions));
	struct member_record *members = calloc(samples * team, sizeof(*members));

	if (!regions || !members) {
		free(regions);
		free(members);
		return -ENOMEM;
	}
	for (size_t s = 0; s < samples; s++)
		regions[s].members = members + s * team;
	launch->regions = regions;
	launch->samples = samples;
	launch->team = team;
	return 0;
}

void launch_release(struct launch_record *launch)
{
	if (launch->regions)
		free(launch->regions[0].members);
	free(launch->regions);
	launch->regions = NULL;
	launch->samples = 0;
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
