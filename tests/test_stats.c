/*
 * stats and summary: medians, intervals, speedups by round.
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

/* ---- summaries ---- */

static const struct case_spec sequential = { "sum_squares", SEQUENTIAL, 1, { SCHEDULE_NONE, 0 },
	{ .n = 1000 }, 10, true };
static const struct case_spec parallel = { "sum_squares", OPENMP, 4, { SCHEDULE_DYNAMIC, 16 },
	{ .n = 1000 }, 10, true };

enum { LAUNCHES_MOST = 40 };

/* Launches made by hand, and what they are summed up to. */
struct bench {
	struct launch_record launches[LAUNCHES_MOST];
	size_t count;
	struct summaries all;
};

/* A launch with one sample a time given, in milliseconds; 0 ends them. */
static struct launch_record *add_samples(
	struct bench *bench, const struct case_spec *spec, unsigned round, const double *ms)
{
	struct launch_record *launch = &bench->launches[bench->count++];
	size_t count = 0;

	while (ms[count] > 0)
		count++;
	*launch = (struct launch_record) { .spec = *spec, .round = round, .result = "42" };
	cr_assert_eq(launch_reserve(launch, count, spec->threads), 0);
	for (size_t s = 0; s < count; s++) {
		launch->regions[s].fork_ns = s * 1000000000u;
		launch->regions[s].join_ns = s * 1000000000u + 77; /* of a repeat: not looked at */
		launch->regions[s].sample_ns = ms[s] * 1e6;
	}
	return launch;
}

static struct launch_record *add(
	struct bench *bench, const struct case_spec *spec, unsigned round, double ms)
{
	return add_samples(bench, spec, round, (double[]) { ms, 0 });
}

static struct launch_record *add_not_ok(struct bench *bench, const struct case_spec *spec,
	unsigned round, enum launch_status status, const char *why)
{
	struct launch_record *launch = add(bench, spec, round, 1);

	launch->status = status;
	snprintf(launch->why, sizeof(launch->why), "%s", why);
	return launch;
}

static const struct summary *sum_up(
	struct bench *bench, const struct case_spec *cases, size_t case_count)
{
	cr_assert_eq(
		summaries_make(&bench->all, cases, case_count, bench->launches, bench->count), 0);
	return bench->all.rows;
}

static const struct summary *sum_up_both(struct bench *bench)
{
	return sum_up(bench, (struct case_spec[]) { sequential, parallel }, 2);
}

static void release(struct bench *bench)
{
	for (size_t i = 0; i < bench->count; i++)
		launch_release(&bench->launches[i]);
	summaries_release(&bench->all);
}

static bool near(double a, double b)
{
	return fabs(a - b) <= 1e-12 * fabs(b);
}

Test(summary, time_of_a_launch_is_the_median_of_its_samples)
{
	struct bench bench = { 0 };

	add_samples(&bench, &sequential, 0, (double[]) { 5, 1, 100, 7, 6, 0 });
	const struct summary *row = sum_up(&bench, &sequential, 1);
	cr_expect(near(row->seconds.median, 0.006), "%g", row->seconds.median);
	cr_expect_eq(row->samples, 5);
	release(&bench);
}

Test(summary, samples_are_not_pooled_over_launches)
{
	/* pooled, the many samples of the second launch would make it 9 ms */
	struct bench bench = { 0 };

	add_samples(&bench, &sequential, 0, (double[]) { 1, 0 });
	add_samples(&bench, &sequential, 1, (double[]) { 9, 9, 9, 9, 9, 9, 9, 0 });
	add_samples(&bench, &sequential, 2, (double[]) { 2, 0 });
	const struct summary *row = sum_up(&bench, &sequential, 1);
	cr_expect(near(row->seconds.median, 0.002), "%g", row->seconds.median);
	cr_expect_eq(row->launches, 3);
	cr_expect_eq(row->samples, 9);
	release(&bench);
}

Test(summary, speedup_is_free_of_a_drift_over_rounds)
{
	/* each round is slower than the one before, and the ratio in each is 4 */
	struct bench bench = { 0 };

	for (unsigned round = 0; round < 9; round++) {
		add(&bench, &sequential, round, 8 * (1 + round));
		add(&bench, &parallel, round, 2 * (1 + round));
	}
	const struct summary *row = sum_up_both(&bench) + 1;
	cr_assert(row->has_speedup && row->speedup.interval);
	cr_expect(row->seconds.low < row->seconds.high, "the times themselves drift");
	cr_expect(near(row->speedup.median, 4), "%g", row->speedup.median);
	cr_expect(near(row->speedup.low, 4) && near(row->speedup.high, 4), "%g to %g",
		row->speedup.low, row->speedup.high);
	release(&bench);
}

