/*
 * cli, run: the cases it makes, the formats it prints them in, results, and its exit code.
 */
#include <math.h>

#include "cli.h"

TestSuite(run, .init = enter_directory, .fini = leave_directory, .timeout = 60);

/* A quick run: one launch of one sample. */
#define QUICK "--launches", "1", "--samples", "1"

/* ---- the contract of --format json ---- */

static json_t *said_by_small_run(const char *launches)
{
	return calm_json(atoi(launches), "run", "pi", "--size", "1000", "--threads", "2",
		"--schedule", "dynamic,3", "--schedule", "guided", "--launches", launches,
		"--samples", "2");
}

Test(run, json_has_version_machine_and_cases)
{
	json_t *said = said_by_small_run("1");

	expect_keys(said, ARGUMENTS("tine", "machine", "map", "cases"));
	cr_expect(json_is_string(json_object_get(said, "tine")));
	cr_expect(json_is_object(json_object_get(said, "machine")));
	cr_expect(json_is_array(json_object_get(said, "cases")));
	json_decref(said);
}

Test(run, json_version_is_that_of_the_program)
{
	json_t *said = said_by_small_run("1");
	char line[64];

	snprintf(line, sizeof(line), "tine %s\n", json_string_value(json_object_get(said, "tine")));
	cr_expect_str_eq(tine("--version").out, line);
	json_decref(said);
}

/* "error" is the one key more: what went wrong, empty if nothing did. */
Test(run, json_cases_have_the_contracts_keys)
{
	json_t *said = said_by_small_run("1"), *one;
	size_t i;

	json_array_foreach (json_object_get(said, "cases"), i, one)
		expect_keys(one,
			ARGUMENTS("id", "kernel", "variant", "threads", "schedule", "chunk", "size",
				"grain", "launches", "samples", "seconds", "speedup", "efficiency",
				"precise", "team", "verified", "result", "error"));
	json_decref(said);
}

Test(run, json_cases_hold_what_was_asked)
{
	json_t *said = said_by_small_run("1");
	const json_t *one = case_with_id(said, "pi/pool/t2/dynamic,3/n1000");

	cr_assert_not_null(one);
	cr_expect_str_eq(json_string_value(json_object_get(one, "kernel")), "pi");
	cr_expect_str_eq(json_string_value(json_object_get(one, "variant")), "pool");
	cr_expect_str_eq(json_string_value(json_object_get(one, "schedule")), "dynamic");
	cr_expect_eq(whole(one, "threads"), 2);
	cr_expect_eq(whole(one, "chunk"), 3);
	cr_expect_eq(whole(one, "size"), 1000);
	cr_expect_eq(whole(one, "grain"), 8192);
	cr_expect_eq(whole(one, "launches"), 1);
	cr_expect_eq(whole(one, "samples"), 2);
	cr_expect_eq(whole(one, "team"), 2);
	cr_expect(json_is_true(json_object_get(one, "verified")));
	cr_expect(json_is_string(json_object_get(one, "result")));
	json_decref(said);
}

Test(run, json_samples_are_those_of_all_launches)
{
	json_t *said = said_by_small_run("3");

	cr_expect_eq(whole(case_of(said, "openmp"), "launches"), 3);
	cr_expect_eq(whole(case_of(said, "openmp"), "samples"), 6);
	json_decref(said);
}

Test(run, json_chunk_is_null_where_none_was_given)
{
	json_t *said = said_by_small_run("1");
	const json_t *one = case_with_id(said, "pi/openmp/t2/guided/n1000");

	cr_assert_not_null(one);
	cr_expect(json_is_null(json_object_get(one, "chunk")));
	json_decref(said);
}

Test(run, json_size_of_a_picture_is_text)
{
	const struct told told =
		tine("run", "mandelbrot", "--size", "20x10", QUICK, "--format", "json");
	json_t *said = json_said(&told);
	const char *size = json_string_value(json_object_get(case_of(said, "pool"), "size"));

	cr_expect_str_eq(size ? size : "no text", "20x10");
	json_decref(said);
}

