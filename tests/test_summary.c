/*
 * summary: the rows of cases, their times, what is left out of them, and which cases do not mix.
 */
#include "summed.h"

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
