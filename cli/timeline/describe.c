#include "timeline/describe.h"

#include <inttypes.h>
#include <stdio.h>

bool took_part(const struct region_record *region, const struct member_record *member)
{
	return member->start_ns >= region->fork_ns && member->complete_ns > region->fork_ns;
}

uint64_t last_complete_ns(const struct timeline *timeline, const struct region_record *region)
{
	uint64_t last_ns = region->fork_ns;

	for (unsigned m = 0; m < timeline->team; m++)
		if (region->members[m].complete_ns > last_ns)
			last_ns = region->members[m].complete_ns;
	return last_ns;
}

static int also_on(int before, int cpu, bool first)
{
	return first || before == cpu ? cpu : CPU_SEVERAL;
}

int cpu_of_member(const struct timeline *timeline, unsigned member)
{
	bool first = true;
	int cpu = CPU_UNKNOWN;

	for (size_t r = 0; r < timeline->count; r++) {
		const struct region_record *region = &timeline->regions[r];
		const struct member_record *m = &region->members[member];
		if (!took_part(region, m))
			continue;
		cpu = also_on(cpu, m->cpu_start, first);
		cpu = also_on(cpu, m->cpu_complete, false);
		first = false;
	}
	return cpu;
}

int core_of_cpu(const struct timeline *timeline, int cpu)
{
	return cpu >= 0 && (size_t)cpu < timeline->cpus ? timeline->core_of_cpu[cpu] : -1;
}

char *describe_title(const struct timeline *timeline, char text[CASE_ID_MAX])
{
	if (!timeline->title)
		return case_print(timeline->spec, text);
	snprintf(text, CASE_ID_MAX, "%s", timeline->title);
	return text;
}

char *describe_process(const struct timeline *timeline, char text[DESCRIPTION_MAX])
{
	char id[CASE_ID_MAX];

	snprintf(text, DESCRIPTION_MAX, "%s on %s", describe_title(timeline, id), timeline->host);
	return text;
}

char *describe_region(const struct timeline *timeline, size_t region, char text[DESCRIPTION_MAX])
{
	if (timeline->places)
		snprintf(text, DESCRIPTION_MAX, "%s", timeline->places[timeline->place_of[region]]);
	else
		snprintf(text, DESCRIPTION_MAX, "region %zu%s", region,
			region == 0 && timeline->cold ? ", cold" : "");
	return text;
}

char *describe_unit(const struct timeline *timeline, uint64_t unit, char text[DESCRIPTION_MAX])
{
	char task[TASK_TEXT];

	if (unit < timeline->task_count)
		snprintf(text, DESCRIPTION_MAX, "%" PRIu64 " %s", unit + 1,
			task_print(&timeline->tasks[unit], task));
	else
		snprintf(text, DESCRIPTION_MAX, "unit %" PRIu64, unit);
	return text;
}

char *describe_member(const struct timeline *timeline, unsigned member, char text[DESCRIPTION_MAX])
{
	const int cpu = cpu_of_member(timeline, member), core = core_of_cpu(timeline, cpu);
	char on_cpu[32] = "", on_core[32] = "";

	if (cpu == CPU_SEVERAL)
		snprintf(on_cpu, sizeof(on_cpu), ", several CPUs");
	else if (cpu >= 0)
		snprintf(on_cpu, sizeof(on_cpu), ", CPU %d", cpu);
	if (core >= 0)
		snprintf(on_core, sizeof(on_core), ", core %d", core);
	snprintf(text, DESCRIPTION_MAX, "member %u%s%s%s", member, member ? "" : ", the caller",
		on_cpu, on_core);
	return text;
}
