#include "oracle.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/calibration.h"
#include "analysis/chunks.h"
#include "analysis/ranking.h"
#include "analysis/summary.h"
#include "conductor.h"
#include "launch.h"

enum { BUDGET_S = 60, USUAL_CORES = 5 };

const double oracle_tolerance = 0.01;

/* ---- measuring ---- */

/* Measures what the plan has and the run has not. */
static int run_plan(struct oracle *o, struct message *why)
{
	o->plan.launches_least = o->plan.launches_most =
		o->options->launches ? o->options->launches : STATS_INTERVAL_LEAST;
	return conductor_run(&o->plan, &o->run, false, why);
}

/* What a region moves, as far as the kernel knows. */
static double kernel_bytes(const struct case_spec *spec)
{
	const struct demand *demand = &launch_kernel(spec->kernel)->demand;
	const double count = spec->size.width ? (double)spec->size.width * spec->size.height
					      : (double)spec->size.n;

	return count * (demand->read_bytes + demand->written_bytes);
}

static double median_of(const struct case_spec *spec, const struct run *run)
{
	struct summaries all;
	double seconds = NAN;

	if (summaries_make(&all, spec, 1, run->launches, run->count))
		return NAN;
	if (all.rows[0].launches)
		seconds = all.rows[0].seconds.median;
	summaries_release(&all);
	return seconds;
}

/* The same units, each that much dearer. */
static int scale_costs(struct unit_costs *into, const struct unit_costs *from, double by)
{
	double *unit_ns = calloc(from->units + 1, sizeof(*unit_ns));
	int error = unit_ns ? 0 : -ENOMEM;

	for (uint64_t u = 0; u < from->units && !error; u++)
		unit_ns[u] = by * (from->before_ns[u + 1] - from->before_ns[u]);
	if (!error)
		error = unit_costs_init(into, unit_ns, from->units);
	free(unit_ns);
	return error;
}

/* How this kernel's members hinder one another. */
static int learn_contention(struct oracle *o, const struct node_cases *cases, struct message *why)
{
	struct crowding crowding = { .team = o->cores,
		.alone_ns = unit_costs_total(&o->costs),
		.computing = o->node.slowdown,
		.bytes = cases->bytes,
		.bytes_a_second = o->node.bytes_per_second };

	if (busy_measure(&crowding.together_ns, &o->together, o->run.launches, o->run.count))
		return fail(why, -ENOMEM, "no memory for a prediction");
	if (isnan(crowding.together_ns))
		return fail(why, -ENODATA,
			"every launch on all cores at once was disturbed by other load, or failed");
	const struct contention contention = contention_fit(&crowding);
	o->slowdown = contention.slowdown;
	o->node.overheads.memory = contention.memory;
	if (scale_costs(&o->busy_costs, &o->costs, o->slowdown))
		return fail(why, -ENOMEM, "no memory for a prediction");
	return 0;
}

static int learn(struct oracle *o, const struct node_cases *cases, struct message *why)
{
	const struct run *run = &o->run;
	int error = unit_costs_measure(&o->costs, &o->alone, run->launches, run->count, why);

	if (!error)
		error = node_measure(&o->node, cases, run, why);
	if (error)
		return error;
	o->sequential_s = median_of(&o->sequential, run);
	if (isnan(o->sequential_s))
		return fail(why, -ENODATA,
			"every launch of the sequential case was disturbed by other load, or "
			"failed");
	return learn_contention(o, cases, why);
}

static unsigned team_at(const struct oracle *o, size_t index)
{
	const unsigned usual[USUAL_CORES] = { 1, 2, 8, 64, ALL_CORES };
	const unsigned asked = o->options->core_count ? o->options->cores[index] : usual[index];

	return asked == ALL_CORES ? o->cores : asked;
}

static size_t team_count(const struct oracle *o)
{
	return o->options->core_count ? o->options->core_count : USUAL_CORES;
}

/* What is predicted whatever comes out: what was asked for, or static. */
static size_t asked_schedules(const struct oracle *o, const struct schedule **asked)
{
	static const struct schedule usual[] = { { SCHEDULE_STATIC, 0 } };

	*asked = o->options->schedule_count ? o->options->schedules : usual;
	return o->options->schedule_count ? o->options->schedule_count : 1;
}

static struct case_spec case_of(const struct oracle *o, unsigned team, struct schedule schedule)
{
	struct case_spec spec = o->alone;

	spec.threads = team;
	spec.schedule = schedule;
	return spec;
}

/* Those that can be measured beside their prediction. */
static int plan_asked(struct oracle *o)
{
	const struct schedule *asked;
	const size_t count = asked_schedules(o, &asked);

	for (size_t c = 0; c < team_count(o); c++)
		for (size_t s = 0; s < count; s++) {
			const struct case_spec spec = case_of(o, team_at(o, c), asked[s]);
			if (spec.threads <= o->cores && plan_add(&o->plan, &spec))
				return -ENOMEM;
		}
	return 0;
}

/* Some blocks a member: neither a schedule that is asked for, as a rule, nor one that scatters units. */
static struct case_spec together_of(const struct oracle *o)
{
	enum { BLOCKS = 4 /* a member */ };
	const uint64_t chunk = case_units(&o->alone) / (BLOCKS * o->cores);

	return case_of(o, o->cores,
		(struct schedule) {
			SCHEDULE_STATIC, (uint32_t)fmax(1, fmin(UINT32_MAX, (double)chunk)) });
}