Test(summary, speedup_compares_only_rounds_that_both_have)
{
	/* the sequential launches of other rounds are ten times as slow */
	struct bench bench = { 0 };

	for (unsigned round = 0; round < 7; round++)
		add(&bench, &sequential, round, round == 2 || round == 5 ? 8 : 80);
	add(&bench, &parallel, 5, 2);
	add(&bench, &parallel, 2, 2);
	const struct summary *row = sum_up_both(&bench) + 1;
	cr_assert(row->has_speedup);
	cr_expect(near(row->speedup.median, 4), "%g", row->speedup.median);
	release(&bench);
}

Test(summary, speedup_needs_a_round_in_common)
{
	struct bench bench = { 0 };

	add(&bench, &sequential, 0, 8);
	add(&bench, &parallel, 1, 2);
	cr_expect_not(sum_up_both(&bench)[1].has_speedup);
	release(&bench);
}

Test(summary, ratio_of_two_cases_is_taken_within_rounds)
{
	struct bench bench = { 0 };
	struct case_spec crowd = parallel;
	struct estimate ratio;

	crowd.threads = 32;
	for (unsigned round = 0; round < 7; round++) {
		add(&bench, &parallel, round, 2 * (1 + round));
		add(&bench, &crowd, round, 3 * (1 + round));
	}
	add(&bench, &crowd, 7, 100);
	cr_assert_eq(summary_ratio(&crowd, &parallel, bench.launches, bench.count, &ratio), 1);
	cr_expect(near(ratio.median, 1.5) && ratio.interval, "%g", ratio.median);
	cr_expect(near(ratio.low, 1.5) && near(ratio.high, 1.5));
	release(&bench);
}

Test(summary, ratio_of_two_cases_needs_a_round_in_common)
{
	struct bench bench = { 0 };
	struct estimate ratio;

	add(&bench, &sequential, 0, 8);
	add(&bench, &parallel, 1, 2);
	cr_expect_eq(summary_ratio(&sequential, &parallel, bench.launches, bench.count, &ratio), 0);
	release(&bench);
}

Test(summary, speedup_needs_a_sequential_case)
{
	struct bench bench = { 0 };

	add(&bench, &parallel, 0, 2);
	const struct summary *row = sum_up(&bench, &parallel, 1);
	cr_expect_not(row->has_speedup);
	cr_expect_null(summary_baseline(&bench.all, row));
	release(&bench);
}

Test(summary, speedup_of_the_sequential_case_is_one)
{
	struct bench bench = { 0 };

	for (unsigned round = 0; round < 6; round++)
		add(&bench, &sequential, round, 1 + round);
	const struct summary *row = sum_up(&bench, &sequential, 1);
	cr_expect(row->has_speedup && row->speedup.low == 1 && row->speedup.high == 1);
	release(&bench);
}

Test(summary, times_are_right_whatever_the_order_of_rounds)
{
	/* speedups need launches in the order they came in, estimates sort them */
	struct bench bench = { 0 };
	static const unsigned order[] = { 4, 0, 3, 1, 2 };

	for (size_t i = 0; i < LENGTH(order); i++)
		add(&bench, &sequential, order[i], 8 * (1 + order[i]));
	for (unsigned round = 0; round < 5; round++)
		add(&bench, &parallel, round, 2 * (1 + round));
	const struct summary *rows = sum_up_both(&bench);
	cr_expect(near(rows[0].seconds.median, 0.024), "%g", rows[0].seconds.median);
	cr_expect(near(rows[1].speedup.median, 4) && near(rows[1].speedup.min, 4));
	release(&bench);
}

Test(summary, efficiency_is_by_the_team_that_ran)
{
	struct bench bench = { 0 };

	for (unsigned round = 0; round < 3; round++) {
		add(&bench, &sequential, round, 9);
		add(&bench, &parallel, round, 3)->team = round == 1 ? 2 : 3; /* asked for: 4 */
	}
	const struct summary *row = sum_up_both(&bench) + 1;
	cr_expect_eq(row->team, 2, "the smallest team of any launch, not %u", row->team);
	cr_expect(near(row->efficiency, 1.5), "%g", row->efficiency);
	release(&bench);
}

