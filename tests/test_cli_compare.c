/*
 * cli, compare: what it says of two runs whose times are known, since the tests write them.
 */
#include "cli_sweep.h"

/*
 * A and B are copies of one small sweep: three cases of LAUNCHES launches each, of one sample of
 * some 10 ms, in B as in A. Tests change B.
 */
enum { LAUNCHES = 8, CASES = 3 };

#define SEQUENTIAL_CASE "pi/sequential/t1/none/n1000"
#define POOL_1          "pi/pool/t1/static/n1000"
#define POOL_2          "pi/pool/t2/static/n1000"

/* ---- runs that are written ---- */

static json_t *about_of(const char *directory)
{
	char path[32];

	snprintf(path, sizeof(path), "%s/run.json", directory);
	return parse(file_text(path));
}

/* Takes over the object. */
static void put_about(const char *directory, json_t *about)
{
	char path[32];

	snprintf(path, sizeof(path), "%s/run.json", directory);
	cr_assert_eq(json_dump_file(about, path, 0), 0);
	json_decref(about);
}

static double ns_of(const json_t *launch)
{
	return json_number_value(
		json_object_get(json_array_get(json_object_get(launch, "regions"), 0), "ns"));
}

static void put_two_runs(void)
{
	enter_without_gnuplot();
	const struct told told = tine("sweep", "pi", "--size", "1000", "--samples", "1",
		"--variant", "pool", "--threads", "1,2", "--launches", "1", "--out", "D");
	expect_code(&told, 0);
	json_t *measured = launches_in("D"), *launches = json_array(), *one;
	size_t i;

	cr_assert_eq(json_array_size(measured), CASES);
	json_array_foreach (measured, i, one)
		add_launches_like(launches, one, LAUNCHES, 1e7, 1e-4);
	cr_assert(!mkdir("A", 0777) && !mkdir("B", 0777));
	put_about("A", about_of("D"));
	put_about("B", about_of("D"));
	put_launches("A", json_incref(launches));
	put_launches("B", launches);
	json_decref(measured);
}

TestSuite(compared, .init = put_two_runs, .fini = leave_directory, .timeout = 60);

/* ---- changes ---- */

static bool is_of(const json_t *launch, const char *id)
{
	return strstr(json_string_value(json_object_get(launch, "case")), id) != NULL;
}

/* Multiplies the times of all launches whose case's id holds these words. */
static void scale(const char *id, double by)
{
	json_t *launches = launches_in("B"), *one;
	size_t i;

	json_array_foreach (launches, i, one)
		if (is_of(one, id))
			set_ns(one, by * ns_of(one));
	put_launches("B", launches);
}

/* Sets a field in the first `count` launches of such cases, which then take ten times as long. */
static void spoil(const char *id, size_t count, const char *key, json_t *value)
{
	json_t *launches = launches_in("B"), *one;
	size_t i;

	json_array_foreach (launches, i, one) {
		if (!is_of(one, id) || !count)
			continue;
		count--;
		set_ns(one, 10 * ns_of(one));
		json_object_set(one, key, value);
	}
	json_decref(value);
	put_launches("B", launches);
}

/* Leaves only the first `rounds` launches of each case. */
static void shorten(const char *directory, int rounds)
{
	json_t *launches = launches_in(directory);

	for (size_t i = json_array_size(launches); i-- > 0;)
		if (whole(json_array_get(launches, i), "round") >= rounds)
			json_array_remove(launches, i);
	put_launches(directory, launches);
}

static void drop(json_t *cases, const char *id)
{
	for (size_t i = json_array_size(cases); i-- > 0;)
		if (is_of(json_array_get(cases, i), id))
			json_array_remove(cases, i);
}

/* As if such cases had not been planned. */
static void drop_cases(const char *directory, const char *id)
{
	json_t *launches = launches_in(directory), *about = about_of(directory);

	drop(launches, id);
	drop(json_object_get(json_object_get(about, "plan"), "cases"), id);
	put_launches(directory, launches);
	put_about(directory, about);
}

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

/* ---- what is said ---- */

#define compare_with(...)    tine("compare", "A", "B", __VA_ARGS__)
#define compare_as_json(...) json_said_by("compare", "A", "B", "--format", "json", __VA_ARGS__)
#define json_said_by(...)    said_by(ARGUMENTS(__VA_ARGS__))

static struct told compare(void)
{
	const struct told told = tine("compare", "A", "B");

	expect_code(&told, 0);
	return told;
}

static json_t *said_by(const char *const *arguments)
{
	const struct told told = tine_as(&(struct way) { 0 }, arguments);

	return json_said(&told);
}

static void expect_verdict(const struct told *told, const char *id, const char *verdict)
{
	char pattern[200];

	snprintf(pattern, sizeof(pattern), "^ +%s .* %s *$", id, verdict);
	expect_match(told->out, pattern);
}

