#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare.h"
#include "analysis/summary.h"
#include "commands.h"
#include "grid.h"
#include "machine/build.h"
#include "plan.h"
#include "tables.h"

/* One of the two runs. */
struct side {
	struct run run;
	struct plan plan;
};

/* One case that both have. */
struct pair {
	const struct case_spec *spec;
	double seconds_a, seconds_b; /* medians over launches; 0 if there is none */
};

struct pairs {
	struct pair *cases;
	struct comparison *comparisons; /* as many */
	size_t count;
	size_t only_a, only_b; /* cases that the other has not */
	double shift;          /* median ratio of all cases, as measured; 0: there is none */
};

static void side_release(struct side *side)
{
	plan_release(&side->plan);
	run_release(&side->run);
}

static int side_load(struct side *side, const char *path, struct message *why)
{
	int error = run_load(&side->run, path, why);

	if (error)
		return error;
	if (side->run.torn)
		fprintf(stderr,
			"tine: the last line of %s/launches.jsonl is cut short and left out\n",
			side->run.path);
	error = plan_of_run(&side->plan, &side->run, why);
	if (error)
		run_release(&side->run);
	return error;
}

static bool has_case(const struct plan *plan, const struct case_spec *spec)
{
	for (size_t i = 0; i < plan->count; i++)
		if (case_same(&plan->cases[i], spec))
			return true;
	return false;
}

/* The times of a case's undisturbed launches. Returns 0 or -ENOMEM; the caller frees. */
static int times_of(
	const struct run *run, const struct case_spec *spec, double **seconds, size_t *count)
{
	int error = 0;

	*count = 0;
	*seconds = calloc(run->count + 1, sizeof(**seconds));
	if (!*seconds)
		return -ENOMEM;
	for (size_t l = 0; l < run->count && !error; l++) {
		const struct launch_record *launch = &run->launches[l];
		if (launch->status == LAUNCH_OK && !launch_is_disturbed(launch) &&
			case_same(&launch->spec, spec))
			error = launch_seconds(launch, &(*seconds)[(*count)++]);
	}
	return error;
}

/* B's times are divided by `by` before they are compared. */
static int compare_case(const struct side *a, const struct side *b, double by, struct pair *pair,
	struct comparison *comparison)
{
	double *times_a = NULL, *times_b = NULL;
	size_t count_a = 0, count_b = 0;
	int error = times_of(&a->run, pair->spec, &times_a, &count_a);

	if (!error)
		error = times_of(&b->run, pair->spec, &times_b, &count_b);
	for (size_t i = 0; i < count_b && !error; i++)
		times_b[i] /= by;
	if (!error)
		error = comparison_make(comparison, times_a, count_a, times_b, count_b);
	if (!error && count_a)
		pair->seconds_a = stats_median(times_a, count_a);
	if (!error && count_b)
		pair->seconds_b = stats_median(times_b, count_b) * by; /* as measured */
	free(times_a);
	free(times_b);
	return error;
}

static void pairs_release(struct pairs *pairs)
{
	free(pairs->cases);
	free(pairs->comparisons);
}

static int compare_cases(struct pairs *pairs, const struct side *a, const struct side *b, double by)
{
	int error = 0;

	pairs->count = 0;
	for (size_t i = 0; i < a->plan.count && !error; i++) {
		struct pair *pair = &pairs->cases[pairs->count];
		*pair = (struct pair) { .spec = &a->plan.cases[i] };
		if (has_case(&b->plan, pair->spec))
			error = compare_case(a, b, by, pair, &pairs->comparisons[pairs->count++]);
	}
	return error;
}

/* What all cases have in common: the median of their ratios. */
static int find_shift(struct pairs *pairs)
{
	double *ratios = calloc(pairs->count + 1, sizeof(*ratios));
	size_t count = 0;

	if (!ratios)
		return -ENOMEM;
	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->comparisons[i].ratio > 0)
			ratios[count++] = pairs->comparisons[i].ratio;
	pairs->shift = count ? stats_median(ratios, count) : 0;
	free(ratios);
	return 0;
}

static int pairs_make(struct pairs *pairs, const struct side *a, const struct side *b,
	const struct options *options)
{
	*pairs = (struct pairs) {
		.cases = calloc(a->plan.count, sizeof(*pairs->cases)),
		.comparisons = calloc(a->plan.count, sizeof(*pairs->comparisons)),
	};
	if (!pairs->cases || !pairs->comparisons)
		return -ENOMEM;
	int error = compare_cases(pairs, a, b, 1);
	if (!error)
		error = find_shift(pairs);
	if (!error && options->relative && pairs->shift > 0)
		error = compare_cases(pairs, a, b, pairs->shift);
	pairs->only_a = a->plan.count - pairs->count;
	for (size_t i = 0; i < b->plan.count; i++)
		pairs->only_b += !has_case(&a->plan, &b->plan.cases[i]);
	return error ? error : comparisons_judge(pairs->comparisons, pairs->count, options->margin);
}

/* ---- what else than the program differs ---- */

static void print_value(const json_t *value)
{
	char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

	fputs(text ? text : "nothing", stderr);
	free(text);
}

