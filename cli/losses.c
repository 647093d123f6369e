#include "losses.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/diagnosis.h"
#include "cells.h"
#include "grid.h"
#include "launch.h"
#include "quantity.h"
#include "sentence.h"
#include "tables.h"

struct loss_row {
	const struct summary *summary;
	bool known; /* there is a budget, and it adds up; the sentence says why not */
	bool overview;
	struct losses losses;
	struct diagnosis diagnosis;
	char sentence[SENTENCE_TEXT];
};

struct loss_table {
	struct loss_row *rows;
	size_t count;
};

/* ---- rows ---- */

static bool adds_up(const struct losses *losses)
{
	return fabs(losses_sum(losses) - 1) <= 1e-9;
}

static void say(struct loss_row *row, const char *words)
{
	snprintf(row->sentence, sizeof(row->sentence), "%.*s", SENTENCE_TEXT - 1, words);
}

/* A budget that does not add up is a defect, which must neither be shown nor passed over. */
static void say_defect(struct loss_row *row)
{
	char id[CASE_ID_MAX];

	snprintf(row->sentence, sizeof(row->sentence),
		"no budget: its parts add up to %.9g %%, which is a defect of Tine",
		100 * losses_sum(&row->losses));
	fprintf(stderr, "tine: %s: %s\n", case_print(&row->summary->spec, id), row->sentence);
}

static void say_why_unknown(struct loss_row *row)
{
	const struct summary *summary = row->summary;

	if (row->losses.launches)
		say_defect(row);
	else if (summary->launches)
		say(row, "there is no sequential time to compare with");
	else if (summary->disturbed)
		say(row, "every launch was disturbed");
	else
		say(row, summary->failed ? summary->why : "not measured");
}

static void fill_row(struct loss_row *row, const struct summaries *all,
	const struct launch_record *launches, size_t launch_count)
{
	const struct summary *base = summary_baseline(all, row->summary);
	const struct case_spec *spec = &row->summary->spec;

	if (launch_waits(spec->kernel)) {
		say(row, "no budget: members that wait take no core's time, and waits are no work");
		return;
	}
	if (base && base->launches &&
		losses_make(&row->losses, spec, launches, launch_count, base->seconds.median))
		no_memory("losses");
	row->known = row->losses.launches && adds_up(&row->losses);
	if (!row->known) {
		say_why_unknown(row);
		return;
	}
	row->diagnosis = diagnosis_of(&row->losses, row->summary, all);
	sentence_print(&row->losses, &row->diagnosis, spec, row->sentence);
}

/* Whether rows are points of the same curve. */
static bool same_curve(const struct summary *a, const struct summary *b)
{
	return a->spec.variant == b->spec.variant && !strcmp(a->spec.kernel, b->spec.kernel);
}

/* At the most threads; of these under the default schedule, where that was measured. */
static bool in_overview(const struct summaries *all, const struct summary *row)
{
	bool has_default = false;

	for (const struct summary *other = all->rows; other < all->rows + all->count; other++) {
		if (!same_curve(other, row))
			continue;
		if (other->spec.threads > row->spec.threads)
			return false;
		has_default |= other->spec.threads == row->spec.threads && rows_speedup(all, other);
	}
	return !has_default || rows_speedup(all, row);
}

struct loss_table *loss_table_make(
	const struct summaries *all, const struct launch_record *launches, size_t launch_count)
{
	struct loss_table *table = calloc(1, sizeof(*table));

	if (!table || !(table->rows = calloc(all->count + 1, sizeof(*table->rows))))
		no_memory("losses");
	for (size_t i = 0; i < all->count; i++) {
		if (all->rows[i].spec.variant == SEQUENTIAL)
			continue;
		struct loss_row *row = &table->rows[table->count++];
		row->summary = &all->rows[i];
		row->overview = in_overview(all, row->summary);
		fill_row(row, all, launches, launch_count);
	}
	return table;
}

