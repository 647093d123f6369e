#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "grid.h"
#include "machine/build.h"
#include "oracle.h"
#include "process.h"
#include "tables.h"

static const char none[] = "–";

static double error_of(const struct oracle_row *row)
{
	return 1e-9 * row->prediction.elapsed_ns / row->seconds.median - 1;
}

static double speedup_of(const struct oracle *o, const struct oracle_row *row)
{
	return 1e9 * o->sequential_s / row->prediction.elapsed_ns;
}

static void add_time(struct grid *grid, double seconds)
{
	const struct time_unit *unit = unit_for(seconds);
	const double value = seconds / unit->seconds;

	grid_add(grid, "%.*f %s", places(value), value, unit->name);
}

static void add_part(struct grid *grid, const struct oracle_row *row, double part_ns)
{
	grid_add(grid, "%.1f", 100 * part_ns / (row->prediction.team * row->prediction.elapsed_ns));
}

static void add_measured(struct grid *grid, const struct oracle_row *row)
{
	if (row->measured) {
		add_time(grid, row->seconds.median);
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
	add_time(grid, 1e-9 * p->elapsed_ns);
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

static void print_costs(const struct oracle *o, const char *begin)
{
	const struct case_spec *spec = &o->sequential;
	const double units = (double)o->costs.units, total_s = 1e-9 * unit_costs_total(&o->costs);
	const struct time_unit *mean = unit_for(total_s / units),
			       *dearest = unit_for(1e-9 * o->costs.dearest_ns);
	char size[SIZE_TEXT];

	printf("%s%s: size %s, %s; %" PRIu64
	       " units of %.3g %s in the mean, the dearest of %.3g %s\n\n",
		begin, spec->kernel, size_print(spec->size, size), variant_name(o->variant),
		o->costs.units, total_s / units / mean->seconds, mean->name,
		1e-9 * o->costs.dearest_ns / dearest->seconds, dearest->name);
}

/* What there is to know about the rows. */
static void print_notes(const struct oracle *o, const char *begin)
{
	const struct overheads *v = &o->node.overheads;

	printf("\n%s* the simplest of those that are within %g %% of the fastest, of all schedules "
	       "and "
	       "chunks\n"
	       "%sat most: what no schedule can beat while units stay whole; the rest in per cent "
	       "of "
	       "the core time\n",
		begin, 100 * oracle_tolerance, begin);
	printf("%smeasured here with %u thread%s: fork %.3g ns to member 0 and %.3g ns a level or "
	       "thread, a chunk %.3g ns alone and %.3g ns\n"
	       "%s  in a queue, computing on all cores at once %.3g times as slow",
		begin, o->node.team, o->node.team == 1 ? "" : "s", v->fork.base_ns, v->fork.step_ns,
		v->chunk[SCHEDULE_DYNAMIC].own_ns, v->chunk[SCHEDULE_DYNAMIC].serial_ns, begin,
		o->node.slowdown);
	if (o->node.bytes_per_second > 0)
		printf(", memory %.3g GB/s for arrays so large", 1e-9 * o->node.bytes_per_second);
	printf("\n%snot modelled: SMT, frequencies beyond the cores measured, caches and locality, "
	       "NUMA, "
	       "a larger node's own bandwidth, noise\n",
		begin);
}

static void note_chunks(const struct oracle *o)
{
	char schedule[SCHEDULE_TEXT];

	for (size_t s = 0; s < o->options->schedule_count; s++)
		if (o->options->schedules[s].chunk > o->costs.units)
			fprintf(stderr,
				"tine: %s: the chunk is larger than the loop's %" PRIu64
				" units: one member does them all\n",
				schedule_print(o->options->schedules[s], schedule), o->costs.units);
}

static void print_people(const struct oracle *o, enum format format)
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
	print_costs(o, markdown ? "### " : "");
	(markdown ? grid_print_markdown : grid_print_text)(&grid, stdout);
	print_notes(o, markdown ? "- " : "  ");
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

static void print_csv(const struct oracle *o)
{
	struct grid grid;

	grid_init(&grid, csv_columns, sizeof(csv_columns) / sizeof(csv_columns[0]));
	for (size_t r = 0; r < o->count; r++)
		add_csv_row(&grid, o, &o->rows[r]);
	grid_print_csv(&grid, stdout);
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

static int print_json(const struct oracle *o)
{
	const struct overheads *v = &o->node.overheads;
	json_t *rows = json_array();

	for (size_t r = 0; r < o->count; r++)
		json_array_append_new(rows, row_to_json(o, &o->rows[r]));
	json_t *all = json_pack("{ss ss ss sI sf s{si sf sf sf sf sf sf} so}", "tine",
		build_version(), "kernel", o->sequential.kernel, "variant",
		variant_name(o->variant), "units", (json_int_t)o->costs.units, "dearest_seconds",
		1e-9 * o->costs.dearest_ns, "node", "threads", (int)o->node.team, "fork_base_ns",
		v->fork.base_ns, "fork_step_ns", v->fork.step_ns, "chunk_own_ns",
		v->chunk[SCHEDULE_DYNAMIC].own_ns, "chunk_serial_ns",
		v->chunk[SCHEDULE_DYNAMIC].serial_ns, "slowdown", o->node.slowdown,
		"bytes_per_second", o->node.bytes_per_second, "predictions", rows);
	if (!all)
		return -ENOMEM;
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
	return 0;
}

static int print(const struct oracle *o, struct message *why)
{
	note_chunks(o);
	if (o->options->format == FORMAT_CSV)
		print_csv(o);
	else if (o->options->format == FORMAT_JSON)
		return print_json(o) ? fail(why, -ENOMEM, "no memory for the table") : 0;
	else
		print_people(o, o->options->format);
	return 0;
}

/* ---- the command ---- */

int command_predict(const struct options *options)
{
	struct oracle oracle;
	enum variant variant;
	struct message why;
	int error = options_one_variant(options, "predict", OPENMP, &variant, &why);

	if (error)
		return complain(error, &why);
	process_block_signals();
	error = oracle_ask(&oracle, options, variant, &why);
	if (!error)
		error = print(&oracle, &why);
	oracle_release(&oracle);
	return error ? complain(error, &why) : EXIT_DONE;
}
