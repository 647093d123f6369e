/*
 * cli, waits: --scale and --input, what is told of kernels that wait, what leaves them out, and what is
 * left of their server when a process is killed.
 */
#include <arpa/inet.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "cli_calm.h"
#include "cli_refused.h"
#include "cli_sweep.h"
#include "cli_waiting.h"

TestSuite(scan, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);
TestSuite(scale, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);
TestSuite(ports, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);

#define ONCE "--launches", "1", "--samples", "1"

/* ---- files ---- */

/* What grep counts in a file. */
static long grep_count(const char *path)
{
	char command[120];
	long count = -1;

	snprintf(command, sizeof(command),
		"PATH=/usr/bin:/bin LC_ALL=C grep -acE 'ERROR|CRITICAL' %s", path);
	FILE *grep = popen(command, "r");
	cr_assert_not_null(grep);
	cr_assert_eq(fscanf(grep, "%ld", &count), 1);
	pclose(grep);
	return count;
}

static void put_logs(void)
{
	char *text;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	for (int line = 0; line < 20000; line++)
		fprintf(to, "%d %s %.*s\n", line,
			line % 7           ? "INFO"
				: line % 3 ? "ERROR"
					   : "CRITICAL",
			line % 61, "............................................................");
	fclose(to);
	put_file("large.log", text, length);
	put_file("cut.log", text, length - 1);
	put_file("zeros.log", "a\0ERROR\n\0\nCRITICAL\0", 20);
	put_text("empty.log", "");
	put_text("line.log", "ERROR without an end");
	free(text);
}

static void expect_result(const struct told *told, const char *expected)
{
	json_t *said = json_said(told), *one;
	size_t i;

	json_array_foreach (json_object_get(said, "cases"), i, one) {
		cr_expect_str_eq(json_string_value(json_object_get(one, "result")), expected);
		cr_expect(json_is_true(json_object_get(one, "verified")));
	}
	cr_expect_gt(i, 0);
	json_decref(said);
}

Test(scan, counts_as_grep_does)
{
	static const char *const files[] = { "large.log", "cut.log", "zeros.log", "line.log" };

	put_logs();
	for (size_t f = 0; f < 4; f++) {
		char expected[32];
		snprintf(expected, sizeof(expected), "%ld", grep_count(files[f]));
		const struct told told = tine("run", "log_scan", "--input", files[f], "--threads",
			"2", "--grain", "1000", ONCE, "--format", "json");
		expect_result(&told, expected);
	}
}

Test(scan, counts_each_file_and_all)
{
	char expected[96];

	put_logs();
	const struct told told = tine("run", "log_scan", "--threads", "2", "--input", "large.log",
		"empty.log", "line.log", "--variant", "process", ONCE, "--format", "json");
	const long large = grep_count("large.log");
	snprintf(expected, sizeof(expected), "%ld = %ld + 0 + 1", large + 1, large);
	expect_result(&told, expected);
}

Test(scan, of_files_is_recorded_and_gone_on_with)
{
	put_logs();
	const struct told told = tine("sweep", "log_scan", "--input", "line.log", "large.log",
		"--variant", "pool", "--threads", "2", ONCE, "--out", "D");
	json_t *plan = plan_in_run_json();
	const json_t *files = json_object_get(json_object_get(plan, "recipe"), "files");
	expect_code(&told, 0);
	cr_expect_eq(json_array_size(files), 2);
	cr_expect_eq(json_string_value(json_array_get(files, 0))[0], '/');
	json_decref(plan);
	put_text("D/launches.jsonl", "");
	const struct told again = tine("sweep", "--resume", "D");
	expect_code(&again, 0);
	expect_complete(1);
}

Test(scan, of_a_file_that_has_changed_in_size_is_refused)
{
	put_logs();
	const struct told told = tine("sweep", "log_scan", "--input", "line.log", "--variant",
		"pool", "--threads", "2", ONCE, "--out", "D");
	expect_code(&told, 0);
	put_text("D/launches.jsonl", "");
	put_text("line.log", "it is another one");
	const struct told again = tine("sweep", "--resume", "D");
	expect_code(&again, 4);
	expect_words(again.out, "changed in size while it was measured");
}

#define REFUSE(words, ...) expect_refusal(words, ARGUMENTS(__VA_ARGS__))

