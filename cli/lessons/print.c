#include <stdlib.h>

#include "cells.h"
#include "grain.h"
#include "lessons/lesson.h"

/* ---- an experiment's table ---- */

static void add_schedule(struct grid *grid, struct schedule schedule)
{
	char text[SCHEDULE_TEXT];

	grid_add(
		grid, "%s", schedule.kind == SCHEDULE_NONE ? none : schedule_print(schedule, text));
}

static void add_speedup(struct grid *grid, const struct study_row *row)
{
	if (row->speedup)
		grid_add(grid, "%.2f", row->speedup->median);
	else
		grid_add(grid, "%s", row->is_baseline && row->seconds ? "1.00" : none);
	if (row->speedup)
		grid_add_interval(grid, row->speedup, 1, 2);
	else
		grid_add(grid, "%s", none);
}

static void add_row(struct grid *grid, const struct study_row *row, const struct varied *varied)
{
	grid_add(grid, "%s", row->how);
	grid_add(grid, "%u", row->threads);
	if (varied->schedule)
		add_schedule(grid, row->schedule);
	grid_add(grid, "%u", row->launches);
	if (row->seconds)
		grid_add_time(grid, row->seconds, "");
	else
		grid_add_unknown(grid, 2);
	add_speedup(grid, row);
	grid_add(grid, "%s", row->note);
}

static void print_grid(const struct grid *grid, enum format format, FILE *to)
{
	(format == FORMAT_MARKDOWN ? grid_print_markdown : grid_print_text)(grid, to);
}

static void print_cases(const struct study *study, size_t experiment, enum format format, FILE *to)
{
	static const struct column columns[] = { { "executed by", false }, { "threads", true },
		{ "schedule", false }, { "launches", true }, { "time", true },
		{ "95 % interval", true }, { "speedup", true }, { "95 % interval", true },
		{ "result", false } };
	enum { COLUMNS = sizeof(columns) / sizeof(columns[0]), SCHEDULE_COLUMN = 2 };
	const struct varied varied = study_varied(study, experiment);
	struct column used[COLUMNS];
	size_t count = 0;
	struct study_row row;
	struct grid grid;

	for (size_t c = 0; c < COLUMNS; c++)
		if (c != SCHEDULE_COLUMN || varied.schedule)
			used[count++] = columns[c];
	grid_init(&grid, used, count);
	for (size_t i = 0; study_row(study, experiment, i, &row); i++)
		add_row(&grid, &row, &varied);
	print_grid(&grid, format, to);
	grid_release(&grid);
}

static void print_experiment(const struct study *study, size_t index, enum format format, FILE *to)
{
	const struct experiment *e = &study->experiments[index];

	fprintf(to, format == FORMAT_MARKDOWN ? "`%s`\n\n" : "  %s\n\n", e->command);
	if (e->is_ladder)
		grain_print(&e->ladder, format, to);
	else
		print_cases(study, index, format, to);
	fputc('\n', to);
}

/* ---- a lesson ---- */

static void print_picture(const struct study *study, enum format format, FILE *to)
{
	if (!study->picture)
		return;
	if (format == FORMAT_MARKDOWN)
		fprintf(to, "![%s](%s.svg)\n\n", study->lesson->belief, study->picture);
	else
		fprintf(to, "  picture: %s.svg and .png\n\n", study->picture);
}

void study_print(const struct study *study, enum format format, FILE *to)
{
	const bool markdown = format == FORMAT_MARKDOWN;
	char *sentence = study_sentence(study);

	fprintf(to, "%s%zu. %s?\n\n", markdown ? "## " : "", study->number, study->lesson->belief);
	for (size_t e = 0; e < study->experiment_count; e++)
		print_experiment(study, e, format, to);
	if (study->lesson->python && !study->python.known)
		fprintf(to, "%sno row of Python: %s\n\n", markdown ? "" : "  ",
			*study->python.why.text ? study->python.why.text
						: "there was no time for it");
	print_picture(study, format, to);
	fprintf(to, markdown ? "**%s**\n\n" : "  %s\n\n", sentence);
	free(sentence);
}

void studies_print(const struct study *studies, size_t count, enum format format, FILE *to)
{
	static const struct column columns[] = { { "", true }, { "belief", false },
		{ "that it is wrong", false } };
	struct grid grid;

	if (count < 2)
		return;
	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (const struct study *study = studies; study < studies + count; study++) {
		grid_add(&grid, "%zu", study->number);
		grid_add(&grid, "%s", study->lesson->belief);
		grid_add(&grid, "%s", outcome_name(study->outcome));
	}
	print_grid(&grid, format, to);
	grid_release(&grid);
}
