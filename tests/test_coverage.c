/*
 * coverage: whether 95 % intervals of a median hold the median in 95 % of cases, also where a sweep
 * stops as soon as they are narrow.
 *
 * A case is a distribution of launch medians, whose own median is known, and a noise; a sweep of it
 * is repeated many times, with fixed seeds. One that drifts gets slower from launch to launch; its
 * median is that of the mixture of the launches that were made.
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/stats.h"
#include "numbers.h"

/* A sweep makes at least so many launches of a case, and here at most. */
enum { LAUNCHES_LEAST = 6, LAUNCHES_MOST = 60 };

static const double precision = 0.01;

/* ---- distributions of deviations from 1, before they are scaled to a noise ---- */

struct shape {
	const char *name;
	double (*draw)(gsl_rng *random, const struct shape *shape, size_t launch);
	double (*below)(const struct shape *shape, double x, size_t launch); /* its distribution */
	double (*spread)(const struct shape *shape); /* standard deviation, without a drift */
	double a, b;
};

static double draw_lognormal(gsl_rng *random, const struct shape *shape, size_t launch)
{
	(void)launch;
	return gsl_ran_lognormal(random, 0, shape->a);
}

static double below_lognormal(const struct shape *shape, double x, size_t launch)
{
	(void)launch;
	return x > 0 ? gsl_cdf_lognormal_P(x, 0, shape->a) : 0;
}

static double spread_lognormal(const struct shape *shape)
{
	const double square = exp(shape->a * shape->a);

	return sqrt(square * (square - 1));
}

/* Slower by b over LAUNCHES_MOST launches. */
static double drift(const struct shape *shape, size_t launch)
{
	return shape->b * (double)launch / LAUNCHES_MOST;
}

/* The sum of a exponential ones. */
static double draw_gamma(gsl_rng *random, const struct shape *shape, size_t launch)
{
	return gsl_ran_gamma(random, shape->a, 1) + drift(shape, launch);
}

static double below_gamma(const struct shape *shape, double x, size_t launch)
{
	const double rest = x - drift(shape, launch);

	return rest > 0 ? gsl_cdf_gamma_P(rest, shape->a, 1) : 0;
}

static double spread_gamma(const struct shape *shape)
{
	return sqrt(shape->a);
}

/* A share of a is slower by b times the spread of either mode. */
static double draw_bimodal(gsl_rng *random, const struct shape *shape, size_t launch)
{
	const double mode = gsl_rng_uniform(random) < shape->a ? shape->b : 0;

	(void)launch;
	return mode + gsl_ran_gaussian(random, 1);
}

static double below_bimodal(const struct shape *shape, double x, size_t launch)
{
	(void)launch;
	return (1 - shape->a) * gsl_cdf_ugaussian_P(x) +
		shape->a * gsl_cdf_ugaussian_P(x - shape->b);
}

static double spread_bimodal(const struct shape *shape)
{
	return sqrt(1 + shape->a * (1 - shape->a) * shape->b * shape->b);
}

static double draw_normal(gsl_rng *random, const struct shape *shape, size_t launch)
{
	return gsl_ran_gaussian(random, 1) + drift(shape, launch);
}

static double below_normal(const struct shape *shape, double x, size_t launch)
{
	return gsl_cdf_ugaussian_P(x - drift(shape, launch));
}

static double spread_normal(const struct shape *shape)
{
	(void)shape;
	return 1;
}

static bool drifts(const struct shape *shape)
{
	return (shape->draw == draw_normal || shape->draw == draw_gamma) && shape->b > 0;
}

#define LOGNORMAL draw_lognormal, below_lognormal, spread_lognormal
#define GAMMA     draw_gamma, below_gamma, spread_gamma
#define BIMODAL   draw_bimodal, below_bimodal, spread_bimodal
#define NORMAL    draw_normal, below_normal, spread_normal

