/*
 * summary: speedups by round, efficiencies, serial fractions.
 */
#include "summed.h"

/* ---- speedups ---- */

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

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
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

Test(summary, wrong_baseline_gives_no_speedup)
{
	struct bench bench = { 0 };

	add_not_ok(&bench, &sequential, 0, LAUNCH_WRONG, "wrong");
	add(&bench, &parallel, 0, 2);
	cr_expect_not(sum_up_both(&bench)[1].has_speedup);
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
