/*
 * cli, grain: what 'tine grain' refuses, what it prints, and what is left when it is interrupted.
 */
#include "cli_pictures.h"
#include "cli_refused.h"
#include "cli_waiting.h"

TestSuite(grain, .init = enter_directory, .fini = leave_directory, .timeout = 120);

/* One launch a case, of few steps: enough for the form of what is said. */
#define QUICK "--launches", "1", "--budget", "1s", "--threads", "2"

/* ---- bad input ---- */

#define REFUSE(words, ...) expect_refusal(words, ARGUMENTS("grain", __VA_ARGS__))

Test(grain, refuses_0_threads)
{
	REFUSE("from 1 to 4096", "--threads", "0");
}

Test(grain, refuses_several_numbers_of_threads)
{
	REFUSE("one number of threads", "--threads", "1,2");
}

Test(grain, refuses_an_unknown_kernel_and_names_the_nearest)
{
	REFUSE("did you mean 'triangle'", "triangel");
}

Test(grain, refuses_an_unknown_schedule_and_names_the_nearest)
{
	REFUSE("did you mean 'dynamic'", "--schedule", "dynamik,1");
}

Test(grain, refuses_sequential_as_the_only_variant)
{
	REFUSE("never forks", "--variant", "sequential");
}

Test(grain, refuses_a_schedule_of_one_chunk_a_member)
{
	REFUSE("static,1", "--schedule", "static");
}

Test(grain, refuses_a_size_without_a_kernel)
{
	REFUSE("--size", "--size", "100");
}

Test(grain, refuses_a_grain_without_a_kernel)
{
	REFUSE("--grain", "--grain", "100");
}

Test(grain, refuses_kernels_beside_all)
{
	REFUSE("not both", "triangle", "--all");
}

Test(grain, refuses_one_thread_for_a_kernel)
{
	REFUSE("--threads 2", "triangle", "--threads", "1");
}

Test(grain, refuses_a_size_with_less_than_an_element_a_thread)
{
	REFUSE("an element for each", "triangle", "--threads", "2", "--size", "1");
}

Test(grain, refuses_an_output_that_is_no_picture)
{
	REFUSE(".svg or .png", "--output", "curves.pdf");
}

Test(grain, refuses_an_output_that_cannot_be_written_before_it_measures)
{
	REFUSE("nowhere/curves.svg cannot be written", "--output", "nowhere/curves.svg", QUICK);
}

/* ---- help ---- */

Test(grain, help_names_its_options)
{
	expect_options("grain",
		ARGUMENTS("--variant", "--threads", "--schedule", "--size", "--grain", "--launches",
			"--budget", "--seed", "--bind", "--limit", "--format", "--output",
			"--all"));
}

Test(grain, is_listed_among_the_commands)
{
	const struct told told = tine("--help");

	expect_match(told.out, "^  grain ");
}

/* ---- what it prints ---- */

static json_t *curves_said(const char *const *arguments)
{
	json_t *said = said_by(arguments);
	json_t *curves = json_incref(json_object_get(said, "curves"));
	json_decref(said);
	return curves;
}

#define CURVES(...) curves_said(ARGUMENTS("grain", __VA_ARGS__, "--format", "json", QUICK))

static void expect_text(const json_t *object, const char *key, const char *value)
{
	const char *text = json_string_value(json_object_get(object, key));

	cr_assert_not_null(text, "no %s", key);
	cr_expect_str_eq(text, value, "%s: %s", key, text);
}

static void expect_curve(
	const json_t *curve, const char *part, const char *variant, const char *schedule)
{
	expect_text(curve, "part", part);
	expect_text(curve, "variant", variant);
	expect_text(curve, "schedule", schedule);
}

Test(grain, regions_are_of_every_variant)
{
	json_t *curves = CURVES("--schedule", "dynamic,16");

	cr_assert_eq(json_array_size(curves), 5);
	expect_curve(json_array_get(curves, 0), "region", "openmp", "static");
	expect_curve(json_array_get(curves, 1), "region", "pthread", "static");
	expect_curve(json_array_get(curves, 2), "region", "pool", "static");
	json_decref(curves);
}

Test(grain, chunks_are_of_openmp_and_pool)
{
	json_t *curves = CURVES("--schedule", "dynamic,16");

	cr_assert_eq(json_array_size(curves), 5);
	expect_curve(json_array_get(curves, 3), "chunk", "openmp", "dynamic");
	expect_curve(json_array_get(curves, 4), "chunk", "pool", "dynamic");
	json_decref(curves);
}

