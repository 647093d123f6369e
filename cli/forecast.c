#include "forecast.h"

#include <inttypes.h>

#include "cells.h"
#include "grid.h"
#include "json.h"
#include "machine/build.h"
#include "quantity.h"
#include "tables.h"

static double error_of(const struct oracle_row *row)
{
	return 1e-9 * row->prediction.elapsed_ns / row->seconds.median - 1;
}

static double speedup_of(const struct oracle *o, const struct oracle_row *row)
{
	return 1e9 * o->sequential_s / row->prediction.elapsed_ns;
}

static void add_part(struct grid *grid, const struct oracle_row *row, double part_ns)
{
	grid_add(grid, "%.1f", 100 * part_ns / (row->prediction.team * row->prediction.elapsed_ns));
}

static void add_measured(struct grid *grid, const struct oracle_row *row)
{
	if (row->measured) {
		grid_add_seconds(grid, row->seconds.median);
		grid_add(grid, "%+.1f %%", 100 * error_of(row));
	} else {
		grid_add(grid, "%s", *row->why ? row->why : none);
		grid_add(grid, "%s", none);
	}
}

static void add_person_row(struct grid *grid, const struct oracle *o, const struct oracle_row *row)
{
	const struct prediction *p = &row->prediction;
	const double inflation_ns = p->sequential_ns + p->inflation_ns - 1e9 * o->sequential_s;
	char schedule[SCHEDULE_TEXT];

	grid_add(grid, "%u", p->team);
	grid_add(grid, "%s%s", schedule_print(p->schedule, schedule), row->best ? " *" : "");
	grid_add_seconds(grid, 1e-9 * p->elapsed_ns);
	grid_add(grid, "%.2f", speedup_of(o, row));
	grid_add(grid, "%.2f", 1e9 * o->sequential_s / row->bounds.least_ns);
	add_part(grid, row, 1e9 * o->sequential_s);
	add_part(grid, row, inflation_ns);
	add_part(grid, row, p->fork_ns);
	add_part(grid, row, p->dispatch_ns);
	add_part(grid, row, p->wait_ns);
	add_part(grid, row, p->join_ns);
	add_measured(grid, row);
}

static void print_costs(const struct oracle *o, const char *begin, FILE *to)
{
	const struct case_spec *spec = &o->sequential;
	const double mean_ns = unit_costs_total(&o->costs) / (double)o->costs.units;
	char size[SIZE_TEXT], mean[QUANTITY_TEXT], dearest[QUANTITY_TEXT];

	fprintf(to, "%s%s: size %s, %s; %" PRIu64 " units of %s in the mean, the dearest of %s\n\n",
		begin, spec->kernel, size_print(spec->size, size), variant_name(o->variant),
		o->costs.units, duration_print(1e-9 * mean_ns, mean),
		duration_print(1e-9 * o->costs.dearest_ns, dearest));
}

/* What there is to know about the rows. */
static void print_notes(const struct oracle *o, const char *begin, FILE *to)
{
	const struct overheads *v = &o->node.overheads;

	fprintf(to,
		"\n%s* the simplest of those that are within %g %% of the fastest, of all "
		"schedules "
		"and "
		"chunks\n"
		"%sat most: what no schedule can beat while units stay whole; the rest in per cent "
		"of "
		"the core time\n",
		begin, 100 * oracle_tolerance, begin);
	fprintf(to,
		"%smeasured here with %u thread%s: fork %.3g ns to member 0 and %.3g ns a level or "
		"thread, a chunk %.3g ns alone and %.3g ns\n"
		"%s  in a queue; on all cores at once each unit %.3g times as slow",
		begin, o->node.team, o->node.team == 1 ? "" : "s", v->fork.base_ns, v->fork.step_ns,
		v->chunk[SCHEDULE_DYNAMIC].own_ns, v->chunk[SCHEDULE_DYNAMIC].serial_ns, begin,
		o->slowdown);
	if (o->node.bytes_per_second > 0)
		fprintf(to, ", memory %.3g GB/s for arrays so large",
			1e-9 * o->node.bytes_per_second);
	fprintf(to,
		"\n%snot modelled: SMT, frequencies beyond the cores measured, caches and "
		"locality, "
		"NUMA, "
		"a larger node's own bandwidth, noise\n",
		begin);
}

void forecast_print(const struct oracle *o, enum format format, FILE *to)
{
	static const struct column columns[] = {
		{ "cores", true },
		{ "schedule", false },
		{ "predicted", true },
		{ "speedup", true },
		{ "at most", true },
		{ "work", true },
		{ "inflation", true },
		{ "fork", true },
		{ "dispatch", true },
		{ "wait", true },
		{ "join", true },
		{ "measured", true },
		{ "error", true },
	};
	const bool markdown = format == FORMAT_MARKDOWN;
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t r = 0; r < o->count; r++)
		add_person_row(&grid, o, &o->rows[r]);
	print_costs(o, markdown ? "### " : "", to);
	(markdown ? grid_print_markdown : grid_print_text)(&grid, to);
	print_notes(o, markdown ? "- " : "  ", to);
	grid_release(&grid);
}

