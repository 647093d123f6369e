#include "choices.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "analysis/chunks.h"
#include "cells.h"
#include "grid.h"
#include "launch.h"

/* ---- loops ---- */

static const struct summary *summary_of(const struct summaries *all, const struct case_spec *spec)
{
	size_t i = 0;

	while (!case_same(&all->rows[i].spec, spec))
		i++;
	return &all->rows[i];
}

static void fill_line(struct choice_line *line, const struct summaries *all,
	const struct launch_record *launches, size_t launch_count)
{
	const struct summary *base = summary_baseline(all, line->summary);
	const struct case_spec *spec = &line->summary->spec;
	const unsigned team = line->summary->team ? line->summary->team : spec->threads;

	line->chunks = chunks_dealt(spec->schedule, case_units(spec), team);
	if (base && base->launches &&
		losses_make(&line->losses, spec, launches, launch_count, base->seconds.median))
		no_memory("losses");
	line->has_losses = line->losses.launches > 0;
}

static void fill_group(struct choice_group *group, const struct summaries *all,
	const struct launch_record *launches, size_t launch_count)
{
	const struct trials *trials = &group->trials;

	group->lines = calloc(trials->count, sizeof(*group->lines));
	if (!group->lines || choice_make(&group->choice, trials))
		no_memory("schedules");
	for (size_t i = 0; i < trials->count; i++) {
		group->lines[i].summary = summary_of(all, &trials->all[i].spec);
		group->lines[i].row = &group->choice.rows[i];
		fill_line(&group->lines[i], all, launches, launch_count);
	}
}

/* Whether a row is the first of a loop of which there are several schedules. */
static bool begins_group(const struct summaries *all, size_t row)
{
	const struct case_spec *spec = &all->rows[row].spec;
	size_t same = 0;

	if (spec->variant == SEQUENTIAL)
		return false;
	for (size_t i = 0; i < all->count; i++) {
		if (!trial_same_loop(&all->rows[i].spec, spec))
			continue;
		if (i < row)
			return false;
		same++;
	}
	return same > 1;
}

static int make_trials(struct trials *trials, const struct summaries *all, size_t row,
	const struct launch_record *launches, size_t launch_count)
{
	struct case_spec *cases = calloc(all->count, sizeof(*cases));

	for (size_t i = 0; cases && i < all->count; i++)
		cases[i] = all->rows[i].spec;
	const int error = cases
		? trials_make(trials, &cases[row], cases, all->count, launches, launch_count)
		: -1;
	free(cases);
	return error;
}

struct choice_table *choice_table_make(const struct summaries *all,
	const struct launch_record *launches, size_t launch_count, double precision)
{
	struct choice_table *table = calloc(1, sizeof(*table));

	if (!table || !(table->groups = calloc(all->count + 1, sizeof(*table->groups))))
		no_memory("schedules");
	for (size_t i = 0; i < all->count; i++) {
		if (!begins_group(all, i))
			continue;
		struct choice_group *group = &table->groups[table->count++];
		if (make_trials(&group->trials, all, i, launches, launch_count))
			no_memory("schedules");
		fill_group(group, all, launches, launch_count);
	}
	table->precision = precision;
	return table;
}

static void group_release(struct choice_group *group)
{
	for (size_t i = 0; i < group->trials.count; i++)
		losses_release(&group->lines[i].losses);
	free(group->lines);
	choice_release(&group->choice);
	trials_release(&group->trials);
}

void choice_table_free(struct choice_table *table)
{
	for (size_t g = 0; g < table->count; g++)
		group_release(&table->groups[g]);
	free(table->groups);
	free(table);
}

bool choice_group_recommends(const struct choice_group *group, size_t line)
{
	return choice_tells(&group->choice) && line == group->choice.recommended;
}

/* ---- for people ---- */

static unsigned launched(const struct summary *s)
{
	return s->launches + s->disturbed + s->failed;
}

static void add_ratio(struct grid *grid, const struct choice_row *row, double precision)
{
	const bool wide = estimate_half_width(&row->to_fastest.ratio) > precision;

	grid_add(grid, "%.3f%s", row->to_fastest.ratio.median, wide ? " ~" : "  ");
	if (row->standing == STANDING_FASTEST)
		grid_add(grid, "%s", none);
	else
		grid_add_interval(grid, &row->to_fastest.ratio, 1, 3);
}

/* What is neither dispatch nor wait: fork, join and inflation. */
static void add_losses(struct grid *grid, const struct choice_line *line)
{
	const double dispatch = choice_line_share(line, LOSS_DISPATCH),
		     wait = choice_line_share(line, LOSS_WAIT),
		     all = 1 - line->losses.sequential / line->losses.total;

	grid_add(grid, "%.1f", 100 * all);
	if (line->losses.has_dispatch)
		grid_add(grid, "%.1f", 100 * dispatch);
	else
		grid_add(grid, "in other");
	grid_add(grid, "%.1f", 100 * wait);
	grid_add(grid, "%.1f", 100 * (all - dispatch - wait));
}

