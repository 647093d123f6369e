#include "tables.h"

#include <inttypes.h>

#include "launch.h"
#include "machine/build.h"
#include "store/case.h"

static void add_estimate(struct grid *grid, bool known, const struct estimate *e)
{
	grid_add_number(grid, known, e->median);
	grid_add_number(grid, known && e->interval, e->low);
	grid_add_number(grid, known && e->interval, e->high);
	grid_add_number(grid, known, e->min);
}

void grid_add_case(struct grid *grid, const struct case_spec *spec)
{
	char id[CASE_ID_MAX], size[SIZE_TEXT];

	grid_add(grid, "%s", case_print(spec, id));
	grid_add(grid, "%s", spec->kernel);
	grid_add(grid, "%s", variant_name(spec->variant));
	grid_add(grid, "%u", spec->threads);
	grid_add(grid, "%s", schedule_kind_name(spec->schedule.kind));
	if (spec->schedule.chunk)
		grid_add(grid, "%" PRIu32, spec->schedule.chunk);
	else
		grid_add(grid, "%s", "");
	grid_add(grid, "%s", size_print(spec->size, size));
	grid_add(grid, "%" PRIu64, spec->grain);
}

void grid_add_outcome(struct grid *grid, const struct summary *row, double precision)
{
	grid_add(grid, "%s", summary_is_precise(row, precision) ? "true" : "false");
	grid_add(grid, "%u", row->team);
	grid_add(grid, "%s", row->verified ? "true" : "false");
	grid_add(grid, "%s", row->result);
	grid_add(grid, "%s", row->why);
}

static void add_csv_row(struct grid *grid, const struct summary *row, double precision)
{
	grid_add_case(grid, &row->spec);
	grid_add(grid, "%u", row->launches);
	grid_add(grid, "%zu", row->samples);
	grid_add(grid, "%u", row->disturbed);
	add_estimate(grid, row->launches, &row->seconds);
	add_estimate(grid, row->has_speedup, &row->speedup);
	const bool waits = launch_waits(row->spec.kernel);
	grid_add_number(grid, row->has_speedup && !waits, row->efficiency);
	grid_add_number(grid, row->has_serial && !waits, row->serial_fraction);
	grid_add_outcome(grid, row, precision);
}

void tables_print_csv(const struct summaries *all, row_filter *keep, double precision, FILE *to)
{
	static const struct column columns[] = {
		CASE_COLUMNS,
		{ .name = "launches" },
		{ .name = "samples" },
		{ .name = "disturbed" },
		{ .name = "seconds_median" },
		{ .name = "seconds_low" },
		{ .name = "seconds_high" },
		{ .name = "seconds_min" },
		{ .name = "speedup_median" },
		{ .name = "speedup_low" },
		{ .name = "speedup_high" },
		{ .name = "speedup_min" },
		{ .name = "efficiency" },
		{ .name = "serial_fraction" },
		OUTCOME_COLUMNS,
	};
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < all->count; i++)
		if (keep(all, &all->rows[i]))
			add_csv_row(&grid, &all->rows[i], precision);
	grid_print_csv(&grid, to);
	grid_release(&grid);
}

json_t *tables_estimate_to_json(bool known, const struct estimate *e)
{
	return json_pack("{so so so so}", "median", number_or_null(known, e->median), "low",
		number_or_null(known && e->interval, e->low), "high",
		number_or_null(known && e->interval, e->high), "min",
		number_or_null(known, e->min));
}

static json_t *row_to_json(const struct summary *row, double precision)
{
	const struct case_spec *spec = &row->spec;
	const uint32_t chunk = spec->schedule.chunk;
	char id[CASE_ID_MAX];

	return json_pack("{ss ss ss si ss so so sI si sI so so so sb si sb ss ss}", "id",
		case_print(spec, id), "kernel", spec->kernel, "variant",
		variant_name(spec->variant), "threads", (int)spec->threads, "schedule",
		schedule_kind_name(spec->schedule.kind), "chunk",
		chunk ? json_integer(chunk) : json_null(), "size", size_to_json(spec->size),
		"grain", (json_int_t)spec->grain, "launches", (int)row->launches, "samples",
		(json_int_t)row->samples, "seconds",
		tables_estimate_to_json(row->launches, &row->seconds), "speedup",
		tables_estimate_to_json(row->has_speedup, &row->speedup), "efficiency",
		number_or_null(row->has_speedup && !launch_waits(spec->kernel), row->efficiency),
		"precise", summary_is_precise(row, precision), "team", (int)row->team, "verified",
		row->verified, "result", row->result, "error", row->why);
}

json_t *tables_to_json(const struct summaries *all, double precision, json_t *machine, json_t *map)
{
	json_t *cases = json_array();

	for (size_t i = 0; i < all->count; i++)
		json_array_append_new(cases, row_to_json(&all->rows[i], precision));
	if (json_array_size(cases) != all->count) { /* memory ran out */
		json_decref(cases);
		return NULL;
	}
	return json_pack("{ss sO sO so}", "tine", build_version(), "machine", machine, "map", map,
		"cases", cases);
}
