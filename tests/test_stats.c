/*
 * stats: medians, intervals, when to look at them, and which launches others disturbed.
 */
#include <criterion/criterion.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>

#include "analysis/stats.h"
#include "analysis/summary.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* ---- medians and intervals ---- */

Test(median, of_one_value_is_that_value)
{
	double values[] = { 7 };

	cr_expect_eq(stats_median(values, 1), 7);
}

Test(median, of_an_odd_count_is_the_middle_one)
{
	double values[] = { 9, 1, 4, 100, 2 };

	cr_expect_eq(stats_median(values, 5), 4);
}

Test(median, of_an_even_count_is_between_the_middle_two)
{
	double values[] = { 9, 1, 4, 100 };

	cr_expect_eq(stats_median(values, 4), 6.5);
}

/* Fills values with 1 to count, not in order. */
static void fill_ranks(double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		values[i] = (double)(i * 2 < count ? i * 2 + 1 : 2 * (count - i));
}

static struct estimate estimate_ranks(size_t count)
{
	double values[200];

	fill_ranks(values, count);
	return stats_estimate(values, count);
}

Test(interval, of_5_values_is_none)
{
	for (size_t count = 1; count <= 5; count++)
		cr_expect_not(estimate_ranks(count).interval, "%zu values", count);
}

static void expect_interval(size_t count, double low, double high)
{
	const struct estimate e = estimate_ranks(count);

	cr_assert(e.interval);
	cr_expect_eq(e.low, low, "from rank %g, not %g", e.low, low);
	cr_expect_eq(e.high, high, "to rank %g, not %g", e.high, high);
}

Test(interval, of_6_values_is_from_the_least_to_the_most)
{
	expect_interval(6, 1, 6);
}

Test(interval, of_9_values_is_from_rank_2_to_8)
{
	expect_interval(9, 2, 8);
}

Test(interval, of_20_values_is_from_rank_6_to_15)
{
	expect_interval(20, 6, 15);
}

/* 2^count times P(Binomial(count, 1/2) < k), exactly. */
static unsigned __int128 ways_below(unsigned k, unsigned count)
{
	unsigned __int128 ways = 0, choose = 1;

	for (unsigned i = 0; i < k; i++) {
		ways += choose;
		choose = choose * (count - i) / (i + 1);
	}
	return ways;
}

/* The largest k whose probability is at most 2.5 %, a fortieth; 0 if there is none. */
static unsigned exact_rank(unsigned count)
{
	unsigned k = 0;

	while (k < count && 40 * ways_below(k + 1, count) <= (unsigned __int128)1 << count)
		k++;
	return k;
}

Test(interval, has_the_ranks_of_the_exact_binomial)
{
	for (unsigned count = 1; count <= 100; count++) {
		const struct estimate e = estimate_ranks(count);
		const unsigned k = exact_rank(count);
		cr_assert_eq(e.interval, k > 0, "%u values", count);
		if (k)
			cr_assert(e.low == k && e.high == count + 1 - k,
				"%u values: ranks %g and %g, exactly %u and %u", count, e.low,
				e.high, k, count + 1 - k);
	}
}

Test(estimate, has_median_and_least_value_within_the_interval)
{
	double values[] = { 5, 3, 8, 1, 9, 2, 7 };
	const struct estimate e = stats_estimate(values, 7);

	cr_expect_eq(e.median, 5);
	cr_expect_eq(e.min, 1);
	cr_expect(e.interval && e.low <= e.median && e.median <= e.high);
}

/* How many of 20000 intervals of `count` exponential values hold the true median, ln 2. */
static double coverage(size_t count)
{
	enum { TRIALS = 20000 };
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned held = 0;

	cr_assert_not_null(random);
	gsl_rng_set(random, 20150115);
	for (int trial = 0; trial < TRIALS; trial++) {
		double values[32];
		for (size_t i = 0; i < count; i++)
			values[i] = gsl_ran_exponential(random, 1);
		const struct estimate e = stats_estimate(values, count);
		held += e.low <= M_LN2 && M_LN2 <= e.high;
	}
	gsl_rng_free(random);
	return (double)held / TRIALS;
}

