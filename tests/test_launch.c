/*
 * launch: one case in, samples out; and that a wrong result is caught.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <omp.h>
#include <sched.h>
#include <unistd.h>

#include "image.h"
#include "launches.h"
#include "pattern.h"
#include "team/team.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

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
