/*
 * cli, overhead: what 'tine overhead' refuses, what it prints, and what launches are told of waiting.
 */
#include "cli_refused.h"
#include "cli_waiting.h"

TestSuite(overhead, .init = enter_directory, .fini = leave_directory, .timeout = 120);
TestSuite(waiting, .init = enter_directory, .fini = leave_directory, .timeout = 60);

/* One launch a case: enough for the form of what is said. */
#define QUICK "--launches", "1", "--limit", "60s"

#define REFUSE(words, ...) expect_refusal(words, ARGUMENTS(__VA_ARGS__))

/* ---- bad input ---- */

Test(overhead, refuses_0_threads)
{
	REFUSE("from 1 to 4096", "overhead", "--threads", "0");
}

Test(overhead, refuses_several_numbers_of_threads)
{
	REFUSE("one number of threads", "overhead", "--threads", "1,2");
}

Test(overhead, refuses_a_kernel)
{
	REFUSE("one argument too many", "overhead", "triangle");
}

Test(overhead, refuses_a_size_since_it_has_its_own)
{
	REFUSE("no option of tine overhead", "overhead", "--size", "100");
}

Test(overhead, refuses_an_unknown_format)
{
	REFUSE("table, csv, json or markdown", "overhead", "--format", "xml");
}

Test(overhead, help_names_its_options)
{
	expect_options("overhead",
		ARGUMENTS("--threads", "--launches", "--precision", "--budget", "--bind", "--wait",
			"--seed", "--limit", "--format"));
}

/* ---- what it prints ---- */

#define SAID(...) said_by(ARGUMENTS("overhead", "--format", "json", QUICK, __VA_ARGS__))

static bool has_two_cpus(void)
{
	cpu_set_t mask;

	cr_assert_eq(sched_getaffinity(0, sizeof(mask), &mask), 0);
	return CPU_COUNT(&mask) > 1;
}

static const char *const parallel[] = { "openmp", "pthread", "pool", NULL };

Test(overhead, json_has_its_keys)
{
	static const char *const keys[] = { "tine", "machine", "threads", "floor_ns", "stamp_ns",
		"floor", "stamp", "region_ns", "region_over_floor", "cold_ns", "barrier_ns",
		"dispatch_ns", "dispatch_openmp_over_pool", NULL };
	json_t *said = SAID("--threads", "2");

	expect_keys(said, keys);
	cr_expect_eq(whole(said, "threads"), 2);
	json_decref(said);
}

Test(overhead, json_has_a_figure_a_variant)
{
	static const char *const figure[] = { "median", "low", "high", "launches", NULL };
	static const char *const keys[] = { "region_ns", "cold_ns", "barrier_ns", NULL };
	json_t *said = SAID("--threads", "2");

	for (size_t k = 0; keys[k]; k++) {
		const json_t *all = json_object_get(said, keys[k]);
		expect_keys(all, parallel);
		for (size_t v = 0; parallel[v]; v++) {
			const json_t *one = json_object_get(all, parallel[v]);
			expect_keys(one, figure);
			cr_expect_gt(json_real_value(json_object_get(one, "median")), 0, "%s of %s",
				keys[k], parallel[v]);
		}
	}
	json_decref(said);
}

Test(overhead, json_has_a_chunk_a_variant_schedule_and_team)
{
	static const char *const schedules[] = { "static,1", "dynamic,1", "guided,1", "auto",
		NULL };
	static const char *const teams[] = { "1", "2", NULL };
	json_t *said = SAID("--threads", "2");
	const json_t *dispatch = json_object_get(said, "dispatch_ns");

	expect_keys(dispatch, parallel);
	for (size_t v = 0; parallel[v]; v++) {
		const json_t *all = json_object_get(dispatch, parallel[v]);
		expect_keys(all, schedules);
		for (size_t s = 0; schedules[s]; s++)
			expect_keys(json_object_get(all, schedules[s]), teams);
	}
	json_decref(said);
}

Test(overhead, has_a_floor_for_members_with_a_cpu_of_their_own)
{
	if (!has_two_cpus())
		skip("one CPU has no pairs");
	json_t *said = SAID("--threads", "2");

	cr_expect_gt(json_real_value(json_object_get(said, "floor_ns")), 0);
	cr_expect_eq(json_array_size(json_object_get(json_object_get(said, "floor"), "pairs")), 1);
	json_decref(said);
}

