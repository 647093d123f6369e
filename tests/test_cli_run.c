/*
 * cli, run: the cases it makes, what binds their members, results, and its exit code.
 */
#include "cli_calm.h"

TestSuite(run, .init = enter_directory, .fini = leave_directory, .timeout = 60);

/* A quick run: one launch of one sample. */
#define QUICK "--launches", "1", "--samples", "1"

/* ---- the cross product ---- */

Test(run, options_that_repeat_make_a_cross_product_with_sequential_once)
{
	const struct told told = tine("run", "pi", "--variant", "openmp", "--variant=pool",
		"--threads", "1,3", "--schedule", "static", "--schedule", "dynamic,16", "--size",
		"1000", QUICK, "--format", "json");

	expect_ids(&told,
		"pi/sequential/t1/none/n1000\n"
		"pi/openmp/t1/static/n1000\n"
		"pi/openmp/t1/dynamic,16/n1000\n"
		"pi/openmp/t3/static/n1000\n"
		"pi/openmp/t3/dynamic,16/n1000\n"
		"pi/pool/t1/static/n1000\n"
		"pi/pool/t1/dynamic,16/n1000\n"
		"pi/pool/t3/static/n1000\n"
		"pi/pool/t3/dynamic,16/n1000\n");
}

Test(run, each_kernel_has_a_sequential_case)
{
	const struct told told = tine("run", "pi", "collatz", "--variant", "pthread", "--threads",
		"2", "--size", "500", QUICK, "--format", "json");

	expect_ids(&told,
		"pi/sequential/t1/none/n500\npi/pthread/t2/static/n500\n"
		"collatz/sequential/t1/none/n500\ncollatz/pthread/t2/static/n500\n");
}

Test(run, what_is_named_twice_is_measured_once)
{
	const struct told told = tine("run", "pi", "pi", "--variant", "pool", "--variant", "pool",
		"--threads", "2,2", "--schedule", "auto", "--schedule", "auto", "--size", "1000",
		QUICK, "--format", "json");

	expect_ids(&told, "pi/sequential/t1/none/n1000\npi/pool/t2/auto/n1000\n");
}

Test(run, sequential_alone_is_one_case)
{
	const struct told told = tine("run", "pi", "--variant", "sequential", "--threads", "2,4",
		"--size", "1000", QUICK, "--format", "json");

	expect_ids(&told, "pi/sequential/t1/none/n1000\n");
}

Test(run, the_four_usual_variants_run_unless_some_are_named)
{
	const struct told told =
		tine("run", "pi", "--threads", "2", "--size", "1000", QUICK, "--format", "json");

	expect_ids(&told,
		"pi/sequential/t1/none/n1000\npi/openmp/t2/static/n1000\n"
		"pi/pthread/t2/static/n1000\npi/pool/t2/static/n1000\n");
}

Test(run, all_variants_run_if_all_are_asked_for)
{
	const struct told told = tine("run", "pi", "--variant", "all", "--threads", "2", "--size",
		"1000", QUICK, "--format", "json");

	expect_ids(&told,
		"pi/sequential/t1/none/n1000\npi/openmp/t2/static/n1000\n"
		"pi/pthread/t2/static/n1000\npi/pool/t2/static/n1000\n"
		"pi/process/t2/static/n1000\npi/one-core/t2/static/n1000\n"
		"pi/global-lock/t2/static/n1000\npi/event-loop/t2/static/n1000\n");
}

Test(run, grain_of_one_shows_in_the_id)
{
	const struct told told = tine("run", "sum_squares", "--variant", "pool", "--threads", "2",
		"--size", "1000", "--grain", "1", QUICK, "--format", "json");

	expect_ids(&told,
		"sum_squares/sequential/t1/none/n1000/g1\n"
		"sum_squares/pool/t2/static/n1000/g1\n");
}

Test(run, the_kernels_own_grain_does_not_show_in_the_id)
{
	const struct told told = tine("run", "pi", "--variant", "sequential", "--size", "1000",
		"--grain", "8192", QUICK, "--format", "json");

	expect_ids(&told, "pi/sequential/t1/none/n1000\n");
}

static void expect_all_cores(const char *const *arguments)
{
	const struct told told = tine_as(&(struct way) { 0 }, arguments);
	json_t *said = json_said(&told);

	cr_expect_eq(whole(case_of(said, "openmp"), "threads"),
		whole(json_object_get(said, "machine"), "cores"));
	json_decref(said);
}

Test(run, all_threads_are_as_many_as_cores)
{
	expect_all_cores(ARGUMENTS("run", "pi", "--threads", "all", "--variant", "openmp", "--size",
		"1000", QUICK, "--format", "json"));
}

Test(run, threads_are_as_many_as_cores_unless_given)
{
	expect_all_cores(ARGUMENTS(
		"run", "pi", "--variant", "openmp", "--size", "1000", QUICK, "--format", "json"));
}

/* ---- binding ---- */

static void expect_bound(const char *bind)
{
	json_t *said = calm_json(
		1, "run", "pi", "--bind", bind, "--threads", "2", "--size", "1000", QUICK);
	json_t *one;
	size_t i;

	json_array_foreach (json_object_get(said, "cases"), i, one)
		cr_expect_eq(whole(one, "team"), whole(one, "threads"));
	json_decref(said);
}