static void expect_silence(const struct told *told, const char *words)
{
	cr_expect_null(strstr(told->err, words), "%s", told->err);
}

static double number(const json_t *one, const char *key)
{
	const json_t *value = json_object_get(one, key);

	cr_assert(json_is_number(value), "'%s' is no number", key);
	return json_number_value(value);
}

static void expect_number(const json_t *one, const char *key, double expected)
{
	cr_expect_float_eq(
		number(one, key), expected, 1e-3 * expected, "%s: %g", key, number(one, key));
}

/* ---- verdicts ---- */

Test(compared, equal_times_are_the_same)
{
	const struct told told = compare();

	expect_verdict(&told, SEQUENTIAL_CASE, "same");
	expect_verdict(&told, POOL_1, "same");
	expect_verdict(&told, POOL_2, "same");
	expect_match(told.out, "^ +0 cannot tell, 0 faster, 0 slower, 3 same$");
}

Test(compared, longer_times_are_slower)
{
	scale("pool/t2", 1.2);
	const struct told told = compare();

	expect_verdict(&told, POOL_2, "slower");
	expect_verdict(&told, POOL_1, "same");
	expect_match(told.out, "^ +0 cannot tell, 0 faster, 1 slower, 2 same$");
}

Test(compared, shorter_times_are_faster)
{
	scale("pool/t2", 1 / 1.2);
	const struct told told = compare();

	expect_verdict(&told, POOL_2, "faster");
	expect_verdict(&told, POOL_1, "same");
}

Test(compared, few_launches_cannot_tell)
{
	shorten("A", 3);
	shorten("B", 3);
	scale("", 2);
	const struct told told = compare();

	expect_verdict(&told, POOL_2,
		"2\\.000 +– +– +1\\.00 +cannot tell: 3 and 3 launches are too few: it takes 4 of "
		"each run");
	expect_match(told.out, "corrected for 0 cases by Holm");
}

Test(compared, scattered_launches_cannot_tell)
{
	json_t *launches = launches_in("B"), *one;
	size_t i;

	json_array_foreach (launches, i, one)
		set_ns(one, ns_of(one) * (i % 2 ? 1.5 : 0.6));
	put_launches("B", launches);
	const struct told told = compare();
	expect_verdict(&told, POOL_2, "cannot tell: the launches differ too much .*");
}

/* No number stands for one that is not there. */
Test(compared, a_case_without_launches_has_a_row_without_numbers)
{
	spoil("pool/t2", LAUNCHES, "throttled", json_integer(1));
	const struct told told = compare();

	expect_match(told.out,
		"^ +" POOL_2 " +10 ms +– +– +– +– +– +cannot tell: 8 and 0 launches are too few");
}

Test(compared, a_margin_calls_small_differences_the_same)
{
	scale("pool/t2", 1.02);
	const struct told usual = compare(), wide = compare_with("--margin", "5%"),
			  close = compare_with("--margin", "2.005%");

	expect_verdict(&usual, POOL_2, "slower");
	expect_verdict(&wide, POOL_2, "same");
	expect_verdict(&close, POOL_2, "cannot tell: it differs, but perhaps .* the margin");
}

/* ---- --fail-above ---- */

static void expect_exit(int code, double factor, const char *limit)
{
	scale("pool/t2", factor);
	const struct told told = compare_with("--fail-above", limit);

	expect_code(&told, code);
	expect_words(told.out, POOL_2);
}

Test(compared, fail_above_exits_3_when_a_case_is_slower_by_more)
{
	scale("pool", 1.2);
	const struct told told = compare_with("--fail-above", "5%");

	expect_code(&told, 3);
	expect_words(told.err, "2 cases are slower by more than 5 %");
	expect_words(told.out, POOL_2);
}

Test(compared, fail_above_exits_0_when_a_case_is_slower_by_less)
{
	expect_exit(0, 1.2, "25%");
}

Test(compared, fail_above_exits_0_when_a_case_is_faster)
{
	expect_exit(0, 1 / 1.2, "5%");
}

Test(compared, fail_above_exits_0_when_nobody_can_tell)
{
	shorten("A", 3);
	shorten("B", 3);
	expect_exit(0, 2, "5%");
}