static double real_in(const json_t *one, const char *estimate, const char *key)
{
	const json_t *value = json_object_get(json_object_get(one, estimate), key);

	cr_assert(json_is_real(value), "%s of %s is no number", key, estimate);
	return json_real_value(value);
}

static void expect_estimate(const json_t *one, const char *name)
{
	expect_keys(json_object_get(one, name), ARGUMENTS("median", "low", "high", "min"));
	cr_expect_gt(real_in(one, name, "min"), 0);
	cr_expect_leq(real_in(one, name, "min"), real_in(one, name, "low"));
	cr_expect_leq(real_in(one, name, "low"), real_in(one, name, "median"));
	cr_expect_leq(real_in(one, name, "median"), real_in(one, name, "high"));
}

Test(run, json_intervals_come_with_six_launches)
{
	json_t *said = said_by_small_run("6"), *one;
	size_t i;

	json_array_foreach (json_object_get(said, "cases"), i, one) {
		expect_estimate(one, "seconds");
		expect_estimate(one, "speedup");
	}
	json_decref(said);
}

Test(run, json_intervals_are_null_with_fewer_launches)
{
	json_t *said = said_by_small_run("5"), *one;
	size_t i;

	json_array_foreach (json_object_get(said, "cases"), i, one) {
		const json_t *seconds = json_object_get(one, "seconds");
		cr_expect(json_is_null(json_object_get(seconds, "low")));
		cr_expect(json_is_null(json_object_get(seconds, "high")));
		cr_expect_gt(real_in(one, "seconds", "median"), 0);
	}
	json_decref(said);
}

Test(run, json_efficiency_is_speedup_per_member)
{
	json_t *said = said_by_small_run("1"), *one;
	size_t i;

	json_array_foreach (json_object_get(said, "cases"), i, one) {
		const double efficiency = json_real_value(json_object_get(one, "efficiency"));
		const double speedup = real_in(one, "speedup", "median");
		cr_expect_lt(
			fabs(efficiency * (double)whole(one, "team") - speedup), 1e-9 * speedup);
	}
	json_decref(said);
}

/* ---- precision ---- */

#define SIX_LAUNCHES                                                                               \
	"run", "pi", "--size", "1000", "--variant", "pool", "--threads", "1", "--launches", "6",   \
		"--samples", "2"

static void expect_precise_in_json(bool precise, const char *precision)
{
	json_t *said = calm_json(6, SIX_LAUNCHES, "--precision", precision), *one;
	size_t i;

	json_array_foreach (json_object_get(said, "cases"), i, one)
		cr_expect_eq(json_is_true(json_object_get(one, "precise")), precise);
	cr_expect_eq(i, 2);
	json_decref(said);
}

Test(run, json_is_precise_where_intervals_are_narrow_enough)
{
	expect_precise_in_json(true, "100%");
}

Test(run, json_is_not_precise_where_intervals_are_wider)
{
	expect_precise_in_json(false, "0.0001%");
}

Test(run, json_is_not_precise_without_intervals)
{
	json_t *said = calm_json(1, "run", "pi", "--size", "1000", "--variant", "pool", "--threads",
		"1", QUICK, "--precision", "100%");

	cr_expect(json_is_false(json_object_get(case_of(said, "pool"), "precise")));
	json_decref(said);
}

static struct told calm_csv(const char *precision)
{
	for (const time_t until = calm_until(); time(NULL) < until;) {
		const struct told told =
			tine(SIX_LAUNCHES, "--precision", precision, "--format", "csv");
		if (count_words(told.out, ",6,12,0,") == 2)
			return told;
	}
	skip("other load disturbs every launch");
}

Test(run, csv_is_precise_where_intervals_are_narrow_enough)
{
	expect_match(calm_csv("100%").out, "^pi/pool/.*,true,1,true,3\\.14");
}

Test(run, csv_is_not_precise_where_intervals_are_wider)
{
	expect_match(calm_csv("0.0001%").out, "^pi/pool/.*,false,1,true,3\\.14");
}

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

/* ---- formats ---- */

#define SMALL "run", "pi", "--size", "1000", "--threads", "2", QUICK

