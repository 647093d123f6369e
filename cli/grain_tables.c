#include <inttypes.h>
#include <string.h>

#include "cells.h"
#include "grain.h"
#include "grid.h"
#include "quantity.h"

/* Where an end of an interval lies beyond what was measured. */
static const char open_end[] = "…";

enum { CELL_TEXT = 48, INTERVAL_TEXT = 2 * CELL_TEXT + 8 };

/* ---- cells ---- */

/* Writes a place on a curve; returns text. */
typedef char *place_print(const struct curve *curve, double step, char text[CELL_TEXT]);

static place_print place_as_time, place_as_size;

static char *place_as_time(const struct curve *curve, double step, char text[CELL_TEXT])
{
	return seconds_print(curve_work_s(curve, step), text);
}

/* "123", "1.23e5" or "4096x12": in three digits, as no more is known of it. */
static char *place_as_size(const struct curve *curve, double step, char text[CELL_TEXT])
{
	const double elements = curve_elements(curve, step);
	char width[16] = "";

	if (curve->width)
		snprintf(width, sizeof(width), "%" PRIu32 "x", curve->width);
	snprintf(text, CELL_TEXT, elements < 1e5 ? "%s%.0f" : "%s%.3g", width, elements);
	return text;
}

/* The crossing; or which end of what was measured it lies beyond. */
static char *crossing_text(const struct curve *curve, const struct crossing *crossing,
	place_print *print, char text[INTERVAL_TEXT])
{
	const bool below = crossing->state == CROSSING_BELOW,
		   above = crossing->state == CROSSING_ABOVE;
	const struct reading *end = below ? curve_first(curve) : curve_last(curve);
	char place[CELL_TEXT];

	if (crossing->state == CROSSING_UNKNOWN)
		return strcpy(text, none);
	print(curve, below || above ? (double)end->step : crossing->at.x, place);
	snprintf(text, INTERVAL_TEXT, "%s%s", below ? "< " : above ? "> " : "", place);
	return text;
}

static const char *end_text(const struct curve *curve, const struct crossing_end *end,
	place_print *print, char text[CELL_TEXT])
{
	return end->known ? print(curve, end->x, text) : open_end;
}

static char *interval_text(const struct curve *curve, const struct crossing *crossing,
	place_print *print, char text[INTERVAL_TEXT])
{
	char low[CELL_TEXT], high[CELL_TEXT];
	const bool bounded = crossing->low.known || crossing->high.known;

	if (crossing->state == CROSSING_UNKNOWN)
		return strcpy(text, none);
	if (!bounded)
		return strcpy(text, crossing->few ? "too few" : none);
	snprintf(text, INTERVAL_TEXT, "%s – %s", end_text(curve, &crossing->low, print, low),
		end_text(curve, &crossing->high, print, high));
	return text;
}

static bool any_few(const struct curve *curve)
{
	for (size_t l = 0; l < curve->level_count; l++)
		if (curve->crossings[l].few)
			return true;
	return false;
}

/* What a reader must know about a curve: the worst thing first. */
static void add_note(struct grid *grid, const struct curve *curve)
{
	unsigned returns = 0;

	for (size_t l = 0; l < curve->level_count; l++)
		returns += curve->crossings[l].returns;
	if (*curve->why)
		grid_add(grid, "%s", curve->why);
	else if (!curve_first(curve))
		grid_add(grid, "every launch disturbed, or none made");
	else if (any_few(curve))
		grid_add(grid, "too few undisturbed launches");
	else if (curve->left_out)
		grid_add(grid, "%u of %zu steps left out: too few launches", curve->left_out,
			curve->count);
	else if (returns)
		grid_add(grid, "fell below again, %u time%s", returns, returns == 1 ? "" : "s");
	else
		grid_add(grid, "%s", "");
}

static void add_place(struct grid *grid, const struct curve *curve, size_t level)
{
	char place[INTERVAL_TEXT], interval[INTERVAL_TEXT];
	const struct crossing *crossing = &curve->crossings[level];

	grid_add(grid, "%s", crossing_text(curve, crossing, place_as_time, place));
	grid_add(grid, "%s", interval_text(curve, crossing, place_as_time, interval));
}

static void add_schedule(struct grid *grid, const struct curve *curve)
{
	char schedule[SCHEDULE_TEXT];

	grid_add(grid, "%s", variant_name(curve->variant));
	grid_add(grid, "%s", schedule_print(curve->schedule, schedule));
}

/* ---- regions and chunks ---- */

static const struct reading *best_reading(const struct curve *curve)
{
	const struct reading *best = curve_first(curve);

	for (size_t r = 0; r < curve->count; r++)
		if (curve->readings[r].counts &&
			curve->readings[r].ratio.median > best->ratio.median)
			best = &curve->readings[r];
	return best;
}

static void add_best(struct grid *grid, const struct curve *curve)
{
	const struct reading *best = best_reading(curve);
	char time[QUANTITY_TEXT];

	if (best)
		grid_add(grid, "%.1f %% at %s", 100 * best->ratio.median,
			seconds_print(best->work_s, time));
	else
		grid_add(grid, "%s", none);
}