Test(scan, of_what_cannot_be_read_is_refused)
{
	put_logs();
	cr_assert_eq(mkdir("folder", 0777), 0);
	REFUSE("--input none.log: No such file", "run", "log_scan", "--input", "none.log");
	REFUSE("none.log: No such file", "run", "log_scan", "--input", "line.log", "none.log");
	REFUSE("folder: Is a directory", "run", "log_scan", "--input", "folder");
	REFUSE("empty.log is empty", "run", "log_scan", "--input", "empty.log");
	REFUSE("is no regular file", "run", "log_scan", "--input", "/dev/null");
	REFUSE("--input or --size", "run", "log_scan", "--input", "line.log", "--size", "9");
	REFUSE("--input or --scaling", "run", "log_scan", "--input", "line.log", "--scaling",
		"weak");
	REFUSE("pi takes none; log_scan does", "run", "pi", "--input", "line.log");
	REFUSE("--input needs a value", "run", "log_scan", "--input");
}

/* root reads what it likes unless it gives that up. */
Test(scan, of_a_file_without_permission_is_refused)
{
	put_logs();
	cr_assert_eq(chmod("line.log", 0), 0);
	if (!geteuid() &&
		(prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) ||
			prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH, 0, 0, 0)))
		skip("root cannot give up reading everything");
	REFUSE("Permission denied", "run", "log_scan", "--input", "line.log");
}

/* ---- waits ---- */

#define FETCH "run", "fetch", "--scale", "0.001"

/* Less than the longest wait of the usual scale. */
Test(scale, reaches_the_kernel)
{
	json_t *said = calm_json(1, FETCH, "--variant", "pthread", ONCE);
	const json_t *seconds = json_object_get(case_of(said, "pthread"), "seconds");

	cr_expect_lt(json_number_value(json_object_get(seconds, "median")), 0.2);
	json_decref(said);
}

Test(scale, is_recorded)
{
	const struct told told = tine(
		"sweep", "fetch", "--scale", "0.001", "--variant", "pthread", ONCE, "--out", "D");
	json_t *plan = plan_in_run_json();
	const json_t *recipe = json_object_get(plan, "recipe");

	expect_code(&told, 0);
	cr_expect_float_eq(json_number_value(json_object_get(recipe, "scale")), 0.001, 1e-12);
	json_decref(plan);
}

Test(scale, that_makes_no_sense_is_refused)
{
	REFUSE("--scale 0: give a number", "run", "fetch", "--scale", "0");
	REFUSE("--scale nan", "run", "fetch", "--scale", "nan");
	REFUSE("--scale 11", "run", "fetch", "--scale", "11");
	REFUSE("pi takes none; fetch and mixed do", "run", "pi", "--scale", "1");
}

Test(scale, of_waits_gives_a_thread_to_each_unit)
{
	const struct told told =
		tine(FETCH, "--size", "5", "--variant", "pthread", ONCE, "--format", "json");

	expect_ids(&told, "fetch/sequential/t1/none/n5\nfetch/pthread/t5/static/n5\n");
}

Test(scale, of_waits_has_a_speedup_but_no_efficiency)
{
	const struct told told = calm_table(FETCH, "--variant", "event-loop", ONCE);

	expect_code(&told, 0);
	expect_match(told.out, "^ +event-loop +3 +static .* [0-9.]+ +~ +too few +– +– +verified");
	expect_words(told.out, "takes no cores: it has no efficiency");
}

Test(scale, of_waits_leaves_no_budget_of_losses)
{
	const struct told told = tine(
		"sweep", "fetch", "--scale", "0.001", "--variant", "pthread", ONCE, "--out", "D");

	expect_code(&told, 0);
	expect_words(file_text("D/losses.md"), "waits are no work");
}

Test(scale, kernels_that_wait_are_left_out_where_nobody_names_them)
{
	const struct told told = tine(
		"sweep", "--quick", "--variant", "sequential", "--budget", "1us", "--out", "D");

	expect_code(&told, 0);
	cr_expect_null(strstr(file_text("D/run.json"), "fetch"));
	cr_expect_null(strstr(file_text("D/run.json"), "mixed"));
	expect_words(file_text("D/run.json"), "log_scan");
}

Test(scale, kernels_that_wait_are_refused_where_cores_and_schedules_are_asked_for)
{
	static const char *const commands[] = { "schedules", "predict", "grain", "roof" };

	for (size_t c = 0; c < 4; c++)
		REFUSE("fetch waits for answers", commands[c], "fetch");
}

Test(scale, timeline_says_that_units_wait)
{
	const struct told told = tine("timeline", "fetch", "--scale", "0.001");

	expect_code(&told, 0);
	expect_words(told.out, "wait for answers");
}

Test(scale, that_needs_too_many_descriptors_is_told)
{
	const struct rlimit few = { 64, 64 };

	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	const struct told told =
		tine(FETCH, "--size", "100", "--variant", "event-loop", "--threads", "1", ONCE);
	expect_code(&told, 4);
	expect_words(told.out, "Too many open files");
}

