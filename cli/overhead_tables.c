#include <math.h>

#include "cells.h"
#include "grid.h"
#include "json.h"
#include "machine/build.h"
#include "overhead.h"
#include "quantity.h"
#include "tables.h"

static unsigned team_of(const struct overhead *o, int team)
{
	return team ? o->threads : 1;
}

/* One member is a team of its own only if the other is larger. */
static int teams_of(const struct overhead *o)
{
	return o->threads > 1 ? OVERHEAD_TEAMS : 1;
}

/* ---- for people ---- */

static void add_figure(struct grid *grid, const struct figure *figure)
{
	if (figure->launches)
		grid_add(grid, "%.*f", time_places(fabs(figure->of.median)), figure->of.median);
	else
		grid_add(grid, "%s", none);
}

static void add_interval(struct grid *grid, const struct figure *figure)
{
	const int digits = time_places(fabs(figure->of.median));

	if (!figure->launches)
		grid_add(grid, "%s", none);
	else if (figure->of.interval)
		grid_add(grid, "%.*f – %.*f", digits, figure->of.low, digits, figure->of.high);
	else
		grid_add(grid, "too few");
}

static void add_both(struct grid *grid, const struct figure *figure)
{
	add_figure(grid, figure);
	add_interval(grid, figure);
}

static void print_grid(struct grid *grid, enum format format, FILE *to)
{
	(format == FORMAT_MARKDOWN ? grid_print_markdown : grid_print_text)(grid, to);
	grid_release(grid);
	fputc('\n', to);
}

static void print_regions(const struct overhead *o, enum format format, FILE *to)
{
	static const struct column columns[] = { { "variant", false }, { "region, ns", true },
		{ "95 % interval", true }, { "/ floor", true }, { "95 % interval", true },
		{ "cold, ns", true }, { "95 % interval", true }, { "barrier, ns", true },
		{ "95 % interval", true } };
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (int v = SEQUENTIAL + 1; v < OVERHEAD_VARIANTS; v++) {
		grid_add(&grid, "%s", variant_name(v));
		add_both(&grid, &o->region[v]);
		add_both(&grid, &o->over_floor[v]);
		add_both(&grid, &o->cold[v]);
		add_both(&grid, &o->barrier[v]);
	}
	print_grid(&grid, format, to);
}

static void print_parts(const struct overhead *o, enum format format, FILE *to)
{
	static const struct column columns[] = { { "part", false }, { "ns", true },
		{ "95 % interval", true } };
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	grid_add(&grid, "stamp");
	add_both(&grid, &o->stamp);
	for (unsigned m = 0; m + 1 < o->threads && o->floor.launches; m++) {
		grid_add(&grid, "floor, members 0 and %u", m + 1);
		add_both(&grid, &o->pairs[m]);
	}
	grid_add(&grid, "floor, the worst pair");
	add_both(&grid, &o->floor);
	grid_add(&grid, "floor, a tree of %u", o->threads);
	if (o->floor.launches)
		grid_add(&grid, "%.*f", time_places(o->tree_ns), o->tree_ns);
	else
		grid_add(&grid, "%s", none);
	grid_add(&grid, "%s", none);
	print_grid(&grid, format, to);
}

static void print_dispatch(const struct overhead *o, enum format format, FILE *to)
{
	static const struct column columns[] = { { "schedule", false }, { "threads", true },
		{ "openmp, ns", true }, { "95 % interval", true }, { "pthread, ns", true },
		{ "95 % interval", true }, { "pool, ns", true }, { "95 % interval", true },
		{ "openmp / pool", true }, { "95 % interval", true } };
	char schedule[SCHEDULE_TEXT];
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (int s = 0; s < OVERHEAD_SCHEDULES; s++)
		for (int t = 0; t < teams_of(o); t++) {
			grid_add(&grid, "%s", schedule_print(overhead_schedules[s], schedule));
			grid_add(&grid, "%u", team_of(o, t));
			for (int v = SEQUENTIAL + 1; v < OVERHEAD_VARIANTS; v++)
				add_both(&grid, &o->dispatch[v][t][s]);
			add_both(&grid, &o->times[t][s]);
		}
	print_grid(&grid, format, to);
}

static void print_title(
	const char *title, unsigned threads, const char *openmp, enum format format, FILE *to)
{
	fprintf(to, "%s%s, %u thread%s; openmp is %s\n\n", format == FORMAT_MARKDOWN ? "### " : "",
		title, threads, threads == 1 ? "" : "s", openmp);
}

static void print_legend(const char *const *lines, enum format format, FILE *to)
{
	for (; *lines; lines++)
		fprintf(to, "%s%s\n", format == FORMAT_MARKDOWN ? "- " : "  ", *lines);
	fputc('\n', to);
}

static const char *const region_legend[] = {
	"region: fork and join of next to nothing, four stamps in it",
	"floor: a cache line to another member and back, two stamps in it; unknown where members "
	"are not bound",
	"tree: as many of the worst pair, one after the other, as a pool's tree has levels",
	"cold: the first region of a process, in which libgomp and libomp create their threads; "
	"a pool has them",
	NULL,
};

static const char *const dispatch_legend[] = {
	"what a chunk of one unit adds to the time of the region, over one block a member; of "
	"guided, a chunk of any size",
	"openmp / pool: unknown where one of them adds nothing that can be told from noise",
	NULL,
};

void overhead_print(const struct overhead *o, const char *openmp, enum format format, FILE *to)
{
	print_title("Fork and join", o->threads, openmp, format, to);
	print_regions(o, format, to);
	print_parts(o, format, to);
	print_legend(region_legend, format, to);
	print_title("Dispatch, a chunk", o->threads, openmp, format, to);
	print_dispatch(o, format, to);
	print_legend(dispatch_legend, format, to);
}

