/*
 * compare: how often it is wrong, by simulation with fixed seeds.
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <math.h>

#include "comparisons.h"

/* ---- how often it is wrong ---- */

/* What launches do: some spread, and now and then one that is much slower. */
static void fill_launches(gsl_rng *random, double *values, size_t count, double noise)
{
	fill_lognormal(random, values, count, noise);
	for (size_t i = 0; i < count; i++)
		if (gsl_rng_uniform(random) < 0.1)
			values[i] *= 1 + gsl_ran_exponential(random, 10 * noise);
}

static void expect_uniform(size_t m, size_t n, unsigned repetitions)
{
	static const double levels[] = { 0.01, 0.05, 0.1, 0.25, 0.5 };
	unsigned below[COUNT(levels)] = { 0 };
	double a[LAUNCHES_MAX], b[LAUNCHES_MAX];
	gsl_rng *random = seeded(4);

	for (unsigned r = 0; r < repetitions; r++) {
		fill_launches(random, a, m, 0.005);
		fill_launches(random, b, n, 0.005);
		const double p = compare(a, m, b, n).p;
		for (size_t l = 0; l < COUNT(levels); l++)
			below[l] += p <= levels[l];
	}
	for (size_t l = 0; l < COUNT(levels); l++) {
		const double share = (double)below[l] / repetitions;
		const double chance = 3 * sqrt(levels[l] * (1 - levels[l]) / repetitions);
		/* p comes in steps, so that its share can stay below the level by about a step */
		const double step = 2.4 / sqrt((double)(m * n * (m + n)));
		cr_log_info("%zu, %zu: p <= %g in %.4f", m, n, levels[l], share);
		cr_expect_leq(share, levels[l] + chance);
		cr_expect_geq(share, levels[l] * (1 - 3 * step) - step * levels[l] - chance);
	}
	gsl_rng_free(random);
}

Test(compare, p_is_uniform_without_a_difference)
{
	expect_uniform(10, 10, 6000);
	expect_uniform(12, 7, 6000);
	expect_uniform(35, 40, 4000);
}

struct sweeps {
	unsigned made, differing; /* sweeps with at least one case called different */
	unsigned called;          /* cases called different */
};

static struct sweeps compare_with_itself(size_t launches, unsigned sweeps)
{
	static struct comparison cases[CASES];
	double a[LAUNCHES_MAX], b[LAUNCHES_MAX];
	struct sweeps result = { .made = sweeps };
	gsl_rng *random = seeded(5);

	for (unsigned s = 0; s < sweeps; s++) {
		unsigned called = 0;
		for (size_t c = 0; c < CASES; c++) {
			fill_launches(random, a, launches, 0.005);
			fill_launches(random, b, launches, 0.005);
			cases[c] = compare(a, launches, b, launches);
		}
		cr_assert_eq(comparisons_judge(cases, CASES, 0.01), 0);
		for (size_t c = 0; c < CASES; c++)
			called += cases[c].verdict == VERDICT_SLOWER ||
				cases[c].verdict == VERDICT_FASTER;
		result.called += called;
		result.differing += called > 0;
	}
	gsl_rng_free(random);
	cr_log_info("%zu launches: %u of %u sweeps, %u of %u cases called different", launches,
		result.differing, sweeps, result.called, sweeps * CASES);
	return result;
}

Test(compare, calls_at_most_5_percent_of_equal_sweeps_different)
{
	/* as the steps of p fall, 0, 4.4 and 4.6 % are to be expected */
	static const size_t launches[] = { 6, 8, 10 };
	unsigned made = 0, differing = 0;

	for (size_t i = 0; i < COUNT(launches); i++) {
		const struct sweeps s = compare_with_itself(launches[i], 200);
		made += s.made;
		differing += s.differing;
		cr_expect_leq(s.differing, s.made * 8 / 100);
		cr_expect_leq(s.called, s.made * CASES * 5 / 100);
	}
	cr_expect_leq(differing, made * 5 / 100, "%u of %u sweeps", differing, made);
}

