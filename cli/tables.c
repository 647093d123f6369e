#include "tables.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cells.h"
#include "grid.h"
#include "launch.h"

bool rows_all(const struct summaries *all, const struct summary *row)
{
	(void)all;
	(void)row;
	return true;
}

bool rows_speedup(const struct summaries *all, const struct summary *row)
{
	(void)all;
	return row->spec.schedule.kind == SCHEDULE_NONE ||
		(row->spec.schedule.kind == SCHEDULE_STATIC && !row->spec.schedule.chunk);
}

bool rows_schedules(const struct summaries *all, const struct summary *row)
{
	if (row->spec.variant != OPENMP)
		return false;
	for (size_t i = 0; i < all->count; i++) {
		const struct case_spec *other = &all->rows[i].spec;
		if (other->variant == OPENMP && other->threads == row->spec.threads &&
			!strcmp(other->kernel, row->spec.kernel) &&
			other->schedule.kind != SCHEDULE_STATIC)
			return true;
	}
	return false;
}

/* What did not reach the precision is marked. */
static const char *mark_of(const struct estimate *e, double precision)
{
	return estimate_half_width(e) > precision ? " ~" : "  ";
}

static void add_time(struct grid *grid, const struct summary *row, double precision)
{
	if (row->launches)
		grid_add_time(grid, &row->seconds, mark_of(&row->seconds, precision));
	else
		grid_add_unknown(grid, 2);
}

static void add_percent(struct grid *grid, bool known, double percent)
{
	if (known)
		grid_add(grid, "%.1f %%", percent);
	else
		grid_add(grid, "%s", none);
}

static void add_speedup(struct grid *grid, const struct summary *row, double precision)
{
	const bool known = row->has_speedup && row->spec.variant != SEQUENTIAL;
	const bool waits = launch_waits(row->spec.kernel);

	if (known)
		grid_add(grid, "%.2f%s", row->speedup.median, mark_of(&row->speedup, precision));
	else
		grid_add(grid, "%s", row->has_speedup ? "1.00  " : none);
	if (known)
		grid_add_interval(grid, &row->speedup, 1, 2);
	else
		grid_add(grid, "%s", none);
	add_percent(grid, known && !waits, 100 * row->efficiency);
	add_percent(grid, row->has_serial && !waits, 100 * row->serial_fraction);
}

/* What a reader must know about a row: the worst thing first. */
static void add_note(struct grid *grid, const struct summary *row)
{
	const unsigned all = row->failed + row->disturbed + row->launches;

	if (row->failed)
		grid_add(grid, "%u of %u launches: %s", row->failed, all, row->why);
	else if (!all)
		grid_add(grid, "not measured");
	else if (row->disturbed)
		grid_add(grid, "%u of %u disturbed, left out", row->disturbed, all);
	else if (row->team < row->spec.threads)
		grid_add(grid, "verified; %u thread%s ran", row->team, row->team == 1 ? "" : "s");
	else
		grid_add(grid, "verified");
}

static void add_row(struct grid *grid, const struct summary *row, bool sizes_vary, double precision)
{
	char schedule[SCHEDULE_TEXT], size[SIZE_TEXT];

	grid_add(grid, "%s", variant_name(row->spec.variant));
	grid_add(grid, "%u", row->spec.threads);
	grid_add(grid, "%s",
		row->spec.schedule.kind == SCHEDULE_NONE
			? none
			: schedule_print(row->spec.schedule, schedule));
	if (sizes_vary)
		grid_add(grid, "%s", size_print(row->spec.size, size));
	grid_add(grid, "%u", row->launches);
	add_time(grid, row, precision);
	add_speedup(grid, row, precision);
	add_note(grid, row);
}

static bool same_group(const struct summary *a, const struct summary *b)
{
	return !strcmp(a->spec.kernel, b->spec.kernel) && a->spec.grain == b->spec.grain;
}

/* Whether the rows of a kernel differ in size, as they do under weak scaling. */
static bool sizes_vary(const struct summaries *all, const struct summary *first)
{
	for (size_t i = 0; i < all->count; i++)
		if (same_group(&all->rows[i], first) &&
			!case_same_work(&all->rows[i].spec, &first->spec))
			return true;
	return false;
}