static void add_work_row(struct grid *grid, const struct curve *curve)
{
	add_schedule(grid, curve);
	for (size_t l = 0; l < curve->level_count; l++)
		add_place(grid, curve, l);
	add_best(grid, curve);
	add_note(grid, curve);
}

static const struct column work_columns[] = {
	{ "variant", false },
	{ "schedule", false },
	{ "50 %", true },
	{ "95 % interval", true },
	{ "90 %", true },
	{ "95 % interval", true },
	{ "best", true },
	{ "note", false },
};

/* ---- kernels ---- */

static void add_speedup(struct grid *grid, const struct curve *curve)
{
	const struct reading *last = curve_last(curve);
	char size[CELL_TEXT];

	if (last)
		grid_add(grid, "%.2f at %s", last->ratio.median,
			place_as_size(curve, (double)last->step, size));
	else
		grid_add(grid, "%s", none);
}

static void add_size_row(struct grid *grid, const struct curve *curve)
{
	const struct crossing *crossing = &curve->crossings[0];
	char place[INTERVAL_TEXT], interval[INTERVAL_TEXT];

	grid_add(grid, "%s", curve->kernel);
	add_schedule(grid, curve);
	grid_add(grid, "%s", crossing_text(curve, crossing, place_as_size, place));
	grid_add(grid, "%s", interval_text(curve, crossing, place_as_size, interval));
	add_place(grid, curve, 0);
	add_speedup(grid, curve);
	add_note(grid, curve);
}

static const struct column size_columns[] = {
	{ "kernel", false },
	{ "variant", false },
	{ "schedule", false },
	{ "size", true },
	{ "95 % interval", true },
	{ "time", true },
	{ "95 % interval", true },
	{ "speedup", true },
	{ "note", false },
};

/* ---- tables ---- */

static const struct table {
	const char *title;
	const char *legend; /* line by line */
	const struct column *columns;
	size_t column_count;
	void (*add_row)(struct grid *grid, const struct curve *curve);
} tables[] = {
	[VARY_REGION] = { "Work that makes a region of %u threads worth its fork",
		"50 %, 90 %: the least work, in its sequential time, from which efficiency stays "
		"so "
		"high\n"
		"METG, Task Bench's word, is that / (threads x efficiency); of a chunk, / "
		"efficiency\n",
		work_columns, sizeof(work_columns) / sizeof(work_columns[0]), add_work_row },
	[VARY_CHUNK] = { "Work that makes a chunk worth dealing out, to %u threads",
		"of guided: in its smallest chunks; in all: with the call of the body, and short "
		"loops, which cost too\n",
		work_columns, sizeof(work_columns) / sizeof(work_columns[0]), add_work_row },
	[VARY_SIZE] = { "Size from which %u threads overtake the sequential variant",
		"size, time: from which, up to the last one measured, all are faster; the "
		"interval from surely slower to\n"
		"surely faster; the time is that of the region, sequentially\n",
		size_columns, sizeof(size_columns) / sizeof(size_columns[0]), add_size_row },
};

static const char common_legend[] =
	"<, >: not crossed within what was measured; …: not bounded by it\n";

static void print_lines(const char *text, const char *indent, FILE *to)
{
	for (const char *end; (end = strchr(text, '\n')); text = end + 1)
		fprintf(to, "%s%.*s\n", indent, (int)(end - text), text);
}

static size_t count_of(const struct ladder *l, enum vary vary)
{
	size_t count = 0;

	for (size_t c = 0; c < l->count; c++)
		count += l->curves[c].vary == vary;
	return count;
}

static void print_title(const struct table *table, unsigned threads, enum format format, FILE *to)
{
	fputs(format == FORMAT_MARKDOWN ? "### " : "", to);
	fprintf(to, table->title, threads);
	fputs("\n\n", to);
}

static void print_table(const struct ladder *l, enum vary vary, enum format format, FILE *to)
{
	const struct table *table = &tables[vary];
	struct grid grid;

	grid_init(&grid, table->columns, table->column_count);
	for (size_t c = 0; c < l->count; c++)
		if (l->curves[c].vary == vary)
			table->add_row(&grid, &l->curves[c]);
	print_title(table, l->curves[0].threads, format, to);
	(format == FORMAT_MARKDOWN ? grid_print_markdown : grid_print_text)(&grid, to);
	fputc('\n', to);
	print_lines(table->legend, format == FORMAT_MARKDOWN ? "- " : "  ", to);
	grid_release(&grid);
}

void grain_print(const struct ladder *l, enum format format, FILE *to)
{
	for (int vary = VARY_REGION; vary <= VARY_SIZE; vary++)
		if (count_of(l, vary)) {
			print_table(l, vary, format, to);
			fputc('\n', to);
		}
	print_lines(common_legend, format == FORMAT_MARKDOWN ? "- " : "  ", to);
}