static const struct shape shapes[] = {
	{ "lognormal 0.1", LOGNORMAL, 0.1, 0 },
	{ "lognormal 0.3", LOGNORMAL, 0.3, 0 },
	{ "lognormal 0.6", LOGNORMAL, 0.6, 0 },
	{ "lognormal 1", LOGNORMAL, 1, 0 },
	{ "exponential", GAMMA, 1, 0 },
	{ "sum of 2 exponentials", GAMMA, 2, 0 },
	{ "bimodal, 10 % at 4", BIMODAL, 0.1, 4 },
	{ "bimodal, 10 % at 10", BIMODAL, 0.1, 10 },
	{ "bimodal, 20 % at 4", BIMODAL, 0.2, 4 },
	{ "bimodal, 20 % at 10", BIMODAL, 0.2, 10 },
	{ "bimodal, 30 % at 4", BIMODAL, 0.3, 4 },
	{ "bimodal, 30 % at 10", BIMODAL, 0.3, 10 },
	{ "bimodal, 40 % at 4", BIMODAL, 0.4, 4 },
	{ "bimodal, 60 % at 4", BIMODAL, 0.6, 4 },
	{ "bimodal, 70 % at 10", BIMODAL, 0.7, 10 },
	{ "normal, drifting by 1", NORMAL, 0, 1 },
	{ "normal, drifting by 2", NORMAL, 0, 2 },
	{ "normal, drifting by 4", NORMAL, 0, 4 },
	{ "exponential, drifting by 1", GAMMA, 1, 1 },
	{ "exponential, drifting by 3", GAMMA, 1, 3 },
};

static const double noises[] = { 0.003, 0.005, 0.007, 0.009, 0.011, 0.013, 0.015, 0.017, 0.019,
	0.022, 0.025 };

enum { CASES = COUNT(shapes) * COUNT(noises) };

static double below_in_mixture(const struct shape *shape, double x, size_t launches)
{
	double sum = 0;

	for (size_t l = 0; l < launches; l++)
		sum += shape->below(shape, x, l);
	return sum / (double)launches;
}

