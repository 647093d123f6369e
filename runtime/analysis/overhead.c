#include "analysis/overhead.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/calibration.h"
#include "analysis/chunks.h"
#include "analysis/summary.h"

const struct schedule overhead_schedules[OVERHEAD_SCHEDULES] = {
	{ SCHEDULE_STATIC, 1 },
	{ SCHEDULE_DYNAMIC, 1 },
	{ SCHEDULE_GUIDED, 1 },
	{ SCHEDULE_AUTO, 0 },
};

struct launches {
	const struct launch_record *all;
	size_t count;
	double *values; /* room for one a launch */
};

/* What a launch tells; NAN: nothing. */
typedef double reader(const struct launch_record *launch, unsigned index);

static double read_region(const struct launch_record *launch, unsigned index)
{
	double seconds;

	(void)index;
	return launch_seconds(launch, &seconds) ? NAN : 1e9 * seconds;
}

static double read_cold(const struct launch_record *launch, unsigned index)
{
	(void)index;
	return launch->cold ? launch->traced[0].sample_ns : NAN;
}

static double read_stamp(const struct launch_record *launch, unsigned index)
{
	(void)index;
	return launch->parts ? launch->parts->stamp_ns : NAN;
}

static double read_barrier(const struct launch_record *launch, unsigned index)
{
	(void)index;
	return launch->parts ? launch->parts->barrier_ns : NAN;
}

static double read_pass(const struct launch_record *launch, unsigned index)
{
	const struct parts_record *parts = launch->parts;

	return parts && index < parts->passes ? parts->pass_ns[index] : NAN;
}

static double read_floor(const struct launch_record *launch, unsigned index)
{
	double worst = NAN;

	(void)index;
	for (unsigned m = 0; launch->parts && m < launch->parts->passes; m++)
		worst = fmax(worst, launch->parts->pass_ns[m]); /* of a NAN, the other */
	return worst;
}

static struct figure figure_of(double *values, size_t count)
{
	struct figure figure = { .launches = (unsigned)count };

	if (count)
		figure.of = stats_estimate(values, count);
	return figure;
}

static bool is_launch_of(const struct launch_record *launch, const struct case_spec *spec)
{
	return launch_counts(launch) && launch->team == spec->threads &&
		case_same(&launch->spec, spec);
}

static struct figure read_all(
	struct launches *l, const struct case_spec *spec, reader *read, unsigned index)
{
	size_t count = 0;

	for (size_t i = 0; i < l->count; i++) {
		if (!is_launch_of(&l->all[i], spec))
			continue;
		l->values[count] = read(&l->all[i], index);
		count += !isnan(l->values[count]);
	}
	return figure_of(l->values, count);
}

/* What a case tells in a round; NAN: nothing. */
static double read_in_round(const struct launches *l, const struct case_spec *spec, unsigned round,
	reader *read, unsigned index)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->all[i].round == round && is_launch_of(&l->all[i], spec))
			return read(&l->all[i], index);
	return NAN;
}

static unsigned rounds_of(const struct launches *l)
{
	unsigned rounds = 0;

	for (size_t i = 0; i < l->count; i++)
		if (l->all[i].round >= rounds)
			rounds = l->all[i].round + 1;
	return rounds;
}

/* Of a pool both are in one launch. */
static struct figure ratio_to_floor(
	struct launches *l, const struct overhead_cases *cases, enum variant variant)
{
	const unsigned rounds = rounds_of(l);
	size_t count = 0;

	for (unsigned r = 0; r < rounds; r++) {
		const double region = read_in_round(l, &cases->empty[variant], r, read_region, 0);
		const double least = read_in_round(l, &cases->empty[POOL], r, read_floor, 0);
		if (region > 0 && least > 0)
			l->values[count++] = region / least;
	}
	return figure_of(l->values, count);
}

/* What a chunk adds, in a round. */
static double chunk_in_round(const struct launches *l, const struct overhead_cases *cases,
	enum variant variant, int team, int schedule, unsigned round)
{
	const struct case_spec *dealt = &cases->dealt[variant][team][schedule];
	const struct case_spec *whole = &cases->whole[variant][team][schedule];
	const double chunks =
		(double)chunks_dealt(dealt->schedule, case_units(dealt), dealt->threads);

