/*
 * cli, recipe: --shape, --mean-ns and --seed reach the kernels, are recorded, and stay when a sweep
 * is resumed; and what is told of kernels whose size is not scaled.
 */
#include "cli_sweep.h"
#include "reference.h"

TestSuite(recipe, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);
TestSuite(steep, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);

#define FEW                                                                                        \
	"--size", "5", "--variant", "pool", "--threads", "2", "--launches", "1", "--samples", "1"

/* The result of every case of a run, which must be the same. */
static const char *result_said(const struct told *told)
{
	json_t *said = json_said(told), *one;
	const char *result = NULL;
	size_t i;

	json_array_foreach (json_object_get(said, "cases"), i, one) {
		const char *its = json_string_value(json_object_get(one, "result"));
		cr_assert_not_null(its);
		cr_expect(!result || !strcmp(its, result), "%s and %s", its, result);
		result = result ? result : keep(strdup(its));
	}
	cr_assert_not_null(result, "%s", told->out);
	json_decref(said);
	return result;
}

/* Of five elements of so many steps. */
static const char *sum_of_chains(uint64_t seed, const uint64_t steps[5])
{
	uint64_t sum = 0;
	char *text;

	for (uint64_t i = 0; i < 5; i++)
		sum += reference_chain(seed, i, steps[i]);
	cr_assert_geq(asprintf(&text, "%llu", (unsigned long long)sum), 0);
	return keep(text);
}

/* ---- what reaches the kernel ---- */

static const uint64_t constant[] = { 2000, 2000, 2000, 2000, 2000 },
		      rising[] = { 2, 6, 10, 14, 18 };

Test(recipe, unless_given_is_constant_of_2000_steps_and_seed_0)
{
	const struct told told = tine("run", "synthetic", FEW, "--format", "json");

	expect_code(&told, 0);
	cr_expect_str_eq(result_said(&told), sum_of_chains(0, constant));
}

Test(recipe, shape_and_mean_reach_the_kernel)
{
	const struct told told = tine("run", "synthetic", "--shape", "rising", "--mean-ns", "10",
		FEW, "--format", "json");

	expect_code(&told, 0);
	cr_expect_str_eq(result_said(&told), sum_of_chains(0, rising));
}

Test(recipe, seed_reaches_the_kernel)
{
	const struct told told =
		tine("run", "synthetic", "--seed", "4294967295", FEW, "--format", "json");

	expect_code(&told, 0);
	cr_expect_str_eq(result_said(&told), sum_of_chains(4294967295, constant));
}

Test(recipe, seed_reaches_every_kernel_whose_input_is_random)
{
	static const char *const kernels[] = { "synthetic", "spmv", "histogram" };

	for (size_t k = 0; k < 3; k++) {
		const struct told none = tine("run", kernels[k], FEW, "--format", "json"),
				  zero = tine("run", kernels[k], FEW, "--seed", "0", "--format",
					  "json"),
				  one = tine("run", kernels[k], FEW, "--seed", "1", "--format",
					  "json");
		cr_expect_str_eq(result_said(&none), result_said(&zero), "%s", kernels[k]);
		cr_expect_str_neq(result_said(&one), result_said(&zero), "%s", kernels[k]);
	}
}

/* ---- what is recorded ---- */

#define SWEEP "sweep", "synthetic", FEW, "--out", "D"

Test(recipe, is_recorded)
{
	const struct told told =
		tine(SWEEP, "--shape", "bimodal", "--mean-ns", "30", "--seed", "7");
	json_t *plan = plan_in_run_json();
	const json_t *recipe = json_object_get(plan, "recipe");

	expect_code(&told, 0);
	expect_keys(recipe, ARGUMENTS("seed", "shape", "mean_ns"));
	cr_expect_eq(whole(recipe, "seed"), 7);
	cr_expect_eq(whole(recipe, "mean_ns"), 30);
	cr_expect_str_eq(json_string_value(json_object_get(recipe, "shape")), "bimodal");
	json_decref(plan);
}

Test(recipe, that_is_not_given_is_recorded_as_its_seed)
{
	const struct told told = tine(SWEEP);
	json_t *plan = plan_in_run_json();
	const json_t *recipe = json_object_get(plan, "recipe");

	expect_code(&told, 0);
	expect_keys(recipe, ARGUMENTS("seed"));
	cr_expect_eq(whole(recipe, "seed"), 0);
	json_decref(plan);
}

static void expect_one_result(const char *expected)
{
	json_t *launches = launches_in("D"), *one;
	size_t i;

	json_array_foreach (launches, i, one)
		cr_expect_str_eq(json_string_value(json_object_get(one, "result")), expected);
	json_decref(launches);
}

Test(recipe, stays_when_a_sweep_is_resumed)
{
	const struct told told = tine(SWEEP, "--shape", "rising", "--mean-ns", "10", "--seed", "3");

	expect_code(&told, 0);
	put_text("D/launches.jsonl", "");
	const struct told again = tine("sweep", "--resume", "D");
	expect_code(&again, 0);
	expect_complete(1);
	expect_one_result(sum_of_chains(3, rising));
}

/* As those of runs that were made before there were recipes. */
Test(recipe, may_be_missing_from_a_run)
{
	const struct told told = tine(SWEEP);
	json_t *about = parse(file_text("D/run.json"));

	expect_code(&told, 0);
	cr_assert_eq(json_object_del(json_object_get(about, "plan"), "recipe"), 0);
	cr_assert_eq(json_dump_file(about, "D/run.json", 0), 0);
	json_decref(about);
	expect_sound_run();
}

Test(recipe, that_differs_between_runs_is_told_by_compare)
{
	const struct told a = tine("sweep", "synthetic", FEW, "--out", "A"),
			  b = tine("sweep", "synthetic", FEW, "--shape", "giant", "--out", "B"),
			  told = tine("compare", "A", "B");

	expect_code(&a, 0);
	expect_code(&b, 0);
	expect_words(told.err, "recipe.shape: nothing and \"giant\"");
}

/* ---- sizes that are not scaled ---- */

static bool is_planned(const json_t *plan, const char *id)
{
	const json_t *one;
	size_t i;

	json_array_foreach (json_object_get(plan, "cases"), i, one)
		if (!strcmp(json_string_value(json_object_get(one, "case")), id))
			return true;
	return false;
}

Test(steep, kernels_keep_their_size_for_a_quick_look)
{
	const struct told told = tine("sweep", "queens", "--quick", "--variant", "sequential",
		"--budget", "1us", "--out", "D");
	json_t *plan = plan_in_run_json();

	expect_code(&told, 0);
	cr_expect(is_planned(plan, "queens/sequential/t1/none/n13"));
	json_decref(plan);
}

Test(steep, kernels_are_left_out_where_all_grow_with_the_threads)
{
	/* whatever the code: the launch that the budget has time for may be one of a wrong kernel */
	tine("sweep", "--scaling", "weak", "--threads", "2", "--variant", "pool", "--budget", "1us",
		"--out", "D");
	json_t *plan = plan_in_run_json();

	cr_expect(is_planned(plan, "primes/pool/t2/static/n1000000"));
	cr_expect_not(is_planned(plan, "queens/sequential/t1/none/n13"));
	json_decref(plan);
}
