/*
 * cli, compare: what two runs have not in common but the program: the shift of all cases, turns, and
 * what else differs.
 */
#include "cli_compare.h"

TestSuite(compared, .init = put_two_runs, .fini = leave_directory, .timeout = 60);

/* Sets a key of run.json's "machine" or "plan"; where there is a second key, inside that. */
static void set_about(
	const char *directory, const char *part, const char *key, const char *inner, json_t *value)
{
	json_t *about = about_of(directory), *object = json_object_get(about, part);

	if (inner) {
		object = json_object_get(object, key);
		key = inner;
	}
	cr_assert_eq(json_object_set_new(object, key, value), 0);
	put_about(directory, about);
}

static void set_machine(const char *key, const char *value)
{
	set_about("B", "machine", key, NULL, json_string(value));
}

static void set_turns(const char *directory, const char *file)
{
	set_about(directory, "plan", "turns", NULL, json_string(file));
}

static void expect_silence(const struct told *told, const char *words)
{
	cr_expect_null(strstr(told->err, words), "%s", told->err);
}

/* ---- the shift, --relative, turns ---- */

Test(compared, a_shift_of_all_cases_is_told_with_what_helps)
{
	scale("", 1.3);
	const struct told told = compare();

	expect_match(
		told.err, "median of all 3 ratios B / A is 1\\.300: .*--turns FILE.*--relative");
}

Test(compared, a_shift_within_the_margin_asks_for_nothing)
{
	scale("", 1.005);
	const struct told told = compare();

	expect_match(told.err, "median of all 3 ratios B / A is 1\\.005$");
	expect_silence(&told, "--");
}

/* The launches of a run began every so often. */
static void set_began(const char *directory, json_int_t first_ms, json_int_t apart_ms)
{
	json_t *launches = launches_in(directory), *one;
	size_t i;

	json_array_foreach (launches, i, one)
		json_object_set_new(one, "began_ms",
			apart_ms ? json_integer(first_ms + apart_ms * (json_int_t)i) : json_null());
	put_launches(directory, launches);
}

enum { HOUR_MS = 3600000 };

/* Both were given one file; B's launches began so much later, and as often. */
static void set_common_turns(json_int_t later_ms)
{
	set_turns("A", "/tmp/turns");
	set_turns("B", "/tmp/turns");
	set_began("A", HOUR_MS, 100);
	set_began("B", HOUR_MS + later_ms, 100);
}

Test(compared, runs_that_took_turns_are_told_as_such)
{
	set_common_turns(50);
	const struct told told = compare();

	expect_match(
		told.err, "^tine: both runs took turns by /tmp/turns, and met the same machine$");
	expect_silence(&told, "differ");
}

Test(compared, runs_one_after_the_other_did_not_take_turns)
{
	set_common_turns(HOUR_MS);
	scale("", 1.3);
	const struct told told = compare();

	expect_match(told.err,
		"^tine: both runs were given --turns /tmp/turns, but did not run at the same "
		"time$");
	expect_silence(&told, "took turns");
	expect_words(told.err, "is 1.300: it may be the machine that changed");
}

/* As after a resume: B's first launch, all of A's, and B's others. */
Test(compared, a_run_in_a_pause_of_the_other_did_not_take_turns)
{
	set_common_turns(HOUR_MS);
	json_t *launches = launches_in("B");

	json_object_set_new(json_array_get(launches, 0), "began_ms", json_integer(1));
	put_launches("B", launches);
	const struct told told = compare();

	expect_words(told.err, "did not run at the same time");
}

Test(compared, launches_that_were_made_alone_are_counted)
{
	set_common_turns(50 + 100 * LAUNCHES);
	const struct told told = compare();

	expect_match(told.err,
		"^tine: both runs took turns by /tmp/turns, but for 8 of 24 launches of A and 8 of "
		"24 of B, which may have met another machine$");
}

Test(compared, runs_that_did_not_record_when_they_launched_may_have_taken_turns)
{
	set_common_turns(50);
	set_began("A", 0, 0);
	const struct told told = compare();

	expect_match(told.err,
		"^tine: both runs were given --turns /tmp/turns, but did not record when they "
		"launched: whether they met the same machine is not known$");
}

Test(compared, json_has_no_turns_of_runs_one_after_the_other)
{
	set_common_turns(HOUR_MS);
	const struct told told = tine("compare", "A", "B", "--format", "json");
	json_t *said = parse(told.out);

	cr_expect(json_is_null(json_object_get(said, "turns")));
	json_decref(said);
}

Test(compared, runs_that_took_turns_are_not_asked_to)
{
	set_common_turns(50);
	scale("", 1.3);
	const struct told told = compare();

	expect_words(told.err, "is 1.300: that is the program's doing");
	expect_silence(&told, "--");
}

