#include "timeline/fields.h"

#include <math.h>
#include <string.h>

#include "timeline/phase.h"
#include "quantity.h"

enum { FIELD_TEXT = 32 };

/* The smallest and the largest of a group's numbers, of those that are known. */
struct extent {
	int low, high; /* -1: none is known */
};

static void widen(struct extent *extent, int number)
{
	if (number < 0)
		return;
	if (extent->low < 0 || number < extent->low)
		extent->low = number;
	if (number > extent->high)
		extent->high = number;
}

/* "3", "0–7", "?" */
static void print_extent(struct extent extent, char text[FIELD_TEXT])
{
	if (extent.low < 0)
		strcpy(text, "?");
	else if (extent.low == extent.high)
		snprintf(text, FIELD_TEXT, "%d", extent.low);
	else
		snprintf(text, FIELD_TEXT, "%d–%d", extent.low, extent.high);
}

static const struct member_record *only_member(const struct group *group)
{
	return group->end == group->first + 1 ? &group->region->members[group->first] : NULL;
}

/* "3"; "3→5" of a member that moved; "0–7" of several members. */
static void print_cpu(const struct group *group, char text[FIELD_TEXT])
{
	const struct member_record *only = only_member(group);
	struct extent cpus = { -1, -1 };

	if (only && member_moved(only)) {
		snprintf(text, FIELD_TEXT, "%d→%d", only->cpu_start, only->cpu_complete);
		return;
	}
	for (unsigned m = group->first; m < group->end; m++) {
		widen(&cpus, group->region->members[m].cpu_start);
		widen(&cpus, group->region->members[m].cpu_complete);
	}
	print_extent(cpus, text);
}

static int core_of(const struct timeline *timeline, int cpu)
{
	return cpu >= 0 && (size_t)cpu < timeline->cpus ? timeline->core_of_cpu[cpu] : -1;
}

static void print_core(const struct group *group, char text[FIELD_TEXT])
{
	const struct member_record *only = only_member(group);
	struct extent cores = { -1, -1 };

	for (unsigned m = group->first; m < group->end; m++) {
		widen(&cores, core_of(group->timeline, group->region->members[m].cpu_start));
		widen(&cores, core_of(group->timeline, group->region->members[m].cpu_complete));
	}
	if (only && cores.low != cores.high)
		snprintf(text, FIELD_TEXT, "%d→%d", core_of(group->timeline, only->cpu_start),
			core_of(group->timeline, only->cpu_complete));
	else
		print_extent(cores, text);
}

static void print_units(const struct group *group, char text[FIELD_TEXT])
{
	uint64_t units = 0;

	for (unsigned m = group->first; m < group->end; m++)
		units += group->region->members[m].units;
	count_print(units, text);
}

static void print_allocated(const struct group *group, char text[FIELD_TEXT])
{
	uint64_t bytes = 0;

	for (unsigned m = group->first; m < group->end; m++)
		bytes += group->timeline->memory[m].allocated_bytes;
	bytes_print(bytes, text);
}

static void print_touched(const struct group *group, char text[FIELD_TEXT])
{
	uint64_t bytes = 0;

	for (unsigned m = group->first; m < group->end; m++)
		bytes += group->timeline->memory[m].touched_bytes;
	bytes_print(bytes, text);
}

/* "0"; "0 61 %" if the rest lies elsewhere; "0–3" of several members; nothing if none touched any. */
static void print_node(const struct group *group, char text[FIELD_TEXT])
{
	const struct member_memory *memory = group->timeline->memory;
	struct extent nodes = { -1, -1 };
	double here = 0, all = 0;

	for (unsigned m = group->first; m < group->end; m++) {
		widen(&nodes, memory[m].node);
		here += (double)memory[m].node_bytes;
		all += (double)memory[m].touched_bytes;
	}
	text[0] = 0;
	if (all > 0)
		print_extent(nodes, text);
	if (nodes.low >= 0 && nodes.low == nodes.high && here < all)
		snprintf(text, FIELD_TEXT, "%d %.0f %%", nodes.low, floor(100 * here / all));
}

enum { CPU, CORE, UNITS, ALLOCATED, TOUCHED, NODE };

static const struct field {
	const char *name;
	void (*print)(const struct group *group, char text[FIELD_TEXT]);
	bool of_memory;
} fields_known[FIELDS] = {
	[CPU] = { "CPU", print_cpu, false },
	[CORE] = { "core", print_core, false },
	[UNITS] = { "units", print_units, false },
	[ALLOCATED] = { "allocated", print_allocated, true },
	[TOUCHED] = { "touched", print_touched, true },
	[NODE] = { "node", print_node, true },
};

/* The columns that a field takes, over all lines. */
static size_t width_of(
	const struct field *field, const struct timeline *timeline, unsigned per_line)
{
	size_t width = display_width(field->name);
	char text[FIELD_TEXT];

	for (size_t r = 0; r < timeline->count; r++)
		for (unsigned m = 0; m < timeline->team; m += per_line) {
			const unsigned rest = timeline->team - m;
			const struct group group = { timeline, &timeline->regions[r], m,
				m + (rest < per_line ? rest : per_line) };
			field->print(&group, text);
			if (display_width(text) > width)
				width = display_width(text);
		}
	return width;
}

enum { FIELD_GAP = 2 };

void fields_choose(
	struct fields *fields, const struct timeline *timeline, unsigned per_line, size_t room)
{
	static const size_t wanted[FIELDS] = { CPU, UNITS, TOUCHED, NODE, CORE, ALLOCATED };

	*fields = (struct fields) { 0 };
	for (size_t i = 0; i < FIELDS; i++) {
		const struct field *field = &fields_known[wanted[i]];
		if ((field->of_memory && !timeline->memory) ||
			(wanted[i] == CORE && !timeline->cpus))
			continue;
		const size_t width = width_of(field, timeline, per_line);
		if (fields->total + FIELD_GAP + width > room)
			continue;
		fields->width[wanted[i]] = width;
		fields->total += FIELD_GAP + width;
	}
}

/* After `blank` columns of what was empty before: no line ends in blanks. Returns those that wait. */
static size_t put(const char *text, size_t width, size_t blank, FILE *to)
{
	const size_t columns = blank + FIELD_GAP + width;

	if (!*text)
		return columns;
	fprintf(to, "%*s%s", (int)(columns - display_width(text)), "", text);
	return 0;
}

void fields_print_names(const struct fields *fields, FILE *to)
{
	for (size_t f = 0; f < FIELDS; f++)
		if (fields->width[f])
			put(fields_known[f].name, fields->width[f], 0, to);
}

void fields_print(const struct fields *fields, const struct group *group, FILE *to)
{
	char text[FIELD_TEXT];
	size_t blank = 0;

	for (size_t f = 0; f < FIELDS; f++)
		if (fields->width[f]) {
			fields_known[f].print(group, text);
			blank = put(text, fields->width[f], blank, to);
		}
}