static void expect_coverage(size_t count)
{
	const double share = coverage(count);

	cr_expect(share >= 0.95, "only %.4f of the intervals of %zu hold the median", share, count);
	cr_expect(share <= 0.98, "%.4f of the intervals of %zu hold the median: too wide", share,
		count);
}

Test(interval, of_6_skewed_values_covers_the_median_as_promised)
{
	expect_coverage(6);
}

Test(interval, of_15_skewed_values_covers_the_median_as_promised)
{
	expect_coverage(15);
}

/* ---- how narrow an interval is, and when to look ---- */

Test(half_width, is_relative_to_the_median)
{
	const struct estimate e = { .median = 50, .low = 49, .high = 52, .interval = true };

	cr_expect_eq(estimate_half_width(&e), 0.03);
}

Test(half_width, is_0_if_all_values_are_the_same)
{
	const struct estimate e = { .median = 5, .low = 5, .high = 5, .interval = true };

	cr_expect_eq(estimate_half_width(&e), 0);
}

Test(half_width, is_infinite_without_an_interval)
{
	const struct estimate e = { .median = 5, .low = 5, .high = 5, .interval = false };

	cr_expect(isinf(estimate_half_width(&e)));
}

Test(look, is_at_6_and_then_at_half_as_many_more)
{
	static const size_t looks[] = { 6, 9, 14, 21, 32, 48, 72, 108, 162, 243, 365, 548, 822 };
	size_t next = 0;

	for (size_t launches = 0; launches <= 1000; launches++) {
		const bool due = next < LENGTH(looks) && launches == looks[next];
		cr_expect_eq(stats_may_look(launches), due, "%zu launches", launches);
		next += due;
	}
}

/* ---- launches that others disturbed ---- */

/* Of 10 samples, in 1 s; nobody disturbed it. */
static const struct launch_record calm = { .samples = 10, .took_ns = 1000000000 };

Test(disturbed, is_no_calm_launch)
{
	cr_expect_not(launch_is_disturbed(&calm));
}

Test(disturbed, is_a_launch_that_was_throttled_once)
{
	struct launch_record launch = calm;

	launch.throttled = 1;
	cr_expect(launch_is_disturbed(&launch));
}

Test(disturbed, is_no_launch_of_whose_time_a_tenth_was_stolen)
{
	struct launch_record launch = calm;

	launch.steal_ns = 100000000;
	cr_expect_not(launch_is_disturbed(&launch));
}

Test(disturbed, is_a_launch_of_whose_time_more_than_a_tenth_was_stolen)
{
	struct launch_record launch = calm;

	launch.took_ns = 999999999;
	launch.steal_ns = 100000000;
	cr_expect(launch_is_disturbed(&launch));
}

static void expect_preempted(size_t samples, size_t preempted, bool disturbed)
{
	struct launch_record launch = calm;

	launch.samples = samples;
	launch.preempted = preempted;
	cr_expect_eq(launch_is_disturbed(&launch), disturbed, "%zu of %zu", preempted, samples);
}

Test(disturbed, is_no_launch_that_was_preempted_in_less_than_half_of_its_samples)
{
	expect_preempted(10, 4, false);
	expect_preempted(11, 5, false);
	expect_preempted(1, 0, false);
}

Test(disturbed, is_a_launch_that_was_preempted_in_half_of_its_samples)
{
	expect_preempted(10, 5, true);
	expect_preempted(11, 6, true);
	expect_preempted(1, 1, true);
}

Test(disturbed, is_no_crowded_launch_that_preempts_itself)
{
	struct launch_record launch = calm;

	launch.preempted = launch.samples;
	launch.crowded = true;
	cr_expect_not(launch_is_disturbed(&launch));
}

Test(disturbed, is_a_crowded_launch_that_was_throttled)
{
	struct launch_record launch = calm;

	launch.throttled = 1;
	launch.crowded = true;
	cr_expect(launch_is_disturbed(&launch));
}