/* Unit costs, the node's costs and what they are to predict, in one plan: they meet one machine. */
static int measure(struct oracle *o, struct message *why)
{
	struct node_cases cases;
	int error = plan_begin(&o->plan, o->options, BUDGET_S, why);

	if (error)
		return error;
	o->cores = o->plan.topology.cores;
	error = plan_sequential(o->options, o->options->arguments[0], &o->sequential, why);
	o->alone = o->sequential;
	o->alone.variant = o->variant;
	o->alone.schedule = (struct schedule) { SCHEDULE_STATIC, 0 };
	o->plan.keep_units = &o->alone;
	o->together = together_of(o);
	if (!error &&
		(plan_add(&o->plan, &o->sequential) || plan_add(&o->plan, &o->alone) ||
			plan_add(&o->plan, &o->together) || plan_asked(o)))
		error = fail(why, -ENOMEM, "no memory for the plan");
	if (!error)
		error = node_plan(&cases, &o->plan, o->options, o->variant, o->cores,
			kernel_bytes(&o->sequential), why);
	if (!error)
		error = run_plan(o, why);
	return error ? error : learn(o, &cases, why);
}

/* ---- predicting ---- */

static const struct unit_costs *costs_for(const struct oracle *o, unsigned team)
{
	return team > 1 ? &o->busy_costs : &o->costs;
}

static int add_prediction(
	struct oracle *o, unsigned team, const struct prediction *prediction, bool best)
{
	struct oracle_row *more = realloc(o->rows, (o->count + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	o->rows = more;
	more[o->count] = (struct oracle_row) { .prediction = *prediction, .best = best };
	return bounds_find(&more[o->count++].bounds, costs_for(o, team), team, &o->node.overheads);
}

/* The schedules that were asked for, and the best of all. */
static int predict_team(struct oracle *o, unsigned team)
{
	const struct unit_costs *costs = costs_for(o, team);
	struct schedule all[SCHEDULES_TO_TRY];
	const struct schedule *asked;
	struct ranking ranking;
	bool best_asked = false;
	int error = 0;

	const size_t count = asked_schedules(o, &asked);
	const size_t tried = schedules_to_try(all, costs->units, team);
	if (ranking_make(&ranking, costs, team, &o->node.overheads, all, tried, oracle_tolerance))
		return -ENOMEM;
	const struct prediction *best = &ranking.rows[0];
	for (size_t s = 0; s < count && !error; s++) {
		struct prediction prediction;
		const bool is_best = schedule_same(asked[s], best->schedule);
		error = simulate(&prediction, costs, team, asked[s], &o->node.overheads);
		if (!error)
			error = add_prediction(o, team, &prediction, is_best);
		best_asked |= is_best;
	}
	if (!error && !best_asked)
		error = add_prediction(o, team, best, true);
	ranking_release(&ranking);
	return error;
}

static bool is_predicted(const struct oracle *o, unsigned team)
{
	for (size_t r = 0; r < o->count; r++)
		if (o->rows[r].prediction.team == team)
			return true;
	return false;
}

static int predict(struct oracle *o, struct message *why)
{
	for (size_t c = 0; c < team_count(o); c++)
		if (!is_predicted(o, team_at(o, c)) && predict_team(o, team_at(o, c)))
			return fail(why, -ENOMEM, "no memory for a prediction");
	return 0;
}

/* ---- measurement beside ---- */

struct case_spec oracle_case(const struct oracle *o, const struct oracle_row *row)
{
	return case_of(o, row->prediction.team, row->prediction.schedule);
}

static void take_measurement(struct oracle_row *row, const struct summary *summary)
{
	row->measured = summary->launches;
	row->seconds = summary->seconds;
	if (summary->failed)
		snprintf(row->why, sizeof(row->why), "%s", summary->why);
	else if (!summary->launches)
		snprintf(row->why, sizeof(row->why), "every launch was disturbed");
}

static int take_measurements(struct oracle *o)
{
	struct summaries all;

	if (summaries_make(&all, o->plan.cases, o->plan.count, o->run.launches, o->run.count))
		return -ENOMEM;
	for (size_t r = 0; r < o->count; r++) {
		const struct case_spec spec = oracle_case(o, &o->rows[r]);
		for (size_t i = 0; i < all.count; i++)
			if (case_same(&all.rows[i].spec, &spec))
				take_measurement(&o->rows[r], &all.rows[i]);
	}
	summaries_release(&all);
	return 0;
}

/* Where the cores are at hand; of the best schedules, of which nobody knew before. */
static int measure_beside(struct oracle *o, struct message *why)
{
	int error = 0;

	for (size_t r = 0; r < o->count && !error; r++) {
		const struct case_spec spec = oracle_case(o, &o->rows[r]);
		if (spec.threads <= o->cores && plan_add(&o->plan, &spec))
			error = fail(why, -ENOMEM, "no memory for the plan");
	}
	if (!error)
		error = run_plan(o, why);
	if (!error && take_measurements(o))
		error = fail(why, -ENOMEM, "no memory for the measurements");
	return error;
}

/* ---- asking ---- */

int oracle_ask(
	struct oracle *o, const struct options *options, enum variant variant, struct message *why)
{
	*o = (struct oracle) { .options = options, .variant = variant, .run = run_in_memory() };
	int error = measure(o, why);

	if (!error)
		error = predict(o, why);
	if (!error)
		error = measure_beside(o, why);
	return error;
}

void oracle_release(struct oracle *o)
{
	unit_costs_release(&o->busy_costs);
	unit_costs_release(&o->costs);
	run_release(&o->run);
	plan_release(&o->plan);
	free(o->rows);
}