Test(summary, case_without_launches_keeps_its_row)
{
	struct bench bench = { 0 };

	add(&bench, &sequential, 0, 8);
	const struct summary *row = sum_up_both(&bench) + 1;
	cr_assert_eq(bench.all.count, 2);
	cr_expect_eq(row->spec.variant, OPENMP);
	cr_expect_eq(row->launches, 0);
	cr_expect_eq(row->failed, 0);
	cr_expect_not(row->verified, "nothing was verified");
	cr_expect_not(row->has_speedup);
	release(&bench);
}

Test(summary, without_launches_has_rows_too)
{
	struct bench bench = { 0 };

	sum_up_both(&bench);
	cr_expect_eq(bench.all.count, 2);
	release(&bench);
}

Test(summary, of_no_cases_has_no_rows)
{
	struct bench bench = { 0 };

	add(&bench, &parallel, 0, 2);
	sum_up(&bench, NULL, 0);
	cr_expect_eq(bench.all.count, 0);
	release(&bench);
}

Test(summary, rows_come_in_the_order_of_first_appearance)
{
	struct bench bench = { 0 };

	add(&bench, &sequential, 0, 8);
	const struct summary *rows = sum_up(
		&bench, (struct case_spec[]) { parallel, sequential, parallel, sequential }, 4);
	cr_assert_eq(bench.all.count, 2);
	cr_expect_eq(rows[0].spec.variant, OPENMP);
	cr_expect_eq(rows[1].spec.variant, SEQUENTIAL);
	release(&bench);
}

Test(summary, of_right_launches_is_verified)
{
	struct bench bench = { 0 };

	add(&bench, &sequential, 0, 8);
	const struct summary *row = sum_up(&bench, &sequential, 1);
	cr_expect(row->verified);
	cr_expect_str_eq(row->why, "");
	cr_expect_str_eq(row->result, "42");
	release(&bench);
}

static void expect_left_out(enum launch_status status)
{
	struct bench bench = { 0 };

	for (unsigned round = 0; round < 3; round++)
		add(&bench, &sequential, round, 8);
	add(&bench, &parallel, 0, 4);
	add_not_ok(&bench, &parallel, 1, status, "first"); /* of 1 ms */
	add_not_ok(&bench, &parallel, 2, status, "second");
	const struct summary *row = sum_up_both(&bench) + 1;
	cr_expect_eq(row->launches, 1);
	cr_expect_eq(row->failed, 2);
	cr_expect_eq(row->samples, 1);
	cr_expect(near(row->seconds.median, 0.004), "%g", row->seconds.median);
	cr_expect(near(row->speedup.median, 2), "%g", row->speedup.median);
	cr_expect_not(row->verified);
	cr_expect_str_eq(row->why, "first");
	release(&bench);
}

Test(summary, wrong_launches_are_counted_and_left_out)
{
	expect_left_out(LAUNCH_WRONG);
}

Test(summary, failed_launches_are_counted_and_left_out)
{
	expect_left_out(LAUNCH_FAILED);
}

Test(summary, disturbed_launches_are_counted_and_left_out)
{
	struct bench bench = { 0 };

	for (unsigned round = 0; round < 3; round++)
		add(&bench, &sequential, round, 8);
	add(&bench, &parallel, 0, 4);
	add(&bench, &parallel, 1, 1)->throttled = 1;
	add(&bench, &parallel, 2, 1)->preempted = 1;
	const struct summary *row = sum_up_both(&bench) + 1;
	cr_expect_eq(row->disturbed, 2);
	cr_expect_eq(row->launches, 1);
	cr_expect_eq(row->samples, 1);
	cr_expect(near(row->seconds.median, 0.004), "%g", row->seconds.median);
	cr_expect(near(row->speedup.median, 2), "%g", row->speedup.median);
	release(&bench);
}

Test(summary, disturbed_launches_are_no_failures)
{
	struct bench bench = { 0 };

	add(&bench, &sequential, 0, 8);
	add(&bench, &sequential, 1, 8)->throttled = 1;
	const struct summary *row = sum_up(&bench, &sequential, 1);
	cr_expect_eq(row->failed, 0);
	cr_expect(row->verified);
	cr_expect_str_eq(row->why, "");
	release(&bench);
}