Test(run, table_has_a_title_and_a_row_for_each_variant)
{
	const struct told told = calm_table(SMALL);

	expect_code(&told, 0);
	expect_match(told.out, "^pi: size 1000, in units of 8192 strips; result 3\\.14159");
	expect_match(told.out,
		"^ +variant +threads +schedule +launches +time +95 % interval +speedup "
		"+95 % interval +efficiency +serial +result$");
	expect_match(told.out, "^ +sequential +1 +– +1 .* verified$");
	expect_match(told.out, "^ +openmp +2 +static +1 .* [0-9.]+ % .* verified$");
	expect_match(told.out, "^ +pthread +2 +static +1 .* [0-9.]+ % .* verified$");
	expect_match(told.out, "^ +pool +2 +static +1 .* [0-9.]+ % .* verified$");
}

Test(run, table_has_a_legend_of_what_it_marks)
{
	const struct told told = calm_table(SMALL, "--precision", "5%");

	expect_match(told.out, "too few +[0-9.]+ ");
	expect_match(told.out, "^ +~ the 95 % interval is wider than ±5 % .*, or not known$");
	expect_match(told.out, "^ +too few: it takes 6 undisturbed launches");
	expect_match(told.out, "^ +serial: Karp and Flatt's serial fraction");
}

Test(run, table_tells_nothing_of_marks_that_it_has_not)
{
	const struct told told = calm_table("run", "pi", "--size", "1000", "--variant",
		"sequential", "--launches", "6", "--samples", "2", "--precision", "100%");

	cr_expect_null(strstr(told.out, "~"), "%s", told.out);
	cr_expect_null(strstr(told.out, "too few"), "%s", told.out);
	cr_expect_null(strstr(told.out, "serial:"), "%s", told.out);
}

/* A launch that was disturbed is counted in a column of its own, and has no times. */
Test(run, csv_has_a_header_and_a_line_a_case)
{
	const struct told told = tine(SMALL, "--format", "csv");

	expect_code(&told, 0);
	expect_match(told.out,
		"^id,kernel,variant,threads,schedule,chunk,size,grain,launches,samples,disturbed,"
		"seconds_median,seconds_low,seconds_high,seconds_min,speedup_median,"
		"speedup_low,speedup_high,speedup_min,efficiency,serial_fraction,precise,team,"
		"verified,"
		"result,error$");
	expect_match(told.out,
		"^pi/pool/t2/static/n1000,pi,pool,2,static,,1000,8192,(1,1,0,[0-9.e-]+|0,0,1,),,,");
	cr_expect_eq(count_lines(told.out), 5);
}

Test(run, csv_quotes_an_id_with_a_comma)
{
	const struct told told = tine(SMALL, "--schedule", "dynamic,16", "--format", "csv");

	expect_match(told.out, "^\"pi/pool/t2/dynamic,16/n1000\",pi,pool,2,dynamic,16,1000,");
}

Test(run, markdown_has_a_table_with_a_line_a_case)
{
	const struct told told = tine(SMALL, "--format", "markdown");

	expect_code(&told, 0);
	expect_match(told.out, "^### pi: ");
	expect_match(told.out, "^\\| variant \\| threads \\| schedule \\| launches \\|");
	expect_match(told.out, "^\\| --- \\| ---: \\| --- \\| ---: \\|");
	expect_match(told.out, "^\\| sequential \\| 1 \\|");
	expect_match(told.out, "^\\| openmp \\| 2 \\| static \\|");
	expect_match(told.out, "^\\| pthread \\| 2 \\| static \\|");
	expect_match(told.out, "^\\| pool \\| 2 \\| static \\|");
}

Test(run, output_is_without_colour)
{
	const struct told told = tine(SMALL);

	cr_expect_null(strchr(told.out, '\033'));
	cr_expect_null(strchr(told.err, '\033'));
}

Test(run, NO_COLOR_is_harmless)
{
	setenv("NO_COLOR", "1", 1);
	const struct told told = tine(SMALL);

	expect_code(&told, 0);
	cr_expect_null(strchr(told.out, '\033'));
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

/* The kernel is in the test build alone. */
static void skip_without_wrong(void)
{
	if (!matches(tine("list").out, "^ *wrong "))
		skip("tine was built without the kernel wrong");
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
