/*
 * cli, signals: what ends a run or a sweep from outside, and what is left then.
 */
#include "cli_sweep.h"
#include "cli_waiting.h"

TestSuite(signals, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);

#define LONG_RUN "run", "sum_squares", "--samples", "1000"
#define LONG_SWEEP                                                                                 \
	"sweep", "pi", "sum_squares", "--threads", "2", "--launches", "100", "--samples", "20",    \
		"--out", "D"

static void expect_run_ended_by(int signal)
{
	const struct told told = end_by(signal, ARGUMENTS(LONG_RUN));

	expect_code(&told, 130);
	expect_words(told.err, "interrupted");
}

Test(signals, run_ends_by_SIGINT)
{
	expect_run_ended_by(SIGINT);
}

Test(signals, run_ends_by_SIGTERM)
{
	expect_run_ended_by(SIGTERM);
}

Test(signals, run_ends_by_SIGHUP)
{
	expect_run_ended_by(SIGHUP);
}

/* Before anything was measured there is no table, and none is promised. */
Test(signals, run_that_ends_before_its_first_result_promises_no_table)
{
	const struct told told = end_by(SIGINT, ARGUMENTS(LONG_RUN));

	cr_expect_str_empty(told.out);
	cr_expect_null(strstr(told.err, "table"), "%s", told.err);
}

static void expect_sweep_ended_by(int signal)
{
	const struct way way = { 0 };
	const struct job job = start(&way, ARGUMENTS(LONG_SWEEP));

	wait_for_lines("D/launches.jsonl", 3);
	const pid_t launch = wait_for_launch(job.pid);
	cr_assert_eq(kill(job.pid, signal), 0);
	const struct told told = finish(&way, &job);
	expect_ended(launch);
	expect_code(&told, 130);
	expect_match(told.err, "interrupted.*tine sweep --resume D.*tine report D");
	expect_sound_run();
}

Test(signals, sweep_ends_by_SIGINT_and_keeps_what_was_measured)
{
	expect_sweep_ended_by(SIGINT);
}

Test(signals, sweep_ends_by_SIGTERM_and_keeps_what_was_measured)
{
	expect_sweep_ended_by(SIGTERM);
}

/* As nohup does: what was ignored when tine was started stays so. */
Test(signals, an_ignored_SIGHUP_stays_ignored)
{
	const struct way way = { 0 };

	signal(SIGHUP, SIG_IGN);
	const struct job job = start(
		&way, ARGUMENTS("sweep", "pi", "--launches", "3", "--samples", "1", "--out", "D"));
	wait_for_lines("D/launches.jsonl", 1);
	cr_assert_eq(kill(job.pid, SIGHUP), 0);
	const struct told told = finish(&way, &job);
	expect_code(&told, 0);
}

Test(signals, a_killed_run_leaves_no_launch_behind)
{
	const struct told told = end_by(SIGKILL, ARGUMENTS(LONG_RUN));

	expect_code(&told, -SIGKILL);
}

Test(signals, a_launch_that_is_killed_is_told_in_its_row)
{
	const struct way way = { 0 };
	const struct job job =
		start(&way, ARGUMENTS(LONG_RUN, "--variant", "sequential", "--launches", "1"));

	cr_assert_eq(kill(wait_for_launch(job.pid), SIGKILL), 0);
	const struct told told = finish(&way, &job);
	expect_code(&told, 4);
	expect_match(told.err, "sum_squares/sequential/.*signal 9");
	expect_match(told.out, "^ +sequential .*signal 9");
}

Test(signals, output_is_untouched_by_a_run_that_is_interrupted)
{
	const struct way way = { 0 };

	put_text("out.png", untouched);
	const struct job job = start(
		&way, ARGUMENTS("run", "mandelbrot", "--size", "4000x4000", "--output", "out.png"));
	wait_for_launch(job.pid);
	cr_assert_eq(kill(job.pid, SIGINT), 0);
	const struct told told = finish(&way, &job);
	expect_code(&told, 130);
	expect_untouched("out.png");
}
