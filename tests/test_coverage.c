/*
 * coverage: whether 95 % intervals of a median hold the median in 95 % of cases.
 *
 * A case is a distribution of launch medians, whose own median is known, and a number of launches;
 * it is measured many times over, with fixed seeds. One that drifts gets slower from launch
 * to launch; its median is that of the mixture.
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <string.h>

#include "analysis/interval.h"
#include "analysis/stats.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { LAUNCHES_MAX = 128, TRIALS = 1500 };

struct shape {
	const char *name;
	double (*draw)(gsl_rng *random, const struct shape *shape, double moment);
	double (*below)(const struct shape *shape, double x); /* the distribution function */
	double a, b;
};

/* ---- distributions; moment goes from 0 to 1 over the launches ---- */

static double draw_lognormal(gsl_rng *random, const struct shape *shape, double moment)
{
	(void)moment;
	return gsl_ran_lognormal(random, 0, shape->a);
}

static double below_lognormal(const struct shape *shape, double x)
{
	return gsl_cdf_lognormal_P(x, 0, shape->a);
}

static double draw_exponential(gsl_rng *random, const struct shape *shape, double moment)
{
	(void)moment;
	return 1 + gsl_ran_exponential(random, shape->a);
}

static double below_exponential(const struct shape *shape, double x)
{
	return x > 1 ? gsl_cdf_exponential_P(x - 1, shape->a) : 0;
}

/* A share of a is slower by b times the spread of either mode. */
static double draw_bimodal(gsl_rng *random, const struct shape *shape, double moment)
{
	const double mode = gsl_rng_uniform(random) < shape->a ? shape->b : 0;

	(void)moment;
	return 1 + 0.01 * (mode + gsl_ran_gaussian(random, 1));
}

static double below_bimodal(const struct shape *shape, double x)
{
	const double z = (x - 1) / 0.01;

	return (1 - shape->a) * gsl_cdf_ugaussian_P(z) +
		shape->a * gsl_cdf_ugaussian_P(z - shape->b);
}

/* Over the launches, slower by a times the spread; lognormal around that. */
static double draw_drifting(gsl_rng *random, const struct shape *shape, double moment)
{
	return exp(0.01 * (shape->a * moment + gsl_ran_gaussian(random, 1)));
}

static double below_drifting(const struct shape *shape, double x)
{
	const unsigned steps = 1000;
	double sum = 0;

	for (unsigned i = 0; i < steps; i++)
		sum += gsl_cdf_ugaussian_P(log(x) / 0.01 - shape->a * (i + 0.5) / steps);
	return sum / steps;
}

static const struct shape shapes[] = {
	{ "lognormal 0.5 %", draw_lognormal, below_lognormal, 0.005, 0 },
	{ "lognormal 5 %", draw_lognormal, below_lognormal, 0.05, 0 },
	{ "lognormal 50 %", draw_lognormal, below_lognormal, 0.5, 0 },
	{ "lognormal 150 %", draw_lognormal, below_lognormal, 1.5, 0 },
	{ "exponential 1 %", draw_exponential, below_exponential, 0.01, 0 },
	{ "exponential 100 %", draw_exponential, below_exponential, 1, 0 },
	{ "bimodal 10 % at 5", draw_bimodal, below_bimodal, 0.1, 5 },
	{ "bimodal 20 % at 10", draw_bimodal, below_bimodal, 0.2, 10 },
	{ "bimodal 30 % at 5", draw_bimodal, below_bimodal, 0.3, 5 },
	{ "bimodal 30 % at 20", draw_bimodal, below_bimodal, 0.3, 20 },
	{ "bimodal 40 % at 5", draw_bimodal, below_bimodal, 0.4, 5 },
	{ "bimodal 60 % at 10", draw_bimodal, below_bimodal, 0.6, 10 },
	{ "drifting by 0.5", draw_drifting, below_drifting, 0.5, 0 },
	{ "drifting by 1", draw_drifting, below_drifting, 1, 0 },
	{ "drifting by 1.5", draw_drifting, below_drifting, 1.5, 0 },
};

static const size_t launches[] = { 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 25, 30, 40 };

