/*
 * tables: summaries as tables for people, CSV and JSON for programs.
 */
#ifndef TABLES_H
#define TABLES_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/summary.h"
#include "grid.h"
#include "json.h"
#include "options.h"

/* Which rows a table is made of. */
typedef bool row_filter(const struct summaries *all, const struct summary *row);

row_filter rows_all;
row_filter rows_speedup;   /* sequential, and every variant's default schedule */
row_filter rows_schedules; /* openmp's cases where several schedules were tried */

/* In all of these, what has not reached the precision, a relative half-width, is marked. */

/* One table a kernel, as text or Markdown. */
void tables_print(const struct summaries *all, row_filter *keep, double precision,
	enum format format, FILE *to);

/* Kernels down, schedules across, speedups in the cells, as text or Markdown. */
void tables_print_schedules(
	const struct summaries *all, double precision, enum format format, FILE *to);

/* The columns of a CSV file that say which case a row is of, and their cells. */
#define CASE_COLUMNS                                                                               \
	{ .name = "id" }, { .name = "kernel" }, { .name = "variant" }, { .name = "threads" },      \
		{ .name = "schedule" }, { .name = "chunk" }, { .name = "size" },                   \
	{                                                                                          \
		.name = "grain"                                                                    \
	}
void grid_add_case(struct grid *grid, const struct case_spec *spec);

/* Those that say what came out beside times, and their cells. */
#define OUTCOME_COLUMNS                                                                            \
	{ .name = "precise" }, { .name = "team" }, { .name = "verified" }, { .name = "result" },   \
	{                                                                                          \
		.name = "error"                                                                    \
	}
void grid_add_outcome(struct grid *grid, const struct summary *row, double precision);

/* Those of losses in a unit, in the order of enum loss. */
#define LOSS_COLUMNS(unit)                                                                         \
	{ .name = "inflation_" unit }, { .name = "fork_" unit }, { .name = "dispatch_" unit },     \
		{ .name = "lock_" unit }, { .name = "yield_" unit }, { .name = "wait_" unit },     \
	{                                                                                          \
		.name = "join_" unit                                                               \
	}

/* All rows in one table, seconds and ratios in full precision, empty where unknown. */
void tables_print_csv(const struct summaries *all, row_filter *keep, double precision, FILE *to);

/*
 * The contract of --format json. machine and map are borrowed. The caller owns the object; NULL if
 * memory runs out.
 *
 *	tine      the version
 *	machine   machine.h
 *	map       the CPU of each member, in order; empty if members are not bound
 *	cases     of each: id, kernel, variant, threads, schedule, chunk (null: the kind's own), size,
 *	          grain, launches and samples that count, seconds and speedup, efficiency, team,
 *	          verified, result, error ("" if nothing went wrong), and
 *	          precise: both intervals are within the precision
 *
 * seconds and speedup are { median, low, high, min }; null where unknown. CSV has the same, a column
 * each, and the launches that were disturbed and the serial fraction.
 */
json_t *tables_to_json(const struct summaries *all, double precision, json_t *machine, json_t *map);

/* { median, low, high, min }, as above. NULL if memory runs out. */
json_t *tables_estimate_to_json(bool known, const struct estimate *e);

#endif