void loss_table_free(struct loss_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		losses_release(&table->rows[i].losses);
	free(table->rows);
	free(table);
}

bool loss_table_has_overview(const struct loss_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].overview && table->rows[i].known)
			return true;
	return false;
}

/* ---- for people ---- */

static void add_case(struct grid *grid, const struct loss_row *row, bool with_size)
{
	const struct case_spec *spec = &row->summary->spec;
	char schedule[SCHEDULE_TEXT], size[SIZE_TEXT];

	grid_add(grid, "%s", spec->kernel);
	grid_add(grid, "%s", variant_name(spec->variant));
	if (row->known && row->losses.team != spec->threads)
		grid_add(grid, "%u of %u", row->losses.team, spec->threads);
	else
		grid_add(grid, "%u", spec->threads);
	grid_add(grid, "%s", schedule_print(spec->schedule, schedule));
	if (with_size)
		grid_add(grid, "%s", size_print(spec->size, size));
}

static void add_total(struct grid *grid, const struct losses *losses)
{
	char total[QUANTITY_TEXT];

	grid_add(grid, "%s%s", seconds_print(losses->total, total), losses->crowded ? " *" : "");
}

/* A part of p E: per cent, and where wanted the time itself, in the unit of p E. */
static void add_part(struct grid *grid, const struct losses *losses, double part, bool with_time)
{
	const double total_ns = 1e9 * losses->total;
	const struct time_unit *unit = time_unit_for(total_ns);

	if (with_time)
		grid_add(grid, "%.1f %% (%.*f %s)", 100 * part / losses->total,
			time_places(total_ns / unit->ns), 1e9 * part / unit->ns, unit->name);
	else
		grid_add(grid, "%.1f", 100 * part / losses->total);
}

/* Whether a kind of loss has a column: one that few variants have, only if one of theirs is there. */
static bool has_column(const struct loss_table *table, enum loss kind)
{
	if (kind != LOSS_LOCK && kind != LOSS_YIELD)
		return true;
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].known && losses_has(&table->rows[i].losses, kind))
			return true;
	return false;
}

static size_t count_kinds(const struct loss_table *table)
{
	size_t count = 0;

	for (int k = 0; k < LOSS_KINDS; k++)
		count += has_column(table, k);
	return count;
}

static void add_parts(struct grid *grid, const struct loss_table *table,
	const struct losses *losses, bool with_time)
{
	add_part(grid, losses, losses->sequential, with_time);
	for (int k = 0; k < LOSS_KINDS; k++) {
		if (!has_column(table, k))
			continue;
		if (losses_has(losses, k))
			add_part(grid, losses, losses->parts[k], with_time);
		else if (k == LOSS_DISPATCH)
			grid_add(grid, "in body");
		else
			grid_add_unknown(grid, 1);
	}
}

static void add_pop(struct grid *grid, const struct losses *losses)
{
	const struct efficiencies e = losses_efficiencies(losses);

	grid_add(grid, "%.1f", 100 * e.parallel);
	grid_add(grid, "%.1f", 100 * e.balance);
}

static void add_others(struct grid *grid, const struct losses *losses)
{
	const struct efficiencies e = losses_efficiencies(losses);

	grid_add(grid, "%.1f", 100 * e.imbalance);
	grid_add(grid, "%.1f × %.1f × %.1f", 100 * e.talp_serial, 100 * e.talp_balance,
		100 * e.talp_scheduling);
}

