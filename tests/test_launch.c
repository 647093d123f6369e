/*
 * launch: one case in, samples out; and that a wrong result is caught.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <math.h>
#include <omp.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "image.h"
#include "launches.h"
#include "pattern.h"
#include "team/team.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

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

static struct launch_order picture_order(
	const char *kernel, enum variant variant, uint32_t width, uint32_t height)
{
	struct launch_order order = order_of(kernel, variant, 3, "dynamic", height);

	order.spec.size.width = width;
	order.spec.size.height = height;
	order.spec.grain = 1;
	return order;
}

/* ---- results ---- */

struct variant_case {
	enum variant variant;
};

static struct variant_case variants[] = { { SEQUENTIAL }, { OPENMP }, { PTHREAD }, { POOL },
	{ PROCESS }, { ONE_CORE }, { GLOBAL_LOCK }, { EVENT_LOOP } };

ParameterizedTestParameters(launch, of_each_variant_has_the_right_number)
{
	return cr_make_param_array(struct variant_case, variants, LENGTH(variants));
}

ParameterizedTest(struct variant_case *c, launch, of_each_variant_has_the_right_number)
{
	const struct launch_order order = order_of("count_up", c->variant, 3, "dynamic,2", 1003);
	struct launch_record record = measure(&order);

	cr_expect_eq(record.status, LAUNCH_OK, "%s: %s", variant_name(c->variant), record.why);
	cr_expect_str_eq(record.why, "");
	cr_expect_str_eq(record.result, "502503", "%s", variant_name(c->variant));
	launch_release(&record);
}

ParameterizedTestParameters(launch, of_each_variant_has_the_right_picture)
{
	return cr_make_param_array(struct variant_case, variants, LENGTH(variants));
}

ParameterizedTest(struct variant_case *c, launch, of_each_variant_has_the_right_picture)
{
	const struct launch_order sequential = picture_order("pixel_blur", SEQUENTIAL, 64, 48);
	const struct launch_order order = picture_order("pixel_blur", c->variant, 64, 48);
	struct launch_record expected = measure(&sequential), record = measure(&order);

	cr_expect_eq(record.status, LAUNCH_OK, "%s: %s", variant_name(c->variant), record.why);
	cr_expect_eq(strlen(record.result), 16, "%s: the hash is '%s'", variant_name(c->variant),
		record.result);
	cr_expect_str_eq(record.result, expected.result, "%s", variant_name(c->variant));
	launch_release(&record);
	launch_release(&expected);
}

Test(launch, says_what_it_measured)
{
	const struct launch_order order = order_of("count_up", POOL, 3, "guided,2", 1003);
	struct launch_record record = measure(&order);
	char got[CASE_ID_MAX], expected[CASE_ID_MAX];

	cr_expect_str_eq(case_print(&record.spec, got), case_print(&order.spec, expected));
	cr_expect_eq(record.round, 3);
	cr_expect(!strcmp(record.clock, "tsc") || !strcmp(record.clock, "monotonic"));
	cr_expect_eq(record.team, 3);
	launch_release(&record);
}

