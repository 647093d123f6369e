#include <errno.h>
#include <stdio.h>

#include "caveats.h"
#include "cells.h"
#include "commands.h"
#include "grid.h"
#include "machine/build.h"
#include "pairs.h"
#include "tables.h"

static void add_seconds(struct grid *grid, double seconds)
{
	if (seconds > 0)
		grid_add(grid, "%.4g ms", 1e3 * seconds);
	else
		grid_add(grid, "%s", none);
}

static void add_row(struct grid *grid, const struct pair *pair, const struct comparison *c)
{
	char id[CASE_ID_MAX];

	grid_add(grid, "%s", case_print(pair->spec, id));
	add_seconds(grid, pair->seconds_a);
	add_seconds(grid, pair->seconds_b);
	if (c->ratio > 0)
		grid_add(grid, "%.3f", c->ratio);
	else
		grid_add(grid, "%s", none);
	if (c->interval)
		grid_add(grid, "%.3f – %.3f", c->low, c->high);
	else
		grid_add(grid, "%s", none);
	if (c->interval)
		grid_add(grid, "%.2g", c->p_holm);
	else
		grid_add(grid, "%s", none);
	if (c->ratio > 0)
		grid_add(grid, "%.2f", c->effect);
	else
		grid_add(grid, "%s", none);
	grid_add(grid, "%s%s%s", verdict_name(c->verdict), *c->why.text ? ": " : "", c->why.text);
}

/* What the columns mean, and how many cases have which word. */
static void print_legend(const struct pairs *pairs, const char *margin)
{
	size_t tested = 0, words[VERDICTS] = { 0 };

	for (size_t i = 0; i < pairs->count; i++) {
		tested += pairs->comparisons[i].interval;
		words[pairs->comparisons[i].verdict]++;
	}
	printf("\n%sA is %s, B is %s.", margin, pairs->a->run.path, pairs->b->run.path);
	if (pairs->relative)
		printf(" To be compared, B's times are divided by %.3f,\n%sthe median of all "
		       "ratios B / A.",
			pairs->by, margin);
	printf("\n%sp is Mann and Whitney's, corrected for %zu case%s by Holm; effect is Vargha "
	       "and\n"
	       "%sDelaney's A: the share of pairs of launches in which B is slower.\n\n",
		margin, tested, tested == 1 ? "" : "s", margin);
	for (int v = 0; v < VERDICTS; v++)
		printf("%s%zu %s", v ? ", " : margin, words[v], verdict_name(v));
	putchar('\n');
}

static void print_people(const struct pairs *pairs, enum format format)
{
	static const struct column columns[] = {
		{ "case", false },
		{ "A", true },
		{ "B", true },
		{ "B / A", true },
		{ "95 % interval", true },
		{ "p", true },
		{ "effect", true },
		{ "B is", false },
	};
	const bool markdown = format == FORMAT_MARKDOWN;
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < pairs->count; i++)
		add_row(&grid, &pairs->cases[i], &pairs->comparisons[i]);
	(markdown ? grid_print_markdown : grid_print_text)(&grid, stdout);
	grid_release(&grid);
	print_legend(pairs, markdown ? "" : "  ");
}

static void print_csv(const struct pairs *pairs)
{
	static const struct column columns[] = {
		{ .name = "id" },
		{ .name = "launches_a" },
		{ .name = "launches_b" },
		{ .name = "seconds_a" },
		{ .name = "seconds_b" },
		{ .name = "divided_by" },
		{ .name = "ratio" },
		{ .name = "ratio_low" },
		{ .name = "ratio_high" },
		{ .name = "u" },
		{ .name = "p" },
		{ .name = "p_holm" },
		{ .name = "effect" },
		{ .name = "verdict" },
		{ .name = "why" },
	};
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < pairs->count; i++) {
		const struct comparison *c = &pairs->comparisons[i];
		char id[CASE_ID_MAX];
		grid_add(&grid, "%s", case_print(pairs->cases[i].spec, id));
		grid_add(&grid, "%zu", c->count_a);
		grid_add(&grid, "%zu", c->count_b);
		grid_add_number(&grid, c->count_a, pairs->cases[i].seconds_a);
		grid_add_number(&grid, c->count_b, pairs->cases[i].seconds_b);
		grid_add_number(&grid, true, pairs->by);
		grid_add_number(&grid, c->ratio > 0, c->ratio);
		grid_add_number(&grid, c->interval, c->low);
		grid_add_number(&grid, c->interval, c->high);
		grid_add_number(&grid, c->interval, c->u);
		grid_add_number(&grid, c->interval, c->p);
		grid_add_number(&grid, c->interval, c->p_holm);
		grid_add_number(&grid, c->ratio > 0, c->effect);
		grid_add(&grid, "%s", verdict_name(c->verdict));
		grid_add(&grid, "%s", c->why.text);
	}
	grid_print_csv(&grid, stdout);
	grid_release(&grid);
}

