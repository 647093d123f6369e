/*
 * cli, compare: which runs it refuses to compare, and which words on the command line.
 */
#include "cli_compare.h"
#include "cli_refused.h"

TestSuite(compared, .init = put_two_runs, .fini = leave_directory, .timeout = 60);

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
	expect_refusal("A and B have no case in common", ARGUMENTS("compare", "A", "B"));
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

/* ---- the command line ---- */

#define USAGE(name, words, ...)                                                                    \
	Test(compared, refuses_##name)                                                             \
	{                                                                                          \
		expect_refusal(words, ARGUMENTS("compare", __VA_ARGS__));                          \
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
	expect_options("compare",
		ARGUMENTS("Usage: tine compare RUN_A RUN_B", "--margin", "--relative",
			"--fail-above", "--format"));
}
