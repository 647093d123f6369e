/*
 * cli, plan: how many launches, for how long, of which sizes: --launches, --precision, --budget,
 * --limit, --scaling; and that the plan is recorded.
 */
#include <math.h>
#include <time.h>

#include "cli_calm.h"
#include "cli_pictures.h"
#include "cli_sweep.h"

TestSuite(plan, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);
TestSuite(weak, .init = enter_directory, .fini = leave_directory, .timeout = 60);

/* One case, each launch of which takes some milliseconds. */
#define ONE_CASE                                                                                   \
	"sweep", "pi", "--variant", "sequential", "--size", "1000", "--samples", "1", "--out", "D"

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- what is recorded ---- */

Test(plan, run_json_has_what_was_asked)
{
	const struct told told = tine("sweep", "pi", SMALL, "--variant", "pool", "--threads", "2",
		"--launches", "2", "--precision", "2.5%", "--budget", "1m", "--limit", "30s",
		"--seed", "7", "--gamma", "1.5", "--bind", "none", "--out", "D");
	json_t *plan = plan_in_run_json();

	expect_code(&told, 0);
	expect_keys(plan,
		ARGUMENTS("launches_least", "launches_most", "precision", "budget_ns",
			"budget_is_hard", "limit_ns", "samples", "sample_budget_ns", "seed",
			"gamma", "recipe", "execution", "bind", "map", "cases"));
	cr_expect_eq(whole(plan, "launches_least"), 2);
	cr_expect_eq(whole(plan, "launches_most"), 2);
	cr_expect_lt(fabs(json_real_value(json_object_get(plan, "precision")) - 0.025), 1e-12);
	cr_expect_eq(whole(plan, "budget_ns"), 60000000000);
	cr_expect(json_is_true(json_object_get(plan, "budget_is_hard")));
	cr_expect_eq(whole(plan, "limit_ns"), 30000000000);
	cr_expect_eq(whole(plan, "samples"), 1);
	cr_expect_eq(whole(plan, "seed"), 7);
	cr_expect_eq(json_real_value(json_object_get(plan, "gamma")), 1.5);
	cr_expect_str_eq(json_string_value(json_object_get(plan, "bind")), "none");
	cr_expect_eq(json_array_size(json_object_get(plan, "map")), 0);
	cr_expect_eq(json_array_size(json_object_get(plan, "cases")), 2);
	json_decref(plan);
}

Test(plan, run_json_has_the_image_that_was_given)
{
	static const uint8_t pixels[8 * 8 * 3];

	put_png("in.png", 8, 8, PNG_FORMAT_RGB, pixels);
	const struct told told = tine("sweep", "pixel_invert", "--image", "in.png", "--variant",
		"sequential", "--launches", "1", "--samples", "1", "--out", "D");
	json_t *plan = plan_in_run_json();
	const char *image = json_string_value(json_object_get(plan, "image"));

	expect_code(&told, 0);
	expect_match(image ? image : "", "^/.*/in\\.png$");
	json_decref(plan);
}

Test(plan, the_map_of_members_to_cpus_is_recorded_and_told)
{
	keep_to_one_cpu();
	const struct told told = tine(ONE_CASE, "--launches", "1");
	json_t *plan = plan_in_run_json();
	const json_t *map = json_object_get(plan, "map");
	char pattern[96];

	expect_code(&told, 0);
	cr_assert_eq(json_array_size(map), 1);
	snprintf(pattern, sizeof(pattern), "^tine: members are bound to these CPUs, .*\\[%lld\\]$",
		(long long)json_integer_value(json_array_get(map, 0)));
	expect_match(told.err, pattern);
	json_decref(plan);
}

Test(plan, unless_given_the_budget_is_soft_and_launches_are_six_at_least)
{
	const struct told told = tine(ONE_CASE, "--precision", "100%");
	json_t *plan = plan_in_run_json();

	expect_code(&told, 0);
	cr_expect_eq(whole(plan, "launches_least"), 6);
	cr_expect_gt(whole(plan, "launches_most"), 6);
	cr_expect_eq(whole(plan, "budget_ns"), 240000000000);
	cr_expect(json_is_false(json_object_get(plan, "budget_is_hard")));
	json_decref(plan);
}

/* ---- how many launches ---- */

Test(plan, a_fixed_count_of_launches_cares_for_no_precision)
{
	const struct told told = tine(ONE_CASE, "--launches", "7", "--precision", "0.000001%");

	expect_code(&told, 0);
	expect_complete(7);
}

