#include <inttypes.h>

#include "grain.h"
#include "grid.h"
#include "machine/build.h"
#include "store/case.h"
#include "tables.h"

static const char *const part_names[] = {
	[VARY_REGION] = "region",
	[VARY_CHUNK] = "chunk",
	[VARY_SIZE] = "kernel",
};

static bool has_metg(const struct curve *curve, const struct crossing *crossing)
{
	return curve->vary != VARY_SIZE && crossing->state == CROSSING_FOUND;
}

/* What Task Bench calls a task: a chunk, or a member's part of a region. */
static double metg_of(const struct curve *curve, size_t level)
{
	const unsigned tasks = curve->vary == VARY_CHUNK ? 1 : curve->threads;
	const struct crossing *crossing = &curve->crossings[level];

	if (!has_metg(curve, crossing))
		return 0;
	return metg(curve_work_s(curve, crossing->at.x) / tasks, curve->levels[level]);
}

/* ---- CSV ---- */

static const struct column csv_columns[] = {
	{ .name = "part" },
	{ .name = "row" },
	CASE_COLUMNS,
	{ .name = "elements" },
	{ .name = "work_seconds" },
	{ .name = "ratio_median" },
	{ .name = "ratio_low" },
	{ .name = "ratio_high" },
	{ .name = "launches" },
	{ .name = "team" },
	{ .name = "counts" },
	{ .name = "level" },
	{ .name = "state" },
	{ .name = "at_seconds" },
	{ .name = "at_seconds_low" },
	{ .name = "at_seconds_high" },
	{ .name = "at_elements" },
	{ .name = "at_elements_low" },
	{ .name = "at_elements_high" },
	{ .name = "metg_seconds" },
	{ .name = "returns" },
	{ .name = "error" },
};

enum { POINT_CELLS = 7, CROSSING_CELLS = 10 };

static void add_empty(struct grid *grid, size_t count)
{
	while (count--)
		grid_add(grid, "%s", "");
}

static void add_point(struct grid *grid, const struct curve *curve, const struct reading *reading)
{
	const struct estimate *ratio = &reading->ratio;
	const bool interval = reading->known && ratio->interval;

	grid_add(grid, "%s", part_names[curve->vary]);
	grid_add(grid, "point");
	grid_add_case(grid, &reading->spec);
	grid_add_number(grid, true, curve_elements(curve, (double)reading->step));
	grid_add_number(grid, reading->known, reading->work_s);
	grid_add_number(grid, reading->known, ratio->median);
	grid_add_number(grid, interval, ratio->low);
	grid_add_number(grid, interval, ratio->high);
	grid_add(grid, "%u", reading->launches);
	grid_add(grid, "%u", reading->team);
	grid_add(grid, "%s", reading->counts ? "true" : "false");
	add_empty(grid, CROSSING_CELLS);
	grid_add(grid, "%s", curve->why);
}

static void add_ends(
	struct grid *grid, const struct curve *curve, const struct crossing *crossing, bool seconds)
{
	const struct crossing_end *const ends[] = { &crossing->at, &crossing->low,
		&crossing->high };

	for (size_t e = 0; e < sizeof(ends) / sizeof(ends[0]); e++) {
		const double x = ends[e]->x;
		grid_add_number(grid, ends[e]->known,
			!ends[e]->known   ? 0
				: seconds ? curve_work_s(curve, x)
					  : curve_elements(curve, x));
	}
}

static void add_crossing(struct grid *grid, const struct curve *curve, size_t level)
{
	const struct crossing *crossing = &curve->crossings[level];

	grid_add(grid, "%s", part_names[curve->vary]);
	grid_add(grid, "crossing");
	add_empty(grid, 1);
	grid_add(grid, "%s", curve->kernel);
	grid_add(grid, "%s", variant_name(curve->variant));
	grid_add(grid, "%u", curve->threads);
	grid_add(grid, "%s", schedule_kind_name(curve->schedule.kind));
	if (curve->schedule.chunk)
		grid_add(grid, "%" PRIu32, curve->schedule.chunk);
	else
		add_empty(grid, 1);
	add_empty(grid, 2 + 1 + POINT_CELLS);
	grid_add_number(grid, true, curve->levels[level]);
	grid_add(grid, "%s", crossing_state_name(crossing->state));
	add_ends(grid, curve, crossing, true);
	add_ends(grid, curve, crossing, false);
	grid_add_number(grid, has_metg(curve, crossing), metg_of(curve, level));
	grid_add(grid, "%u", crossing->returns);
	grid_add(grid, "%s", curve->why);
}

