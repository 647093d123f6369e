/*
 * cli, schedules: what is tried, what is said of it, and what is refused.
 */
#include "cli_calm.h"
#include "cli_refused.h"
#include "cli_sweep.h"

TestSuite(schedules, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);

/* 100 units of 10 strips, a launch each. */
#define LITTLE                                                                                     \
	"schedules", "pi", "--size", "1000", "--grain", "10", "--samples", "1", "--launches", "1", \
		"--threads", "2"

/* The schedules of a variant that are candidates, a line each. */
static const char *candidates(const struct told *told, const char *variant)
{
	json_t *said = json_said(told), *loop, *line;
	char *text;
	size_t length, l, i;
	FILE *to = open_memstream(&text, &length);

	json_array_foreach (json_object_get(said, "loops"), l, loop)
		if (!strcmp(json_string_value(json_object_get(loop, "variant")), variant))
			json_array_foreach (json_object_get(loop, "schedules"), i, line)
				fprintf(to, "%s\n",
					json_string_value(json_object_get(line, "schedule")));
	fclose(to);
	json_decref(said);
	return keep(text);
}

/* ---- what is tried ---- */

Test(schedules, are_tried_with_powers_of_two_up_to_a_members_share)
{
	const struct told told = tine(LITTLE, "--format", "json");

	cr_expect_str_eq(candidates(&told, "openmp"),
		"static\nstatic,1\nstatic,2\nstatic,4\nstatic,8\nstatic,16\nstatic,32\n"
		"dynamic,1\ndynamic,2\ndynamic,4\ndynamic,8\ndynamic,16\ndynamic,32\n"
		"guided,1\nguided,2\nguided,4\nguided,8\nguided,16\nguided,32\nauto\n");
}

Test(schedules, are_tried_for_openmp_and_pool)
{
	const struct told told = tine(LITTLE, "--format", "json");

	cr_expect_str_eq(candidates(&told, "pool"), candidates(&told, "openmp"));
}

Test(schedules, are_tried_for_one_variant_if_asked)
{
	const struct told told = tine(LITTLE, "--variant", "pthread", "--format", "json");

	cr_expect_str_eq(candidates(&told, "openmp"), "");
	cr_expect_str_neq(candidates(&told, "pthread"), "");
}

Test(schedules, of_one_kind_are_tried_beside_plain_static)
{
	const struct told told =
		tine(LITTLE, "--schedule", "dynamic", "--chunks", "8,1", "--format", "json");

	cr_expect_str_eq(candidates(&told, "openmp"), "static\ndynamic,1\ndynamic,8\n");
}

Test(schedules, with_a_chunk_are_tried_with_that_alone)
{
	const struct told told = tine(LITTLE, "--schedule", "dynamic,5", "--format", "json");

	cr_expect_str_eq(candidates(&told, "openmp"), "static\ndynamic,5\n");
}

/* ---- on other numbers of cores ---- */

#define FORECAST(format) calm_as(ARGUMENTS(LITTLE, "--cores", "8,1024", "--format", format))

Test(schedules, of_other_numbers_of_cores_are_predicted)
{
	const struct told told = FORECAST("json");
	json_t *said = json_said(&told), *row;
	json_int_t best = 0;
	size_t r;

	expect_code(&told, 0);
	json_array_foreach (
		json_object_get(json_object_get(said, "forecast"), "predictions"), r, row)
		if (json_is_true(json_object_get(row, "best")))
			best += whole(row, "cores");
	cr_expect_eq(best, 8 + 1024);
	json_decref(said);
}

Test(schedules, of_other_numbers_of_cores_follow_those_that_were_measured)
{
	const struct told told = FORECAST("table");

	expect_code(&told, 0);
	expect_match(told.out, "^ +1024 +[a-z]+(,[0-9]+)? \\*");
}

Test(schedules, of_other_numbers_of_cores_are_no_part_of_the_csv)
{
	expect_refusal(
		"tine predict pi --cores", ARGUMENTS(LITTLE, "--cores", "8", "--format", "csv"));
}

/* How many schedules had no launch at all. */
static unsigned unlaunched(const struct told *told)
{
	json_t *said = json_said(told), *loop, *line;
	unsigned count = 0;
	size_t l, i;

	json_array_foreach (json_object_get(said, "loops"), l, loop)
		json_array_foreach (json_object_get(loop, "schedules"), i, line)
			count += !whole(line, "launches") && !whole(line, "disturbed");
	json_decref(said);
	return count;
}

Test(schedules, are_searched)
{
	const struct told told = tine(LITTLE, "--variant", "pool", "--format", "json");

	cr_expect_gt(unlaunched(&told), 0);
}

Test(schedules, are_all_measured_with_all)
{
	const struct told told = tine(LITTLE, "--variant", "pool", "--all", "--format", "json");

	cr_expect_eq(unlaunched(&told), 0);
}

Test(schedules, stop_when_the_budget_is_spent)
{
	const struct told told = tine("schedules", "pi", "--size", "1000", "--grain", "10",
		"--threads", "2", "--all", "--budget", "1us", "--format", "csv");

	expect_code(&told, 0);
	cr_expect_leq(count_words(told.out, ",1,0,0,") + count_words(told.out, ",0,1,0,"), 1);
}

/* ---- what is said ---- */

Test(schedules, with_too_few_launches_cannot_be_told)
{
	const struct told told = tine(LITTLE, "--variant", "openmp");

	expect_code(&told, 0);
	expect_words(told.out, "cannot be told");
	expect_words(
		told.out, "OMP_SCHEDULE=\"static\" with schedule(runtime), or schedule(static)");
}