Test(overhead, has_no_floor_for_members_who_are_not_bound)
{
	json_t *said = SAID("--threads", "2", "--bind", "none");

	cr_expect(json_is_null(json_object_get(said, "floor_ns")));
	json_decref(said);
}

Test(overhead, of_more_threads_than_cpus_has_regions_but_no_floor)
{
	json_t *said = SAID("--threads", "9");
	const json_t *pool = json_object_get(json_object_get(said, "region_ns"), "pool");

	cr_expect_gt(json_real_value(json_object_get(pool, "median")), 0);
	cr_expect(json_is_null(json_object_get(said, "floor_ns")));
	json_decref(said);
}

Test(overhead, of_one_thread_has_one_team)
{
	json_t *said = SAID("--threads", "1");
	const json_t *pool = json_object_get(json_object_get(said, "dispatch_ns"), "pool");

	cr_expect_eq(json_object_size(json_object_get(pool, "dynamic,1")), 1);
	json_decref(said);
}

Test(overhead, too_few_launches_have_no_interval)
{
	json_t *said = SAID("--threads", "2");
	const json_t *pool = json_object_get(json_object_get(said, "region_ns"), "pool");

	cr_expect(json_is_null(json_object_get(pool, "low")));
	cr_expect(json_is_null(json_object_get(pool, "high")));
	json_decref(said);
}

Test(overhead, csv_has_a_row_a_figure)
{
	const struct told told = tine("overhead", "--threads", "2", "--format", "csv", QUICK);

	expect_code(&told, 0);
	expect_match(told.out, "^figure,variant,threads,schedule,median,low,high,launches$");
	expect_match(told.out, "^region_ns,pool,2,,[0-9.]+,,,1$");
	expect_match(told.out, "^dispatch_ns,openmp,1,\"dynamic,1\",");
	expect_match(told.out, "^dispatch_openmp_over_pool,,2,\"guided,1\",");
}

Test(overhead, markdown_is_a_table)
{
	const struct told told = tine("overhead", "--threads", "2", "--format", "markdown", QUICK);

	expect_code(&told, 0);
	expect_match(told.out, "^\\| pool \\| ");
	expect_match(told.out, "^\\| dynamic,1 \\| 2 \\| ");
}

Test(overhead, table_names_the_openmp_library)
{
	const struct told told = tine("overhead", "--threads", "2", QUICK);

	expect_code(&told, 0);
	expect_match(told.out, "openmp is lib(g?omp) [0-9]+$");
}

Test(overhead, ends_by_SIGINT_and_prints_nothing)
{
	const struct told told = end_by(SIGINT, ARGUMENTS("overhead"));

	expect_code(&told, 130);
	cr_expect_str_empty(told.out);
}

/* ---- how members wait ---- */

static void expect_policy(const char *expected, const char *const *arguments)
{
	json_t *said = said_by(arguments);
	const json_t *one = json_array_get(json_object_get(said, "cases"), 1);

	cr_expect_str_eq(json_string_value(json_object_get(one, "result")), expected);
	json_decref(said);
}

#define EXPECT_POLICY(expected, ...)                                                               \
	expect_policy(expected,                                                                    \
		ARGUMENTS("run", "policy", "--variant", "pool", "--threads", "2", "--launches",    \
			"1", "--format", "json", __VA_ARGS__))

Test(waiting, is_the_environments_unless_given)
{
	setenv("OMP_WAIT_POLICY", "PASSIVE", 1);
	EXPECT_POLICY("PASSIVE", "--seed", "1");
}

Test(waiting, of_the_option_overrides_the_environment)
{
	setenv("OMP_WAIT_POLICY", "PASSIVE", 1);
	EXPECT_POLICY("active", "--wait", "active");
}

Test(waiting, is_told_nothing_by_default)
{
	EXPECT_POLICY("unset", "--seed", "1");
}

Test(waiting, refuses_other_words)
{
	REFUSE("active or passive", "run", "pi", "--wait", "lazily");
}

Test(waiting, belongs_to_a_plan_that_is_resumed)
{
	const struct told told = tine("sweep", "policy", "--variant", "pool", "--threads", "2",
		"--launches", "1", "--wait", "passive", "--out", "run");

	expect_code(&told, 0);
	expect_words(file_text("run/run.json"), "\"wait\": \"passive\"");
}