/* The median of the mixture of so many launches. */
static double median_of(const struct shape *shape, size_t launches)
{
	double low = -10, high = 20;

	for (unsigned i = 0; i < 60; i++) {
		const double middle = (low + high) / 2;
		if (below_in_mixture(shape, middle, launches) < 0.5)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* ---- fixed counts ---- */

/* 2^count times P(Binomial(count, 1/2) < k), exactly. */
static unsigned __int128 ways_below(size_t k, size_t count)
{
	unsigned __int128 ways = 0, choose = 1;

	for (size_t i = 0; i < k; i++) {
		ways += choose;
		choose = choose * (count - i) / (i + 1);
	}
	return ways;
}

/* The rank from which an estimate of so many values takes its interval's ends; 0: it has none. */
static size_t rank_of_low(size_t count)
{
	double ranks[LAUNCHES_MOST];

	for (size_t i = 0; i < count; i++)
		ranks[i] = (double)(i + 1);
	const struct estimate e = stats_estimate(ranks, count);
	cr_assert(!e.interval || e.low + e.high == (double)count + 1, "%zu values: %g to %g", count,
		e.low, e.high);
	return e.interval ? (size_t)e.low : 0;
}

/* How often a median lies between these order statistics, whatever the distribution. */
static double percent_of_ranks(size_t k, size_t count)
{
	return 100 * (1 - 2 * (double)ways_below(k, count) / exp2((double)count));
}

Test(coverage, of_order_statistics_is_95_percent_or_more_at_every_count)
{
	for (size_t count = LAUNCHES_LEAST; count <= LAUNCHES_MOST; count++) {
		const double percent = percent_of_ranks(rank_of_low(count), count);
		cr_expect_geq(percent, 95, "%zu launches: %.2f %%", count, percent);
	}
}

Test(coverage, of_order_statistics_is_the_least_that_is_enough)
{
	for (size_t count = LAUNCHES_LEAST; count <= LAUNCHES_MOST; count++) {
		const double percent = percent_of_ranks(rank_of_low(count) + 1, count);
		cr_expect_lt(
			percent, 95, "%zu launches: a rank further is %.2f %%", count, percent);
	}
}

/* In how many percent of the trials of one shape the interval holds the median. */
static double percent_at(gsl_rng *random, const struct shape *shape, size_t count, unsigned trials)
{
	const double truth = median_of(shape, count);
	double values[LAUNCHES_MOST];
	unsigned held = 0;

	for (unsigned t = 0; t < trials; t++) {
		for (size_t l = 0; l < count; l++)
			values[l] = shape->draw(random, shape, l);
		const struct estimate e = stats_estimate(values, count);
		held += e.low <= truth && truth <= e.high;
	}
	return 100.0 * held / trials;
}

Test(coverage, of_each_shape_is_that_of_the_ranks_or_more)
{
	/* a drift adds some: launches that are spread over it are more even than random ones */
	static const size_t counts[] = { 6, 9, 14, 20, 32 };
	const unsigned trials = 4000;
	gsl_rng *random = seeded(1);

	for (size_t s = 0; s < COUNT(shapes); s++)
		for (size_t c = 0; c < COUNT(counts); c++) {
			const double due = percent_of_ranks(rank_of_low(counts[c]), counts[c]);
			const double percent = percent_at(random, &shapes[s], counts[c], trials);
			const double error = sqrt(due * (100 - due) / trials);
			cr_expect(percent > due - 4 * error, "%s, %zu launches: %.2f, not %.2f %%",
				shapes[s].name, counts[c], percent, due);
			cr_expect(drifts(&shapes[s]) || percent < due + 4 * error,
				"%s, %zu launches: %.2f, not %.2f %%", shapes[s].name, counts[c],
				percent, due);
		}
	gsl_rng_free(random);
}

/* ---- sweeps that stop when the interval is narrow ---- */

typedef bool look_fn(size_t launches);

static bool look_always(size_t launches)
{
	return launches >= LAUNCHES_LEAST;
}

/* What came out of many sweeps. */
struct tally {
	unsigned long sweeps, held, launches;
	unsigned long narrow; /* stopped before LAUNCHES_MOST */
};

static double percent_held(const struct tally *tally)
{
	return 100.0 * (double)tally->held / (double)tally->sweeps;
}

static void add_tally(struct tally *into, const struct tally *more)
{
	into->sweeps += more->sweeps;
	into->held += more->held;
	into->launches += more->launches;
	into->narrow += more->narrow;
}

/* A shape at a noise: times around 1, and the median time of so many launches. */
struct bench {
	const struct shape *shape;
	double scale;
	double truth[LAUNCHES_MOST + 1];
};

static double time_of(const struct bench *bench, double deviation)
{
	return 1 + bench->scale * deviation;
}

static void bench_init(struct bench *bench, const struct shape *shape, double noise)
{
	bench->shape = shape;
	bench->scale = noise / shape->spread(shape);
	for (size_t n = LAUNCHES_LEAST; n <= LAUNCHES_MOST; n++)
		bench->truth[n] = time_of(bench, median_of(shape, n));
}

/* One sweep: launches until its interval is narrow at a look, or there are LAUNCHES_MOST. */
static void sweep(gsl_rng *random, const struct bench *bench, look_fn *look, struct tally *tally)
{
	double launches[LAUNCHES_MOST], sorted[LAUNCHES_MOST];
	struct estimate e = { 0 };
	bool narrow = false;
	size_t n = 0;

	while (n < LAUNCHES_MOST && !narrow) {
		launches[n] = time_of(bench, bench->shape->draw(random, bench->shape, n));
		if (++n < LAUNCHES_MOST && !look(n))
			continue;
		memcpy(sorted, launches, n * sizeof(*launches));
		e = stats_estimate(sorted, n);
		narrow = estimate_half_width(&e) <= precision;
	}
	tally->sweeps++;
	tally->launches += n;
	tally->narrow += n < LAUNCHES_MOST;
	tally->held += e.low <= bench->truth[n] && bench->truth[n] <= e.high;
}

/* The seed is the case's own, whatever the looks. */
static void sweep_case(const struct shape *shape, double noise, unsigned long seed, look_fn *look,
	unsigned trials, struct tally *tally)
{
	gsl_rng *random = seeded(seed);
	struct bench bench;

	bench_init(&bench, shape, noise);
	for (unsigned t = 0; t < trials; t++)
		sweep(random, &bench, look, tally);
	gsl_rng_free(random);
}

/* Sweeps of all cases, tallied by shape. */
static void sweep_all(look_fn *look, unsigned trials, struct tally by_shape[COUNT(shapes)])
{
	memset(by_shape, 0, COUNT(shapes) * sizeof(*by_shape));
	for (size_t s = 0; s < COUNT(shapes); s++)
		for (size_t i = 0; i < COUNT(noises); i++)
			sweep_case(&shapes[s], noises[i], 1000 * s + i, look, trials, &by_shape[s]);
}

static struct tally pool(const struct tally by_shape[COUNT(shapes)], const char *what)
{
	struct tally all = { 0 };

	for (size_t s = 0; s < COUNT(shapes); s++) {
		add_tally(&all, &by_shape[s]);
		cr_log_info("%s, %s: %.2f %%", what, shapes[s].name, percent_held(&by_shape[s]));
	}
	printf("%s: %.2f %% of %lu intervals of %d cases hold the median, "
	       "%.1f launches each, %.0f %% narrow\n",
		what, percent_held(&all), all.sweeps, CASES,
		(double)all.launches / (double)all.sweeps,
		100.0 * (double)all.narrow / (double)all.sweeps);
	return all;
}

Test(coverage, is_counted_over_at_least_200_cases)
{
	cr_expect_geq((int)CASES, 200);
}

Test(coverage, is_of_known_medians)
{
	for (size_t s = 0; s < COUNT(shapes); s++) {
		const double median = median_of(&shapes[s], LAUNCHES_MOST);
		const double below = below_in_mixture(&shapes[s], median, LAUNCHES_MOST);
		cr_expect(fabs(below - 0.5) < 1e-9, "%s: %g", shapes[s].name, below);
	}
}

Test(coverage, of_sweeps_is_93_to_97_percent)
{
	struct tally by_shape[COUNT(shapes)];

	sweep_all(stats_may_look, 300, by_shape);
	const struct tally all = pool(by_shape, "looks as a sweep does");
	cr_expect(percent_held(&all) >= 93 && percent_held(&all) <= 97, "%.2f %%",
		percent_held(&all));
}

Test(coverage, of_sweeps_is_no_less_than_93_percent_in_any_shape)
{
	struct tally by_shape[COUNT(shapes)];

	sweep_all(stats_may_look, 300, by_shape);
	for (size_t s = 0; s < COUNT(shapes); s++)
		cr_expect(percent_held(&by_shape[s]) >= 93, "%s: %.2f %%", shapes[s].name,
			percent_held(&by_shape[s]));
}

/* Of launches without a skew, so noisy that it takes 20 of them or more. */
static double percent_of_long_sweeps(look_fn *look, const char *what)
{
	static const double long_noises[] = { 0.017, 0.019, 0.022, 0.025 };
	const struct shape normal = { "normal", NORMAL, 0, 0 };
	struct tally all = { 0 };

	for (size_t i = 0; i < COUNT(long_noises); i++)
		sweep_case(&normal, long_noises[i], i, look, 5000, &all);
	printf("long sweeps, %s: %.2f %%, %.1f launches each\n", what, percent_held(&all),
		(double)all.launches / (double)all.sweeps);
	return percent_held(&all);
}

Test(coverage, of_long_sweeps_is_95_percent)
{
	const double percent = percent_of_long_sweeps(stats_may_look, "looks as a sweep does");

	cr_expect(percent >= 94.5 && percent <= 97, "%.2f %%", percent);
}

Test(coverage, of_long_sweeps_is_below_94_percent_if_they_look_after_every_launch)
{
	/* to stop at a narrow interval is to stop at a lucky one: why there is stats_may_look */
	const double percent = percent_of_long_sweeps(look_always, "looks after every launch");

	cr_expect_lt(percent, 94, "%.2f %%", percent);
}

Test(coverage, of_all_cases_is_less_if_sweeps_look_after_every_launch)
{
	struct tally seldom[COUNT(shapes)], always[COUNT(shapes)];

	sweep_all(stats_may_look, 100, seldom);
	sweep_all(look_always, 100, always);
	const struct tally few = pool(seldom, "looks as a sweep does");
	const struct tally many = pool(always, "looks after every launch");
	cr_expect_lt(percent_held(&many) + 0.3, percent_held(&few), "%.2f %%, not below %.2f %%",
		percent_held(&many), percent_held(&few));
}