static double median_of(const struct shape *shape)
{
	double low = 0, high = 10;

	for (unsigned i = 0; i < 100; i++) {
		const double middle = (low + high) / 2;
		if (shape->below(shape, middle) < 0.5)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* ---- counting ---- */

typedef struct estimate estimate_fn(double *values, size_t count);

static gsl_rng *seeded(unsigned long seed)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	cr_assert_not_null(random);
	gsl_rng_set(random, seed);
	return random;
}

static void measure(gsl_rng *random, const struct shape *shape, double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		values[i] = shape->draw(random, shape, ((double)i + 0.5) / (double)count);
}

/* In how many percent of the trials of one case the interval holds the median. */
static double coverage(gsl_rng *random, estimate_fn *estimate, const struct shape *shape,
	size_t count, unsigned trials)
{
	const double truth = median_of(shape);
	double values[LAUNCHES_MAX];
	unsigned held = 0;

	for (unsigned t = 0; t < trials; t++) {
		measure(random, shape, values, count);
		const struct estimate e = estimate(values, count);
		cr_assert(e.interval);
		held += e.low <= truth && truth <= e.high;
	}
	return 100.0 * held / trials;
}

struct coverages {
	double overall, least, most;
	double by_launches[COUNT(launches)];
	double by_shape[COUNT(shapes)];
};

static struct coverages cover_all(estimate_fn *estimate, const char *what)
{
	struct coverages c = { .least = 100 };
	gsl_rng *random = seeded(1);
	const double cases = COUNT(shapes) * COUNT(launches);

	for (size_t s = 0; s < COUNT(shapes); s++)
		for (size_t l = 0; l < COUNT(launches); l++) {
			const double percent =
				coverage(random, estimate, &shapes[s], launches[l], TRIALS);
			c.overall += percent / cases;
			c.by_launches[l] += percent / COUNT(shapes);
			c.by_shape[s] += percent / COUNT(launches);
			c.least = fmin(c.least, percent);
			c.most = fmax(c.most, percent);
		}
	gsl_rng_free(random);
	for (size_t l = 0; l < COUNT(launches); l++)
		cr_log_info("%s, %zu launches: %.2f %%", what, launches[l], c.by_launches[l]);
	for (size_t s = 0; s < COUNT(shapes); s++)
		cr_log_info("%s, %s: %.2f %%", what, shapes[s].name, c.by_shape[s]);
	cr_log_info("%s, all %.0f cases: %.2f %%, from %.2f to %.2f %%", what, cases, c.overall,
		c.least, c.most);
	return c;
}

/* ---- the claims ---- */

Test(coverage, there_are_at_least_200_cases_with_a_known_median)
{
	cr_expect_geq(COUNT(shapes) * COUNT(launches), 200);
	for (size_t s = 0; s < COUNT(shapes); s++)
		cr_expect(fabs(shapes[s].below(&shapes[s], median_of(&shapes[s])) - 0.5) < 1e-9,
			"%s", shapes[s].name);
}

/* What the binomial distribution says of the ranks that stats_estimate takes. */
static double coverage_of_ranks(size_t count)
{
	unsigned k = 0;

	while (gsl_cdf_binomial_P(k, 0.5, (unsigned)count) <= 0.025)
		k++;
	return 100 * (1 - 2 * gsl_cdf_binomial_P(k - 1, 0.5, (unsigned)count));
}

Test(coverage, order_statistics_hold_the_median_in_95_percent_or_more)
{
	const struct coverages c = cover_all(stats_estimate, "order statistics");

	cr_expect(c.overall >= 95 && c.overall <= 98, "%.2f %%", c.overall);
	for (size_t l = 0; l < COUNT(launches); l++)
		cr_expect(fabs(c.by_launches[l] - coverage_of_ranks(launches[l])) < 0.7,
			"%zu launches: %.2f %%, not %.2f %%", launches[l], c.by_launches[l],
			coverage_of_ranks(launches[l]));
}

Test(coverage, interpolated_intervals_hold_the_median_in_93_to_97_percent)
{
	const struct coverages c = cover_all(interval_estimate, "interpolated");

	cr_expect(c.overall >= 94 && c.overall <= 96, "%.2f %%", c.overall);
	for (size_t l = 0; l < COUNT(launches); l++)
		cr_expect(c.by_launches[l] >= 93 && c.by_launches[l] <= 97, "%zu launches: %.2f %%",
			launches[l], c.by_launches[l]);
	for (size_t s = 0; s < COUNT(shapes); s++)
		cr_expect(c.by_shape[s] >= 93 && c.by_shape[s] <= 97, "%s: %.2f %%", shapes[s].name,
			c.by_shape[s]);
}

Test(coverage, a_gap_at_the_median_costs_interpolated_intervals_some)
{
	/* why stats_estimate stays: nearly half of the launches far away */
	const struct shape gap = { "gap", draw_bimodal, below_bimodal, 0.45, 20 };
	gsl_rng *random = seeded(2);

	for (size_t l = 0; l < COUNT(launches); l++) {
		const double interpolated =
			coverage(random, interval_estimate, &gap, launches[l], 4 * TRIALS);
		const double ranks =
			coverage(random, stats_estimate, &gap, launches[l], 4 * TRIALS);
		cr_log_info("gap, %zu launches: interpolated %.2f %%, order statistics %.2f %%",
			launches[l], interpolated, ranks);
		cr_expect_gt(interpolated, launches[l] < 12 ? 89 : 92.5);
		cr_expect_gt(ranks, 94);
	}
	gsl_rng_free(random);
}

Test(coverage, interpolated_intervals_lie_within_those_of_order_statistics)
{
	gsl_rng *random = seeded(3);
	double values[LAUNCHES_MAX];

	for (size_t count = 1; count <= 60; count++) {
		measure(random, &shapes[1], values, count);
		const struct estimate wide = stats_estimate(values, count);
		const struct estimate narrow = interval_estimate(values, count);
		cr_expect_eq(wide.interval, narrow.interval);
		cr_expect_eq(wide.interval, count >= 6);
		cr_expect_eq(wide.median, narrow.median);
		cr_expect_eq(wide.min, narrow.min);
		cr_expect(!wide.interval ||
				(wide.low <= narrow.low && narrow.low <= narrow.median &&
					narrow.median <= narrow.high && narrow.high <= wide.high),
			"%zu values", count);
	}
	gsl_rng_free(random);
}

Test(coverage, interpolates_by_hettmansperger_and_sheathers_formula)
{
	/* 10 values: ranks 2 and 3 cover 97.85 and 89.06 %; weight (8 I) / (2 + 6 I), I = 0.3244 */
	double values[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	const struct estimate e = interval_estimate(values, COUNT(values));

	cr_expect(fabs(e.low - 1.6576) < 0.0005, "%.6f", e.low);
	cr_expect(fabs(e.high - 7.3424) < 0.0005, "%.6f", e.high);
}

/* ---- stopping when the interval is narrow enough ---- */

/* Launches until the interval is within 1 %, then `more`; whether it holds the median. */
static bool holds_after_stopping(
	gsl_rng *random, const struct shape *shape, double truth, size_t more, size_t *launched)
{
	double raw[LAUNCHES_MAX], values[LAUNCHES_MAX];
	struct estimate e = { 0 };
	size_t n = 0, end = LAUNCHES_MAX;

	while (n < end) {
		raw[n++] = shape->draw(random, shape, 0.5);
		memcpy(values, raw, n * sizeof(*raw));
		e = stats_estimate(values, n);
		if (end == LAUNCHES_MAX && e.interval && e.high - e.low <= 0.02 * e.median)
			end = n + more < LAUNCHES_MAX ? n + more : LAUNCHES_MAX;
	}
	*launched += n;
	return e.low <= truth && truth <= e.high;
}

/* The average over noises that take from 6 launches to some 40. */
static double coverage_after_stopping(size_t more)
{
	static const double noises[] = { 0.005, 0.01, 0.015, 0.02, 0.025 };
	gsl_rng *random = seeded(4);
	double sum = 0;

	for (size_t i = 0; i < COUNT(noises); i++) {
		const struct shape shape = { "lognormal", draw_lognormal, below_lognormal,
			noises[i], 0 };
		unsigned held = 0;
		size_t launched = 0;
		for (unsigned t = 0; t < 2 * TRIALS; t++)
			held += holds_after_stopping(random, &shape, 1, more, &launched);
		cr_log_info("noise %.1f %%, %zu more launches after stopping, %.1f in all: %.2f %%",
			100 * noises[i], more, (double)launched / (2 * TRIALS),
			100.0 * held / (2 * TRIALS));
		sum += 100.0 * held / (2 * TRIALS);
	}
	gsl_rng_free(random);
	return sum / COUNT(noises);
}

Test(coverage, three_launches_after_stopping_make_up_for_having_chosen_when)
{
	/* to stop at a narrow interval is to stop at a lucky one; launches made anyway mend that */
	const double at_once = coverage_after_stopping(0), later = coverage_after_stopping(3);

	cr_log_info("stopped: %.2f %%; three launches later: %.2f %%", at_once, later);
	cr_expect_gt(at_once, 92);
	cr_expect(later >= 94 && later <= 97, "%.2f %%", later);
	cr_expect_gt(later, at_once);
}