	return (read_in_round(l, dealt, round, read_region, 0) -
		       read_in_round(l, whole, round, read_region, 0)) /
		chunks;
}

static struct figure dispatch_of(struct launches *l, const struct overhead_cases *cases,
	enum variant variant, int team, int schedule)
{
	const unsigned rounds = rounds_of(l);
	size_t count = 0;

	for (unsigned r = 0; r < rounds; r++) {
		l->values[count] = chunk_in_round(l, cases, variant, team, schedule, r);
		count += !isnan(l->values[count]);
	}
	return figure_of(l->values, count);
}

/* More than any, or less, where one of the differences is nothing or less; NAN: both are. */
static double times(double a, double b)
{
	if (b > 0)
		return a > 0 ? a / b : 0;
	return a > 0 ? INFINITY : NAN;
}

/* Ratios of differences that are hardly any say nothing: the ends of their interval must be some. */
static struct figure dispatch_times(
	struct launches *l, const struct overhead_cases *cases, int team, int schedule)
{
	const unsigned rounds = rounds_of(l);
	size_t count = 0;

	for (unsigned r = 0; r < rounds; r++) {
		const double openmp = chunk_in_round(l, cases, OPENMP, team, schedule, r);
		const double pool = chunk_in_round(l, cases, POOL, team, schedule, r);
		if (isnan(openmp) || isnan(pool))
			continue;
		l->values[count] = times(openmp, pool);
		if (isnan(l->values[count++]))
			return (struct figure) { 0 };
	}
	if (!count)
		return (struct figure) { 0 };
	const struct figure figure = figure_of(l->values, count); /* which sorts them */
	const double low = figure.of.interval ? figure.of.low : l->values[0];
	const double high = figure.of.interval ? figure.of.high : l->values[count - 1];
	return low > 0 && isfinite(high) ? figure : (struct figure) { 0 };
}

static void fill_dispatch(
	struct overhead *into, const struct overhead_cases *cases, struct launches *l)
{
	for (int t = 0; t < OVERHEAD_TEAMS; t++)
		for (int s = 0; s < OVERHEAD_SCHEDULES; s++) {
			for (int v = SEQUENTIAL + 1; v < OVERHEAD_VARIANTS; v++)
				into->dispatch[v][t][s] = dispatch_of(l, cases, v, t, s);
			into->times[t][s] = dispatch_times(l, cases, t, s);
		}
}

static void fill(struct overhead *into, const struct overhead_cases *cases, struct launches *l)
{
	const struct case_spec *pool = &cases->empty[POOL];

	into->threads = cases->threads;
	into->stamp = read_all(l, pool, read_stamp, 0);
	into->floor = read_all(l, pool, read_floor, 0);
	into->tree_ns =
		into->floor.launches ? into->floor.of.median * pool_levels(cases->threads) : 0;
	for (unsigned m = 0; m + 1 < cases->threads; m++)
		into->pairs[m] = read_all(l, pool, read_pass, m);
	for (int v = SEQUENTIAL + 1; v < OVERHEAD_VARIANTS; v++) {
		into->region[v] = read_all(l, &cases->empty[v], read_region, 0);
		into->cold[v] = read_all(l, &cases->empty[v], read_cold, 0);
		into->barrier[v] = read_all(l, &cases->empty[v], read_barrier, 0);
		into->over_floor[v] = ratio_to_floor(l, cases, v);
	}
	fill_dispatch(into, cases, l);
}

int overhead_make(struct overhead *into, const struct overhead_cases *cases,
	const struct launch_record *launches, size_t count)
{
	struct launches l = { launches, count, calloc(count + 1, sizeof(*l.values)) };
	struct figure *pairs = calloc(cases->threads, sizeof(*pairs));

	*into = (struct overhead) { .pairs = pairs };
	if (l.values && pairs)
		fill(into, cases, &l);
	const int error = l.values && pairs ? 0 : -ENOMEM;
	free(l.values);
	if (error)
		overhead_release(into);
	return error;
}

void overhead_release(struct overhead *overhead)
{
	free(overhead->pairs);
	*overhead = (struct overhead) { 0 };
}
