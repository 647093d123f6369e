#include "tables.h"

#include <string.h>

#include "cells.h"

enum { SCHEDULES_ACROSS = LIST_MAX };

struct across {
	struct column columns[SCHEDULES_ACROSS + 2];
	char names[SCHEDULES_ACROSS][SCHEDULE_TEXT];
	struct schedule schedules[SCHEDULES_ACROSS];
	size_t count;
};

static void find_schedules(const struct summaries *all, struct across *across)
{
	across->count = 0;
	across->columns[0] = (struct column) { "kernel", false };
	across->columns[1] = (struct column) { "threads", true };
	for (size_t i = 0; i < all->count; i++) {
		const struct schedule schedule = all->rows[i].spec.schedule;
		size_t s = 0;
		if (!rows_schedules(all, &all->rows[i]))
			continue;
		while (s < across->count && !schedule_same(across->schedules[s], schedule))
			s++;
		if (s < across->count || s == SCHEDULES_ACROSS)
			continue;
		across->schedules[s] = schedule;
		schedule_print(schedule, across->names[s]);
		across->columns[s + 2] = (struct column) { across->names[s], true };
		across->count++;
	}
}

/* The row of the same kernel, size and threads with this schedule, or NULL. */
static const struct summary *with_schedule(
	const struct summaries *all, const struct summary *like, struct schedule schedule)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct case_spec *spec = &all->rows[i].spec;
		if (spec->variant == OPENMP && spec->threads == like->spec.threads &&
			case_same_work(spec, &like->spec) &&
			schedule_same(spec->schedule, schedule))
			return &all->rows[i];
	}
	return NULL;
}

/* The fastest schedule's row. */
static const struct summary *best_schedule(
	const struct summaries *all, const struct summary *like, const struct across *across)
{
	const struct summary *best = NULL;

	for (size_t s = 0; s < across->count; s++) {
		const struct summary *row = with_schedule(all, like, across->schedules[s]);
		if (row && row->has_speedup &&
			(!best || row->speedup.median > best->speedup.median))
			best = row;
	}
	return best;
}

/*
 * Whether the intervals of a row and of the best overlap: then nobody can tell which is faster.
 * Without intervals nobody can tell anything.
 */
static bool may_be_best(const struct summary *row, const struct summary *best)
{
	return row->speedup.interval && best->speedup.interval &&
		row->speedup.high >= best->speedup.low;
}

static void add_schedule_row(struct grid *grid, const struct summaries *all,
	const struct summary *like, const struct across *across, double precision)
{
	const struct summary *best = best_schedule(all, like, across);

	grid_add(grid, "%s", like->spec.kernel);
	grid_add(grid, "%u", like->spec.threads);
	for (size_t s = 0; s < across->count; s++) {
		const struct summary *row = with_schedule(all, like, across->schedules[s]);
		if (!row || !row->has_speedup)
			grid_add(grid, "%s", row && row->failed ? "failed" : none);
		else
			grid_add(grid, "%.2f %c%c", row->speedup.median,
				may_be_best(row, best) ? '*' : ' ',
				summary_is_precise(row, precision) ? ' ' : '~');
	}
}

static void print_legend(double precision, enum format format, FILE *to)
{
	const bool markdown = format == FORMAT_MARKDOWN;

	fprintf(to,
		"%s%s the fastest, or not to be told from it: their 95 %% intervals overlap; "
		"none where launches are too few to tell\n",
		markdown ? "\n- " : "  ", markdown ? "\\*" : "*");
	fprintf(to, "%s~ the 95 %% interval is wider than ±%g %%, or not known\n",
		markdown ? "- " : "  ", 100 * precision);
}

void tables_print_schedules(
	const struct summaries *all, double precision, enum format format, FILE *to)
{
	struct across across;
	struct grid grid;

	find_schedules(all, &across);
	if (!across.count)
		return;
	grid_init(&grid, across.columns, across.count + 2);
	for (size_t i = 0; i < all->count; i++)
		if (rows_schedules(all, &all->rows[i]) &&
			with_schedule(all, &all->rows[i], across.schedules[0]) == &all->rows[i])
			add_schedule_row(&grid, all, &all->rows[i], &across, precision);
	fprintf(to, "%sSpeedup of openmp by schedule\n%s", format == FORMAT_MARKDOWN ? "### " : "",
		format == FORMAT_MARKDOWN ? "\n" : "");
	(format == FORMAT_MARKDOWN ? grid_print_markdown : grid_print_text)(&grid, to);
	print_legend(precision, format, to);
	grid_release(&grid);
}