static void add_csv_row(struct grid *grid, const struct oracle *o, const struct oracle_row *row)
{
	const struct prediction *p = &row->prediction;
	const struct case_spec spec = oracle_case(o, row);
	const double parts_ns[] = { p->elapsed_ns, 1e9 * o->sequential_s,
		p->sequential_ns + p->inflation_ns - 1e9 * o->sequential_s, p->fork_ns,
		p->dispatch_ns, p->wait_ns, p->join_ns, row->bounds.least_ns, row->bounds.span_ns };

	grid_add_case(grid, &spec);
	for (size_t i = 0; i < sizeof(parts_ns) / sizeof(parts_ns[0]); i++)
		grid_add_number(grid, true, 1e-9 * parts_ns[i]);
	grid_add_number(grid, true, speedup_of(o, row));
	grid_add(grid, "%" PRIu64, p->chunks);
	grid_add(grid, "%s", row->best ? "true" : "false");
	grid_add_number(grid, row->measured, row->seconds.median);
	grid_add_number(grid, row->measured && row->seconds.interval, row->seconds.low);
	grid_add_number(grid, row->measured && row->seconds.interval, row->seconds.high);
	grid_add_number(grid, row->measured, row->measured ? error_of(row) : 0);
	grid_add(grid, "%s", row->why);
}

static const struct column csv_columns[] = {
	CASE_COLUMNS,
	{ .name = "predicted_seconds" },
	{ .name = "sequential" },
	{ .name = "inflation" },
	{ .name = "fork" },
	{ .name = "dispatch" },
	{ .name = "wait" },
	{ .name = "join" },
	{ .name = "least_seconds" },
	{ .name = "span_seconds" },
	{ .name = "speedup" },
	{ .name = "chunks" },
	{ .name = "best" },
	{ .name = "measured_median" },
	{ .name = "measured_low" },
	{ .name = "measured_high" },
	{ .name = "relative_error" },
	{ .name = "unmeasured" },
};

void forecast_print_csv(const struct oracle *o, FILE *to)
{
	struct grid grid;

	grid_init(&grid, csv_columns, sizeof(csv_columns) / sizeof(csv_columns[0]));
	for (size_t r = 0; r < o->count; r++)
		add_csv_row(&grid, o, &o->rows[r]);
	grid_print_csv(&grid, to);
	grid_release(&grid);
}

static json_t *row_to_json(const struct oracle *o, const struct oracle_row *row)
{
	const struct prediction *p = &row->prediction;
	const struct case_spec spec = oracle_case(o, row);
	char id[CASE_ID_MAX], schedule[SCHEDULE_TEXT];

	return json_pack("{ss si ss sb sf sf sf sf s{sf sf sf sf sf sf} sI so so}", "id",
		case_print(&spec, id), "cores", (int)p->team, "schedule",
		schedule_print(p->schedule, schedule), "best", row->best, "seconds",
		1e-9 * p->elapsed_ns, "speedup", speedup_of(o, row), "least_seconds",
		1e-9 * row->bounds.least_ns, "span_seconds", 1e-9 * row->bounds.span_ns,
		"core_seconds", "sequential", o->sequential_s, "inflation",
		1e-9 * (p->sequential_ns + p->inflation_ns) - o->sequential_s, "fork",
		1e-9 * p->fork_ns, "dispatch", 1e-9 * p->dispatch_ns, "wait", 1e-9 * p->wait_ns,
		"join", 1e-9 * p->join_ns, "chunks", (json_int_t)p->chunks, "measured",
		number_or_null(row->measured, row->seconds.median), "error",
		number_or_null(row->measured, row->measured ? error_of(row) : 0));
}

static json_t *node_to_json(const struct oracle *o)
{
	const struct overheads *v = &o->node.overheads;
	const struct chunk_cost *chunk = &v->chunk[SCHEDULE_DYNAMIC];

	return json_pack("{si sf sf sf sf sf sf}", "threads", (int)o->node.team, "fork_base_ns",
		v->fork.base_ns, "fork_step_ns", v->fork.step_ns, "chunk_own_ns", chunk->own_ns,
		"chunk_serial_ns", chunk->serial_ns, "slowdown", o->slowdown, "bytes_per_second",
		o->node.bytes_per_second);
}

json_t *forecast_to_json(const struct oracle *o)
{
	json_t *rows = json_array();

	for (size_t r = 0; r < o->count; r++)
		json_array_append_new(rows, row_to_json(o, &o->rows[r]));
	return json_pack("{ss ss ss sI sf so so}", "tine", build_version(), "kernel",
		o->sequential.kernel, "variant", variant_name(o->variant), "units",
		(json_int_t)o->costs.units, "dearest_seconds", 1e-9 * o->costs.dearest_ns, "node",
		node_to_json(o), "predictions", rows);
}