Test(launch, has_the_tolerance_of_its_kernel)
{
	/* partial sums in another order than the sequential one's: the text may differ */
	const struct launch_order order = order_of("pi", POOL, 3, "dynamic,1", 100003);
	struct launch_record record = measure(&order);

	cr_expect_eq(record.status, LAUNCH_OK, "%s", record.why);
	launch_release(&record);
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

static size_t preempted_of(enum variant variant, long switches)
{
	/* so long that a sample is one region */
	struct launch_order order = order_of("collatz", variant, TEAM, "static", 10000);

	order.samples = SAMPLES;
	switches_a_sample = switches;
	struct launch_record record = measure(&order);
	switches_a_sample = -1;
	cr_assert_eq(record.repeats, 1);
	const size_t preempted = record.preempted;
	launch_release(&record);
	return preempted;
}

Test(preempted, is_no_sample_without_a_switch)
{
	cr_expect_eq(preempted_of(SEQUENTIAL, 0), 0);
	cr_expect_eq(preempted_of(POOL, 0), 0);
}

Test(preempted, is_each_sample_with_many_switches)
{
	cr_expect_eq(preempted_of(SEQUENTIAL, MANY), SAMPLES);
	cr_expect_eq(preempted_of(OPENMP, MANY), SAMPLES);
	cr_expect_eq(preempted_of(POOL, MANY), SAMPLES);
}

Test(preempted, is_no_sample_for_the_switches_that_creating_threads_takes)
{
	cr_expect_eq(preempted_of(PTHREAD, CREATION), 0);
}

Test(preempted, is_a_sample_with_more_switches_than_creating_threads_takes)
{
	cr_expect_eq(preempted_of(PTHREAD, CREATION + MANY), SAMPLES);
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

/* ---- records of regions ---- */

static void expect_member_inside(
	const struct region_record *region, const struct member_record *member)
{
	cr_assert_leq(region->fork_ns, member->start_ns);
	cr_assert_leq(member->start_ns, member->complete_ns);
	cr_assert_leq(member->complete_ns, region->join_ns);
}

ParameterizedTestParameters(records, of_each_variant_are_consistent)
{
	return cr_make_param_array(struct variant_case, variants, LENGTH(variants));
}

ParameterizedTest(struct variant_case *c, records, of_each_variant_are_consistent)
{
	struct launch_order order = order_of("count_up", c->variant, 3, "guided", 10007);

	order.samples = 20;
	struct launch_record record = measure(&order);
	cr_assert_eq(record.samples, 20);
	cr_assert_eq(record.team, c->variant == SEQUENTIAL ? 1 : 3);
	cr_assert_eq(record.regions[0].fork_ns, 0, "times count from the first fork");
	for (size_t s = 0; s < record.samples; s++) {
		const struct region_record *region = &record.regions[s];
		uint64_t units = 0;
		cr_assert(!s || region->fork_ns >= record.regions[s - 1].join_ns,
			"sample %zu began before the one before had ended", s);
		cr_assert_lt(region->fork_ns, region->join_ns);
		for (unsigned m = 0; m < record.team; m++) {
			expect_member_inside(region, &region->members[m]);
			units += region->members[m].units;
		}
		cr_assert_eq(units, 1001, "%llu units", (unsigned long long)units);
	}
	launch_release(&record);
}

Test(records, have_units_by_the_schedule)
{
	struct launch_order order = order_of("count_up", PTHREAD, 3, "static,2", 100);
	struct launch_record record = measure(&order);

	/* ten units: 0 1 6 7, 2 3 8 9, 4 5 */
	cr_expect_eq(record.regions[0].members[0].units, 4);
	cr_expect_eq(record.regions[0].members[1].units, 4);
	cr_expect_eq(record.regions[0].members[2].units, 2);
	launch_release(&record);
}

Test(records, have_only_the_members_that_ran)
{
	const struct launch_order order = order_of("count_up", OPENMP, 3, "static", 1000);

	omp_set_max_active_levels(0); /* every region is its caller's alone */
	struct launch_record record = measure(&order);
	cr_expect_eq(record.status, LAUNCH_OK, "%s", record.why);
	cr_expect_eq(record.team, 1);
	cr_expect_eq(record.spec.threads, 3);
	cr_expect_eq(record.regions[1].members[0].units, 100);
	launch_release(&record);
}

static void expect_on_their_cpus(enum variant variant)
{
	struct launch_order order = order_of("count_up", variant, 3, "static", 1000);
	int cpus[3];

	find_cpus(cpus, 3);
	order.cpus = cpus;
	struct launch_record record = measure(&order);
	for (size_t s = 0; s < record.samples; s++)
		for (unsigned m = 0; m < record.team; m++) {
			const struct member_record *member = &record.regions[s].members[m];
			cr_assert(member->cpu_start == cpus[m] && member->cpu_complete == cpus[m],
				"member %u ran on CPU %d, bound to %d", m, member->cpu_start,
				cpus[m]);
		}
	launch_release(&record);
}

Test(records, of_sequential_name_the_cpu_it_was_bound_to)
{
	expect_on_their_cpus(SEQUENTIAL);
}

Test(records, of_pthread_name_the_cpus_that_members_were_bound_to)
{
	expect_on_their_cpus(PTHREAD);
}

Test(records, of_pool_name_the_cpus_that_members_were_bound_to)
{
	expect_on_their_cpus(POOL);
}

/* ---- wrong results: tests/kernels/wrong.c is right only in one call over all elements ---- */

static struct launch_record measure_wrong(enum variant variant, uint64_t n, int how)
{
	struct launch_order order = order_of("wrong", variant, 3, "static", n);

	order.samples = 5;
	order.gamma = how;
	return measure(&order);
}

ParameterizedTestParameters(wrong, result_is_caught_in_each_variant)
{
	return cr_make_param_array(struct variant_case, variants + 1, LENGTH(variants) - 1);
}

ParameterizedTest(struct variant_case *c, wrong, result_is_caught_in_each_variant)
{
	struct launch_record record = measure_wrong(c->variant, 100, WRONG_RESULT);

	cr_expect_eq(record.status, LAUNCH_WRONG, "%s", variant_name(c->variant));
	cr_expect_str_eq(record.why, "the result 10 differs from the sequential variant's 1");
	cr_expect_eq(record.samples, 5, "it was measured all the same");
	launch_release(&record);
}

ParameterizedTestParameters(wrong, array_is_caught_in_each_variant)
{
	return cr_make_param_array(struct variant_case, variants + 1, LENGTH(variants) - 1);
}

/* Nothing is written: what the sequential variant left must not be taken for the team's. */
ParameterizedTest(struct variant_case *c, wrong, array_is_caught_in_each_variant)
{
	struct launch_record record = measure_wrong(c->variant, 100, WRONG_ARRAY);

	cr_expect_eq(record.status, LAUNCH_WRONG, "%s", variant_name(c->variant));
	cr_expect_str_eq(record.why, "the array differs from the sequential variant's");
	launch_release(&record);
}

Test(wrong, kernel_is_right_in_a_single_unit)
{
	struct launch_record result = measure_wrong(POOL, 10, WRONG_RESULT);
	struct launch_record array = measure_wrong(POOL, 10, WRONG_ARRAY);

	cr_expect_eq(result.status, LAUNCH_OK, "%s", result.why);
	cr_expect_eq(array.status, LAUNCH_OK, "%s", array.why);
	launch_release(&result);
	launch_release(&array);
}

/* Calls: the reference, two to warm up, and then samples, whose first region is wrong. */
static void expect_fourth_call_caught(enum variant variant)
{
	struct launch_record record = measure_wrong(variant, 10, WRONG_FOURTH_CALL);

	cr_expect_eq(record.status, LAUNCH_WRONG);
	cr_expect_str_eq(record.why, "the result 1 differs from the sequential variant's 0");
	launch_release(&record);
}

Test(wrong, sample_before_right_ones_is_caught)
{
	expect_fourth_call_caught(POOL);
}

Test(wrong, region_of_a_sample_with_many_is_caught)
{
	expect_fourth_call_caught(SEQUENTIAL);
}

Test(wrong, kernel_is_right_if_only_its_time_is)
{
	struct launch_record record = measure_wrong(POOL, 10, WRONG_IN_TIME);

	cr_expect_eq(record.status, LAUNCH_OK, "%s", record.why);
	launch_release(&record);
}

/* ---- launches that cannot be ---- */

Test(launch, of_an_unknown_kernel_is_refused)
{
	const struct launch_order order = order_of("no_such", POOL, 2, "static", 10);

	expect_no_launch(&order, -EINVAL, "there is no kernel 'no_such'");
}

Test(launch, of_an_input_that_cannot_be_made_is_refused)
{
	struct launch_order order = picture_order("pixel_gamma", POOL, 8, 8);

	order.gamma = -1;
	expect_no_launch(&order, -EINVAL, "pixel_gamma cannot prepare its input: Invalid argument");
}

Test(launch, on_a_cpu_that_is_not_there_is_refused)
{
	struct launch_order order = order_of("count_up", SEQUENTIAL, 1, NULL, 10);
	const int cpu = NO_CPU;

	order.cpus = &cpu;
	expect_no_launch(&order, -EINVAL, "cannot bind to CPU 1023: Invalid argument");
}

static void expect_no_second_member(const char *kernel, enum variant variant, const char *message)
{
	struct launch_order order = order_of(kernel, variant, 2, "static", 1000);
	int cpus[2];

	find_cpus(cpus, 1);
	cpus[1] = NO_CPU;
	order.cpus = cpus;
	expect_no_launch(&order, -EINVAL, message);
}

Test(launch, of_pthreads_that_cannot_be_created_is_refused)
{
	expect_no_second_member(
		"count_up", PTHREAD, "cannot create the threads of a team of 2: Invalid argument");
}

Test(launch, of_a_pool_that_cannot_be_created_is_refused)
{
	expect_no_second_member("count_up", POOL, "cannot create thread 1 of 1: Invalid argument");
}

Test(launch, of_an_input_that_cannot_be_filled_is_refused)
{
	expect_no_second_member("triad", PTHREAD, "cannot create thread 1 of 1: Invalid argument");
}

/* ---- pictures in and out ---- */

static char directory[64];

static void make_directory(void)
{
	snprintf(directory, sizeof(directory), "/tmp/test_launch.XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
}

static void remove_directory(void)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/in.ppm", directory);
	unlink(path);
	snprintf(path, sizeof(path), "%s/out", directory);
	unlink(path);
	rmdir(directory);
}

TestSuite(picture, .init = make_directory, .fini = remove_directory);

static const char *write_input(uint32_t width, uint32_t height)
{
	static char path[96];
	struct picture picture;

	snprintf(path, sizeof(path), "%s/in.ppm", directory);
	cr_assert_eq(picture_generate(width, height, &picture, NULL), 0);
	cr_assert_eq(picture_write(path, path, &picture, NULL), 0);
	picture_release(&picture);
	return path;
}

Test(picture, is_read_computed_and_written)
{
	struct launch_order order = picture_order("pixel_invert", POOL, 20, 15);
	char out[96];
	struct picture source, result;

	snprintf(out, sizeof(out), "%s/out", directory);
	order.image = write_input(20, 15);
	order.output = out;
	order.output_name = "result.ppm";
	struct launch_record record = measure(&order);
	cr_assert_eq(record.status, LAUNCH_OK, "%s", record.why);
	cr_assert_eq(picture_read(order.image, &source, NULL), 0);
	cr_assert_eq(picture_read(out, &result, NULL), 0);
	cr_assert(result.width == 20 && result.height == 15 && result.channels == 3);
	for (size_t i = 0; i < (size_t)20 * 15 * 3; i++)
		cr_assert_eq(result.pixels[i], 255 - source.pixels[i], "byte %zu", i);
	picture_release(&source);
	picture_release(&result);
	launch_release(&record);
}

Test(picture, that_is_not_there_is_an_error)
{
	struct launch_order order = picture_order("pixel_invert", POOL, 20, 15);
	struct launch_record record;
	struct message why = { "" };

	order.image = "/nowhere/in.ppm";
	cr_expect_eq(launch_measure(&order, &record, &why), -ENOENT);
	cr_expect_not_null(strstr(why.text, "/nowhere/in.ppm"), "%s", why.text);
}

Test(picture, that_changed_its_size_is_an_error)
{
	struct launch_order order = picture_order("pixel_invert", POOL, 20, 15);
	char message[200];

	order.image = write_input(20, 16);
	snprintf(
		message, sizeof(message), "%s changed its size while it was measured", order.image);
	expect_no_launch(&order, -EINVAL, message);
}

Test(picture, that_cannot_be_written_is_an_error)
{
	struct launch_order order = picture_order("pixel_invert", POOL, 20, 15);
	struct launch_record record;
	struct message why = { "" };

	order.output = "/nowhere/out";
	order.output_name = "result.ppm";
	cr_expect_eq(launch_measure(&order, &record, &why), -ENOENT);
	cr_expect_not_null(strstr(why.text, "result.ppm"), "%s", why.text);
	cr_expect_null(record.regions, "something is left to release");
}

/* ---- what is refused before anything is started ---- */

static void expect_check(
	const struct launch_order *order, uint64_t memory_bytes, const char *message)
{
	struct message why = { "" };

	cr_expect_eq(launch_check(&order->spec, memory_bytes, &why), *message ? -EINVAL : 0);
	cr_expect_str_eq(why.text, message);
}

Test(check, takes_the_largest_exact_size)
{
	const struct launch_order order = order_of("collatz", POOL, 2, "static", 12327829502);

	expect_check(&order, 1 << 20, "");
}

Test(check, refuses_one_more_than_is_exact)
{
	const struct launch_order order = order_of("collatz", POOL, 2, "static", 12327829503);

	expect_check(&order, 1 << 20, "--size 12327829503: collatz is exact up to 12327829502");
}

Test(check, takes_what_just_fits_into_memory)
{
	/* three arrays and the reference of one, 36 bytes an element */
	const struct launch_order order = order_of("triad", POOL, 2, "static", 1000000);

	expect_check(&order, 36000000, "");
}

Test(check, refuses_what_just_does_not_fit_into_memory)
{
	const struct launch_order order = order_of("triad", POOL, 2, "static", 1000000);

	expect_check(&order, 35999999,
		"--size 1000000: triad would take 0.036 GB of memory, and 0.036 GB can be had "
		"here");
}

Test(check, counts_all_pixels_of_a_picture)
{
	struct launch_order order = picture_order("pixel_invert", POOL, 10000, 5000);
	const struct kernel *kernel = kernel_find("pixel_invert")->kernel;
	const uint64_t bytes = 50000000 * (kernel->bytes + kernel->bytes / 2);

	cr_assert_gt(kernel->bytes, 0);
	cr_expect_eq(launch_check(&order.spec, bytes, NULL), 0);
	cr_expect_eq(launch_check(&order.spec, bytes - 1, NULL), -EINVAL);
}

static void expect_picture(const char *kernel, uint32_t width, uint32_t height, int error)
{
	struct launch_order order = picture_order(kernel, POOL, width, height);

	cr_expect_eq(launch_check(&order.spec, UINT64_MAX, NULL), error, "%s %ux%u", kernel, width,
		height);
}

Test(check, takes_the_largest_picture_there_can_be)
{
	expect_picture("pixel_invert", 16384, 16384, 0);
	expect_picture("pixel_invert", 1 << 20, 1, 0);
	expect_picture("pixel_invert", 1, 1 << 20, 0);
}

Test(check, refuses_a_picture_with_too_many_pixels)
{
	expect_picture("pixel_invert", 16385, 16384, -EINVAL);
}

Test(check, refuses_a_picture_with_too_long_a_side)
{
	expect_picture("pixel_invert", (1 << 20) + 1, 1, -EINVAL);
	expect_picture("pixel_invert", 1, (1 << 20) + 1, -EINVAL);
}

Test(check, is_not_fooled_by_a_size_that_overflows)
{
	const struct launch_order order = order_of("triad", POOL, 2, "static", (uint64_t)1 << 61);

	expect_check(&order, (uint64_t)1 << 40,
		"--size 2305843009213693952: triad would take 1.84e+10 GB of memory, and 1.1e+03 "
		"GB "
		"can be had here");
}

Test(check, takes_any_size_of_a_kernel_without_memory)
{
	const struct launch_order order = order_of("count_up", POOL, 2, "static", INT64_MAX);

	expect_check(&order, 1 << 20, "");
}