static json_t *case_to_object(const struct pair *pair, const struct comparison *c)
{
	char id[CASE_ID_MAX];

	return json_pack("{ss sI sI so so s{so so so} so so so so ss ss}", "id",
		case_print(pair->spec, id), "launches_a", (json_int_t)c->count_a, "launches_b",
		(json_int_t)c->count_b, "seconds_a", number_or_null(c->count_a, pair->seconds_a),
		"seconds_b", number_or_null(c->count_b, pair->seconds_b), "ratio", "median",
		number_or_null(c->ratio > 0, c->ratio), "low", number_or_null(c->interval, c->low),
		"high", number_or_null(c->interval, c->high), "u",
		number_or_null(c->interval, c->u), "p", number_or_null(c->interval, c->p), "p_holm",
		number_or_null(c->interval, c->p_holm), "effect",
		number_or_null(c->ratio > 0, c->effect), "verdict", verdict_name(c->verdict), "why",
		c->why.text);
}

static int print_json(const struct pairs *pairs)
{
	const struct side *a = pairs->a, *b = pairs->b;
	json_t *cases = json_array();

	for (size_t i = 0; i < pairs->count; i++)
		json_array_append_new(
			cases, case_to_object(&pairs->cases[i], &pairs->comparisons[i]));
	if (json_array_size(cases) != pairs->count) { /* memory ran out */
		json_decref(cases);
		return -ENOMEM;
	}
	return json_print(json_pack("{ss ss ss ss? sb so sI sI so}", "tine", build_version(), "a",
		a->run.path, "b", b->run.path, "turns", caveats_turns(a, b), "relative",
		pairs->relative, "shift", number_or_null(pairs->shift > 0, pairs->shift), "only_a",
		(json_int_t)pairs->only_a, "only_b", (json_int_t)pairs->only_b, "cases", cases));
}

static int print(const struct pairs *pairs, enum format format)
{
	if (format == FORMAT_JSON)
		return print_json(pairs);
	if (format == FORMAT_CSV)
		print_csv(pairs);
	else
		print_people(pairs, format);
	return 0;
}

/* Tells of the cases that are slower by more than the limit. */
static int judge(const struct pairs *pairs, double fail_above)
{
	size_t slower = 0;

	for (size_t i = 0; i < pairs->count && fail_above > 0; i++)
		slower += comparison_exceeds(&pairs->comparisons[i], fail_above);
	if (slower)
		fprintf(stderr, "tine: %zu case%s slower by more than %g %%\n", slower,
			slower == 1 ? " is" : "s are", 100 * fail_above);
	return slower ? EXIT_SLOWER : EXIT_DONE;
}

static int compare(const struct side *a, const struct side *b, const struct options *options)
{
	struct pairs pairs;
	struct message why;
	int error = pairs_make(&pairs, a, b, options->relative, options->margin, &why);

	if (error)
		return complain(error, &why);
	caveats_tell(&pairs, options->margin);
	error = print(&pairs, options->format);
	if (error)
		fail(&why, error, "no memory for the table");
	const int code = error ? complain(error, &why) : judge(&pairs, options->fail_above);
	pairs_release(&pairs);
	return code;
}

int command_compare(const struct options *options)
{
	struct side a, b;
	struct message why;
	int error = side_load(&a, options->arguments[0], &why);

	if (error)
		return complain(error, &why);
	error = side_load(&b, options->arguments[1], &why);
	if (error) {
		side_release(&a);
		return complain(error, &why);
	}
	const int code = compare(&a, &b, options);
	side_release(&b);
	side_release(&a);
	return code;
}
