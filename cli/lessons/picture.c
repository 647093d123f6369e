#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "grain.h"
#include "grid.h"
#include "lessons/lesson.h"
#include "plot.h"

enum { LABEL_TEXT = 160 };

static bool next_bar(
	const struct study *study, size_t experiment, size_t *index, struct study_row *into)
{
	while (study_row(study, experiment, (*index)++, into))
		if (into->speedup)
			return true;
	return false;
}

/* By what a bar differs from the others, but for the chunk: gnuplot ends texts at commas. */
static const char *label(
	const struct study_row *row, const struct varied *varied, char text[LABEL_TEXT])
{
	char threads[32] = "";
	const char *schedule = varied->schedule ? schedule_kind_name(row->schedule.kind) : "";
	const char *how = varied->how || !(varied->threads || varied->schedule) ? row->how : "";

	if (varied->threads)
		snprintf(threads, sizeof(threads), "%u %s%s", row->threads, row->member,
			row->threads == 1 ? "" : "s");
	snprintf(text, LABEL_TEXT, "%s%s%s%s%s", how, *how && *threads ? " " : "", threads,
		(*how || *threads) && *schedule ? " " : "", schedule);
	return text;
}

static void add_bar(struct grid *grid, const struct study *study, const struct study_row *row,
	const struct varied *varied)
{
	const struct estimate *speedup = row->speedup;
	const unsigned cores = study->topology->cores;
	char text[LABEL_TEXT];

	grid_add(grid, "%s", label(row, varied, text));
	if (row->schedule.chunk && varied->schedule)
		grid_add(grid, "%" PRIu32, row->schedule.chunk);
	else
		grid_add(grid, "%s", "");
	if (row->waits)
		grid_add(grid, "%s", "");
	else
		grid_add(grid, "%u", row->threads < cores ? row->threads : cores);
	grid_add_number(grid, true, speedup->median);
	grid_add_number(grid, speedup->interval, speedup->low);
	grid_add_number(grid, speedup->interval, speedup->high);
	grid_add(grid, "%u", row->launches); /* last, since gnuplot takes no empty cell there */
}

static int print_bars(const void *of, FILE *to)
{
	static const struct column columns[] = { { .name = "panel" }, { .name = "label" },
		{ .name = "chunk" }, { .name = "cores" }, { .name = "speedup_median" },
		{ .name = "speedup_low" }, { .name = "speedup_high" }, { .name = "launches" } };
	const struct study *study = of;
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t e = 0; e < study->experiment_count; e++) {
		const struct varied varied = study_varied(study, e);
		struct study_row row;
		for (size_t index = 0; next_bar(study, e, &index, &row);) {
			grid_add(&grid, "%s", study->experiments[e].plan.cases[0].kernel);
			add_bar(&grid, study, &row, &varied);
		}
	}
	grid_print_csv(&grid, to);
	grid_release(&grid);
	return 0;
}

/* Whether there is anything to draw. */
static bool has_bars(const struct study *study)
{
	struct study_row row;

	for (size_t e = 0; e < study->experiment_count; e++)
		for (size_t index = 0; next_bar(study, e, &index, &row);)
			return true;
	return false;
}

static bool has_curves(const struct study *study)
{
	const struct ladder *ladder = &study->experiments[0].ladder;

	for (size_t c = 0; c < ladder->count; c++)
		if (curve_first(&ladder->curves[c]))
			return true;
	return false;
}

static int draw(const struct study *study, const char *base, struct message *why)
{
	char title[128];

	snprintf(title, sizeof(title), "%zu: %s?", study->number, study->lesson->belief);
	if (has_curves(study))
		return plot_beside_csv(base, "grain.gp", title, grain_print_csv,
			&study->experiments[0].ladder, why);
	return has_bars(study)
		? plot_beside_csv(base, "lesson.gp", title, print_bars, study, why)
		: fail(why, -ENODATA, "no picture of lesson %zu: there is no speedup to draw",
			  study->number);
}

int study_draw(struct study *study, const char *directory, struct message *why)
{
	char *base;

	if (asprintf(&base, "%s/lesson-%zu", directory, study->number) < 0)
		return fail(why, -ENOMEM, "no memory for a path");
	const int error = draw(study, base, why);
	if (error)
		free(base);
	else
		study->picture = base;
	return error;
}