static void add_standing(struct grid *grid, const struct choice_line *line, bool recommended)
{
	const struct summary *s = line->summary;
	char left_out[64] = "";

	if (s->failed)
		grid_add(grid, "%u of %u launches: %s", s->failed, launched(s), s->why);
	if (s->failed)
		return;
	if (s->disturbed)
		snprintf(left_out, sizeof(left_out), "; %u of %u disturbed, left out", s->disturbed,
			launched(s));
	grid_add(grid, "%s%s%s", standing_name(line->row->standing),
		recommended ? ", recommended" : "", left_out);
}

static void add_line(
	struct grid *grid, const struct choice_line *line, bool recommended, double precision)
{
	enum { TIMES = 2, RATIOS = 2, LOSSES = 4 };
	char schedule[SCHEDULE_TEXT];

	grid_add(grid, "%s", schedule_print(line->summary->spec.schedule, schedule));
	grid_add(grid, "%" PRIu64, line->chunks);
	grid_add(grid, "%u", line->summary->launches);
	if (line->summary->launches)
		grid_add_time(grid, &line->summary->seconds, "");
	else
		grid_add_unknown(grid, TIMES);
	if (line->row->to_fastest.known)
		add_ratio(grid, line->row, precision);
	else
		grid_add_unknown(grid, RATIOS);
	if (line->has_losses)
		add_losses(grid, line);
	else
		grid_add_unknown(grid, LOSSES);
	add_standing(grid, line, recommended);
}

static void print_title(const struct choice_group *group, enum format format, FILE *to)
{
	const struct case_spec *spec = &group->lines[0].summary->spec;
	const struct kernel *kernel = launch_kernel(spec->kernel);
	char size[SIZE_TEXT];

	fprintf(to, "%s%s, %s, %u thread%s: size %s, %" PRIu64 " unit%s of %" PRIu64 " %s%s\n%s",
		format == FORMAT_MARKDOWN ? "### " : "", spec->kernel, variant_name(spec->variant),
		spec->threads, spec->threads == 1 ? "" : "s", size_print(spec->size, size),
		case_units(spec), case_units(spec) == 1 ? "" : "s", spec->grain,
		kernel ? kernel->element : "element", spec->grain == 1 ? "" : "s",
		format == FORMAT_MARKDOWN ? "\n" : "");
}

static void print_group(
	const struct choice_group *group, double precision, enum format format, FILE *to)
{
	static const struct column columns[] = {
		{ "schedule", false },
		{ "chunks", true },
		{ "launches", true },
		{ "time", true },
		{ "95 % interval", true },
		{ "ratio", true },
		{ "95 % interval", true },
		{ "lost %", true },
		{ "dispatch", true },
		{ "wait", true },
		{ "other", true },
		{ "to the fastest", false },
	};
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < group->trials.count; i++)
		if (launched(group->lines[i].summary))
			add_line(&grid, &group->lines[i], choice_group_recommends(group, i),
				precision);
	print_title(group, format, to);
	(format == FORMAT_MARKDOWN ? grid_print_markdown : grid_print_text)(&grid, to);
	grid_release(&grid);
	fputc('\n', to);
	advice_print(group, format, to);
}

static bool any_standing(const struct choice_table *table, enum standing standing)
{
	for (size_t g = 0; g < table->count; g++)
		for (size_t i = 0; i < table->groups[g].trials.count; i++)
			if (table->groups[g].choice.rows[i].standing == standing)
				return true;
	return false;
}

static void print_legend(const struct choice_table *table, enum format format, FILE *to)
{
	const char *indent = format == FORMAT_MARKDOWN ? "- " : "  ";

	fprintf(to,
		"%sratio: to the fastest, within rounds; ~ its 95 %% interval is wider than ±%g "
		"%%, or not known\n",
		indent, 100 * table->precision);
	fprintf(to,
		"%slost: per cent of p · E, members × time of the region, that the sequential run "
		"does not take\n",
		indent);
	if (any_standing(table, STANDING_TIED))
		fprintf(to, "%stied: cannot be told from the fastest, or within %g %% of it\n",
			indent, 100 * CHOICE_MARGIN);
	if (any_standing(table, STANDING_TOO_FEW))
		fprintf(to,
			"%stoo few: launches to tell; the search leaves alone what falls behind\n",
			indent);
}

void choice_table_print(const struct choice_table *table, enum format format, FILE *to)
{
	for (size_t g = 0; g < table->count; g++) {
		print_group(&table->groups[g], table->precision, format, to);
		fputc('\n', to);
	}
	if (table->count)
		print_legend(table, format, to);
}

void choice_table_print_advice(const struct choice_table *table, enum format format, FILE *to)
{
	const char *indent = format == FORMAT_MARKDOWN ? "- " : "  ";

	for (size_t g = 0; g < table->count; g++) {
		const struct case_spec *spec = &table->groups[g].lines[0].summary->spec;
		fprintf(to, "%s%s, %s, %u thread%s: ", indent, spec->kernel,
			variant_name(spec->variant), spec->threads, spec->threads == 1 ? "" : "s");
		advice_print_sentence(&table->groups[g], to);
	}
}