static void print_legend(const struct loss_table *table, const char *indent, FILE *to)
{
	bool unknown = false, crowded = false;

	for (size_t i = 0; i < table->count; i++) {
		const struct loss_row *row = &table->rows[i];
		unknown |= row->known && !row->losses.has_dispatch;
		crowded |= row->known && row->losses.crowded;
	}
	fprintf(to,
		"%swork: the sequential run's time; inflation: what the same work took longer in "
		"the members\n"
		"%sefficiency: time in the body over core time; balance: the members' mean over "
		"the "
		"busiest one's\n",
		indent, indent);
	if (has_column(table, LOSS_LOCK) || has_column(table, LOSS_YIELD))
		fprintf(to,
			"%slock: waiting for the global lock; yield: from a task's yield to its "
			"next turn\n",
			indent);
	if (unknown)
		fprintf(to,
			"%sin body: units were not recorded, so that dispatch is part of "
			"inflation\n",
			indent);
	if (crowded)
		fprintf(to, "%s* threads share CPUs: the time of threads, not of cores\n", indent);
}

static void add_budget(
	struct grid *grid, const struct loss_table *table, const struct loss_row *row, bool whole)
{
	enum { TOTAL_AND_WORK = 2, POP = 2, OTHERS = 2 };

	if (!row->known) {
		grid_add_unknown(
			grid, TOTAL_AND_WORK + count_kinds(table) + POP + (whole ? OTHERS : 0));
		return;
	}
	add_total(grid, &row->losses);
	add_parts(grid, table, &row->losses, whole);
	add_pop(grid, &row->losses);
	if (whole)
		add_others(grid, &row->losses);
}

static const struct loss_column {
	struct column column;
	enum { ALWAYS, WHOLE, WITH_LOCK, WITH_YIELD } shown; /* WHOLE: not in the overview */
} loss_columns[] = {
	{ { "kernel", false }, ALWAYS },
	{ { "variant", false }, ALWAYS },
	{ { "threads", true }, ALWAYS },
	{ { "schedule", false }, ALWAYS },
	{ { "size", true }, WHOLE },
	{ { "core time", true }, ALWAYS },
	{ { "work", true }, ALWAYS },
	{ { "inflation", true }, ALWAYS },
	{ { "fork", true }, ALWAYS },
	{ { "dispatch", true }, ALWAYS },
	{ { "lock", true }, WITH_LOCK },
	{ { "yield", true }, WITH_YIELD },
	{ { "wait", true }, ALWAYS },
	{ { "join", true }, ALWAYS },
	{ { "efficiency", true }, ALWAYS },
	{ { "balance", true }, ALWAYS },
	{ { "imbalance", true }, WHOLE },
	{ { "TALP: serial × balance × scheduling", true }, WHOLE },
	{ { "in words", false }, WHOLE },
};

enum { COLUMNS = sizeof(loss_columns) / sizeof(loss_columns[0]) };

static bool is_shown(const struct loss_table *table, const struct loss_column *column, bool whole)
{
	switch (column->shown) {
	case WHOLE:
		return whole;
	case WITH_LOCK:
		return has_column(table, LOSS_LOCK);
	case WITH_YIELD:
		return has_column(table, LOSS_YIELD);
	default:
		return true;
	}
}

/* The rows of the overview with its columns, or all with all. */
static void make_grid(struct grid *grid, struct column columns[COLUMNS],
	const struct loss_table *table, bool whole)
{
	size_t count = 0;

	for (size_t c = 0; c < COLUMNS; c++)
		if (is_shown(table, &loss_columns[c], whole))
			columns[count++] = loss_columns[c].column;
	grid_init(grid, columns, count);
	for (size_t i = 0; i < table->count; i++) {
		const struct loss_row *row = &table->rows[i];
		if (!whole && !row->overview)
			continue;
		add_case(grid, row, whole);
		add_budget(grid, table, row, whole);
		if (whole)
			grid_add(grid, "%s", row->sentence);
	}
}

/* The sentences that say more than "little was lost". */
static void print_sentences(const struct loss_table *table, FILE *to)
{
	char schedule[SCHEDULE_TEXT];

	for (size_t i = 0; i < table->count; i++) {
		const struct loss_row *row = &table->rows[i];
		const struct case_spec *spec = &row->summary->spec;
		if (row->overview && !row->diagnosis.little)
			fprintf(to, "  %s, %s, %u × %s:\n      %s\n", spec->kernel,
				variant_name(spec->variant), spec->threads,
				schedule_print(spec->schedule, schedule), row->sentence);
	}
}

