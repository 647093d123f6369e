/*
 * cli, advise: programs of known nature are told as what they are, however busy the machine is; and the
 * command that is watched does not notice.
 */
#include "cli_calm.h"
#include "cli_commands.h"
#include "cli_refused.h"
#include "cli_waiting.h"

TestSuite(advise, .init = enter_directory, .fini = leave_directory, .timeout = 120);

/* Two CPUs, so that what is parallel, and what too much, is the same everywhere. */
static void keep_to_two_cpus(void)
{
	cpu_set_t mask;
	int count = 0;

	cr_assert_eq(sched_getaffinity(0, sizeof(mask), &mask), 0);
	if (CPU_COUNT(&mask) < 2)
		skip("there is only one CPU");
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &mask) && count++ >= 2)
			CPU_CLR(cpu, &mask);
	cr_assert_eq(sched_setaffinity(0, sizeof(mask), &mask), 0);
}

/* The program of tests/advise, as the Makefile built it. */
static const char *natures(void)
{
	return beside_tine("tests/advise/natures");
}

static double number(const json_t *said, const char *part, const char *key)
{
	return json_number_value(json_object_get(json_object_get(said, part), key));
}

static const char *word(const json_t *said, const char *key)
{
	return json_string_value(json_object_get(said, key));
}

/* The report on a command; json_decref it. */
static json_t *advice_on(const char *const *command, int code)
{
	const char *arguments[16] = { "advise", "--format", "json", "--output", "report", "--" };

	for (size_t i = 0; command[i]; i++)
		arguments[6 + i] = command[i];
	const struct told told = tine_as(&(struct way) { 0 }, arguments);
	if (told.code == 77)
		skip("this machine does not let the program be what it is called");
	expect_code(&told, code);
	return parse(file_text("report"));
}

/* Nothing but a CPU that is left to the program makes the numbers exact. */
/* One thread that is held up for a while computes alone for as long at the end. */
static bool was_held_up(const json_t *said)
{
	return number(said, "seconds", "held") > 0.05 * number(said, "seconds", "wall");
}

/* Looks that a sanitizer and other load make dear are rare, so that what is short is not met. */
static bool was_seldom_looked_at(const json_t *said)
{
	const double apart = number(said, "seconds", "wall") / number(said, "watching", "looks");

	return apart > 0.025;
}

/*
 * Whatever is told of a command whose CPUs others used for some of the time, or that was seldom looked
 * at, it is asked again.
 */
static json_t *calm_advice_on(const char *const *command, const char *nature)
{
	keep_to_two_cpus();
	const int turn = take_turn();

	for (const time_t until = calm_until(); time(NULL) < until;) {
		json_t *said = advice_on(command, 0);
		if (!strcmp(word(said, "nature"), nature) ||
			!(was_held_up(said) || was_seldom_looked_at(said))) {
			close(turn);
			return said;
		}
		json_decref(said);
	}
	close(turn);
	skip("other load holds the program up");
}

static void expect_nature(const char *const *command, const char *nature, const char *help)
{
	json_t *said = calm_advice_on(command, nature);

	cr_expect_str_eq(word(said, "nature"), nature, "%s", word(said, "why"));
	cr_expect_str_eq(word(said, "help"), help, "%s", word(said, "why"));
	json_decref(said);
}

