/*
 * tine lessons, started as a user would: what it refuses, what it prints and keeps, what it makes of a
 * Python that is there, fails or is missing, and that a signal leaves nothing of it.
 */
#include <sys/stat.h>

#include "cli_calm.h"
#include "cli_pictures.h"
#include "cli_refused.h"
#include "cli_waiting.h"

TestSuite(lessons, .init = enter_directory, .fini = leave_directory, .timeout = 120);

/* A launch or two, of lesson 3: enough for the form of what is said. */
#define LOOK          "3", "--launches", "1", "--budget", "1ms", "--output", "kept"
/* Every case once. */
#define ONCE          "3", "--launches", "1", "--budget", "20s", "--output", "kept"
/* The lesson beside which Python is measured. */
#define BESIDE_PYTHON "1", "--launches", "1", "--budget", "1ms", "--output", "kept"

/* ---- bad input ---- */

static void expect_no_lesson(const char *words, const char *const *arguments)
{
	expect_refusal(words, arguments);
	cr_expect_str_empty(listing("."));
}

#define REFUSE(words, ...) expect_no_lesson(words, ARGUMENTS("lessons", __VA_ARGS__))

Test(lessons, refuses_a_number_that_is_no_lesson)
{
	REFUSE("there is no lesson '99'", "99");
}

Test(lessons, names_the_lessons_there_are_to_whom_asks_for_another)
{
	REFUSE("1  Using threads gives parallelism\n  2  Parallel is always faster\n", "0");
}

Test(lessons, refuses_a_word_for_a_number)
{
	REFUSE("there is no lesson 'three'", "three");
}

Test(lessons, refuses_csv)
{
	REFUSE("table, json or markdown", "--format", "csv");
}

Test(lessons, refuses_a_directory_that_cannot_be_made)
{
	REFUSE("nowhere/kept", "--output", "nowhere/kept");
}

Test(lessons, refuses_a_directory_that_is_there_already)
{
	cr_assert_eq(mkdir("kept", 0777), 0);
	const struct told told = tine("lessons", LOOK);
	expect_code(&told, 2);
	expect_words(told.err, "--output kept");
	cr_expect_str_eq(listing("."), "kept\n");
}

/* ---- help ---- */

Test(lessons, help_names_its_options)
{
	static const char *const options[] = { "--launches", "--budget", "--limit", "--format",
		"--output" };
	const struct told told = tine("lessons", "--help");

	expect_code(&told, 0);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		expect_words(told.out, options[i]);
}

Test(lessons, is_listed_among_the_commands)
{
	const struct told told = tine("--help");

	expect_match(told.out, "^  lessons ");
}

/* ---- what it prints ---- */

Test(lessons, prints_belief_command_and_verdict)
{
	const struct told told = tine("lessons", LOOK);

	expect_code(&told, 0);
	expect_match(told.out, "^3\\. More threads are always better\\?$");
	expect_match(told.out, "^  tine run sum_squares .*--launches 1 --budget 0.001s$");
	expect_match(told.out, "^  Cannot be told: .*\\.$");
}

Test(lessons, one_launch_has_no_verdict)
{
	const struct told told = tine("lessons", LOOK);

	expect_code(&told, 0);
	expect_words(told.out, "it takes 6 undisturbed launches to have an interval");
}

Test(lessons, several_end_with_a_table_of_verdicts)
{
	const struct told told = tine("lessons", "3", LOOK);

	expect_code(&told, 0);
	cr_expect_eq(count_words(told.out, "3. More threads are always better?"), 2);
	expect_match(told.out, "^  3  More threads are always better +cannot tell$");
}

Test(lessons, markdown_has_a_heading_a_table_and_a_verdict)
{
	const struct told told = tine("lessons", LOOK, "--format", "markdown");

	expect_code(&told, 0);
	expect_match(told.out, "^## 3\\. More threads are always better\\?$");
	expect_match(told.out, "^`tine run sum_squares .*`$");
	expect_match(told.out, "^\\| pthread \\|");
	expect_match(told.out, "^\\*\\*Cannot be told: .*\\*\\*$");
}