Test(compared, runs_that_took_turns_with_others_did_not_take_turns)
{
	set_turns("A", "/tmp/turns");
	set_turns("B", "/tmp/others");
	scale("", 1.3);
	const struct told told = compare();

	expect_silence(&told, "took turns");
	expect_silence(&told, "differ");
	expect_words(told.err, "--turns FILE");
}

Test(compared, runs_of_two_hosts_did_not_take_turns)
{
	set_turns("A", "/tmp/turns");
	set_turns("B", "/tmp/turns");
	set_machine("host", "another");
	const struct told told = compare();

	expect_silence(&told, "took turns");
}

Test(compared, relative_takes_out_what_all_cases_share)
{
	scale("", 1.3);
	scale("pool/t2", 1.2);
	const struct told usual = compare(), told = compare_with("--relative");

	expect_verdict(&usual, POOL_1, "slower");
	expect_code(&told, 0);
	expect_verdict(&told, POOL_1, "same");
	expect_verdict(&told, POOL_2, "10 ms +15\\.[0-9]+ ms +1\\.200 .* slower");
	expect_match(told.out, "B's times are divided by 1\\.300");
	expect_match(told.err, "is 1\\.300: B's times are divided by it");
}

Test(compared, relative_is_what_fail_above_goes_by)
{
	scale("", 1.3);
	const struct told usual = compare_with("--fail-above", "5%"),
			  told = compare_with("--fail-above", "5%", "--relative");

	expect_code(&usual, 3);
	expect_code(&told, 0);
}

/* Two cases, one of them slower: half of that would be called the shift. */
Test(compared, relative_to_two_cases_is_refused)
{
	drop_cases("B", "pool/t1");
	const struct told told = compare_with("--relative");

	expect_code(&told, 2);
	expect_match(told.err, "--relative .* takes 3 cases .* there are 2");
	cr_expect_str_empty(told.out);
}

/* ---- what else differs ---- */

Test(compared, equal_machines_are_not_said_to_differ)
{
	const struct told told = compare();

	cr_expect_str_eq(told.err, "tine: the median of all 3 ratios B / A is 1.000\n");
}

Test(compared, what_differs_is_told_once_with_both_values)
{
	set_machine("governor", "powersave");
	set_machine("compiler", "cc 77");
	set_about("B", "machine", "environment", "OMP_PLACES", json_string("cores"));
	set_about("B", "machine", "caches", "l2_bytes", json_integer(5));
	set_about("B", "plan", "gamma", NULL, json_real(1.8));
	const struct told told = compare();

	cr_expect_eq(count_words(told.err, "the runs also differ in"), 1, "%s", told.err);
	expect_match(told.err, "^  governor: .* and \"powersave\"$");
	expect_match(told.err, "^  compiler: \".*\" and \"cc 77\"$");
	expect_match(told.err, "^  environment\\.OMP_PLACES: nothing and \"cores\"$");
	expect_match(told.err, "^  caches\\.l2_bytes: .* and 5$");
	expect_match(told.err, "^  gamma: 2\\.2[0-9]* and 1\\.8[0-9]*$");
	expect_silence(&told, "l1d_bytes");
}

Test(compared, a_fact_that_only_one_run_knows_is_told)
{
	set_about("A", "machine", "of_a_later_tine", NULL, json_integer(1));
	const struct told told = compare();

	expect_match(told.err, "^  of_a_later_tine: 1 and nothing$");
}

Test(compared, another_way_to_wait_is_told)
{
	set_about("B", "plan", "wait", NULL, json_string("passive"));

	expect_match(compare().err, "^  wait: nothing and \"passive\"$");
}

Test(compared, what_passes_by_is_not_told)
{
	set_about("B", "machine", "state", "load_average", json_real(77));
	set_about("B", "machine", "frequency", "now_hz", json_integer(77));
	set_about("B", "machine", "timer_step_ns", NULL, json_integer(77));
	set_about("B", "machine", "environment", "SLURM_JOB_ID", json_string("77"));
	set_about("B", "plan", "seed", NULL, json_integer(77));
	set_about("B", "plan", "budget_ns", NULL, json_integer(77));
	const struct told told = compare();

	expect_silence(&told, "differ");
}

Test(compared, other_results_of_the_sequential_case_are_told)
{
	json_t *launches = launches_in("B"), *one;
	size_t i;

	json_array_foreach (launches, i, one)
		if (is_of(one, "sequential"))
			json_object_set_new(one, "result", json_string("3.2"));
	put_launches("B", launches);
	const struct told told = compare();
	expect_match(told.err,
		"^tine: pi does not compute the same.* is 3\\.14[0-9]* in A and 3\\.2 in B$");
}