#define IS(program, nature, help)                                                                  \
	Test(advise, program##_is_told)                                                            \
	{                                                                                          \
		expect_nature(ARGUMENTS(natures(), #program), nature, help);                       \
	}

IS(sleeping, "waiting", "concurrency")
IS(sleeping_together, "waiting", "neither")
IS(asking_a_server, "waiting", "concurrency")
IS(reading_a_pipe, "waiting", "concurrency")
IS(syncing_a_file, "waiting", "concurrency")
IS(computing, "one thread", "parallelism")
IS(computing_in_two, "parallel", "neither")
IS(computing_in_two_processes, "parallel", "neither")
IS(computing_then_in_two, "partly parallel", "parallelism")
IS(computing_one_after_another, "large tasks", "parallelism")
IS(short_threads, "small tasks", "parallelism")
IS(crowded, "oversubscribed", "neither")
IS(taking_turns, "serialised", "parallelism")
IS(computing_and_sleeping, "mixed", "both")
IS(touching_new_pages, "paging", "neither")
IS(touching_pages_of_a_file, "paging", "neither")

Test(advise, many_short_processes_are_told)
{
	expect_nature(
		ARGUMENTS("sh", "-c", "i=0; while [ $i -lt 1500 ]; do /bin/true; i=$((i+1)); done"),
		"small tasks", "parallelism");
}

Test(advise, what_does_nothing_is_too_short_to_tell)
{
	expect_nature(ARGUMENTS("true"), "too short", "unknown");
}

Test(advise, what_computes_alone_on_one_CPU_is_not_told_to_be_parallel)
{
	keep_to_one_cpu();
	json_t *said = advice_on(ARGUMENTS(natures(), "computing"), 0);

	cr_expect_str_eq(word(said, "nature"), "one thread");
	cr_expect_str_eq(word(said, "help"), "neither");
	json_decref(said);
}

/* ---- what waits are for ---- */

static void expect_most_waits(const char *program, const char *reason)
{
	json_t *said = calm_advice_on(ARGUMENTS(natures(), program), "waiting");
	const double wall = number(said, "seconds", "wall");

	cr_expect_gt(number(said, "waits", reason), 0.5 * wall - number(said, "seconds", "held"));
	json_decref(said);
}

Test(advise, sleep_is_a_wait_for_timers)
{
	expect_most_waits("sleeping", "timer");
}

Test(advise, an_answer_is_a_wait_for_the_network)
{
	expect_most_waits("asking_a_server", "network");
}

Test(advise, a_pipe_is_a_wait_for_it)
{
	expect_most_waits("reading_a_pipe", "pipe");
}

/* ---- the numbers ---- */

static double sum_of(const json_t *said, const char *part, const char *const *keys)
{
	double sum = 0;

	for (; *keys; keys++)
		sum += number(said, part, *keys);
	return sum;
}

Test(advise, the_parts_of_the_time_add_up_to_it)
{
	json_t *said = advice_on(ARGUMENTS(natures(), "computing_and_sleeping"), 0);

	cr_expect_float_eq(sum_of(said, "seconds", ARGUMENTS("idle", "alone", "together", "held")),
		number(said, "seconds", "wall"), 1e-9);
	json_decref(said);
}

Test(advise, CPU_time_is_that_of_the_children_too)
{
	json_t *said = advice_on(ARGUMENTS(natures(), "computing_one_after_another"), 0);
	const double cpu = sum_of(said, "seconds", ARGUMENTS("user", "system"));

	cr_expect(cpu > 0.44 && cpu < 0.6, "%g s, where 3 computed for 0.15 each", cpu);
	cr_expect_eq(number(said, "counts", "processes"), 4);
	json_decref(said);
}

Test(advise, bytes_are_those_of_the_children_too)
{
	json_t *said = advice_on(
		ARGUMENTS("sh", "-c", "head -c 1000000 /dev/zero > a; cat a > /dev/null"), 0);

	cr_expect_eq(number(said, "bytes", "written"), 2000000);
	cr_expect_geq(number(said, "bytes", "read"), 2000000);
	json_decref(said);
}

Test(advise, threads_are_counted)
{
	json_t *said = advice_on(ARGUMENTS(natures(), "sleeping_together"), 0);

	cr_expect_eq(number(said, "counts", "threads_at_once"), 9);
	cr_expect_eq(number(said, "counts", "processes_at_once"), 1);
	json_decref(said);
}

Test(advise, JSON_has_what_it_promises)
{
	json_t *said = advice_on(ARGUMENTS("sh", "-c", "exit 7"), 7);

	expect_keys(said,
		ARGUMENTS("tine", "command", "exit_status", "signal", "nature", "help", "why",
			"bound", "cpus", "demand", "seconds", "waits", "counts", "bytes", "figures",
			"watching"));
	cr_expect_eq(whole(said, "exit_status"), 7);
	cr_expect(json_is_null(json_object_get(said, "signal")));
	json_decref(said);
}

Test(advise, text_says_what_would_help_and_why)
{
	const struct told told = tine("advise", "--", "sleep", "0.3");

	expect_code(&told, 0);
	expect_match(told.err, "^tine advise: sleep 0.3: exit status 0 after [0-9.]+ ms$");
	expect_match(told.err, "^ +it is +waiting$");
	expect_match(told.err, "^ +would help +concurrency, not parallelism$");
	expect_match(told.err, "^ +why +nothing of it ran for [0-9.]+ % of its time; its threads");
	cr_expect_str_eq(told.out, "");
}

/* ---- it does not notice ---- */

Test(advise, output_and_exit_status_are_the_commands)
{
	const struct told told =
		tine("advise", "--", "sh", "-c", "echo out; echo err >&2; exit 42");

	expect_code(&told, 42);
	cr_expect_str_eq(told.out, "out\n");
	expect_match(told.err, "^err$");
}

Test(advise, a_command_ended_by_a_signal_ends_tine_by_it)
{
	const struct told told = tine("advise", "--", "sh", "-c", "kill -KILL $$");

	expect_code(&told, -SIGKILL);
	expect_words(told.err, "ended by signal 9");
}

Test(advise, a_signal_that_ends_tine_is_passed_on)
{
	const struct way way = { 0 };
	const struct job job = start(&way,
		ARGUMENTS("advise", "--", "sh", "-c",
			"trap 'echo told; exit 5' TERM; echo > up; "
			"while :; do sleep 0.01; done"));

	wait_for_lines("up", 1);
	kill(job.pid, SIGTERM);
	const struct told told = finish(&way, &job);
	expect_code(&told, 5);
	cr_expect_str_eq(told.out, "told\n");
}

Test(advise, signals_are_blocked_in_the_command_as_they_were)
{
	const struct told told = tine("advise", "--", "grep", "SigBlk", "/proc/self/status");

	expect_match(told.out, "^SigBlk:.0+$");
}

Test(advise, a_command_that_is_not_there_is_127)
{
	expect_missing_is_127("advise");
}

Test(advise, a_command_that_cannot_be_executed_is_126)
{
	expect_not_executable_is_126("advise");
}

/* One that asks whether it still is there would ask for ever. */
Test(advise, orphans_that_end_are_waited_for)
{
	const struct told told = tine("advise", "--", "sh", "-c",
		"(sleep 0.1 & echo $! > orphan); "
		"while kill -0 $(cat orphan) 2>/dev/null; do sleep 0.01; done; echo gone");

	expect_code(&told, 0);
	cr_expect_str_eq(told.out, "gone\n");
}

Test(advise, what_outlives_the_command_is_left_alone_and_told)
{
	const struct told told =
		tine("advise", "--", "sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $! > still");

	expect_code(&told, 0);
	expect_words(told.err, "1 process of it still ran when it ended");
	cr_expect(runs(atoi(file_text("still"))));
}

/* ---- bad input ---- */

Test(advise, an_unknown_format_is_refused)
{
	expect_refusal("--format csv: it is text or json",
		ARGUMENTS("advise", "--format", "csv", "--", "true"));
}

Test(advise, without_a_command_it_asks_for_one)
{
	expect_refusal("give -- COMMAND", ARGUMENTS("advise", "--"));
}

Test(advise, a_report_that_cannot_be_written_stops_it_before_the_command_runs)
{
	expect_refusal("--output no/such/place cannot be written",
		ARGUMENTS("advise", "--output", "no/such/place", "--", "touch", "was_run"));
	cr_expect_eq(access("was_run", F_OK), -1);
}

Test(advise, what_was_there_stays_until_the_report_is_done)
{
	put_text("report", untouched);
	const struct told told = tine("advise", "--output", "report", "--", "cat", "report");

	expect_code(&told, 0);
	cr_expect_str_eq(told.out, untouched);
	cr_expect_str_eq(listing("."), "report\n");
	expect_words(file_text("report"), "tine advise: cat report: exit status 0");
}

Test(advise, help_says_what_it_is_for)
{
	const struct told told = tine("advise", "--help");

	expect_code(&told, 0);
	expect_words(told.out, "Usage: tine advise [OPTION]... -- COMMAND [ARGUMENT]...\n");
	expect_words(told.out, "whether concurrency or parallelism would help");
	expect_words(told.out, "--output FILE");
	expect_words(told.out, "126 and 127 if it cannot be run");
	cr_expect_null(strstr(told.out, "Exit codes:"));
}