static void print_text(const struct loss_table *table, FILE *to)
{
	struct column columns[COLUMNS];
	struct grid grid;

	make_grid(&grid, columns, table, false);
	fputs("Losses at the most threads, in per cent of the core time\n", to);
	grid_print_text(&grid, to);
	grid_release(&grid);
	fputc('\n', to);
	print_legend(table, "  ", to);
	fputc('\n', to);
	print_sentences(table, to);
}

static void print_markdown(const struct loss_table *table, FILE *to)
{
	struct column columns[COLUMNS];
	struct grid grid;

	make_grid(&grid, columns, table, true);
	fputs("### Losses, in per cent of the core time\n\n", to);
	grid_print_markdown(&grid, to);
	grid_release(&grid);
	fputc('\n', to);
	print_legend(table, "- ", to);
}

void loss_table_print(const struct loss_table *table, enum format format, FILE *to)
{
	if (table->count)
		(format == FORMAT_MARKDOWN ? print_markdown : print_text)(table, to);
}

/* ---- CSV ---- */

/* Each part, in core-seconds or in per cent of p E. */
static void add_numbers(struct grid *grid, const struct loss_row *row, double scale)
{
	const struct losses *l = &row->losses;

	grid_add_number(grid, row->known, scale * l->sequential);
	for (int k = 0; k < LOSS_KINDS; k++)
		grid_add_number(grid, row->known && losses_has(l, k), scale * l->parts[k]);
}

static void add_metrics(struct grid *grid, const struct loss_row *row)
{
	const struct efficiencies e =
		row->known ? losses_efficiencies(&row->losses) : (struct efficiencies) { 0 };

	grid_add_number(grid, row->known, e.parallel);
	grid_add_number(grid, row->known, e.balance);
	grid_add_number(grid, row->known, e.imbalance);
	grid_add_number(grid, row->known, e.talp_serial);
	grid_add_number(grid, row->known, e.talp_balance);
	grid_add_number(grid, row->known, e.talp_scheduling);
}

static void add_csv_row(struct grid *grid, const struct loss_row *row)
{
	const struct losses *l = &row->losses;

	grid_add_case(grid, &row->summary->spec);
	grid_add(grid, "%zu", l->launches);
	grid_add(grid, "%u", l->other_teams);
	grid_add(grid, "%u", l->team);
	grid_add(grid, "%s", l->crowded ? "true" : "false");
	grid_add(grid, "%s", row->overview ? "true" : "false");
	grid_add_number(grid, row->known, l->total / l->team);
	grid_add_number(grid, row->known, l->total);
	add_numbers(grid, row, 1);
	add_numbers(grid, row, 100 / l->total);
	grid_add_number(grid, row->known && l->has_dispatch, l->recording);
	add_metrics(grid, row);
	grid_add(grid, "%s", row->sentence);
}

void loss_table_print_csv(const struct loss_table *table, FILE *to)
{
	static const struct column columns[] = {
		CASE_COLUMNS,
		{ .name = "launches" },
		{ .name = "other_teams" },
		{ .name = "team" },
		{ .name = "crowded" },
		{ .name = "overview" },
		{ .name = "elapsed_seconds" },
		{ .name = "core_seconds" },
		{ .name = "work_seconds" },
		LOSS_COLUMNS("seconds"),
		{ .name = "work_percent" },
		LOSS_COLUMNS("percent"),
		{ .name = "recording" },
		{ .name = "parallel_efficiency" },
		{ .name = "load_balance" },
		{ .name = "imbalance" },
		{ .name = "talp_serial" },
		{ .name = "talp_balance" },
		{ .name = "talp_scheduling" },
		{ .name = "in_words" },
	};
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < table->count; i++)
		add_csv_row(&grid, &table->rows[i]);
	grid_print_csv(&grid, to);
	grid_release(&grid);
}