Test(summary, wrong_launches_that_were_disturbed_are_wrong)
{
	struct bench bench = { 0 };

	add(&bench, &sequential, 0, 8);
	add_not_ok(&bench, &sequential, 1, LAUNCH_WRONG, "wrong")->throttled = 1;
	const struct summary *row = sum_up(&bench, &sequential, 1);
	cr_expect_eq(row->failed, 1);
	cr_expect_eq(row->disturbed, 0);
	cr_expect_not(row->verified);
	release(&bench);
}

Test(summary, disturbed_baseline_gives_no_speedup_in_its_round)
{
	struct bench bench = { 0 };

	add(&bench, &sequential, 0, 8);
	add(&bench, &sequential, 1, 80)->throttled = 1;
	add(&bench, &parallel, 0, 4);
	add(&bench, &parallel, 1, 4);
	const struct summary *row = sum_up_both(&bench) + 1;
	cr_assert(row->has_speedup);
	cr_expect(near(row->speedup.median, 2), "%g", row->speedup.median);
	release(&bench);
}

Test(summary, of_disturbed_launches_alone_is_verified_but_has_no_times)
{
	struct bench bench = { 0 };

	add(&bench, &sequential, 0, 8)->throttled = 1;
	const struct summary *row = sum_up(&bench, &sequential, 1);
	cr_expect_eq(row->launches, 0);
	cr_expect_eq(row->disturbed, 1);
	cr_expect_eq(row->seconds.median, 0);
	cr_expect(row->verified);
	release(&bench);
}

/* ---- serial fractions ---- */

static void expect_serial_fraction(double parallel_ms, double expected)
{
	struct bench bench = { 0 };

	add(&bench, &sequential, 0, 8);
	add(&bench, &parallel, 0, parallel_ms); /* in a team of 4 */
	const struct summary *row = sum_up_both(&bench) + 1;
	cr_assert(row->has_serial);
	cr_expect(fabs(row->serial_fraction - expected) < 1e-12, "%g", row->serial_fraction);
	release(&bench);
}

Test(serial_fraction, of_twice_as_fast_by_4_is_a_third)
{
	expect_serial_fraction(4, 1.0 / 3);
}

Test(serial_fraction, of_a_linear_speedup_is_0)
{
	expect_serial_fraction(2, 0);
}

Test(serial_fraction, of_no_speedup_is_1)
{
	expect_serial_fraction(8, 1);
}

Test(serial_fraction, of_a_superlinear_speedup_is_below_0)
{
	expect_serial_fraction(1, -1.0 / 6);
}

Test(serial_fraction, is_by_the_team_that_ran)
{
	struct bench bench = { 0 };

	add(&bench, &sequential, 0, 8);
	add(&bench, &parallel, 0, 4)->team = 2; /* asked for: 4 */
	const struct summary *row = sum_up_both(&bench) + 1;
	cr_assert(row->has_serial);
	cr_expect(fabs(row->serial_fraction) < 1e-12, "%g", row->serial_fraction);
	release(&bench);
}

Test(serial_fraction, is_none_of_a_team_of_one)
{
	struct bench bench = { 0 };

	add(&bench, &sequential, 0, 8);
	add(&bench, &parallel, 0, 8)->team = 1;
	const struct summary *rows = sum_up_both(&bench);
	cr_expect(rows[0].has_speedup && !rows[0].has_serial, "of the sequential case");
	cr_expect(rows[1].has_speedup && !rows[1].has_serial, "of a parallel one");
	release(&bench);
}

Test(serial_fraction, is_none_without_a_speedup)
{
	struct bench bench = { 0 };

	add(&bench, &parallel, 0, 4);
	cr_expect_not(sum_up(&bench, &parallel, 1)->has_serial);
	release(&bench);
}

Test(summary, of_failed_launches_alone_has_no_numbers)
{
	struct bench bench = { 0 };

	add(&bench, &sequential, 0, 8);
	add_not_ok(&bench, &parallel, 0, LAUNCH_FAILED, "no threads");
	const struct summary *row = sum_up_both(&bench) + 1;
	cr_expect_eq(row->launches, 0);
	cr_expect_not(row->verified);
	cr_expect_not(row->has_speedup);
	cr_expect_eq(row->seconds.median, 0);
	release(&bench);
}