/* How often, of 100 sweeps, a case that is slower by `slowdown` is called slower. */
static unsigned called_slower(size_t launches, size_t cases, double slowdown, unsigned *others)
{
	static struct comparison all[CASES];
	double a[LAUNCHES_MAX], b[LAUNCHES_MAX];
	gsl_rng *random = seeded(6);
	unsigned called = 0;

	*others = 0;
	for (unsigned sweep = 0; sweep < 100; sweep++) {
		for (size_t c = 0; c < cases; c++) {
			fill_lognormal(random, a, launches, 0.005);
			fill_lognormal(random, b, launches, 0.005);
			for (size_t i = 0; i < launches && c == 0; i++)
				b[i] *= 1 + slowdown;
			all[c] = compare(a, launches, b, launches);
		}
		cr_assert_eq(comparisons_judge(all, cases, 0.01), 0);
		called += all[0].verdict == VERDICT_SLOWER;
		for (size_t c = 1; c < cases; c++)
			*others += all[c].verdict == VERDICT_SLOWER;
	}
	gsl_rng_free(random);
	cr_log_info("%zu launches, %zu cases, %+.1f %%: slower in %u of 100, other cases %u times",
		launches, cases, 100 * slowdown, called, *others);
	return called;
}

Test(compare, calls_an_injected_slowdown_of_3_percent_slower)
{
	/* as many cases as that many launches can tell apart */
	static const size_t sweeps[][2] = { { 6, 1 }, { 6, 23 }, { 7, 85 }, { 8, 144 },
		{ 10, 144 } };

	for (size_t i = 0; i < COUNT(sweeps); i++) {
		unsigned others;
		cr_expect_geq(called_slower(sweeps[i][0], sweeps[i][1], 0.03, &others), 97);
		cr_expect_leq(others, 5);
	}
}

Test(compare, does_not_call_an_equal_case_slower)
{
	static const size_t sweeps[][2] = { { 6, 1 }, { 6, 23 }, { 10, 144 } };

	for (size_t i = 0; i < COUNT(sweeps); i++) {
		unsigned others;
		cr_expect_leq(called_slower(sweeps[i][0], sweeps[i][1], 0, &others), 5);
	}
}

/* ---- coverage of the ratio's interval ---- */

typedef void fill_fn(gsl_rng *random, double *values, size_t count);

static void fill_skewed(gsl_rng *random, double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		values[i] = 1 + gsl_ran_exponential(random, 0.1);
}

static void fill_bimodal(gsl_rng *random, double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		values[i] = (gsl_rng_uniform(random) < 0.3 ? 1.1 : 1) *
			exp(gsl_ran_gaussian(random, 0.01));
}

/* The machine gets slower from launch to launch, in both runs alike, by one sd of the noise. */
static void fill_drifting(gsl_rng *random, double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		values[i] = (1 + 0.01 * (double)i / (double)count) *
			exp(gsl_ran_gaussian(random, 0.01));
}

static double ratio_coverage(fill_fn *fill, size_t launches, unsigned repetitions)
{
	const double truth = 1.07;
	double a[LAUNCHES_MAX], b[LAUNCHES_MAX];
	gsl_rng *random = seeded(7);
	unsigned held = 0;

	for (unsigned r = 0; r < repetitions; r++) {
		fill(random, a, launches);
		fill(random, b, launches);
		for (size_t i = 0; i < launches; i++)
			b[i] *= truth;
		const struct comparison c = compare(a, launches, b, launches);
		held += c.low <= truth && truth <= c.high;
	}
	gsl_rng_free(random);
	return 100.0 * held / repetitions;
}

static void expect_ratio_coverage(fill_fn *fill, double most, const char *what)
{
	/* what the exact distribution gives: 95.9, 96.2, 95.2, 95.5 % */
	static const size_t counts[] = { 6, 7, 9, 12 };

	for (size_t i = 0; i < COUNT(counts); i++) {
		const double percent = ratio_coverage(fill, counts[i], 3000);
		cr_log_info("%s, %zu launches: %.2f %% of the intervals hold the ratio", what,
			counts[i], percent);
		cr_expect(percent >= 93 && percent <= most, "%s, %zu launches: %.2f %%", what,
			counts[i], percent);
	}
}

Test(compare, holds_the_ratio_of_skewed_times)
{
	expect_ratio_coverage(fill_skewed, 97.5, "skewed");
}

Test(compare, holds_the_ratio_of_bimodal_times)
{
	expect_ratio_coverage(fill_bimodal, 97.5, "bimodal");
}

Test(compare, holds_the_ratio_of_drifting_times)
{
	/* a drift that both share makes the intervals safer than they say */
	expect_ratio_coverage(fill_drifting, 98.5, "drifting");
}
