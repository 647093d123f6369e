/*
 * store, resume: runs that a kill or an accident has left, loaded and gone on with.
 */
#include "run_directories.h"

TestSuite(run, .init = make_directory, .fini = remove_directory);
TestSuite(resume, .init = make_directory, .fini = remove_directory);

/* ---- loading what a kill or an accident left ---- */

/* Takes so many bytes off a file's end. */
static void cut(const char *path, size_t bytes)
{
	cr_assert_eq(truncate(path, (off_t)(size_of_file(path) - bytes)), 0);
}

static void expect_torn(size_t bytes, size_t left)
{
	struct run run;

	create_with_launches("run", 3);
	cut(at("run/launches.jsonl"), bytes);
	load(&run, "run");
	cr_expect(run.torn, "not noticed");
	cr_expect_eq(run.count, left);
	run_release(&run);
}

Test(run, leaves_out_a_last_line_that_is_torn)
{
	expect_torn(30, 2);
}

Test(run, leaves_out_a_last_line_without_its_end)
{
	expect_torn(1, 2);
}

Test(run, cut_between_lines_is_not_torn)
{
	struct run run;

	create_with_launches("run", 2);
	const size_t two = size_of_file(at("run/launches.jsonl"));
	cut(at("run/launches.jsonl"), two / 2); /* both lines are as long */
	load(&run, "run");
	cr_expect_not(run.torn);
	cr_expect_eq(run.count, 1);
	run_release(&run);
}

Test(run, with_a_damaged_middle_line_is_an_error_with_its_number)
{
	create_with_launches("run", 3);
	char *text = file_text(at("run/launches.jsonl"));
	*strstr(strchr(text, '\n'), "\"threads\"") = ' '; /* of the second line */
	put_text(at("run/launches.jsonl"), text);

	struct run run;
	struct message why = { "" };
	cr_expect_eq(run_load(&run, at("run"), &why), -EINVAL);
	char expected[600];
	snprintf(expected, sizeof(expected), "%s/run/launches.jsonl:2: ", own_directory);
	cr_expect_eq(strncmp(why.text, expected, strlen(expected)), 0, "%s", why.text);
	cr_expect_gt(strlen(why.text), strlen(expected), "it does not say what is wrong");
}

static void expect_no_load(const char *name, const char *format)
{
	struct run run;
	struct message why = { "" };

	cr_assert_lt(run_load(&run, at(name), &why), 0, "the run was loaded");
	expect_message(&why, format);
}

Test(run, without_a_directory_is_an_error)
{
	expect_no_load("none",
		"%1$s/none is no run directory: cannot open %1$s/none/run.json: "
		"No such file or directory");
}

Test(run, without_launches_file_is_an_error)
{
	create_with_launches("run", 1);
	cr_assert_eq(remove(at("run/launches.jsonl")), 0);
	expect_no_load("run", "cannot open %s/run/launches.jsonl: No such file or directory");
}

Test(run, with_a_damaged_run_json_is_an_error_with_its_line)
{
	struct run run;
	struct message why = { "" };
	char expected[600];

	create_with_launches("run", 1);
	put_text(at("run/run.json"), "{\n\"version\": \"1\",\n}\n");
	cr_expect_eq(run_load(&run, at("run"), &why), -EINVAL);
	snprintf(expected, sizeof(expected), "%s/run/run.json:3: ", own_directory);
	cr_expect_eq(strncmp(why.text, expected, strlen(expected)), 0, "%s", why.text);
}

/* ---- where memory runs out ---- */

/* Loads it again and again, each time with another of jansson's allocations failing. */
Test(run, that_memory_does_not_suffice_for_is_not_called_broken)
{
	struct message why;
	struct run run;
	size_t fails = 0;
	int error;

	create_with_launches("run", 2);
	json_set_alloc_funcs(allocate, free);
	do {
		allocations_left = fails++;
		error = run_load(&run, at("run"), &why);
		if (!error)
			continue;
		cr_expect_eq(error, -ENOMEM, "allocation %zu: %s", fails, why.text);
		cr_expect_not_null(strstr(why.text, "no memory for"), "%s", why.text);
	} while (error && fails < 10000);
	json_set_alloc_funcs(malloc, free);
	cr_expect_gt(fails, 100, "only %zu allocations failed", fails);
	cr_assert_eq(error, 0, "%s", why.text);
	cr_expect_eq(run.count, 2);
	run_release(&run);
}

/* ---- going on with a run ---- */

static void resume_run(struct run *run, const char *name)
{
	struct message why = { "" };

	cr_assert_eq(run_resume(run, at(name), &why), 0, "%s", why.text);
}

Test(resume, has_the_launches_so_far)
{
	struct run run;

	create_with_launches("run", 3);
	resume_run(&run, "run");
	cr_expect_eq(run.count, 3);
	cr_expect_eq(run.launches[2].round, 2);
	cr_expect_str_eq(json_string_value(json_object_get(run.about, "version")), "1");
	run_release(&run);
}

Test(resume, appends_after_the_launches_so_far)
{
	struct run run;

	create_with_launches("run", 2);
	resume_run(&run, "run");
	append(&run, 2);
	cr_expect_eq(run.count, 3);
	run_release(&run);
	load(&run, "run");
	cr_assert_eq(run.count, 3);
	for (unsigned i = 0; i < 3; i++)
		cr_expect_eq(run.launches[i].round, i);
	run_release(&run);
}