Test(summary, wrong_baseline_gives_no_speedup)
{
	struct bench bench = { 0 };

	add_not_ok(&bench, &sequential, 0, LAUNCH_WRONG, "wrong");
	add(&bench, &parallel, 0, 2);
	cr_expect_not(sum_up_both(&bench)[1].has_speedup);
	release(&bench);
}

/* Specs that differ in one thing are other cases, each compared with its own baseline. */
static void expect_apart(struct case_spec sequential_1, struct case_spec parallel_1,
	struct case_spec sequential_2, struct case_spec parallel_2)
{
	struct bench bench = { 0 };
	const struct case_spec cases[] = { sequential_1, parallel_1, sequential_2, parallel_2 };

	add(&bench, &cases[0], 0, 8);
	add(&bench, &cases[1], 0, 4);
	add(&bench, &cases[2], 0, 90);
	add(&bench, &cases[3], 0, 30);
	const struct summary *rows = sum_up(&bench, cases, 4);
	cr_assert_eq(bench.all.count, 4, "%zu rows", bench.all.count);
	cr_expect(near(rows[1].speedup.median, 2), "%g", rows[1].speedup.median);
	cr_expect(near(rows[3].speedup.median, 3), "%g", rows[3].speedup.median);
	cr_expect_eq(summary_baseline(&bench.all, &rows[1]), &rows[0]);
	cr_expect_eq(summary_baseline(&bench.all, &rows[3]), &rows[2]);
	release(&bench);
}

static void expect_sizes_apart(struct size one, struct size other)
{
	struct case_spec s1 = sequential, p1 = parallel, s2 = sequential, p2 = parallel;

	s1.size = p1.size = one;
	s2.size = p2.size = other;
	expect_apart(s1, p1, s2, p2);
}

Test(summary, sizes_do_not_mix)
{
	expect_sizes_apart((struct size) { .n = 1000 }, (struct size) { .n = 2000 });
}

Test(summary, widths_of_pictures_do_not_mix)
{
	expect_sizes_apart((struct size) { .n = 48, .width = 64, .height = 48 },
		(struct size) { .n = 48, .width = 65, .height = 48 });
}

Test(summary, heights_of_pictures_do_not_mix)
{
	expect_sizes_apart((struct size) { .n = 48, .width = 64, .height = 48 },
		(struct size) { .n = 49, .width = 64, .height = 49 });
}

Test(summary, grains_do_not_mix)
{
	struct case_spec s = sequential, p = parallel;

	s.grain = p.grain = 20;
	expect_apart(sequential, parallel, s, p);
}

Test(summary, kernels_do_not_mix)
{
	struct case_spec s = sequential, p = parallel;

	strcpy(s.kernel, "triad");
	strcpy(p.kernel, "triad");
	expect_apart(sequential, parallel, s, p);
}

/* Two parallel cases that share the baseline. */
static void expect_two_rows(struct case_spec other)
{
	struct bench bench = { 0 };
	const struct case_spec cases[] = { sequential, parallel, other };

	add(&bench, &sequential, 0, 8);
	add(&bench, &parallel, 0, 4);
	add(&bench, &other, 0, 2);
	const struct summary *rows = sum_up(&bench, cases, 3);
	cr_assert_eq(bench.all.count, 3, "%zu rows", bench.all.count);
	cr_expect(near(rows[1].speedup.median, 2), "%g", rows[1].speedup.median);
	cr_expect(near(rows[2].speedup.median, 4), "%g", rows[2].speedup.median);
	release(&bench);
}

Test(summary, variants_do_not_mix)
{
	struct case_spec other = parallel;

	other.variant = POOL;
	expect_two_rows(other);
}

Test(summary, teams_do_not_mix)
{
	struct case_spec other = parallel;

	other.threads = 8;
	expect_two_rows(other);
}

Test(summary, kinds_of_schedule_do_not_mix)
{
	struct case_spec other = parallel;

	other.schedule.kind = SCHEDULE_GUIDED;
	expect_two_rows(other);
}

Test(summary, chunks_do_not_mix)
{
	struct case_spec other = parallel;

	other.schedule.chunk = 17;
	expect_two_rows(other);
}
