#include "ladder.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "conductor.h"
#include "launch.h"

enum {
	LAUNCHES_TO_COUNT = 3,
	REPEATS = 2, /* of steps too many of whose launches were disturbed */
	FACTOR = 4,
	STEPS_AT_FIRST = 4,
	STEPS_MORE = 2,  /* at each further stage */
	STEPS_ABOVE = 2, /* surely above the levels, after which a curve is not followed on */
	FINER_PASSES = 2,
	STAGE_ROUNDS = 1 << 16,       /* more than a stage has */
	CHUNKS_MOST = 4096,           /* of a member */
	CHUNKS_LEAST = 128,           /* the last one is then within 1 % of the work */
	CHUNK_ELEMENTS_MOST = 1 << 22 /* in a region with more chunks than the least */
};

static const double finest = 1.5, roof_s = 10e-3;
static const uint64_t sample_budget_ns = 30000000;

int ladder_add(struct ladder *l, const struct curve *curve)
{
	struct curve *more = realloc(l->curves, (l->count + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	l->curves = more;
	l->curves[l->count++] = *curve;
	return 0;
}

void ladder_release(struct ladder *l)
{
	free(l->curves);
	run_release(&l->run);
	plan_release(&l->plan);
}

/* ---- cases ---- */

static uint64_t chunk_units(const struct curve *c)
{
	return c->schedule.chunk ? c->schedule.chunk : 1;
}

/* Elements in a unit. */
static uint64_t grain_at(const struct curve *c, uint64_t step)
{
	const uint64_t usual = launch_kernel(c->kernel)->grain;

	if (c->vary == VARY_REGION)
		return step;
	if (c->vary == VARY_CHUNK)
		return step / chunk_units(c);
	return c->grain ? c->grain : step < usual ? step : usual;
}

static uint64_t chunks_at(const struct curve *c, uint64_t step)
{
	const uint64_t fit = CHUNK_ELEMENTS_MOST / (step * c->threads);
	const uint64_t each = fit < CHUNKS_LEAST ? CHUNKS_LEAST
		: fit > CHUNKS_MOST              ? CHUNKS_MOST
						 : fit;

	return each * c->threads;
}

static uint64_t elements_at(const struct curve *c, uint64_t step)
{
	return step * (c->vary == VARY_CHUNK ? chunks_at(c, step) : c->threads);
}

double curve_elements(const struct curve *c, double step)
{
	return c->vary == VARY_CHUNK ? step : step * c->threads;
}

/* The sequential case of a step. */
static int base_at(const struct curve *c, const struct options *options, uint64_t step,
	struct case_spec *into, struct message *why)
{
	struct options own = *options;

	own.image = NULL;
	own.file_count = 0;
	own.grain = grain_at(c, step);
	own.size = (struct size) { .n = elements_at(c, step), .width = c->width };
	if (c->width)
		own.size.height = (uint32_t)own.size.n;
	return plan_sequential(&own, c->kernel, into, why);
}

static struct case_spec in_parallel(const struct curve *c, const struct case_spec *sequential)
{
	struct case_spec spec = *sequential;

	spec.variant = c->variant;
	spec.threads = c->threads;
	spec.schedule = c->schedule;
	return spec;
}

/* ---- steps ---- */

/*
 * Adds a step, whole units where it is a chunk, if it is not there and there is room. Returns whether
 * it was added.
 */
static bool add_step(struct curve *c, uint64_t wanted)
{
	const uint64_t units = c->vary == VARY_CHUNK ? chunk_units(c) : 1;
	const uint64_t step = (wanted + units - 1) / units * units;
	size_t at = c->count;

	while (at && c->readings[at - 1].step > step)
		at--;
	if (c->count == STEPS_MAX || (at && c->readings[at - 1].step == step))
		return false;
	memmove(&c->readings[at + 1], &c->readings[at], (c->count - at) * sizeof(c->readings[0]));
	c->readings[at] = (struct reading) { .step = step, .is_due = true };
	c->count++;
	return true;
}

static bool climb(struct curve *c, unsigned steps)
{
	bool added = false;

	while (steps-- && (!c->count || c->readings[c->count - 1].step < c->most)) {
		const uint64_t last = c->count ? c->readings[c->count - 1].step : 0;
		const uint64_t next = !last       ? c->first
			: last > c->most / FACTOR ? c->most
						  : last * FACTOR;
		added |= add_step(c, next);
	}
	return added;
}

static bool descend(struct curve *c, unsigned steps)
{
	bool added = false;

	while (steps-- && c->readings[0].step > c->least) {
		const uint64_t next = c->readings[0].step / FACTOR;
		added |= add_step(c, next > c->least ? next : c->least);
	}
	return added;
}

static bool surely_above(const struct curve *c)
{
	const double level = c->levels[c->level_count - 1];
	size_t above = 0;

	for (size_t r = c->count; r-- > 0 && above < STEPS_ABOVE; above++)
		if (!c->readings[r].known || !c->readings[r].ratio.interval ||
			c->readings[r].ratio.low < level)
			return false;
	return above == STEPS_ABOVE;
}

/* Whether the largest step's region is as long as any is to be. */
static bool under_the_roof(const struct curve *c)
{
	const struct reading *last = &c->readings[c->count - 1];

	return last->known && last->work_s * last->tasks >= roof_s * c->threads;
}

/* Beyond two steps that could tell nothing, in all their launches, none is taken. */
static bool tells(const struct curve *c)
{
	return c->readings[c->count - 1].known || (c->count > 1 && c->readings[c->count - 2].known);
}

static bool go_on(struct curve *c)
{
	bool added = false;

	if (!c->count)
		return climb(c, STEPS_AT_FIRST);
	if (c->readings[0].known && !c->crossings[0].low.known &&
		c->crossings[0].state != CROSSING_ABOVE)
		added = descend(c, STEPS_MORE);
	if (tells(c) && !surely_above(c) && !under_the_roof(c))
		added |= climb(c, STEPS_MORE);
	return added;
}

/* Halves, in its logarithm, the gap after a step of the known ones. */
static bool halve(struct curve *c, const struct crossing_end *end)
{
	size_t known = 0, r = 0;

	if (!end->known)
		return false;
	while (known += c->readings[r].counts, known <= end->before)
		r++;
	size_t next = r + 1;
	while (!c->readings[next].counts)
		next++;
	const double low = (double)c->readings[r].step, high = (double)c->readings[next].step;
	return high / low > finest && add_step(c, (uint64_t)llround(sqrt(low * high)));
}

/* Around each crossing, and around the ends of its interval. */
static bool refine(struct curve *c)
{
	bool added = false;

	for (size_t l = 0; l < c->level_count; l++) {
		const struct crossing *found = &c->crossings[l];
		added |= halve(c, &found->at);
		added |= halve(c, &found->low);
		added |= halve(c, &found->high);
	}
	return added;
}

/* Steps without an interval, between which nothing is sure, are measured again. */
static bool repeat(struct curve *c)
{
	bool due = false;

	for (size_t r = 0; r < c->count; r++) {
		struct reading *reading = &c->readings[r];
		reading->is_due = !reading->known || !reading->ratio.interval;
		due |= reading->is_due;
	}
	return due;
}

/* ---- readings ---- */

static const struct summary *find_row(const struct summaries *all, const struct case_spec *spec)
{
	for (size_t i = 0; i < all->count; i++)
		if (case_same(&all->rows[i].spec, spec))
			return &all->rows[i];
	return NULL;
}

static struct estimate scaled(struct estimate e, double by)
{
	e.median *= by;
	e.low *= by;
	e.high *= by;
	e.min *= by;
	return e;
}

static void read_step(struct curve *c, struct reading *into, const struct summaries *all)
{
	const struct summary *row = find_row(all, &into->spec);
	const struct summary *base = row ? summary_baseline(all, row) : NULL;

	into->known = base && row->has_speedup;
	if (row && row->failed && !*c->why)
		snprintf(c->why, sizeof(c->why), "%s", row->why);
	if (!into->known)
		return;
	into->launches = row->launches < base->launches ? row->launches : base->launches;
	into->team = row->team;
	into->work_s = base->seconds.median / into->tasks;
	into->ratio = c->vary == VARY_SIZE ? row->speedup : scaled(row->speedup, 1.0 / row->team);
}

/* A median of one or two launches is no more than a launch: it must not decide where a curve ends. */
static bool tells_enough(const struct reading *reading)
{
	return reading->known && reading->launches >= LAUNCHES_TO_COUNT;
}

/* Where hardly any step tells enough, all have to do. */
static bool all_have_to_do(const struct curve *c)
{
	size_t enough = 0;

	for (size_t r = 0; r < c->count; r++)
		enough += tells_enough(&c->readings[r]);
	return enough < 2;
}

static void find_crossings(struct curve *c)
{
	struct curve_point points[STEPS_MAX];
	const bool all = all_have_to_do(c);
	size_t count = 0;

	c->left_out = 0;
	for (size_t r = 0; r < c->count; r++) {
		struct reading *reading = &c->readings[r];
		reading->counts = reading->known && (all || tells_enough(reading));
		c->left_out += !reading->counts;
		if (reading->counts)
			points[count++] =
				(struct curve_point) { (double)reading->step, reading->ratio };
	}
	for (size_t l = 0; l < c->level_count; l++)
		crossing_find(&c->crossings[l], points, count, c->levels[l]);
}

static size_t count_steps(const struct ladder *l)
{
	size_t count = 0;

	for (size_t c = 0; c < l->count; c++)
		count += l->curves[c].count;
	return count;
}

/* Every case of every curve, each followed by its sequential one. */
static struct case_spec *all_cases(const struct ladder *l, size_t *count)
{
	struct case_spec *cases = calloc(2 * count_steps(l) + 1, sizeof(*cases));

	*count = 0;
	for (size_t c = 0; cases && c < l->count; c++)
		for (size_t r = 0; r < l->curves[c].count; r++) {
			const struct case_spec *spec = &l->curves[c].readings[r].spec;
			cases[*count] = *spec;
			cases[*count].variant = SEQUENTIAL;
			cases[*count].threads = 1;
			cases[(*count)++].schedule = (struct schedule) { SCHEDULE_NONE, 0 };
			cases[(*count)++] = *spec;
		}
	return cases;
}

static int read_all(struct ladder *l)
{
	struct summaries all;
	size_t count;
	struct case_spec *cases = all_cases(l, &count);
	int error =
		cases ? summaries_make(&all, cases, count, l->run.launches, l->run.count) : -ENOMEM;

	free(cases);
	if (error)
		return error;
	for (size_t c = 0; c < l->count; c++) {
		for (size_t r = 0; r < l->curves[c].count; r++)
			read_step(&l->curves[c], &l->curves[c].readings[r], &all);
		find_crossings(&l->curves[c]);
	}
	summaries_release(&all);
	return 0;
}

/* ---- stages ---- */

static uint64_t left_ns(const struct ladder *l)
{
	const uint64_t spent = run_spent_ns(&l->run);

	return spent < l->plan.budget_ns ? l->plan.budget_ns - spent : 0;
}

static int plan_step(struct ladder *l, struct curve *curve, struct reading *reading,
	struct plan *stage, struct message *why)
{
	struct case_spec base;
	const int error = base_at(curve, l->options, reading->step, &base, why);

	if (error)
		return error;
	reading->is_due = false;
	reading->spec = in_parallel(curve, &base);
	reading->tasks = curve->vary == VARY_CHUNK ? (double)chunks_at(curve, reading->step) : 1;
	if (plan_add(stage, &base) || plan_add(stage, &reading->spec))
		return fail(why, -ENOMEM, "no memory for the plan");
	return 0;
}

/* The cases of the steps that are due, and their sequential ones. */
static int plan_stage(struct ladder *l, struct plan *stage, struct message *why)
{
	int error = 0;

	for (size_t c = 0; c < l->count; c++)
		for (size_t r = 0; r < l->curves[c].count && !error; r++)
			if (l->curves[c].readings[r].is_due)
				error = plan_step(
					l, &l->curves[c], &l->curves[c].readings[r], stage, why);
	return error;
}

/* Rounds of different stages must not be taken for one another: ratios are made within rounds. */
static int take_over(struct ladder *l, struct run *stage, struct message *why)
{
	int error = 0;

	for (size_t i = 0; i < stage->count; i++) {
		struct launch_record *launch = &stage->launches[i];
		launch->round += l->stages * STAGE_ROUNDS;
		if (!error)
			error = run_append(&l->run, launch, why);
		if (error)
			launch_release(launch);
	}
	stage->count = 0;
	l->stages++;
	return error;
}

/* Measures the steps that are due, all of them in the same rounds. */
static int measure_stage(struct ladder *l, struct message *why)
{
	struct plan stage = l->plan;
	struct run run = run_in_memory();
	struct message second;

	stage.budget_ns = left_ns(l);
	int error = plan_stage(l, &stage, why);
	if (!error)
		error = conductor_run(&stage, &run, false, why);
	const int lost = take_over(l, &run, error ? &second : why);
	free(stage.cases);
	run_release(&run);
	error = error ? error : lost;
	if (!error && read_all(l))
		error = fail(why, -ENOMEM, "no memory for what was measured");
	return error;
}

static bool any(struct ladder *l, bool step(struct curve *curve))
{
	bool added = false;

	for (size_t c = 0; c < l->count; c++)
		added |= step(&l->curves[c]);
	return added;
}

int ladder_measure(struct ladder *l, struct message *why)
{
	int error = 0;

	l->plan.launches_least = l->options->launches ? l->options->launches : STATS_INTERVAL_LEAST;
	l->plan.launches_most = l->plan.launches_least;
	l->plan.sample_budget_ns = sample_budget_ns;
	while (!error && left_ns(l) && any(l, go_on))
		error = measure_stage(l, why);
	for (int pass = 0; pass < FINER_PASSES && !error && left_ns(l) && any(l, refine); pass++)
		error = measure_stage(l, why);
	const int repeats = l->options->launches ? 0 : REPEATS;
	for (int pass = 0; pass < repeats && !error && left_ns(l) && any(l, repeat); pass++)
		error = measure_stage(l, why);
	return error;
}

/* ---- what was read ---- */

const struct reading *curve_first(const struct curve *c)
{
	for (size_t r = 0; r < c->count; r++)
		if (c->readings[r].counts)
			return &c->readings[r];
	return NULL;
}

const struct reading *curve_last(const struct curve *c)
{
	for (size_t r = c->count; r-- > 0;)
		if (c->readings[r].counts)
			return &c->readings[r];
	return NULL;
}

double curve_work_s(const struct curve *c, double step)
{
	const struct reading *below = curve_first(c), *above = below;

	for (size_t r = 0; r < c->count && (double)above->step < step; r++) {
		if (!c->readings[r].counts)
			continue;
		below = above;
		above = &c->readings[r];
	}
	if (above == below)
		return below->work_s;
	const double share =
		log(step / (double)below->step) / log((double)above->step / (double)below->step);
	return below->work_s * pow(above->work_s / below->work_s, share);
}
