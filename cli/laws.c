#include "laws.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/scaling.h"
#include "cells.h"
#include "grid.h"
#include "launch.h"
#include "tables.h"

static bool takes_part(const struct summaries *all, const struct summary *row,
	const struct summary *of, unsigned cores)
{
	return rows_speedup(all, row) && row->has_speedup && row->team <= cores &&
		row->spec.variant == of->spec.variant && !strcmp(row->spec.kernel, of->spec.kernel);
}

/* Fits the curve that a row belongs to. */
static void fit_curve(
	const struct summaries *all, const struct summary *of, unsigned cores, struct scaling *into)
{
	struct scaling_point *points = calloc(all->count + 1, sizeof(*points));
	size_t count = 0;

	for (size_t i = 0; points && i < all->count; i++)
		if (takes_part(all, &all->rows[i], of, cores))
			points[count++] = (struct scaling_point) {
				.threads = all->rows[i].team,
				.speedup = all->rows[i].speedup.median,
			};
	if (!points || scaling_fit(into, points, count))
		no_memory("a scaling law");
	free(points);
}

/* Whether a row is the first of its kernel's and variant's curve. */
static bool begins_curve(const struct summaries *all, const struct summary *row)
{
	if (row->spec.variant == SEQUENTIAL || !rows_speedup(all, row) ||
		launch_waits(row->spec.kernel))
		return false;
	for (const struct summary *before = all->rows; before < row; before++)
		if (before->spec.variant == row->spec.variant && rows_speedup(all, before) &&
			!strcmp(before->spec.kernel, row->spec.kernel))
			return false;
	return true;
}

/* Whether all points of a row's curve are. */
static bool curve_is_precise(
	const struct summaries *all, const struct summary *of, unsigned cores, double precision)
{
	for (size_t i = 0; i < all->count; i++)
		if (takes_part(all, &all->rows[i], of, cores) &&
			!summary_is_precise(&all->rows[i], precision))
			return false;
	return true;
}

static void add_parameter(struct grid *grid, bool known, const struct parameter *p, double scale)
{
	if (known)
		grid_add(grid, "%.3g (%.3g – %.3g)", p->value * scale, p->low * scale,
			p->high * scale);
	else
		grid_add(grid, "%s", none);
}

static void add_choice(struct grid *grid, const struct scaling *s)
{
	if (s->best == SCALING_LAWS)
		grid_add(grid, "%s", none);
	else if (s->compared)
		grid_add(grid, "%s, by %.1f", scaling_law_name(s->best), s->lead);
	else
		grid_add(grid, "%s, unchallenged", scaling_law_name(s->best));
}

static void add_curve(
	struct grid *grid, const struct summary *row, const struct scaling *s, bool precise)
{
	const struct scaling_fit *amdahl = &s->fits[SCALING_AMDAHL], *usl = &s->fits[SCALING_USL];

	grid_add(grid, "%s", row->spec.kernel);
	grid_add(grid, "%s%s", variant_name(row->spec.variant), precise ? "" : " ~");
	add_parameter(grid, amdahl->fitted, &amdahl->parameters[0], 100);
	add_parameter(grid, amdahl->fitted && amdahl->has_end, &amdahl->end, 1);
	add_parameter(grid, usl->fitted, &usl->parameters[0], 100);
	add_parameter(grid, usl->fitted, &usl->parameters[1], 1e4);
	add_parameter(grid, usl->fitted && usl->has_end, &usl->end, 1);
	add_choice(grid, s);
}

void laws_print(
	const struct summaries *all, unsigned cores, double precision, enum format format, FILE *to)
{
	static const struct column columns[] = {
		{ "kernel", false },
		{ "variant", false },
		{ "Amdahl: s, %", true },
		{ "limit", true },
		{ "USL: sigma, %", true },
		{ "kappa, 1e-4", true },
		{ "best threads", true },
		{ "AICc prefers", false },
	};
	const bool markdown = format == FORMAT_MARKDOWN;
	struct message why = { "" };
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (const struct summary *row = all->rows; row < all->rows + all->count; row++) {
		struct scaling s;
		if (!begins_curve(all, row))
			continue;
		fit_curve(all, row, cores, &s);
		if (s.best != SCALING_LAWS)
			add_curve(&grid, row, &s, curve_is_precise(all, row, cores, precision));
		else if (!*why.text)
			why = s.fits[SCALING_AMDAHL].why;
	}
	fprintf(to, "%sScaling laws%s", markdown ? "### " : "", markdown ? "\n\n" : "\n");
	if (grid.cell_count) {
		(markdown ? grid_print_markdown : grid_print_text)(&grid, to);
		fprintf(to,
			"%s~ a 95 %% interval of a speedup is wider than ±%g %%, or not known\n",
			markdown ? "\n- " : "  ", 100 * precision);
	} else {
		fprintf(to, "%sno fit: %s\n", markdown ? "" : "  ",
			*why.text ? why.text : "there is no speedup");
	}
	grid_release(&grid);
}

static void add_numbers(struct grid *grid, bool known, const struct parameter *p)
{
	grid_add_number(grid, known, p->value);
	grid_add_number(grid, known, p->low);
	grid_add_number(grid, known, p->high);
}

static void add_csv_row(struct grid *grid, const struct summary *row, const struct scaling *s,
	enum scaling_law law, bool precise)
{
	const struct scaling_fit *fit = &s->fits[law];

	grid_add(grid, "%s", row->spec.kernel);
	grid_add(grid, "%s", variant_name(row->spec.variant));
	grid_add(grid, "%s", scaling_law_name(law));
	grid_add(grid, "%s", s->best == law ? "true" : "false");
	grid_add_number(grid, fit->fitted, (double)fit->points);
	grid_add(grid, "%s", precise ? "true" : "false");
	add_numbers(grid, fit->fitted, &fit->parameters[0]);
	add_numbers(grid, fit->fitted && law == SCALING_USL, &fit->parameters[1]);
	grid_add_number(grid, fit->fitted, fit->scatter);
	grid_add_number(grid, fit->fitted && fit->has_aicc, fit->aicc);
	add_numbers(grid, fit->fitted && fit->has_end, &fit->end);
	grid_add(grid, "%s", fit->fitted ? "" : fit->why.text);
}

void laws_print_csv(const struct summaries *all, unsigned cores, double precision, FILE *to)
{
	static const struct column columns[] = {
		{ .name = "kernel" },
		{ .name = "variant" },
		{ .name = "law" },
		{ .name = "preferred" },
		{ .name = "points" },
		{ .name = "precise" },
		{ .name = "s_or_sigma" },
		{ .name = "s_or_sigma_low" },
		{ .name = "s_or_sigma_high" },
		{ .name = "kappa" },
		{ .name = "kappa_low" },
		{ .name = "kappa_high" },
		{ .name = "scatter" },
		{ .name = "aicc" },
		{ .name = "end" },
		{ .name = "end_low" },
		{ .name = "end_high" },
		{ .name = "refused" },
	};
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (const struct summary *row = all->rows; row < all->rows + all->count; row++) {
		struct scaling s;
		if (!begins_curve(all, row))
			continue;
		fit_curve(all, row, cores, &s);
		for (int law = 0; law < SCALING_LAWS; law++)
			add_csv_row(
				&grid, row, &s, law, curve_is_precise(all, row, cores, precision));
	}
	grid_print_csv(&grid, to);
	grid_release(&grid);
}