Test(grain, curves_have_points_and_crossings)
{
	static const char *const keys[] = { "part", "kernel", "variant", "threads", "schedule",
		"chunk", "error", "crossings", "points", NULL };
	json_t *curves = CURVES("--variant", "openmp", "--schedule", "dynamic,1");

	expect_keys(json_array_get(curves, 0), keys);
	json_decref(curves);
}

Test(grain, of_efficiency_the_crossings_are_of_50_and_90_percent)
{
	json_t *curves = CURVES("--variant", "openmp", "--schedule", "dynamic,1");
	const json_t *crossings = json_object_get(json_array_get(curves, 0), "crossings");
	static const double levels[] = { 0.5, 0.9 };

	cr_assert_eq(json_array_size(crossings), 2);
	for (size_t l = 0; l < 2; l++)
		cr_expect_eq(
			json_real_value(json_object_get(json_array_get(crossings, l), "level")),
			levels[l]);
	json_decref(curves);
}

/* One launch has no interval, and none is made up. */
Test(grain, too_few_launches_have_no_interval)
{
	json_t *curves = CURVES("--variant", "openmp", "--schedule", "dynamic,1"), *curve;
	size_t c;

	json_array_foreach (curves, c, curve) {
		const json_t *crossing = json_array_get(json_object_get(curve, "crossings"), 0);
		cr_expect(json_is_null(json_object_get(crossing, "low")));
		cr_expect(json_is_null(json_object_get(crossing, "high")));
	}
	json_decref(curves);
}

Test(grain, of_a_kernel_the_size_is_the_largest)
{
	json_t *curves = CURVES("triangle", "--variant", "pool", "--size", "5000");
	const json_t *points = json_object_get(json_array_get(curves, 0), "points"), *point;
	size_t p;

	cr_assert_gt(json_array_size(points), 0);
	json_array_foreach (points, p, point)
		cr_expect_leq(whole(point, "elements"), 5000);
	json_decref(curves);
}

Test(grain, of_a_picture_rows_are_varied)
{
	json_t *curves = CURVES("pixel_invert", "--variant", "pool", "--size", "64x512");
	const json_t *points = json_object_get(json_array_get(curves, 0), "points"), *point;
	size_t p;

	cr_assert_gt(json_array_size(points), 0);
	json_array_foreach (points, p, point)
		cr_expect_eq(
			strncmp(json_string_value(json_object_get(point, "size")), "64x", 3), 0);
	json_decref(curves);
}

Test(grain, csv_has_a_cell_in_every_column)
{
	const struct told told =
		tine("grain", "triangle", "--variant", "pool", "--format", "csv", QUICK);

	expect_code(&told, 0);
	expect_even_lines(told.out);
}

Test(grain, csv_has_points_and_a_crossing)
{
	const struct told told =
		tine("grain", "triangle", "--variant", "pool", "--format", "csv", QUICK);

	expect_match(told.out, "^kernel,point,triangle/pool/t2/static/");
	expect_match(told.out, "^kernel,crossing,,triangle,pool,2,static,");
}

Test(grain, markdown_is_a_table)
{
	const struct told told =
		tine("grain", "triangle", "--variant", "pool", "--format", "markdown", QUICK);

	expect_code(&told, 0);
	expect_match(told.out, "^\\| triangle \\| pool \\| static \\|");
}

Test(grain, table_names_each_curve)
{
	const struct told told = tine("grain", "--schedule", "guided,1", QUICK);

	expect_code(&told, 0);
	expect_match(told.out, "^  pthread +static ");
	expect_match(told.out, "^  pool +guided,1 ");
}

Test(grain, wrong_results_make_the_exit_code_1)
{
	const struct told told = tine("grain", "wrong", "--variant", "openmp", QUICK);

	expect_code(&told, 1);
}

/* ---- the picture ---- */

Test(grain, output_is_a_picture_of_both_parts)
{
	need_gnuplot();
	const struct told told =
		tine("grain", "--schedule", "dynamic,1", "--output", "curves.svg", QUICK);
	expect_code(&told, 0);
	const char *svg = file_text("curves.svg");
	expect_words(svg, "work in a region");
	expect_words(svg, "work in a chunk");
	cr_expect_str_eq(listing("."), "curves.svg\n");
}

Test(grain, output_of_kernels_has_a_panel_each)
{
	need_gnuplot();
	const struct told told = tine("grain", "triangle", "collatz", "--variant", "pool",
		"--output", "curves.svg", QUICK);
	expect_code(&told, 0);
	const char *svg = file_text("curves.svg");
	expect_words(svg, "triangle: from which size");
	expect_words(svg, "collatz: from which size");
}

/* ---- interrupted ---- */

Test(grain, ends_by_SIGINT_and_leaves_the_output_as_it_was)
{
	expect_interrupted_before("curves.svg", ARGUMENTS("grain", "--output", "curves.svg"));
}