Test(schedules, have_their_pieces_counted)
{
	const struct told told = tine(LITTLE, "--all", "--format", "csv");

	expect_code(&told, 0);
	expect_match(told.out,
		"^\"pi/openmp/t2/dynamic,8/n1000/g10\",pi,openmp,2,dynamic,8,1000,10,13,");
}

Test(schedules, in_csv_have_a_row_each)
{
	const struct told told = tine(LITTLE, "--format", "csv");

	expect_code(&told, 0);
	cr_expect_eq(count_lines(told.out), 1 + 2 * 20);
}

Test(schedules, in_markdown_are_a_table)
{
	const struct told told = tine(LITTLE, "--format", "markdown");

	expect_code(&told, 0);
	expect_words(told.out, "### pi, openmp, 2 threads: size 1000, 100 units of 10 strips\n\n|");
}

Test(schedules, in_json_have_these_keys)
{
	const struct told told = tine(LITTLE, "--format", "json");
	json_t *said = json_said(&told);
	const json_t *loop = json_array_get(json_object_get(said, "loops"), 0);

	expect_keys(loop,
		ARGUMENTS("kernel", "variant", "threads", "size", "grain", "units", "recommended",
			"reason", "schedules"));
	expect_keys(json_array_get(json_object_get(loop, "schedules"), 0),
		ARGUMENTS("id", "schedule", "chunks", "launches", "disturbed", "failed", "seconds",
			"ratio", "standing", "losses", "error"));
	json_decref(said);
}

Test(schedules, in_json_recommend_nothing_where_launches_are_too_few)
{
	const struct told told = tine(LITTLE, "--format", "json");
	json_t *said = json_said(&told);
	const json_t *loop = json_array_get(json_object_get(said, "loops"), 0);

	cr_expect(json_is_null(json_object_get(loop, "recommended")));
	expect_match(json_string_value(json_object_get(loop, "reason")), "cannot be told");
	json_decref(said);
}

/* ---- odd input ---- */

Test(schedules, with_a_chunk_larger_than_the_loop_are_tried_and_it_is_said)
{
	const struct told told = tine(LITTLE, "--schedule", "dynamic", "--chunks", "500");

	expect_code(&told, 0);
	expect_words(
		told.err, "--chunks 500: the loop has 100 units, so that one member does them all");
}

Test(schedules, of_an_unknown_kernel_are_refused)
{
	expect_refusal("did you mean 'mandelbrot'?", ARGUMENTS("schedules", "mandelbrod"));
}

Test(schedules, of_an_unknown_kind_are_refused)
{
	expect_refusal("did you mean 'dynamic'?", ARGUMENTS(LITTLE, "--schedule", "dynmic"));
}

Test(schedules, with_chunk_0_are_refused)
{
	expect_refusal("--chunks 1,0: give counts from 1 to 2147483647, separated by commas: 1,2,4",
		ARGUMENTS(LITTLE, "--chunks", "1,0"));
}

Test(schedules, at_two_numbers_of_threads_are_refused)
{
	expect_refusal("--threads: schedules are compared at one number",
		ARGUMENTS("schedules", "pi", "--threads", "1,2"));
}

Test(schedules, of_sequential_are_refused)
{
	expect_refusal("--variant sequential has no schedule",
		ARGUMENTS(LITTLE, "--variant", "sequential"));
}

Test(schedules, in_a_picture_of_another_format_are_refused)
{
	expect_refusal("--output map.pdf: give a name that ends in .svg or .png",
		ARGUMENTS(LITTLE, "--output", "map.pdf"));
}

Test(schedules, of_two_kernels_are_refused)
{
	expect_refusal(
		"'collatz' is one argument too many", ARGUMENTS("schedules", "pi", "collatz"));
}

/* ---- the picture ---- */

TestSuite(heat_map, .init = enter_directory, .fini = leave_directory, .timeout = 60);

/* The heat map that a tine whose launches are few leaves. */
static char *heat_map(const char *name)
{
	if (system("gnuplot --version >/dev/null 2>&1"))
		skip("there is no gnuplot");
	const struct told told = tine(LITTLE, "--variant", "openmp", "--output", name);
	expect_code(&told, 0);
	return file_text(name);
}

Test(heat_map, is_drawn_as_svg)
{
	expect_words(heat_map("map.svg"), "<svg");
}

Test(heat_map, is_drawn_as_png)
{
	cr_expect_eq(memcmp(heat_map("map.png"), "\x89PNG", 4), 0);
}

Test(heat_map, leaves_nothing_else_behind)
{
	heat_map("map.svg");
	cr_expect_str_eq(listing("."), "map.svg\n");
}

Test(heat_map, names_kinds_and_chunks)
{
	const char *svg = heat_map("map.svg");

	expect_words(svg, "openmp  guided");
	expect_words(svg, ">32<");
}

Test(heat_map, that_cannot_be_written_is_said)
{
	if (system("gnuplot --version >/dev/null 2>&1"))
		skip("there is no gnuplot");
	const struct told told = tine(LITTLE, "--output", "nowhere/map.svg");

	expect_code(&told, 2);
}

Test(heat_map, without_gnuplot_says_what_brings_it)
{
	setenv("PATH", "/nonexistent", 1);
	const struct told told = tine(LITTLE, "--output", "map.svg");

	expect_code(&told, 4);
	expect_words(told.err, "gnuplot is missing");
	cr_expect_str_eq(listing("."), "");
}
