/*
 * launch: how many samples it takes, of how many regions, and which of them others disturbed.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "launches.h"

/* In place of libc's: a launch looks before and after each sample. Negative: the system's answer. */
static long switches_a_sample = -1;

int getrusage(__rusage_who_t who, struct rusage *usage)
{
	static long switches;

	const int error = (int)syscall(SYS_getrusage, who, usage);
	if (switches_a_sample >= 0)
		usage->ru_nivcsw = who == RUSAGE_SELF ? (switches += switches_a_sample) : 0;
	return error;
}

/* The same of how long each thread was ready and did not run. */
enum { SYSTEMS = -1, UNKNOWN = -2 };
static long long delay_a_sample_ns = SYSTEMS;

ssize_t pread(int file, void *into, size_t length, off_t offset)
{
	static long long delay_ns;

	if (delay_a_sample_ns == SYSTEMS)
		return syscall(SYS_pread64, file, into, length, offset);
	if (delay_a_sample_ns == UNKNOWN)
		return 0;
	return snprintf(into, length, "1 %lld 1\n", delay_ns += delay_a_sample_ns);
}

/* ---- how many samples ---- */

static size_t samples_of(unsigned samples, uint64_t budget_ns)
{
	struct launch_order order = order_of("count_up", POOL, 2, "static", 1000);

	order.samples = samples;
	order.budget_ns = budget_ns;
	struct launch_record record = measure(&order);
	const size_t taken = record.samples;
	launch_release(&record);
	return taken;
}

Test(samples, are_as_many_as_asked_for_whatever_the_budget)
{
	cr_expect_eq(samples_of(1, much_time), 1);
	cr_expect_eq(samples_of(7, no_time), 7);
	cr_expect_eq(samples_of(150, no_time), 150);
}

Test(samples, are_at_least_5_when_the_budget_is_spent)
{
	cr_expect_eq(samples_of(0, no_time), 5);
}

Test(samples, are_at_most_100_when_they_are_never_steady)
{
	/* each call takes longer than the one before */
	struct launch_order order = order_of("wrong", SEQUENTIAL, 1, NULL, 10);

	order.samples = 0;
	order.budget_ns = much_time;
	order.gamma = WRONG_IN_TIME;
	struct launch_record record = measure(&order);
	cr_expect_eq(record.samples, 100, "%zu samples", record.samples);
	launch_release(&record);
}

