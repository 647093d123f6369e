/*
 * cli, run: the contract of its JSON, how precise it calls what it measured, and the other formats.
 */
#include <math.h>

#include "cli_calm.h"

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

/* Of some 100 us, so that a moment's disturbance does not make an interval as wide as its median. */
#define SIX_LAUNCHES                                                                               \
	"run", "pi", "--size", "100000", "--variant", "pool", "--threads", "1", "--launches", "6", \
		"--samples", "5"

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
		if (count_words(told.out, ",6,30,0,") == 2)
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
	const struct told told = calm_table("run", "pi", "--size", "100000", "--variant",
		"sequential", "--launches", "6", "--samples", "5", "--precision", "100%");

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