static json_t *lesson_said(const char *const *arguments)
{
	const struct told told = tine_as(&(struct way) { 0 }, arguments);
	json_t *said = json_said(&told);
	json_t *lesson = json_incref(json_array_get(json_object_get(said, "lessons"), 0));

	cr_assert_not_null(lesson);
	json_decref(said);
	return lesson;
}

#define LESSON(...) lesson_said(ARGUMENTS("lessons", "--format", "json", __VA_ARGS__))

Test(lessons, json_has_what_is_promised)
{
	static const char *const keys[] = { "number", "belief", "outcome", "sentence", "claims",
		"experiments", "python", "picture", NULL };
	static const char *const claim_keys[] = { "what", "value", "least", "most", "outcome",
		NULL };
	json_t *lesson = LESSON(LOOK);

	expect_keys(lesson, keys);
	expect_keys(json_array_get(json_object_get(lesson, "claims"), 0), claim_keys);
	cr_expect_eq(whole(lesson, "number"), 3);
	json_decref(lesson);
}

static size_t split(char *text, const char **words, size_t room)
{
	char *rest = NULL;
	size_t count = 0;

	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		cr_assert_lt(count, room);
		words[count++] = word;
	}
	return count;
}

/* What is printed as the command is one, and measures the same cases. */
Test(lessons, the_command_repeats_the_experiment)
{
	json_t *lesson = LESSON(LOOK), *one;
	const json_t *experiment = json_array_get(json_object_get(lesson, "experiments"), 0);
	const json_t *cases = json_object_get(experiment, "cases");
	const char *command = json_string_value(json_object_get(experiment, "command"));
	const char *words[40] = { NULL };
	size_t i;

	cr_assert(!strncmp(command, "tine ", 5), "%s", command);
	const size_t count = split(keep(strdup(command + 5)), words, 37);
	words[count] = "--format";
	words[count + 1] = "json";
	const struct told told = tine_as(&(struct way) { 0 }, words);
	json_t *said = json_said(&told);
	cr_expect_eq(json_array_size(cases), json_array_size(json_object_get(said, "cases")));
	json_array_foreach (cases, i, one) {
		const char *id = json_string_value(json_object_get(one, "id"));
		cr_expect_not_null(case_with_id(said, id), "there is no %s", id);
	}
	json_decref(said);
	json_decref(lesson);
}

/* ---- pictures ---- */

/* What tine says when there was something to draw: a speedup of launches that nobody disturbed. */
static struct told drawn_as(const char *const *arguments)
{
	const int turn = take_turn();

	need_gnuplot();
	for (const time_t until = calm_until(); time(NULL) < until;) {
		const struct told told = tine_as(&(struct way) { 0 }, arguments);
		expect_code(&told, 0);
		if (!strstr(told.err, "no speedup to draw")) {
			close(turn);
			return told;
		}
	}
	close(turn);
	skip("other load disturbs every launch");
}

Test(lessons, keeps_picture_and_csv_where_output_says)
{
	const struct told told = drawn_as(ARGUMENTS("lessons", ONCE));

	expect_match(told.out, "^  picture: kept/lesson-3.svg and .png$");
	cr_expect_str_eq(listing("kept"), "lesson-3.csv\nlesson-3.png\nlesson-3.svg\n");
	expect_words(file_text("kept/lesson-3.svg"), " threads");
}

Test(lessons, without_output_pictures_go_below_results)
{
	const struct told told = drawn_as(ARGUMENTS("lessons", "3", "--launches", "1"));

	expect_match(told.out, "^  picture: results/.*-lessons/lesson-3.svg and .png$");
}

/* A PATH on which there is nothing but what the test puts there. */
static void put_program(const char *name, const char *text)
{
	char path[64];

	cr_assert_eq(mkdir("bin", 0777), 0);
	setenv("PATH", "./bin", 1);
	if (!name)
		return;
	snprintf(path, sizeof(path), "bin/%s", name);
	put_text(path, text);
	cr_assert_eq(chmod(path, 0755), 0);
}

