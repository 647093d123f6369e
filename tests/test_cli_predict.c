/*
 * cli, predict: which teams and schedules are predicted, what stands beside, and what is refused.
 */
#include "cli_calm.h"
#include "cli_refused.h"
#include "cli_sweep.h"

TestSuite(predict, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 120);

/* 100 units of 1000 strips, few and short launches. */
#define LITTLE                                                                                     \
	"predict", "pi", "--size", "100000", "--grain", "1000", "--samples", "2", "--launches", "3"

#define calm(...) calm_as(ARGUMENTS(LITTLE, __VA_ARGS__))

static json_t *prediction_of(json_t *said, int cores, const char *schedule)
{
	json_t *row;
	size_t r;

	json_array_foreach (json_object_get(said, "predictions"), r, row)
		if (json_integer_value(json_object_get(row, "cores")) == cores &&
			!strcmp(json_string_value(json_object_get(row, "schedule")), schedule))
			return row;
	cr_assert_fail("no prediction of %s on %d cores", schedule, cores);
	return NULL;
}

static double number_of(json_t *row, const char *key)
{
	return json_number_value(json_object_get(row, key));
}

Test(predict, tells_each_number_of_cores_and_schedule_that_is_asked_for)
{
	const struct told told = calm("--cores", "8,1024", "--schedule", "static,1", "--schedule",
		"guided", "--format", "json");
	json_t *said = json_said(&told);

	expect_code(&told, 0);
	prediction_of(said, 8, "static,1");
	prediction_of(said, 8, "guided");
	prediction_of(said, 1024, "static,1");
	prediction_of(said, 1024, "guided");
	json_decref(said);
}

Test(predict, names_a_best_schedule_of_each_number_of_cores)
{
	const struct told told = calm("--cores", "3,64", "--format", "json");
	json_t *said = json_said(&told), *row;
	int best[65] = { 0 };
	size_t r;

	json_array_foreach (json_object_get(said, "predictions"), r, row)
		best[json_integer_value(json_object_get(row, "cores"))] +=
			json_is_true(json_object_get(row, "best"));
	cr_expect_eq(best[3], 1);
	cr_expect_eq(best[64], 1);
	json_decref(said);
}

Test(predict, keeps_within_the_bounds_that_no_schedule_can_beat)
{
	const struct told told = calm("--cores", "1,7,1000", "--format", "json");
	json_t *said = json_said(&told), *row;
	size_t r;

	json_array_foreach (json_object_get(said, "predictions"), r, row)
		cr_expect_geq(
			number_of(row, "seconds"), number_of(row, "least_seconds") * (1 - 1e-9));
	json_decref(said);
}

Test(predict, accounts_for_all_core_time)
{
	const struct told told =
		calm("--cores", "16", "--schedule", "dynamic,4", "--format", "json");
	json_t *said = json_said(&told), *row = prediction_of(said, 16, "dynamic,4"), *part;
	const char *name;
	double sum = 0;

	json_object_foreach (json_object_get(row, "core_seconds"), name, part)
		sum += json_number_value(part);
	cr_expect_float_eq(sum, 16 * number_of(row, "seconds"), 1e-9 * sum);
	json_decref(said);
}

Test(predict, measures_beside_where_the_cores_are)
{
	const struct told told = calm("--cores", "1", "--format", "json");
	json_t *said = json_said(&told), *row = prediction_of(said, 1, "static");

	cr_expect(json_is_real(json_object_get(row, "measured")));
	cr_expect_float_eq(number_of(row, "error"),
		number_of(row, "seconds") / number_of(row, "measured") - 1, 1e-9);
	json_decref(said);
}

Test(predict, measures_nothing_where_the_cores_are_not)
{
	const struct told told = calm("--cores", "4096", "--format", "json");
	json_t *said = json_said(&told), *row = prediction_of(said, 4096, "static");

	cr_expect(json_is_null(json_object_get(row, "measured")));
	json_decref(said);
}

Test(predict, says_what_it_does_not_model)
{
	const struct told told = calm("--cores", "2");

	expect_code(&told, 0);
	expect_words(told.out, "not modelled");
}

Test(predict, says_that_a_chunk_is_larger_than_the_loop)
{
	const struct told told = calm("--cores", "2", "--schedule", "dynamic,1000");

	expect_code(&told, 0);
	expect_words(told.err, "larger than the loop's 100 units");
}

Test(predict, refuses_no_cores)
{
	expect_refusal("--cores", ARGUMENTS(LITTLE, "--cores", "0"));
}

Test(predict, refuses_a_variant_that_is_not_parallel)
{
	expect_refusal(
		"predict takes one that is parallel", ARGUMENTS(LITTLE, "--variant", "sequential"));
}

Test(predict, refuses_an_unknown_kernel_and_names_the_nearest)
{
	expect_refusal("did you mean 'mandelbrot'", ARGUMENTS("predict", "mandelbort"));
}

Test(predict, refuses_a_size_that_the_kernel_does_not_take)
{
	expect_refusal("--size: pi takes a number of elements",
		ARGUMENTS("predict", "pi", "--size", "10x10"));
}