static int ascending(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median_of_first(const struct launch_record *record, size_t count)
{
	double values[LAUNCH_SAMPLES_MAX];

	for (size_t s = 0; s < count; s++)
		values[s] = record->regions[s].sample_ns;
	qsort(values, count, sizeof(*values), ascending);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* How far the second half of the first samples moved their median, relative. */
static double moved(const struct launch_record *record, size_t samples)
{
	const double median = median_of_first(record, samples);

	return fabs(median_of_first(record, samples / 2) - median) / median;
}

/* A launch may take as long as it likes, of a loop whose times hardly scatter. */
static struct launch_record measure_until_steady(void)
{
	struct launch_order order = order_of("count_up", SEQUENTIAL, 1, NULL, 200000);

	order.samples = 0;
	order.budget_ns = much_time;
	return measure(&order);
}

Test(samples, end_when_twice_as_many_moved_the_median_by_a_thousandth_at_most)
{
	for (int launch = 0; launch < 10; launch++) {
		struct launch_record record = measure_until_steady();
		for (size_t look = 10; look <= 80; look *= 2)
			cr_expect(look >= record.samples || moved(&record, look) > 0.000999,
				"steady after %zu samples, and took %zu", look, record.samples);
		cr_expect(record.samples == 100 || moved(&record, record.samples) < 0.001001,
			"%zu samples, and not steady", record.samples);
		launch_release(&record);
	}
}

Test(samples, end_early_sooner_or_later)
{
	/* a machine may be restless for a while */
	bool early = false;

	for (int launch = 0; launch < 50 && !early; launch++) {
		struct launch_record record = measure_until_steady();
		early = record.samples < 100;
		launch_release(&record);
	}
	cr_expect(early);
}

/* ---- short regions ---- */

/* As many as a sample takes, and not what a disturbed region made of it: the most of some launches. */
static unsigned repeats_of(const struct launch_order *order)
{
	unsigned most = 0;

	for (int launch = 0; launch < 5; launch++) {
		struct launch_record record = measure(order);
		if (record.repeats > most)
			most = record.repeats;
		launch_release(&record);
	}
	return most;
}

Test(repeats, are_several_of_a_tiny_problem)
{
	const struct launch_order order = order_of("count_up", SEQUENTIAL, 1, NULL, 10);

	cr_expect_gt(repeats_of(&order), 1);
}

Test(repeats, are_several_of_a_tiny_problem_of_a_team)
{
	/* of one: a busy machine keeps larger ones waiting */
	const struct launch_order order = order_of("count_up", POOL, 1, "static", 10);

	cr_expect_gt(repeats_of(&order), 1);
}

Test(repeats, are_none_of_a_long_problem)
{
	const struct launch_order order = order_of("collatz", SEQUENTIAL, 1, NULL, 60000);

	cr_expect_eq(repeats_of(&order), 1);
}

Test(repeats, take_a_thousand_steps_of_the_clock)
{
	/* in the median of many samples, but for regions that got faster since they were timed */
	const struct clock clock = clock_calibrate();
	struct launch_order order = order_of("count_up", SEQUENTIAL, 1, NULL, 10);
	double longest = 0;

	order.samples = 99;
	for (int launch = 0; launch < 5; launch++) {
		struct launch_record record = measure(&order);
		longest = fmax(longest, record.repeats * median_of_first(&record, 99));
		launch_release(&record);
	}
	cr_expect_gt(longest, 300 * clock_step_ns(&clock), "%g ns", longest);
}

Test(repeats, are_meant_in_a_samples_time)
{
	/* all of its regions together lie between the joins of two samples' last regions */
	struct launch_order order = order_of("count_up", SEQUENTIAL, 1, NULL, 10);

	order.samples = 50;
	struct launch_record record = measure(&order);
	for (size_t s = 1; s < record.samples; s++) {
		const struct region_record *region = &record.regions[s];
		const double all_ns = record.repeats * region->sample_ns;
		const double between_ns = (double)(region->join_ns - region[-1].join_ns);
		cr_assert_gt(region->sample_ns, 0);
		cr_assert_leq(all_ns, between_ns + 2, "%u regions of %g ns within %g",
			record.repeats, region->sample_ns, between_ns);
	}
	launch_release(&record);
}

Test(repeats, of_one_are_the_regions_own_time)
{
	const struct launch_order order = order_of("collatz", SEQUENTIAL, 1, NULL, 60000);
	struct launch_record record = measure(&order);

	cr_assert_eq(record.repeats, 1);
	for (size_t s = 0; s < record.samples; s++) {
		const struct region_record *region = &record.regions[s];
		const double own_ns = (double)(region->join_ns - region->fork_ns);
		cr_expect(fabs(region->sample_ns - own_ns) <= 1, "%g ns, not %g", region->sample_ns,
			own_ns);
	}
	launch_release(&record);
}

/* ---- samples in which a member lost its CPU ---- */

/* Many switches: more than are harmless in a sample that a busy machine makes a second long. */
enum { TEAM = 3, SAMPLES = 4, CREATION = 4 * (TEAM - 1), MANY = 200 };
/* Longer than such a sample. */
enum { LONG = 1000000000 };

static size_t preempted_of(enum variant variant, long switches, long long delay_ns)
{
	/* so long that a sample is one region */
	struct launch_order order = order_of("collatz", variant, TEAM, "static", 10000);

	order.samples = SAMPLES;
	switches_a_sample = switches;
	delay_a_sample_ns = delay_ns;
	struct launch_record record = measure(&order);
	switches_a_sample = -1;
	delay_a_sample_ns = SYSTEMS;
	cr_assert_eq(record.repeats, 1);
	const size_t preempted = record.preempted;
	launch_release(&record);
	return preempted;
}

Test(preempted, is_no_sample_without_a_switch)
{
	cr_expect_eq(preempted_of(SEQUENTIAL, 0, LONG), 0);
	cr_expect_eq(preempted_of(POOL, 0, LONG), 0);
}

Test(preempted, is_each_sample_with_a_switch_for_long)
{
	cr_expect_eq(preempted_of(SEQUENTIAL, 1, LONG), SAMPLES);
	cr_expect_eq(preempted_of(OPENMP, 1, LONG), SAMPLES);
	cr_expect_eq(preempted_of(POOL, 1, LONG), SAMPLES);
	cr_expect_eq(preempted_of(EVENT_LOOP, 1, LONG), SAMPLES);
}

Test(preempted, is_no_sample_whose_switches_took_no_time)
{
	cr_expect_eq(preempted_of(SEQUENTIAL, MANY, 0), 0);
	cr_expect_eq(preempted_of(OPENMP, MANY, 0), 0);
	cr_expect_eq(preempted_of(POOL, MANY, 0), 0);
}

Test(preempted, is_each_sample_with_many_switches_where_their_time_is_not_known)
{
	cr_expect_eq(preempted_of(POOL, MANY, UNKNOWN), SAMPLES);
}

Test(preempted, is_no_sample_for_the_switches_that_creating_threads_takes)
{
	cr_expect_eq(preempted_of(PTHREAD, CREATION, LONG), 0);
}

Test(preempted, is_a_sample_with_more_switches_than_creating_threads_takes)
{
	cr_expect_eq(preempted_of(PTHREAD, CREATION + MANY, 0), SAMPLES);
}

Test(samples, end_soon_after_the_budget)
{
	/* of some milliseconds each, so that 100 would take far longer */
	const uint64_t budget_ns = 40000000;
	struct launch_order order = order_of("collatz", SEQUENTIAL, 1, NULL, 60000);

	order.samples = 0;
	order.budget_ns = budget_ns;
	struct launch_record record = measure(&order);
	const struct region_record *first = record.regions, *last = first + record.samples - 1;
	cr_expect(record.samples >= 5 && record.samples < 100, "%zu samples", record.samples);
	cr_expect_gt(last->join_ns, budget_ns / 10, "it ended far too early");
	if (record.samples > 5) /* the last began within the budget, but for the clock's rate */
		cr_expect_lt((last - 1)->join_ns, budget_ns + budget_ns / 100);
	launch_release(&record);
}