Test(compared, slower_cases_exit_0_without_fail_above)
{
	scale("pool/t2", 2);
	compare();
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

/* ---- what is left out ---- */

Test(compared, disturbed_launches_are_left_out_and_counted)
{
	spoil("pool/t2", 2, "preempted", json_integer(1));
	json_t *said = compare_as_json("--margin", "1%");
	const json_t *one = case_with_id(said, POOL_2);

	cr_expect_eq(whole(one, "launches_a"), LAUNCHES);
	cr_expect_eq(whole(one, "launches_b"), LAUNCHES - 2);
	cr_expect_str_eq(json_string_value(json_object_get(one, "verdict")), "same");
	expect_words(compare().err, "launches of B that are left out: 2 disturbed by other load\n");
	json_decref(said);
}

Test(compared, failed_and_wrong_launches_are_left_out_and_counted)
{
	spoil("pool/t2", 2, "status", json_string("failed"));
	spoil("pool/t1", 1, "status", json_string("wrong"));
	json_t *said = compare_as_json("--margin", "1%");

	cr_expect_eq(whole(case_with_id(said, POOL_2), "launches_b"), LAUNCHES - 2);
	cr_expect_eq(whole(case_with_id(said, POOL_1), "launches_b"), LAUNCHES - 1);
	expect_words(compare().err, "launches of B that are left out: 2 failed, 1 wrong\n");
	json_decref(said);
}

Test(compared, cases_of_one_run_alone_are_left_out_and_counted)
{
	drop_cases("A", "sequential");
	drop_cases("B", "pool/t1");
	const struct told told = compare();

	expect_words(told.err, "has not got them: 1 case of A, 1 of B\n");
	cr_expect_null(strstr(told.out, "pool/t1"));
	cr_expect_null(strstr(told.out, "sequential"));
	expect_verdict(&told, POOL_2, "same");
}

/* ---- runs that cannot be compared ---- */

static void expect_refused(const char *names, const char *const *arguments)
{
	const struct told told = tine_as(&(struct way) { 0 }, arguments);

	cr_assert(told.code == 2 || told.code == 4, "exit code %d\n%s", told.code, told.err);
	expect_words(told.err, names);
	cr_expect_str_empty(told.out);
}

Test(compared, no_case_in_common_is_refused)
{
	drop_cases("A", "pool/t2");
	drop_cases("B", "t1");
	const struct told told = tine("compare", "A", "B");

	expect_code(&told, 2);
	expect_words(told.err, "A and B have no case in common");
	cr_expect_str_empty(told.out);
}

Test(compared, one_run_twice_is_told)
{
	const struct told told = tine("compare", "A", "A/");

	expect_code(&told, 0);
	expect_words(told.err, "A is compared with itself");
	expect_verdict(&told, POOL_2, "same");
}

Test(compared, a_directory_that_is_none_is_named)
{
	expect_refused("nowhere/run.json", ARGUMENTS("compare", "A", "nowhere"));
	expect_refused("nowhere/run.json", ARGUMENTS("compare", "nowhere", "B"));
}

Test(compared, a_file_in_place_of_a_directory_is_named)
{
	put_text("file", "text");
	expect_refused("file/run.json", ARGUMENTS("compare", "A", "file"));
}

Test(compared, a_broken_line_is_named)
{
	append_text("B/launches.jsonl", "{\"case\": oops}\n{}\n");
	expect_refused("B/launches.jsonl:25", ARGUMENTS("compare", "A", "B"));
}

Test(compared, a_broken_run_json_is_named)
{
	put_text("B/run.json", "{\"tine\": \"0.1.0\"}\n");
	expect_refused("B/run.json", ARGUMENTS("compare", "A", "B"));
}

Test(compared, a_launch_that_took_no_time_is_named)
{
	scale("pool/t2", 0);
	expect_refused(POOL_2, ARGUMENTS("compare", "A", "B"));
}

Test(compared, a_torn_last_line_is_left_out_and_told)
{
	const struct told before = compare();

	append_text("B/launches.jsonl", "{\"case\":\"pi/pool/t2/sta");
	const struct told told = compare();
	expect_words(told.err, "the last line of B/launches.jsonl is cut short and left out");
	cr_expect_str_eq(told.out, before.out);
}

/* ---- formats ---- */

Test(compared, the_table_says_which_run_is_which)
{
	expect_match(compare().out, "^ +A is A, B is B\\.$");
}

Test(compared, json_has_the_numbers)
{
	scale("pool/t2", 1.2);
	json_t *said = compare_as_json("--relative");
	const json_t *one = case_with_id(said, POOL_2), *ratio = json_object_get(one, "ratio");

	expect_keys(said,
		ARGUMENTS("tine", "a", "b", "turns", "relative", "shift", "only_a", "only_b",
			"cases"));
	cr_expect_str_eq(json_string_value(json_object_get(said, "a")), "A");
	cr_expect(json_is_true(json_object_get(said, "relative")));
	expect_number(said, "shift", 1);
	cr_expect_eq(json_array_size(json_object_get(said, "cases")), CASES);
	expect_number(one, "seconds_a", 0.01);
	expect_number(one, "seconds_b", 0.012);
	expect_number(ratio, "median", 1.2);
	expect_number(ratio, "low", 1.2);
	expect_number(ratio, "high", 1.2);
	expect_number(one, "u", LAUNCHES * LAUNCHES);
	expect_number(one, "effect", 1);
	expect_number(one, "p", 2.0 / 12870); /* C(16, 8) arrangements */
	expect_number(one, "p_holm", CASES * 2.0 / 12870);
	cr_expect_str_eq(json_string_value(json_object_get(one, "verdict")), "slower");
	json_decref(said);
}

Test(compared, json_has_null_for_what_is_not_known)
{
	spoil("pool/t2", LAUNCHES, "throttled", json_integer(1));
	json_t *said = compare_as_json("--margin", "1%");
	const json_t *one = case_with_id(said, POOL_2);

	cr_expect(json_is_null(json_object_get(one, "seconds_b")));
	cr_expect(json_is_null(json_object_get(one, "effect")));
	cr_expect(json_is_null(json_object_get(one, "p")));
	cr_expect(json_is_null(json_object_get(json_object_get(one, "ratio"), "median")));
	json_decref(said);
}

Test(compared, csv_has_a_header_and_a_line_a_case)
{
	scale("", 1.3);
	const struct told told = compare_with("--relative", "--format", "csv");
	static const char header[] =
		"id,launches_a,launches_b,seconds_a,seconds_b,divided_by,ratio,ratio_low,"
		"ratio_high,u,p,p_holm,effect,verdict,why\n";

	expect_code(&told, 0);
	cr_expect_eq(strncmp(told.out, header, strlen(header)), 0, "%s", told.out);
	cr_expect_eq(count_lines(told.out), 1 + CASES);
	expect_match(told.out,
		"^" POOL_2
		",8,8,0\\.01[0-9]*,0\\.013[0-9]*,1\\.3[0-9]*,(1|0\\.99[0-9]*),.*,same,$");
}

Test(compared, markdown_is_a_table)
{
	scale("pool/t2", 1.2);
	const struct told told = compare_with("--format", "markdown");

	expect_code(&told, 0);
	expect_match(told.out,
		"^\\| case \\| A \\| B \\| B / A \\| 95 % interval \\| p \\| effect \\| B is \\|$");
	expect_match(
		told.out, "^\\| " POOL_2 " \\| 10 ms \\| 12 ms \\| 1\\.200 \\| .* \\| slower \\|$");
}

static void rename_kernel(json_t *cases)
{
	json_t *one;
	size_t i;

	json_array_foreach (cases, i, one)
		json_object_set_new(one, "kernel", json_string("p|i"));
}

Test(compared, markdown_escapes_what_would_end_a_cell)
{
	json_t *about = about_of("A"), *launches = launches_in("A");

	rename_kernel(json_object_get(json_object_get(about, "plan"), "cases"));
	rename_kernel(launches);
	put_about("A", about);
	put_launches("A", launches);
	const struct told told = tine("compare", "A", "A", "--format", "markdown");
	expect_match(told.out, "^\\| p\\\\\\|i/pool/t2/static/n1000 \\| ");
}

/* ---- the command line ---- */

static void expect_usage(const char *words, const char *const *arguments)
{
	const struct told told = tine_as(&(struct way) { 0 }, arguments);

	expect_code(&told, 2);
	expect_words(told.err, words);
	cr_expect_str_empty(told.out);
}

#define USAGE(name, words, ...)                                                                    \
	Test(compared, refuses_##name)                                                             \
	{                                                                                          \
		expect_usage(words, ARGUMENTS("compare", __VA_ARGS__));                            \
	}

/* clang-format off */
USAGE(a_single_run, "give RUN_A RUN_B", "A")
USAGE(a_third_run, "'D' is one argument too many", "A", "B", "D")
USAGE(a_mistyped_limit, "'--fail-abov' (did you mean '--fail-above'?)", "A", "B", "--fail-abov", "5%")
USAGE(a_mistyped_switch, "did you mean '--relative'", "A", "B", "--relativ")
USAGE(a_mistyped_margin, "did you mean '--margin'", "A", "B", "--margn=1")
USAGE(a_margin_that_is_no_number, "--margin much: give a difference in percent", "A", "B", "--margin", "much")
USAGE(a_limit_of_nothing, "--fail-above 0: give a slowdown in percent", "A", "B", "--fail-above", "0")
USAGE(a_value_for_a_switch, "--relative takes no value", "A", "B", "--relative=yes")
USAGE(another_format, "--format xml: it is table", "A", "B", "--format", "xml")
USAGE(an_option_of_others, "--threads is no option of tine compare", "A", "B", "--threads", "2")
/* clang-format on */

Test(compared, help_names_all_options)
{
	const struct told told = tine("compare", "--help");

	expect_code(&told, 0);
	expect_words(told.out, "Usage: tine compare RUN_A RUN_B");
	expect_words(told.out, "--margin");
	expect_words(told.out, "--relative");
	expect_words(told.out, "--fail-above");
	expect_words(told.out, "--format");
}