Test(lessons, without_gnuplot_there_are_no_pictures_and_no_directory)
{
	put_program(NULL, NULL);
	const struct told told = tine("lessons", ONCE);
	expect_code(&told, 0);
	expect_words(told.err, "no picture");
	cr_expect_null(strstr(told.out, "picture:"));
	cr_expect_str_eq(listing("."), "bin\n");
}

/* ---- Python ---- */

static const char free_python[] =
	"#!/bin/sh\n"
	"echo '{\"name\": \"CPython 3.14.0\", \"gil\": false, \"sequential\": 0.2, "
	"\"threads\": 0.1, \"right\": true}'\n";
static const char wrong_python[] =
	"#!/bin/sh\n"
	"echo '{\"name\": \"CPython 3.14.0\", \"gil\": true, \"sequential\": 0.2, "
	"\"threads\": 0.1, \"right\": false}'\n";
static const char broken_python[] = "#!/bin/sh\necho 'No module named threading' >&2\nexit 1\n";

static size_t claims_of_python(const json_t *lesson)
{
	const json_t *claim;
	size_t i, count = 0;

	json_array_foreach (json_object_get(lesson, "claims"), i, claim)
		count += !!strstr(json_string_value(json_object_get(claim, "what")), "Python");
	return count;
}

Test(lessons, python_has_two_rows_and_a_claim)
{
	if (system("python3 -I -c 'import threading, sys; sys.exit(sys.implementation.name != "
		   "\"cpython\" or hasattr(sys, \"_is_gil_enabled\"))' >/dev/null 2>&1"))
		skip("there is no CPython that surely has a global lock");
	const struct told told = tine("lessons", BESIDE_PYTHON);
	expect_code(&told, 0);
	expect_match(
		told.out, "^  CPython 3[0-9.]+ +1 .*verified; 500000 squares, with a global lock$");
	expect_match(told.out,
		"^  CPython 3[0-9.]+ threads .*verified; 500000 squares, with a global lock$");
	expect_words(told.out, "global-lock");
}

/* Threads that are parallel are no proof that threads are not. */
Test(lessons, of_python_without_a_global_lock_nothing_is_claimed)
{
	put_program("python3", free_python);
	json_t *lesson = LESSON(BESIDE_PYTHON);
	const json_t *python = json_object_get(lesson, "python");
	cr_expect(json_is_false(json_object_get(python, "global_lock")));
	cr_expect_eq(claims_of_python(lesson), 0);
	json_decref(lesson);
}

Test(lessons, python_that_fails_has_no_row_and_says_why)
{
	put_program("python3", broken_python);
	const struct told told = tine("lessons", BESIDE_PYTHON);
	expect_code(&told, 0);
	expect_words(told.out, "no row of Python: python3 failed: No module named threading");
}

Test(lessons, python_whose_sums_differ_has_no_row)
{
	put_program("python3", wrong_python);
	const struct told told = tine("lessons", BESIDE_PYTHON);
	expect_code(&told, 0);
	expect_words(told.out, "no row of Python: python3 failed");
}

Test(lessons, without_python_says_so)
{
	put_program(NULL, NULL);
	const struct told told = tine("lessons", BESIDE_PYTHON);
	expect_code(&told, 0);
	expect_words(told.out, "no row of Python: python3 cannot be run");
}

/* ---- interrupted ---- */

Test(lessons, ends_by_SIGINT_and_leaves_nothing)
{
	const struct way way = { 0 };
	const struct job job = start(&way, ARGUMENTS("lessons", "3", "--output", "kept"));
	const pid_t launch = wait_for_launch(job.pid);

	cr_assert_eq(kill(job.pid, SIGINT), 0);
	const struct told told = finish(&way, &job);
	expect_ended(launch);
	expect_code(&told, 130);
	expect_words(told.err, "interrupted");
	cr_expect_str_empty(told.out);
	cr_expect_str_empty(listing("."));
}