Test(plan, six_launches_will_do_for_any_precision)
{
	const struct told told = tine(ONE_CASE, "--precision", "100%");

	expect_code(&told, 0);
	if (strstr(told.out, "disturbed, left out"))
		skip("a launch was disturbed");
	expect_complete(6);
}

/* All cases go on side by side, a round at a time. */
Test(plan, launches_go_on_until_the_precision_is_reached)
{
	const struct told told = tine("sweep", "pi", "--variant", "pool", "--threads", "1",
		"--size", "1000", "--samples", "1", "--precision", "0.000001%", "--budget", "1s",
		"--out", "D");
	json_t *launches = launches_in("D");
	const json_t *last = json_array_get(launches, json_array_size(launches) - 1);

	expect_code(&told, 0);
	cr_expect_gt(whole(last, "round"), 6);
	cr_expect_leq((size_t)whole(last, "round"), json_array_size(launches) / 2);
	expect_match(told.err, "^tine: [0-9]+ launches, [12] cases? (is|are) not precise yet$");
	expect_match(told.out, "~ the 95 % interval is wider than ±1e-06 % of the median");
	json_decref(launches);
}

/* ---- for how long ---- */

Test(plan, no_launch_starts_after_the_budget)
{
	const struct told told = tine("sweep", "pi", SMALL, "--variant", "openmp", "--threads",
		"1,2", "--launches", "1000", "--budget", "0.3s", "--out", "D");
	json_t *launches = launches_in("D"), *one;
	json_int_t spent = 0, last = 0;
	size_t i;

	expect_code(&told, 0);
	json_array_foreach (launches, i, one) {
		last = whole(one, "took_ns");
		spent += last;
	}
	cr_expect_gt(i, 0);
	cr_expect_geq(spent, 300000000);
	cr_expect_lt(spent - last, 300000000);
	json_decref(launches);
}

Test(plan, what_the_budget_left_out_has_a_row_that_says_so)
{
	const struct told told = tine("run", "pi", "--size", "1000", "--threads", "2", "--launches",
		"1", "--samples", "1", "--budget", "1us", "--format", "table");

	expect_code(&told, 0);
	cr_expect_eq(count_words(told.out, "not measured"), 3, "%s", told.out);
}

#define HANGING "sum_squares", "--size", "9000000000000000000", "--variant", "sequential"

Test(plan, a_launch_that_hangs_is_ended_and_told_in_its_row)
{
	const double begin = now_s();
	const struct told told = tine("run", HANGING, "--launches", "1", "--limit", "0.5s");

	expect_code(&told, 4);
	expect_match(
		told.err, "^tine: sum_squares/sequential/.*: failed: hung: .*0\\.5 s.*--limit");
	expect_match(told.out, "^ +sequential +1 +– +0 .* 1 of 1 launches: hung: .*0\\.5 s");
	cr_expect_geq(now_s() - begin, 0.5);
	cr_expect_lt(now_s() - begin, 10);
}

Test(plan, a_launch_that_hangs_in_a_sweep_leaves_a_record)
{
	const struct told told =
		tine("sweep", HANGING, "--launches", "2", "--limit", "0.2s", "--out", "D");
	json_t *launches = launches_in("D"), *one;
	size_t i;

	expect_code(&told, 4);
	json_array_foreach (launches, i, one) {
		cr_expect_str_eq(json_string_value(json_object_get(one, "status")), "failed");
		expect_words(json_string_value(json_object_get(one, "why")), "hung");
	}
	cr_expect_eq(i, 2);
	expect_match(told.out, "2 of 2 launches: hung");
	json_decref(launches);
}

Test(plan, what_never_works_is_tried_no_more_than_six_times)
{
	const struct told told = tine("sweep", HANGING, "--limit", "0.05s", "--out", "D");

	expect_code(&told, 4);
	expect_complete(6);
}

/* Longer than 64 bits of nanoseconds: refused, or as good as none; but not over at once. */
static void expect_long(const char *option)
{
	const struct told told = tine("run", "pi", "--size", "1000", "--variant", "sequential",
		"--launches", "1", "--samples", "1", option, "1000000000h");

	if (told.code == 2) {
		expect_words(told.err, option);
		return;
	}
	expect_code(&told, 0);
	cr_expect_null(strstr(told.out, "not measured"), "%s", told.out);
}

Test(plan, a_limit_of_a_hundred_thousand_years_is_no_short_one)
{
	expect_long("--limit");
}

Test(plan, a_budget_of_a_hundred_thousand_years_is_no_short_one)
{
	expect_long("--budget");
}