/* Tells of each key whose values differ; returns how many did. */
static size_t tell_differences(
	const json_t *a, const json_t *b, const char *const *keys, size_t count)
{
	size_t told = 0;

	for (size_t k = 0; k < count; k++) {
		const json_t *in_a = json_object_get(a, keys[k]),
			     *in_b = json_object_get(b, keys[k]);
		if (in_a == in_b || json_equal(in_a, in_b))
			continue;
		fprintf(stderr, "%s  %s: ",
			told++ ? "" : "tine: the runs differ in more than what is compared:\n",
			keys[k]);
		print_value(in_a);
		fputs(" and ", stderr);
		print_value(in_b);
		fputc('\n', stderr);
	}
	return told;
}

static void warn_of_differences(const struct side *a, const struct side *b)
{
	static const char *const machine_keys[] = { "host", "cpu", "packages", "numa_nodes",
		"cores", "hardware_threads", "cpus_allowed", "cpu_quota", "memory_bytes",
		"hypervisor", "kernel", "clock_source", "governor", "boost", "smt", "huge_pages",
		"version", "compiler", "flags", "isa", "openmp", "environment" };
	static const char *const plan_keys[] = { "samples", "sample_budget_ns", "gamma", "image",
		"bind" };

	tell_differences(json_object_get(a->run.about, "machine"),
		json_object_get(b->run.about, "machine"), machine_keys,
		sizeof(machine_keys) / sizeof(machine_keys[0]));
	tell_differences(json_object_get(a->run.about, "plan"),
		json_object_get(b->run.about, "plan"), plan_keys,
		sizeof(plan_keys) / sizeof(plan_keys[0]));
}

static void warn_of_cases(const struct pairs *pairs, const struct side *a, const struct side *b)
{
	if (pairs->only_a || pairs->only_b)
		fprintf(stderr,
			"tine: left out, since the other run has not got them: %zu case%s of "
			"%s, %zu of %s\n",
			pairs->only_a, pairs->only_a == 1 ? "" : "s", a->run.path, pairs->only_b,
			b->run.path);
}

/* What happened to all cases alike is more likely the machine's doing than the program's. */
static void tell_shift(const struct pairs *pairs, const struct options *options)
{
	if (pairs->count < 2 || !(pairs->shift > 0))
		return;
	fprintf(stderr, "tine: the median of all %zu ratios B / A is %.3f", pairs->count,
		pairs->shift);
	if (options->relative)
		fputs(": B's times are divided by it, so that cases are compared with one "
		      "another\n",
			stderr);
	else if (fabs(log(pairs->shift)) > log(1 + options->margin))
		fputs(": if the machine changed, and not the program, --relative takes it out\n",
			stderr);
	else
		fputc('\n', stderr);
}

/* ---- output ---- */

static const char none[] = "–";

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
	grid_add(grid, "%.2g", c->p_holm);
	grid_add(grid, "%.2f", c->effect);
	grid_add(grid, "%s%s%s", verdict_name(c->verdict), *c->why.text ? ": " : "", c->why.text);
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
	size_t words[VERDICTS] = { 0 };
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < pairs->count; i++) {
		add_row(&grid, &pairs->cases[i], &pairs->comparisons[i]);
		words[pairs->comparisons[i].verdict]++;
	}
	(markdown ? grid_print_markdown : grid_print_text)(&grid, stdout);
	grid_release(&grid);
	printf("\n%sp is Mann and Whitney's, corrected for %zu cases by Holm; effect is Vargha "
	       "and\n"
	       "%sDelaney's A: the share of pairs of launches in which B is slower.\n\n",
		markdown ? "" : "  ", pairs->count, markdown ? "" : "  ");
	for (int v = 0; v < VERDICTS; v++)
		printf("%s%zu %s", v ? ", " : markdown ? "" : "  ", words[v], verdict_name(v));
	putchar('\n');
}

static void print_csv(const struct pairs *pairs)
{
	static const struct column columns[] = {
		{ .name = "id" },
		{ .name = "launches_a" },
		{ .name = "launches_b" },
		{ .name = "seconds_a" },
		{ .name = "seconds_b" },
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

static int print_json(
	const struct pairs *pairs, const struct side *a, const struct side *b, bool relative)
{
	json_t *cases = json_array();

	for (size_t i = 0; i < pairs->count; i++)
		json_array_append_new(
			cases, case_to_object(&pairs->cases[i], &pairs->comparisons[i]));
	json_t *all = json_pack("{ss ss ss sb so sI sI so}", "tine", build_version(), "a",
		a->run.path, "b", b->run.path, "relative", relative, "shift",
		number_or_null(pairs->shift > 0, pairs->shift), "only_a", (json_int_t)pairs->only_a,
		"only_b", (json_int_t)pairs->only_b, "cases", cases);
	if (!all)
		return -ENOMEM;
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
	return 0;
}

static int print(const struct pairs *pairs, const struct side *a, const struct side *b,
	const struct options *options)
{
	const enum format format = options->format;

	if (format == FORMAT_JSON)
		return print_json(pairs, a, b, options->relative);
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
	int error = pairs_make(&pairs, a, b, options);

	if (error)
		fail(&why, error, "cannot compare the runs: %s", strerror(-error));
	else if (!pairs.count)
		error = fail(&why, -EINVAL, "%s and %s have no case in common", a->run.path,
			b->run.path);
	if (!error) {
		warn_of_differences(a, b);
		warn_of_cases(&pairs, a, b);
		tell_shift(&pairs, options);
		error = print(&pairs, a, b, options);
		if (error)
			fail(&why, error, "no memory for the table");
	}
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