/* ---- CSV ---- */

static void add_row(struct grid *grid, const char *figure_name, const char *variant,
	unsigned threads, const char *schedule, const struct figure *figure)
{
	const bool known = figure->launches, interval = known && figure->of.interval;

	grid_add(grid, "%s", figure_name);
	grid_add(grid, "%s", variant);
	grid_add(grid, "%u", threads);
	grid_add(grid, "%s", schedule);
	grid_add_number(grid, known, figure->of.median);
	grid_add_number(grid, interval, figure->of.low);
	grid_add_number(grid, interval, figure->of.high);
	grid_add(grid, "%u", figure->launches);
}

static void add_by_variant(struct grid *grid, const char *name, unsigned threads,
	const struct figure figures[VARIANTS])
{
	for (int v = SEQUENTIAL + 1; v < OVERHEAD_VARIANTS; v++)
		add_row(grid, name, variant_name(v), threads, "", &figures[v]);
}

static void add_dispatch(struct grid *grid, const struct overhead *o, int team, int s)
{
	char schedule[SCHEDULE_TEXT];

	schedule_print(overhead_schedules[s], schedule);
	for (int v = SEQUENTIAL + 1; v < OVERHEAD_VARIANTS; v++)
		add_row(grid, "dispatch_ns", variant_name(v), team_of(o, team), schedule,
			&o->dispatch[v][team][s]);
	add_row(grid, "dispatch_openmp_over_pool", "", team_of(o, team), schedule,
		&o->times[team][s]);
}

void overhead_print_csv(const struct overhead *o, FILE *to)
{
	static const struct column columns[] = { { .name = "figure" }, { .name = "variant" },
		{ .name = "threads" }, { .name = "schedule" }, { .name = "median" },
		{ .name = "low" }, { .name = "high" }, { .name = "launches" } };
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	add_row(&grid, "stamp_ns", "", 1, "", &o->stamp);
	add_row(&grid, "floor_ns", "", o->threads, "", &o->floor);
	add_by_variant(&grid, "region_ns", o->threads, o->region);
	add_by_variant(&grid, "region_over_floor", o->threads, o->over_floor);
	add_by_variant(&grid, "cold_ns", o->threads, o->cold);
	add_by_variant(&grid, "barrier_ns", o->threads, o->barrier);
	for (int t = 0; t < teams_of(o); t++)
		for (int s = 0; s < OVERHEAD_SCHEDULES; s++)
			add_dispatch(&grid, o, t, s);
	grid_print_csv(&grid, to);
	grid_release(&grid);
}

/* ---- JSON ---- */

static json_t *median_to_json(const struct figure *figure)
{
	return number_or_null(figure->launches, figure->of.median);
}

static json_t *figure_to_json(const struct figure *figure)
{
	const bool interval = figure->launches && figure->of.interval;

	return json_pack("{so so so si}", "median", median_to_json(figure), "low",
		number_or_null(interval, figure->of.low), "high",
		number_or_null(interval, figure->of.high), "launches", (int)figure->launches);
}

static json_t *by_variant(const struct figure figures[VARIANTS])
{
	json_t *all = json_object();

	for (int v = SEQUENTIAL + 1; v < OVERHEAD_VARIANTS; v++)
		json_object_set_new(all, variant_name(v), figure_to_json(&figures[v]));
	return all;
}

static json_t *by_schedule(
	const struct overhead *o, const struct figure figures[OVERHEAD_TEAMS][OVERHEAD_SCHEDULES])
{
	json_t *all = json_object();
	char schedule[SCHEDULE_TEXT], threads[16];

	for (int s = 0; s < OVERHEAD_SCHEDULES; s++) {
		json_t *teams = json_object();
		for (int t = 0; t < teams_of(o); t++) {
			snprintf(threads, sizeof(threads), "%u", team_of(o, t));
			json_object_set_new(teams, threads, figure_to_json(&figures[t][s]));
		}
		json_object_set_new(all, schedule_print(overhead_schedules[s], schedule), teams);
	}
	return all;
}

static json_t *dispatch_to_json(const struct overhead *o)
{
	json_t *all = json_object();

	for (int v = SEQUENTIAL + 1; v < OVERHEAD_VARIANTS; v++)
		json_object_set_new(all, variant_name(v), by_schedule(o, o->dispatch[v]));
	return all;
}

static json_t *floor_to_json(const struct overhead *o)
{
	json_t *pairs = json_array();

	for (unsigned m = 0; m + 1 < o->threads; m++)
		json_array_append_new(pairs, figure_to_json(&o->pairs[m]));
	return json_pack("{so so so}", "worst", figure_to_json(&o->floor), "pairs", pairs,
		"tree_ns", number_or_null(o->floor.launches, o->tree_ns));
}

json_t *overhead_to_json(const struct overhead *o, json_t *machine)
{
	return json_pack("{ss sO si so so so so so so so so so so}", "tine", build_version(),
		"machine", machine, "threads", (int)o->threads, "floor_ns",
		median_to_json(&o->floor), "stamp_ns", median_to_json(&o->stamp), "floor",
		floor_to_json(o), "stamp", figure_to_json(&o->stamp), "region_ns",
		by_variant(o->region), "region_over_floor", by_variant(o->over_floor), "cold_ns",
		by_variant(o->cold), "barrier_ns", by_variant(o->barrier), "dispatch_ns",
		dispatch_to_json(o), "dispatch_openmp_over_pool", by_schedule(o, o->times));
}