/* ---- of which sizes ---- */

#define QUICK "--launches", "1", "--samples", "1"

Test(weak, sizes_grow_with_threads_and_each_has_its_sequential_case)
{
	const struct told told = tine("run", "pi", "--scaling", "weak", "--variant", "pool",
		"--threads", "1,2,4", "--size", "1000", QUICK, "--format", "json");

	expect_ids(&told,
		"pi/sequential/t1/none/n1000\n"
		"pi/pool/t1/static/n1000\n"
		"pi/sequential/t1/none/n2000\n"
		"pi/pool/t2/static/n2000\n"
		"pi/sequential/t1/none/n4000\n"
		"pi/pool/t4/static/n4000\n");
}

Test(weak, variants_and_schedules_share_their_sequential_cases)
{
	const struct told told = tine("run", "pi", "--scaling=weak", "--variant", "pool",
		"--variant", "openmp", "--threads", "2", "--schedule", "static", "--schedule",
		"guided", "--size", "1000", QUICK, "--format", "json");

	expect_ids(&told,
		"pi/sequential/t1/none/n1000\n"
		"pi/sequential/t1/none/n2000\n"
		"pi/openmp/t2/static/n2000\n"
		"pi/openmp/t2/guided/n2000\n"
		"pi/pool/t2/static/n2000\n"
		"pi/pool/t2/guided/n2000\n");
}

Test(weak, pictures_grow_in_height)
{
	const struct told told = tine("run", "pixel_blur", "--scaling", "weak", "--variant", "pool",
		"--threads", "3", "--size", "20x10", QUICK, "--format", "json");

	expect_ids(&told,
		"pixel_blur/sequential/t1/none/20x10\n"
		"pixel_blur/sequential/t1/none/20x30\n"
		"pixel_blur/pool/t3/static/20x30\n");
}

Test(weak, strong_is_what_is_meant_unless_given)
{
	const struct told told = tine("run", "pi", "--scaling", "strong", "--variant", "pool",
		"--threads", "1,2", "--size", "1000", QUICK, "--format", "json");

	expect_ids(&told,
		"pi/sequential/t1/none/n1000\npi/pool/t1/static/n1000\npi/pool/t2/static/n1000\n");
}

Test(weak, table_has_a_column_of_sizes)
{
	const struct told told = calm_table("run", "pi", "--scaling", "weak", "--variant", "pool",
		"--threads", "2", "--size", "1000", QUICK);

	expect_match(told.out, "^pi: in units of 8192 strips$");
	expect_match(told.out, "^ +variant +threads +schedule +size +launches ");
	expect_match(told.out, "^ +sequential +1 +– +1000 +1 ");
	expect_match(told.out, "^ +sequential +1 +– +2000 +1 ");
	expect_match(told.out, "^ +pool +2 +static +2000 +1 ");
}

/* Seconds of one launch each, so that the speedup is their ratio. */
static double seconds_of(const json_t *said, const char *id)
{
	const json_t *one = case_with_id(said, id);

	cr_assert_not_null(one, "%s", id);
	return json_real_value(json_object_get(json_object_get(one, "seconds"), "median"));
}

Test(weak, speedup_is_that_over_the_sequential_case_of_the_same_size)
{
	json_t *said = calm_json(1, "run", "pi", "--scaling", "weak", "--variant", "pool",
		"--threads", "2", "--size", "1000000", QUICK);
	const json_t *one = case_with_id(said, "pi/pool/t2/static/n2000000");
	const double speedup = json_real_value(
			     json_object_get(json_object_get(one, "speedup"), "median")),
		     ratio = seconds_of(said, "pi/sequential/t1/none/n2000000") /
		seconds_of(said, "pi/pool/t2/static/n2000000");

	cr_expect_gt(speedup, 0);
	cr_expect_lt(fabs(speedup - ratio), 1e-9 * ratio, "%g instead of %g", speedup, ratio);
	json_decref(said);
}

Test(weak, a_sweep_grows_its_sizes_too)
{
	const struct told told = tine("sweep", "pi", SMALL, "--scaling", "weak", "--variant",
		"openmp", "--threads", "1,2", "--launches", "1", "--out", "D");

	expect_code(&told, 0);
	expect_match(file_text("D/speedup.csv"), "^pi/openmp/t1/static/n1000,");
	expect_match(file_text("D/speedup.csv"), "^pi/openmp/t2/static/n2000,");
	expect_match(file_text("D/speedup.csv"), "^pi/sequential/t1/none/n2000,");
}