int grain_print_csv(const void *ladder, FILE *to)
{
	const struct ladder *l = ladder;
	struct grid grid;

	grid_init(&grid, csv_columns, sizeof(csv_columns) / sizeof(csv_columns[0]));
	for (const struct curve *c = l->curves; c < l->curves + l->count; c++) {
		for (size_t r = 0; r < c->count; r++)
			add_point(&grid, c, &c->readings[r]);
		for (size_t level = 0; level < c->level_count; level++)
			add_crossing(&grid, c, level);
	}
	grid_print_csv(&grid, to);
	grid_release(&grid);
	return 0;
}

/* ---- JSON ---- */

static json_t *place_to_json(const struct curve *curve, const struct crossing_end *end)
{
	if (!end->known)
		return json_null();
	return json_pack("{sf sf}", "seconds", curve_work_s(curve, end->x), "elements",
		curve_elements(curve, end->x));
}

static json_t *crossing_to_json(const struct curve *curve, size_t level)
{
	const struct crossing *crossing = &curve->crossings[level];

	return json_pack("{sf ss so so so so si sb}", "level", curve->levels[level], "state",
		crossing_state_name(crossing->state), "at", place_to_json(curve, &crossing->at),
		"low", place_to_json(curve, &crossing->low), "high",
		place_to_json(curve, &crossing->high), "metg_seconds",
		number_or_null(has_metg(curve, crossing), metg_of(curve, level)), "returns",
		(int)crossing->returns, "too_few_launches", crossing->few);
}

static json_t *point_to_json(const struct curve *curve, const struct reading *reading)
{
	const struct estimate *ratio = &reading->ratio;
	const bool interval = reading->known && ratio->interval;
	char id[CASE_ID_MAX];

	return json_pack("{ss so sI sI so s{so so so} si si sb}", "id",
		case_print(&reading->spec, id), "size", size_to_json(reading->spec.size), "grain",
		(json_int_t)reading->spec.grain, "elements",
		(json_int_t)curve_elements(curve, (double)reading->step), "work_seconds",
		number_or_null(reading->known, reading->work_s), "ratio", "median",
		number_or_null(reading->known, ratio->median), "low",
		number_or_null(interval, ratio->low), "high", number_or_null(interval, ratio->high),
		"launches", (int)reading->launches, "team", (int)reading->team, "counts",
		reading->counts);
}

static json_t *curve_to_json(const struct curve *curve)
{
	json_t *crossings = json_array(), *points = json_array();
	const uint32_t chunk = curve->schedule.chunk;

	for (size_t level = 0; level < curve->level_count; level++)
		json_array_append_new(crossings, crossing_to_json(curve, level));
	for (size_t r = 0; r < curve->count; r++)
		json_array_append_new(points, point_to_json(curve, &curve->readings[r]));
	return json_pack("{ss ss ss si ss so ss so so}", "part", part_names[curve->vary], "kernel",
		curve->kernel, "variant", variant_name(curve->variant), "threads",
		(int)curve->threads, "schedule", schedule_kind_name(curve->schedule.kind), "chunk",
		chunk ? json_integer(chunk) : json_null(), "error", curve->why, "crossings",
		crossings, "points", points);
}

json_t *grain_curves_to_json(const struct ladder *l)
{
	json_t *curves = json_array();

	for (size_t c = 0; c < l->count; c++)
		json_array_append_new(curves, curve_to_json(&l->curves[c]));
	return curves;
}

json_t *grain_to_json(const struct ladder *l, json_t *machine)
{
	return json_pack("{ss sO so}", "tine", build_version(), "machine", machine, "curves",
		grain_curves_to_json(l));
}
