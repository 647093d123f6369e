/*
 * cli, compare: the verdicts, what is left out, and the formats they are printed in.
 */
#include "cli_compare.h"

TestSuite(compared, .init = put_two_runs, .fini = leave_directory, .timeout = 60);

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

/* ---- formats ---- */

Test(compared, the_table_says_which_run_is_which)
{
	expect_match(compare().out, "^ +A is A, B is B\\.$");
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