/* The CPUs on the map, as the line on stderr has them. */
static char *map_said(const struct told *told)
{
	json_t *said = json_said(told);
	char *map = keep(json_dumps(json_object_get(said, "map"), 0));

	json_decref(said);
	return map;
}

Test(run, members_are_bound_as_the_map_says)
{
	const struct told told =
		tine("run", "pi", "--bind", "threads", "--size", "1000", QUICK, "--format", "json");
	char *line;

	cr_assert_geq(asprintf(&line, "tine: members are bound to these CPUs, in order: %s\n",
			      map_said(&told)),
		0);
	expect_words(told.err, keep(line));
	json_t *said = json_said(&told);
	cr_expect_eq((json_int_t)json_array_size(json_object_get(said, "map")),
		whole(json_object_get(said, "machine"), "hardware_threads"));
	json_decref(said);
}

Test(run, members_that_are_not_bound_have_an_empty_map)
{
	const struct told told =
		tine("run", "pi", "--bind", "none", "--size", "1000", QUICK, "--format", "json");

	expect_words(told.err, "tine: members are not bound to CPUs\n");
	cr_expect_str_eq(map_said(&told), "[]");
}

Test(run, what_spoils_numbers_is_told_before)
{
	setenv("OMP_DYNAMIC", "true", 1);
	const struct told told = tine("run", "pi", "--size", "1000", "--threads", "1", QUICK);

	expect_match(told.err, "^tine: OMP_DYNAMIC.*; 'tine doctor' says what mends it$");
}

Test(run, bind_to_cores)
{
	expect_bound("cores");
}

Test(run, bind_to_threads)
{
	expect_bound("threads");
}

Test(run, bind_to_nothing)
{
	expect_bound("none");
}

/* ---- results ---- */

static void expect_result_everywhere(const json_t *said, const char *expected)
{
	const json_t *cases = json_object_get(said, "cases");
	json_t *one;
	size_t i;

	json_array_foreach (cases, i, one)
		cr_expect_str_eq(json_string_value(json_object_get(one, "result")), expected);
	cr_expect_eq(i, 4);
}

Test(run, result_of_sum_squares_is_the_formulas)
{
	const unsigned __int128 n = 5000011; /* its sum exceeds 64 bits */
	json_t *said =
		calm_json(1, "run", "sum_squares", "--size", "5000011", "--threads", "2", QUICK);
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)((n - 1) * n * (2 * n - 1) / 6));
	expect_result_everywhere(said, text);
	json_decref(said);
}

Test(run, result_of_collatz_is_steps_start_and_total)
{
	json_t *said = calm_json(1, "run", "collatz", "--size", "10000", "--threads", "2", QUICK);

	expect_result_everywhere(said, "261:6171:849666");
	json_decref(said);
}

static void expect_same_hash(const char *kernel, const char *size)
{
	json_t *said = calm_json(1, "run", kernel, "--size", size, "--threads", "3", QUICK);
	const char *hash =
		json_string_value(json_object_get(case_of(said, "sequential"), "result"));

	expect_match(hash, "^[0-9a-f]{16}$");
	expect_result_everywhere(said, hash);
	json_decref(said);
}

Test(run, result_of_a_generated_picture_is_one_hash_in_all_variants)
{
	expect_same_hash("pixel_blur", "37x23");
}

Test(run, result_of_mandelbrot_is_one_hash_in_all_variants)
{
	expect_same_hash("mandelbrot", "37x23");
}

Test(run, result_of_an_array_is_one_hash_in_all_variants)
{
	expect_same_hash("triad", "10007");
}

#define WRONG "run", "wrong", "--variant", "pool", "--threads", "2", QUICK

Test(run, a_wrong_result_is_exit_code_1_and_told_on_stderr)
{
	skip_without_wrong();
	const struct told told = tine(WRONG);

	expect_code(&told, 1);
	expect_match(told.err, "wrong/pool/t2/static/.*wrong.*differs");
}

Test(run, a_wrong_result_is_told_in_its_row_and_has_no_speedup)
{
	skip_without_wrong();
	const struct told told = calm_table(WRONG);

	expect_match(
		told.out, "^ +pool +2 +static +0 +– +– +– +– +– +– +1 of 1 launches: .*differs");
	expect_match(told.out, "^ +sequential .* verified$");
}

Test(run, a_wrong_result_is_null_in_json)
{
	skip_without_wrong();
	const struct told told = tine(WRONG, "--format", "json");
	json_t *said = parse(told.out);
	const json_t *one = case_of(said, "pool");

	expect_code(&told, 1);
	cr_expect(json_is_false(json_object_get(one, "verified")));
	cr_expect(json_is_null(json_object_get(json_object_get(one, "seconds"), "median")));
	cr_expect(json_is_null(json_object_get(json_object_get(one, "speedup"), "median")));
	cr_expect(json_is_null(json_object_get(one, "efficiency")));
	cr_expect_eq(whole(one, "launches"), 0);
	expect_words(json_string_value(json_object_get(one, "error")), "differs");
	json_decref(said);
}