/* ---- what is left ---- */

/* The port on which a process listens; 0: none. */
static int port_of(pid_t pid)
{
	char path[64], target[64], line[256];
	int port = 0;

	snprintf(path, sizeof(path), "/proc/%d/net/tcp", pid);
	FILE *table = fopen(path, "re");
	while (table && !port && fgets(line, sizeof(line), table)) {
		unsigned at, state;
		unsigned long inode;
		if (sscanf(line, " %*u: %*x:%x %*x:%*x %x %*s %*s %*s %*s %*s %lu", &at, &state,
			    &inode) != 3 ||
			state != 10)
			continue;
		for (int fd = 0; fd < 32 && !port; fd++) {
			char name[64] = "";
			snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
			snprintf(target, sizeof(target), "socket:[%lu]", inode);
			if (readlink(path, name, sizeof(name) - 1) > 0 && !strcmp(name, target))
				port = (int)at;
		}
	}
	if (table)
		fclose(table);
	return port;
}

static int wait_for_port(pid_t launch)
{
	int port = 0;

	for (int ms = 0; !port && ms < PATIENCE_MS; ms += 2) {
		wait_a_little();
		port = port_of(launch);
	}
	cr_assert(port, "launch %d listens nowhere", launch);
	return port;
}

static bool is_open(int port)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int to = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const bool open = !connect(to, (const struct sockaddr *)&address, sizeof(address));

	close(to);
	return open;
}

static void expect_closed(int port)
{
	for (int ms = 0; is_open(port) && ms < PATIENCE_MS; ms += 2)
		wait_a_little();
	cr_expect_not(is_open(port), "port %d is open", port);
}

Test(ports, of_a_run_that_is_killed_is_closed)
{
	const struct way way = { 0 };
	const struct job job = start(&way,
		ARGUMENTS("run", "fetch", "--scale", "10", "--threads", "3", "--variant", "process",
			ONCE));
	const pid_t launch = wait_for_launch(job.pid);
	const int port = wait_for_port(launch);

	kill(job.pid, SIGKILL);
	finish(&way, &job);
	expect_ended(launch);
	expect_closed(port);
}

/* False: it has ended before. Else it does not end any more unless it is killed. */
static bool stop(pid_t pid)
{
	kill(pid, SIGSTOP);
	while (runs(pid) && state_of(pid) != 'T')
		wait_a_little();
	return runs(pid);
}

/*
 * A member that waits for its answer, stopped, and its launch's port. A launch whose port is closed has
 * no members: the child that it may have then looks for leaks.
 */
static pid_t wait_for_member(pid_t conductor, int *port)
{
	pid_t member = 0;

	*port = 0;
	for (int ms = 0; !*port && ms < PATIENCE_MS; ms += 2) {
		wait_a_little();
		const pid_t launch = child_of(conductor);
		member = launch ? child_of(launch) : 0;
		*port = member ? port_of(launch) : 0;
		if (*port && !stop(member))
			*port = 0;
	}
	cr_assert(*port, "no member was forked");
	return member;
}

static struct job start_team(const struct way *way, const char *variant_option)
{
	return start(way,
		ARGUMENTS("run", "fetch", "--threads", "3", "--variant", "process", "--launches",
			"1", "--samples", "3", variant_option));
}

/* Its members have the socket, too. */
Test(ports, of_a_launch_that_is_killed_are_closed)
{
	const struct way way = { 0 };
	const struct job job = start_team(&way, NULL);
	int port;
	const pid_t member = wait_for_member(job.pid, &port);

	cr_assert(is_open(port));
	kill(child_of(job.pid), SIGKILL);
	expect_ended(member);
	expect_closed(port);
	kill(job.pid, SIGINT);
	finish(&way, &job);
}

static void expect_member_told(const char *variant_option)
{
	const struct way way = { 0 };
	const struct job job = start_team(&way, variant_option);
	int port;
	const pid_t member = wait_for_member(job.pid, &port);

	kill(member, SIGKILL);
	const struct told told = finish(&way, &job);
	expect_code(&told, 4);
	expect_words(told.out, "a process, was ended by signal 9");
	cr_expect_eq(left_behind(false), 0, "a process is left");
	cr_assert(port);
	expect_closed(port);
}

Test(ports, of_a_team_of_which_a_process_is_killed_are_closed)
{
	expect_member_told(NULL);
}

Test(ports, of_a_kept_team_of_which_a_process_is_killed_are_closed)
{
	expect_member_told("--keep");
}
