/*
 * choices: the schedules of each loop side by side, and which to take, as tables and as data.
 */
#ifndef CHOICES_H
#define CHOICES_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/choice.h"
#include "analysis/losses.h"
#include "analysis/summary.h"
#include "options.h"

/* One schedule of a loop. */
struct choice_line {
	const struct summary *summary;
	const struct choice_row *row;
	uint64_t chunks; /* dealt out in a region */
	bool has_losses;
	struct losses losses;
};

/* A loop: a kernel, variant, number of threads and size. */
struct choice_group {
	struct trials trials;
	struct choice choice;
	struct choice_line *lines; /* one a trial, in their order */
};

struct choice_table {
	double precision; /* the relative half-width of intervals that is asked for */
	struct choice_group *groups;
	size_t count;
};

/*
 * All loops of which `all` has several schedules; `all` outlives the table. Never NULL; the caller
 * frees with choice_table_free.
 */
struct choice_table *choice_table_make(const struct summaries *all,
	const struct launch_record *launches, size_t launch_count, double precision);
void choice_table_free(struct choice_table *table);

/* As text or Markdown: of each loop what was measured, and a recommendation with its reason. */
void choice_table_print(const struct choice_table *table, enum format format, FILE *to);

/* Of each loop one sentence: which schedule to take, and why. Nothing if there is no loop. */
void choice_table_print_advice(const struct choice_table *table, enum format format, FILE *to);

/*
 * All schedules in one table, the unmeasured too, in full precision, empty where unknown. `precise`
 * is of time and speedup, as in tables.h.
 */
void choice_table_print_csv(const struct choice_table *table, FILE *to);

/* The contract of --format json; machine is borrowed. The caller owns the object. */
json_t *choice_table_to_json(const struct choice_table *table, json_t *machine);

/* Whether measurements say that a line is the one to take. */
bool choice_group_recommends(const struct choice_group *group, size_t line);

/* A part's share of p E. */
static inline double choice_line_share(const struct choice_line *line, enum loss kind)
{
	return line->losses.parts[kind] / line->losses.total;
}

#endif
