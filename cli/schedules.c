#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/chunks.h"
#include "analysis/compare.h"
#include "analysis/search.h"
#include "choices.h"
#include "announce.h"
#include "commands.h"
#include "conductor.h"
#include "execution.h"
#include "forecast.h"
#include "json.h"
#include "machine/machine.h"
#include "plot.h"
#include "process.h"

enum {
	BUDGET_S = 30,
	STAGE_ROUNDS = 3 /* of the stages before the final, at most */
};

/* Launches differ more than the samples of one do: rather many and short ones. */
static const uint64_t sample_budget_ns = 30000000;

/* What is measured, and what is known of it by now. */
struct study {
	const struct options *options;
	struct plan plan; /* the sequential case first; then the candidates, variant by variant */
	struct run run;
	unsigned round;
	bool *open;    /* which of the plan's cases a round launches */
	bool forecast; /* numbers of cores were asked for, and are predicted */
	struct oracle oracle;
};

/* ---- candidates ---- */

static int compare_chunks(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Whether a kind is to be tried with all chunks. */
static bool wants_kind(const struct options *o, enum schedule_kind kind)
{
	for (size_t s = 0; s < o->schedule_count; s++)
		if (o->schedules[s].kind == kind && !o->schedules[s].chunk)
			return true;
	return !o->schedule_count;
}

/* The chunks that a kind is to be tried with, ascending; plan_add drops what is there twice. */
static size_t chunks_of_kind(const struct options *o, enum schedule_kind kind,
	const struct case_spec *base, unsigned threads, uint32_t chunks[LIST_MAX + LIST_MAX])
{
	size_t count = 0;

	if (wants_kind(o, kind) && o->chunk_count) {
		memcpy(chunks, o->chunks, o->chunk_count * sizeof(*chunks));
		count = o->chunk_count;
	} else if (wants_kind(o, kind)) {
		count = chunks_ladder(case_units(base), threads, chunks);
	}
	for (size_t s = 0; s < o->schedule_count; s++)
		if (o->schedules[s].kind == kind && o->schedules[s].chunk)
			chunks[count++] = o->schedules[s].chunk;
	qsort(chunks, count, sizeof(*chunks), compare_chunks);
	return count;
}

static int add_kind(struct study *study, struct case_spec spec, enum schedule_kind kind)
{
	uint32_t chunks[LIST_MAX + LIST_MAX];
	const size_t count =
		chunks_of_kind(study->options, kind, &study->plan.cases[0], spec.threads, chunks);
	int error = 0;

	for (size_t c = 0; c < count && !error; c++) {
		spec.schedule = (struct schedule) { kind, chunks[c] };
		error = plan_add(&study->plan, &spec);
	}
	return error;
}

/* Plain static is always there: what is worth less than it is worth nothing. */
static int add_variant(struct study *study, enum variant variant, unsigned threads)
{
	struct case_spec spec = study->plan.cases[0];
	int error;

	spec.variant = variant;
	spec.threads = threads;
	spec.schedule = (struct schedule) { SCHEDULE_STATIC, 0 };
	error = plan_add(&study->plan, &spec);
	for (int kind = SCHEDULE_STATIC; kind < SCHEDULE_AUTO && !error; kind++)
		error = add_kind(study, spec, kind);
	spec.schedule = (struct schedule) { SCHEDULE_AUTO, 0 };
	if (!error && wants_kind(study->options, SCHEDULE_AUTO))
		error = plan_add(&study->plan, &spec);
	return error;
}

static void tell_large_chunk(const char *option, const char *text, uint64_t units)
{
	fprintf(stderr,
		"tine: %s %s: the loop has %" PRIu64 " unit%s, so that one member does %s\n",
		option, text, units, units == 1 ? "" : "s", units == 1 ? "it" : "them all");
}

static void tell_large_chunks(const struct options *o, const struct case_spec *base)
{
	const uint64_t units = case_units(base);
	char text[SCHEDULE_TEXT];

	for (size_t c = 0; c < o->chunk_count; c++) {
		snprintf(text, sizeof(text), "%" PRIu32, o->chunks[c]);
		if (o->chunks[c] > units)
			tell_large_chunk("--chunks", text, units);
	}
	for (size_t s = 0; s < o->schedule_count; s++)
		if (o->schedules[s].chunk > units)
			tell_large_chunk(
				"--schedule", schedule_print(o->schedules[s], text), units);
}

static int add_candidates(struct study *study, unsigned threads, struct message *why)
{
	const struct options *o = study->options;
	const unsigned variants = o->variants ? o->variants : 1u << OPENMP | 1u << POOL;
	struct case_spec base;
	int error = plan_sequential(o, o->arguments[0], &base, why);

	if (error)
		return error;
	tell_large_chunks(o, &base);
	error = plan_add(&study->plan, &base);
	for (int v = SEQUENTIAL + 1; v < VARIANTS && !error; v++)
		if (variants & 1u << v)
			error = add_variant(study, v, threads);
	if (!error)
		study->open = calloc(study->plan.count, sizeof(*study->open));
	return study->open ? 0 : fail(why, -ENOMEM, "no memory for the plan");
}

/* ---- rounds ---- */

static double spent_share(const struct study *study)
{
	return (double)run_spent_ns(&study->run) / (double)study->plan.budget_ns;
}

/* Whether a user who gave a budget sees it spent. */
static bool is_over(const struct study *study)
{
	return study->plan.budget_is_hard && spent_share(study) >= 1;
}

/* One variant's candidates: [first, end) of the plan's cases. */
static size_t end_of_variant(const struct plan *plan, size_t first)
{
	size_t end = first;

	while (end < plan->count && plan->cases[end].variant == plan->cases[first].variant)
		end++;
	return end;
}

static int trials_of(const struct study *study, size_t first, struct trials *trials)
{
	return trials_make(trials, &study->plan.cases[first], study->plan.cases + first,
		end_of_variant(&study->plan, first) - first, study->run.launches, study->run.count);
}

static int open_variant(struct study *study, enum search_stage stage, size_t first)
{
	struct trials trials;
	int error = trials_of(study, first, &trials);

	if (error)
		return error;
	error = search_open(stage, &trials, study->open + first);
	trials_release(&trials);
	return error;
}

static size_t count_open(const struct study *study)
{
	size_t count = 0;

	for (size_t c = 0; c < study->plan.count; c++)
		count += study->open[c];
	return count;
}

/* Opens what the stage launches; the sequential case with it, from which losses are counted. */
static int open_stage(struct study *study, enum search_stage stage, struct message *why)
{
	const struct plan *plan = &study->plan;
	int error = 0;

	memset(study->open, study->options->all, plan->count * sizeof(*study->open));
	for (size_t first = 1; first < plan->count && !error && !study->options->all;
		first = end_of_variant(plan, first))
		error = open_variant(study, stage, first);
	study->open[0] = count_open(study) > 0;
	return error ? fail(why, error, "no memory for the search") : 0;
}

static int run_round(struct study *study, struct progress *progress, struct message *why)
{
	return conductor_round(
		&study->plan, &study->run, study->round++, study->open, progress, why);
}

/* Up to three rounds, while there is budget left for this; at least one. */
static int run_stage(
	struct study *study, enum search_stage stage, double until, struct message *why)
{
	const unsigned most =
		study->plan.launches_most < STAGE_ROUNDS ? study->plan.launches_most : STAGE_ROUNDS;
	struct progress progress;
	int error = open_stage(study, stage, why);

	progress_init(
		&progress, study->run.count + most * count_open(study), study->run.count, false);
	for (unsigned r = 0; r < most && !error && !is_over(study); r++) {
		if (r && spent_share(study) >= until)
			break;
		if (r && stage == SEARCH_COARSE) /* without what has become hopeless */
			error = open_stage(study, stage, why);
		if (!error)
			error = run_round(study, &progress, why);
	}
	progress_end(&progress);
	return error;
}

/* ---- the final ---- */

/* Whether the ratios of a variant's finalists are known as well as was asked for. */
static int is_settled(const struct study *study, size_t first, bool *settled)
{
	struct trials trials;
	struct choice choice;
	int error = trials_of(study, first, &trials);

	if (error)
		return error;
	error = choice_make(&choice, &trials);
	for (size_t i = 0; i < trials.count && !error; i++) {
		const struct choice_row *row = &choice.rows[i];
		*settled &= !study->open[first + i] || row->standing == STANDING_SLOWER ||
			(row->to_fastest.known &&
				estimate_half_width(&row->to_fastest.ratio) <=
					study->plan.precision);
	}
	if (!error)
		choice_release(&choice);
	trials_release(&trials);
	return error;
}

static int all_settled(const struct study *study, bool *settled)
{
	int error = 0;

	*settled = true;
	for (size_t first = 1; first < study->plan.count && !error;
		first = end_of_variant(&study->plan, first))
		error = is_settled(study, first, settled);
	return error;
}

/* The launches with which the slowest of them all can be told from the fastest. */
static unsigned final_rounds(const struct study *study)
{
	const size_t needed = compare_launches(count_open(study));

	if (study->options->launches)
		return study->options->launches;
	return needed > STATS_INTERVAL_LEAST ? (unsigned)needed : STATS_INTERVAL_LEAST;
}

static int run_final(struct study *study, struct message *why)
{
	struct progress progress;
	bool settled = false;
	int error = open_stage(study, SEARCH_FINAL, why);
	const unsigned least = final_rounds(study);

	progress_init(
		&progress, study->run.count + least * count_open(study), study->run.count, false);
	for (unsigned r = 0; !error && study->open[0] && !is_over(study); r++) {
		if (r >= least && stats_may_look(r) && all_settled(study, &settled))
			error = fail(why, -ENOMEM, "no memory to look at the precision");
		if (r >= least &&
			(settled || spent_share(study) >= 1 || r >= study->plan.launches_most))
			break;
		if (r == least)
			progress_refine(&progress, count_open(study));
		if (!error)
			error = run_round(study, &progress, why);
	}
	progress_end(&progress);
	return error;
}

/* Coarse chunks first, then those around the best, then the best of all well. */
static int measure(struct study *study, struct message *why)
{
	const double coarse_until = 0.4, refine_until = 0.65; /* of the budget */
	int error = 0;

	study->plan.launches_least = UINT_MAX; /* a budget of our own ends no round half-way */
	study->plan.sample_budget_ns = sample_budget_ns;
	announce_crowding(&study->plan);
	if (!study->options->all)
		error = run_stage(study, SEARCH_COARSE, coarse_until, why);
	if (!error && !study->options->all)
		error = run_stage(study, SEARCH_REFINE, refine_until, why);
	if (!error)
		error = run_final(study, why);
	if (error == -EINTR && study->run.count)
		fail(why, error, "interrupted: the table holds what was launched until then");
	else if (error == -EINTR)
		fail(why, error, "interrupted before the first launch was done");
	return error;
}

/* ---- on other numbers of cores ---- */

static enum variant first_variant(const struct options *o)
{
	return o->variants ? (enum variant)__builtin_ctz(o->variants) : OPENMP;
}

/* Predicts the best schedule of all; what was measured here is shown even if that fails. */
static int ask_oracle(struct study *study, struct options *own, struct message *why)
{
	*own = *study->options;
	own->schedule_count = 0;
	const int error = oracle_ask(&study->oracle, own, first_variant(own), why);
	if (error)
		oracle_release(&study->oracle);
	study->forecast = !error;
	return error;
}

/* ---- what came out ---- */

static int print_json(const struct study *study, const struct choice_table *table)
{
	json_t *machine = machine_describe(&study->plan.topology);
	json_t *json = machine ? choice_table_to_json(table, machine) : NULL;

	json_decref(machine);
	if (study->forecast &&
		json_object_set_new(json, "forecast", forecast_to_json(&study->oracle))) {
		json_decref(json);
		json = NULL;
	}
	return json_print(json);
}

static int print(const struct study *study, const struct choice_table *table)
{
	const enum format format = study->options->format;

	if (format == FORMAT_JSON)
		return print_json(study, table);
	if (format == FORMAT_CSV)
		choice_table_print_csv(table, stdout);
	else
		choice_table_print(table, format, stdout);
	if (study->forecast) {
		putchar('\n');
		forecast_print(&study->oracle, format, stdout);
	}
	return 0;
}

static int print_heat_map(const void *table, FILE *to)
{
	choice_table_print_csv(table, to);
	return 0;
}

static int show(const struct study *study, bool draw, struct message *why)
{
	struct summaries all;
	int error = summaries_make(
		&all, study->plan.cases, study->plan.count, study->run.launches, study->run.count);

	if (error)
		return fail(why, error, "no memory for the table");
	struct choice_table *table = choice_table_make(
		&all, study->run.launches, study->run.count, study->plan.precision);
	error = print(study, table);
	tell_disturbed(&all);
	if (error)
		fail(why, error, "no memory for the table");
	else if (draw)
		error = plot_to_output(study->options->output, "heatmap.gp",
			study->options->arguments[0], print_heat_map, table, why);
	choice_table_free(table);
	summaries_release(&all);
	return error;
}

/* ---- the command ---- */

static int check(const struct options *o, struct message *why)
{
	if (o->thread_count > 1)
		return fail(why, -EINVAL, "--threads: schedules are compared at one number");
	if (o->variants & 1u << SEQUENTIAL)
		return fail(why, -EINVAL, "--variant sequential has no schedule");
	const int error = execution_check_parallel(o, why);
	if (error)
		return error;
	if (o->core_count && o->format == FORMAT_CSV)
		return fail(why, -EINVAL,
			"--cores is a table of its own: 'tine predict %s --cores ... --format csv'",
			o->arguments[0]);
	return 0;
}

static int begin(struct study *study, struct message *why)
{
	const struct options *o = study->options;
	int error = check(o, why);

	if (!error)
		error = plan_begin(&study->plan, o, BUDGET_S, why);
	if (error)
		return error;
	const unsigned cores = study->plan.topology.cores;
	const unsigned threads =
		o->thread_count && o->threads[0] != ALL_CORES ? o->threads[0] : cores;
	return add_candidates(study, threads, why);
}

/* What was launched until a signal is shown, too. */
static int measure_and_show(struct study *study, struct message *why)
{
	struct options own;
	struct message second;
	int error = measure(study, why);

	if (error && (error != -EINTR || !study->run.count))
		return error;
	if (!error && study->options->core_count)
		error = ask_oracle(study, &own, why);
	const int unshown = show(study, !error && study->options->output, error ? &second : why);
	if (study->forecast)
		oracle_release(&study->oracle);
	return error ? error : unshown;
}

int command_schedules(const struct options *options)
{
	struct study study = { .options = options, .run = run_in_memory() };
	struct message why;
	int error = begin(&study, &why);

	if (!error) {
		process_block_signals();
		error = measure_and_show(&study, &why);
	}
	const int code =
		error ? complain(error, &why) : exit_code_of(study.run.launches, study.run.count);
	free(study.open);
	run_release(&study.run);
	plan_release(&study.plan);
	return code;
}