static void print_title(const struct summary *row, bool vary, enum format format, FILE *to)
{
	const struct kernel *kernel = launch_kernel(row->spec.kernel);
	const char *element = kernel ? kernel->element : "element";
	const bool markdown = format == FORMAT_MARKDOWN;
	char size[SIZE_TEXT];

	fprintf(to, "%s%s: ", markdown ? "### " : "", row->spec.kernel);
	if (!strcmp(row->spec.kernel, launch_tasks)) {
		fprintf(to, "%s side by side\n%s", size_print(row->spec.size, size),
			markdown ? "\n" : "");
		return;
	}
	if (!vary)
		fprintf(to, "size %s, ", size_print(row->spec.size, size));
	fprintf(to, "in units of %" PRIu64 " %s%s", row->spec.grain, element,
		row->spec.grain == 1 ? "" : "s");
	if (*row->result && !vary)
		fprintf(to, "; result %s", row->result);
	fputs(markdown ? "\n\n" : "\n", to);
}

static void print_group(const struct summaries *all, const struct summary *first, row_filter *keep,
	double precision, enum format format, FILE *to)
{
	static const struct column columns[] = {
		{ "variant", false },
		{ "threads", true },
		{ "schedule", false },
		{ "size", true },
		{ "launches", true },
		{ "time", true },
		{ "95 % interval", true },
		{ "speedup", true },
		{ "95 % interval", true },
		{ "efficiency", true },
		{ "serial", true },
		{ "result", false },
	};
	enum { COLUMNS = sizeof(columns) / sizeof(columns[0]), SIZE_COLUMN = 3 };
	const bool vary = sizes_vary(all, first);
	struct column used[COLUMNS];
	struct grid grid;
	size_t count = 0;

	for (size_t c = 0; c < COLUMNS; c++)
		if (c != SIZE_COLUMN || vary)
			used[count++] = columns[c];
	grid_init(&grid, used, count);
	for (const struct summary *row = first; row < all->rows + all->count; row++)
		if (same_group(row, first) && keep(all, row))
			add_row(&grid, row, vary, precision);
	print_title(first, vary, format, to);
	(format == FORMAT_MARKDOWN ? grid_print_markdown : grid_print_text)(&grid, to);
	grid_release(&grid);
}

static void print_legend(const struct summaries *all, row_filter *keep, double precision,
	enum format format, FILE *to)
{
	const char *indent = format == FORMAT_MARKDOWN ? "- " : "  ";
	bool wide = false, few = false, serial = false, waits = false;

	for (size_t i = 0; i < all->count; i++) {
		const struct summary *row = &all->rows[i];
		if (!keep(all, row) || !row->launches)
			continue;
		few |= !row->seconds.interval;
		wide |= row->seconds.interval && !summary_is_precise(row, precision);
		serial |= row->has_serial && !launch_waits(row->spec.kernel);
		waits |= row->has_speedup && launch_waits(row->spec.kernel);
	}
	fputc('\n', to);
	if (wide || few)
		fprintf(to, "%s~ the 95 %% interval is wider than ±%g %% of the median%s\n", indent,
			100 * precision, few ? ", or not known" : "");
	if (few)
		fprintf(to, "%stoo few: it takes %d undisturbed launches to have an interval\n",
			indent, STATS_INTERVAL_LEAST);
	if (serial)
		fprintf(to,
			"%sserial: Karp and Flatt's serial fraction, what Amdahl's law would need "
			"to explain the speedup\n",
			indent);
	if (waits)
		fprintf(to,
			"%sthe speedup of what waits is that of waits that overlap, which takes no "
			"cores: it has no efficiency\n",
			indent);
}

void tables_print(const struct summaries *all, row_filter *keep, double precision,
	enum format format, FILE *to)
{
	for (size_t i = 0; i < all->count; i++) {
		size_t before = 0;
		while (before < i && !same_group(&all->rows[before], &all->rows[i]))
			before++;
		if (before < i)
			continue;
		if (i)
			fputc('\n', to);
		print_group(all, &all->rows[i], keep, precision, format, to);
	}
	print_legend(all, keep, precision, format, to);
}