Test(resume, leaves_a_whole_file_as_it_is)
{
	struct run run;

	create_with_launches("run", 2);
	char *before = file_text(at("run/launches.jsonl"));
	resume_run(&run, "run");
	run_release(&run);
	cr_expect_str_eq(file_text(at("run/launches.jsonl")), before);
}

/* Three lines, of which the last lacks so many bytes: two are left in the file. */
static void expect_cut(size_t bytes)
{
	struct run run;

	create_with_launches("run", 3);
	const size_t three = size_of_file(at("run/launches.jsonl"));
	cut(at("run/launches.jsonl"), bytes);
	resume_run(&run, "run");
	cr_expect_eq(run.count, 2);
	cr_expect_eq(size_of_file(at("run/launches.jsonl")), three / 3 * 2);
	run_release(&run);
}

Test(resume, cuts_a_torn_line_off)
{
	expect_cut(30);
}

Test(resume, cuts_a_line_without_its_end_off)
{
	expect_cut(1);
}

Test(resume, cuts_a_line_of_a_single_character_off)
{
	struct run run;

	create_with_launches("run", 3);
	const size_t line = size_of_file(at("run/launches.jsonl")) / 3;
	cut(at("run/launches.jsonl"), line - 1);
	resume_run(&run, "run");
	cr_expect_eq(size_of_file(at("run/launches.jsonl")), 2 * line);
	run_release(&run);
}

Test(resume, cuts_the_only_line_off_if_it_is_torn)
{
	struct run run;

	create_with_launches("run", 1);
	cut(at("run/launches.jsonl"), 5);
	resume_run(&run, "run");
	cr_expect_eq(run.count, 0);
	cr_expect_eq(size_of_file(at("run/launches.jsonl")), 0);
	run_release(&run);
}

Test(resume, appends_a_line_of_its_own_after_a_torn_one)
{
	struct run run;

	create_with_launches("run", 3);
	cut(at("run/launches.jsonl"), 30);
	resume_run(&run, "run");
	append(&run, 8);
	run_release(&run);
	load(&run, "run");
	cr_expect_eq(run.count, 3);
	cr_expect_eq(run.launches[2].round, 8);
	cr_expect_not(run.torn);
	run_release(&run);
}

Test(resume, of_an_empty_run_appends_its_first_launch)
{
	struct run run;

	create_with_launches("run", 0);
	resume_run(&run, "run");
	append(&run, 0);
	run_release(&run);
	load(&run, "run");
	cr_expect_eq(run.count, 1);
	run_release(&run);
}

static void expect_no_resume(const char *name, int error, const char *format)
{
	struct run run;
	struct message why = { "" };

	cr_assert_eq(run_resume(&run, at(name), &why), error, "%s", why.text);
	expect_message(&why, format);
}

Test(resume, of_a_run_that_is_being_resumed_is_refused)
{
	struct run run;

	create_with_launches("run", 1);
	resume_run(&run, "run");
	expect_no_resume("run", -EBUSY, "another sweep is writing to %s/run/launches.jsonl");
	run_release(&run);
}

Test(resume, of_a_run_that_is_being_created_is_refused)
{
	struct run run;

	create(&run, "run");
	expect_no_resume("run", -EBUSY, "another sweep is writing to %s/run/launches.jsonl");
	run_release(&run);
}

Test(resume, that_is_refused_cuts_nothing_off)
{
	struct run run, other;

	create(&run, "run");
	append(&run, 0);
	cut(at("run/launches.jsonl"), 5); /* as if the other were in the midst of a line */
	const size_t before = size_of_file(at("run/launches.jsonl"));
	cr_assert_eq(run_resume(&other, at("run"), NULL), -EBUSY);
	cr_expect_eq(size_of_file(at("run/launches.jsonl")), before);
	run_release(&run);
}

Test(resume, is_possible_once_the_other_is_released)
{
	struct run run;

	create_with_launches("run", 1);
	resume_run(&run, "run");
	run_release(&run);
	resume_run(&run, "run");
	run_release(&run);
}

Test(resume, is_possible_after_one_that_failed)
{
	struct run run;

	create_with_launches("run", 1);
	char *good = file_text(at("run/launches.jsonl"));
	put_text(at("run/launches.jsonl"), "{}\n");
	cr_assert_eq(run_resume(&run, at("run"), NULL), -EINVAL);
	put_text(at("run/launches.jsonl"), good);
	resume_run(&run, "run");
	cr_expect_eq(run.count, 1);
	run_release(&run);
}

Test(resume, does_not_hinder_loading)
{
	struct run run, seen;

	create_with_launches("run", 2);
	resume_run(&run, "run");
	load(&seen, "run");
	cr_expect_eq(seen.count, 2);
	run_release(&seen);
	run_release(&run);
}

Test(resume, of_a_damaged_run_is_refused)
{
	create_with_launches("run", 1);
	put_text(at("run/launches.jsonl"), "{}\n");
	expect_no_resume("run", -EINVAL,
		"%s/run/launches.jsonl:1: not a case: Object item not found: kernel");
}

Test(resume, of_no_run_is_refused)
{
	expect_no_resume(
		"none", -ENOENT, "cannot open %s/none/launches.jsonl: No such file or directory");
}
