/*
 * cli: starts the real tine, named by $TINE, in a working directory that is removed afterwards, and
 * takes what it says.
 *
 * For Criterion suites, which use `enter_directory` and `leave_directory` as .init and .fini; the
 * test itself then stands in that directory too. What a test sets in its own environment, CPU mask
 * or limits, tine inherits. What these functions return lives until the test ends.
 */
#ifndef CLI_H
#define CLI_H

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <regex.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "directory.h"

#define ARGUMENTS(...)                                                                             \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

/* tine("run", "pi", "--threads", "2") */
#define tine(...) tine_as(&(struct way) { 0 }, ARGUMENTS(__VA_ARGS__))

enum { CLOSED = -1 };

static char tine_path[PATH_MAX], start_directory[PATH_MAX];

static inline void leave_directory(void);

/* Criterion does not call .fini for a test that is skipped. */
#define skip(reason)                                                                               \
	do {                                                                                       \
		leave_directory();                                                                 \
		cr_skip_test(reason);                                                              \
	} while (0)

/* ---- the directory ---- */

static inline void forget_environment(void)
{
	static const char *const names[] = { "OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OMP_DYNAMIC",
		"OMP_PROC_BIND", "OMP_PLACES", "OMP_SCHEDULE", "OMP_MAX_ACTIVE_LEVELS",
		"OMP_STACKSIZE", "OMP_WAIT_POLICY", "GOMP_CPU_AFFINITY", "GOMP_SPINCOUNT",
		"HWLOC_SYNTHETIC", "HWLOC_XMLFILE", "HWLOC_THISSYSTEM", "NO_COLOR" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
}

/* A relative place for sanitizers' reports would be sought in the test's directory. */
static inline void make_log_path_absolute(void)
{
	const char *options = getenv("ASAN_OPTIONS"), key[] = "log_path=";
	const char *at = options ? strstr(options, key) : NULL;
	char *text;

	if (!at || at[strlen(key)] == '/')
		return;
	at += strlen(key);
	cr_assert_geq(
		asprintf(&text, "%.*s%s/%s", (int)(at - options), options, start_directory, at), 0);
	setenv("ASAN_OPTIONS", keep(text), 1);
}

/* A shell that runs something in the background lets it ignore SIGINT; tests send that. */
static inline void heed_signals(void)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
}

static inline void enter_directory(void)
{
	heed_signals();
	const struct rlimit cpu_s = { 60, 60 }; /* so that nothing outlives a test that timed out */
	const char *path = getenv("TINE");

	cr_assert_eq(setrlimit(RLIMIT_CPU, &cpu_s), 0);
	cr_assert_not_null(getcwd(start_directory, sizeof(start_directory)));
	cr_assert_not_null(realpath(path ? path : "build/tine", tine_path), "no %s: set TINE",
		path ? path : "build/tine");
	make_log_path_absolute();
	forget_environment();
	make_directory();
	cr_assert_eq(chdir(own_directory), 0);
}

/* What the Makefile built in a folder beside tine: "tests/tine-alien". */
static inline char *beside_tine(const char *name)
{
	const int folder = (int)(strrchr(tine_path, '/') - tine_path);
	char *path;

	cr_assert_geq(asprintf(&path, "%.*s/%s", folder, tine_path, name), 0);
	return keep(path);
}

static const char untouched[] = "what was there before";

/* There is this file alone, and it is `untouched`. */
static inline void expect_untouched(const char *path)
{
	char names[64];

	snprintf(names, sizeof(names), "%s\n", path);
	cr_expect_str_eq(file_text(path), untouched);
	cr_expect_str_eq(listing("."), names);
}

/* ---- the place ---- */

/* Tests that cannot say anything on a single CPU are skipped. */
static inline void keep_to_one_cpu(void)
{
	cpu_set_t mask;
	int last = 0;

	cr_assert_eq(sched_getaffinity(0, sizeof(mask), &mask), 0);
	if (CPU_COUNT(&mask) < 2)
		skip("there is only one CPU");
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &mask))
			last = cpu;
	CPU_ZERO(&mask);
	CPU_SET(last, &mask);
	cr_assert_eq(sched_setaffinity(0, sizeof(mask), &mask), 0);
}

/* ---- starting tine ---- */

/* Each descriptor is 0 for one whose content we take, CLOSED, or one of the caller's. */
struct way {
	const char *program; /* NULL: tine */
	int out, err;
};

struct job {
	pid_t pid;
	int out, err;
};

struct told {
	int code;   /* its exit code, or the negative number of the signal that ended it */
	double cpu; /* seconds, its launches' included */
	const char *out, *err;
};

static inline void redirect(posix_spawn_file_actions_t *actions, int from, int to)
{
	if (from == CLOSED)
		posix_spawn_file_actions_addclose(actions, to);
	else
		posix_spawn_file_actions_adddup2(actions, from, to);
}

static inline struct job start(const struct way *way, const char *const *arguments)
{
	const char *program = way->program ? way->program : tine_path;
	const char *argv[64] = { "tine" };
	posix_spawn_file_actions_t actions;
	struct job job = { 0, way->out, way->err };

	for (size_t i = 0; arguments[i]; i++) {
		cr_assert_lt(i, 62);
		argv[i + 1] = arguments[i];
	}
	if (!job.out)
		job.out = memfd_create("out", MFD_CLOEXEC);
	if (!job.err)
		job.err = memfd_create("err", MFD_CLOEXEC);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	redirect(&actions, job.out, STDOUT_FILENO);
	redirect(&actions, job.err, STDERR_FILENO);
	const int error =
		posix_spawn(&job.pid, program, &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	cr_assert_eq(error, 0, "cannot start %s: %s", program, strerror(error));
	return job;
}

static inline struct told finish(const struct way *way, const struct job *job)
{
	struct rusage usage;
	struct told told = { .out = "", .err = "" };
	int status;

	cr_assert_eq(wait4(job->pid, &status, 0, &usage), job->pid);
	told.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
	told.cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	if (!way->out)
		told.out = text_of(job->out), close(job->out);
	if (!way->err)
		told.err = text_of(job->err), close(job->err);
	return told;
}

static inline struct told tine_as(const struct way *way, const char *const *arguments)
{
	const struct job job = start(way, arguments);

	return finish(way, &job);
}

/* ---- what it said ---- */

static inline void expect_code(const struct told *told, int code)
{
	cr_assert_eq(told->code, code, "exit code %d instead of %d\n%s\n%s", told->code, code,
		told->err, told->out);
}

static inline void expect_words(const char *text, const char *words)
{
	cr_expect_not_null(strstr(text, words), "'%s' is not in:\n%s", words, text);
}

static inline bool matches(const char *text, const char *pattern)
{
	regex_t regex;

	cr_assert_eq(regcomp(&regex, pattern, REG_EXTENDED | REG_NEWLINE | REG_NOSUB), 0);
	const bool found = !regexec(&regex, text, 0, NULL, 0);
	regfree(&regex);
	return found;
}

static inline void expect_match(const char *text, const char *pattern)
{
	cr_expect(matches(text, pattern), "/%s/ does not match:\n%s", pattern, text);
}

/* How often words are in a text. */
static inline size_t count_words(const char *text, const char *words)
{
	size_t count = 0;

	for (; (text = strstr(text, words)); text += strlen(words))
		count++;
	return count;
}

static inline size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* As many commas in every line of CSV, of which none is quoted. */
static inline void expect_even_lines(const char *csv)
{
	size_t wanted = 0, cells = 0;

	for (const char *c = csv; *c; c++) {
		cells += *c == ',';
		if (*c != '\n')
			continue;
		wanted = wanted ? wanted : cells;
		cr_expect_eq(cells, wanted, "%zu cells instead of %zu", cells + 1, wanted + 1);
		cells = 0;
	}
}

/* What is said of a command names these options. */
static inline void expect_options(const char *command, const char *const *options)
{
	const struct told told = tine(command, "--help");

	expect_code(&told, 0);
	for (size_t i = 0; options[i]; i++)
		expect_words(told.out, options[i]);
}

/* The kernel is in the test build alone. */
static inline void skip_without_wrong(void)
{
	if (!matches(tine("list").out, "^ *wrong "))
		skip("tine was built without the kernel wrong");
}

/* ---- what it said in JSON ---- */

static inline json_t *parse(const char *text)
{
	json_error_t error;
	json_t *json = json_loads(text, 0, &error);

	cr_assert_not_null(json, "%s at %d: %s", error.text, error.position, text);
	return json;
}

/* What tine run --format json printed; the caller gives it back with json_decref. */
static inline json_t *json_said(const struct told *told)
{
	expect_code(told, 0);
	return parse(told->out);
}

/* The same, of what it prints when started so. */
static inline json_t *said_by(const char *const *arguments)
{
	const struct told told = tine_as(&(struct way) { 0 }, arguments);

	return json_said(&told);
}

/* The case with this id, or NULL. */
static inline json_t *case_with_id(const json_t *said, const char *id)
{
	const json_t *cases = json_object_get(said, "cases");
	json_t *one;
	size_t i;

	json_array_foreach (cases, i, one)
		if (!strcmp(json_string_value(json_object_get(one, "id")), id))
			return one;
	return NULL;
}

/* The first case of this variant. */
static inline json_t *case_of(const json_t *said, const char *variant)
{
	const json_t *cases = json_object_get(said, "cases");
	json_t *one;
	size_t i;

	json_array_foreach (cases, i, one)
		if (!strcmp(json_string_value(json_object_get(one, "variant")), variant))
			return one;
	cr_assert_fail("no case of %s", variant);
	return NULL;
}

/* An object has just these keys. */
static inline void expect_keys(const json_t *object, const char *const *keys)
{
	const char *key;
	json_t *value;

	for (size_t i = 0; keys[i]; i++)
		cr_expect_not_null(json_object_get(object, keys[i]), "there is no '%s'", keys[i]);
	json_object_foreach ((json_t *)object, key, value) {
		size_t i = 0;
		while (keys[i] && strcmp(keys[i], key) != 0)
			i++;
		cr_expect_not_null(keys[i], "there should be no '%s'", key);
	}
}

/* The ids of all cases, a line each. */
static inline void expect_ids(const struct told *told, const char *expected)
{
	json_t *said = json_said(told), *one;
	const json_t *cases = json_object_get(said, "cases");
	char *text;
	size_t length, i;
	FILE *to = open_memstream(&text, &length);

	json_array_foreach (cases, i, one)
		fprintf(to, "%s\n", json_string_value(json_object_get(one, "id")));
	fclose(to);
	cr_expect_str_eq(keep(text), expected);
	json_decref(said);
}

static inline json_int_t whole(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	cr_assert(json_is_integer(value), "'%s' is no whole number", key);
	return json_integer_value(value);
}

/* ---- what goes on ---- */

/* How many processes stand in the test's directory, itself not counted; ended if `end`. */
static inline size_t left_behind(bool end)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	size_t count = 0;

	while (proc && (entry = readdir(proc))) {
		char path[300], where[PATH_MAX] = "";
		const pid_t pid = atoi(entry->d_name);
		snprintf(path, sizeof(path), "/proc/%s/cwd", entry->d_name);
		if (pid <= 0 || pid == getpid() || readlink(path, where, sizeof(where) - 1) < 0 ||
			strcmp(where, own_directory) != 0)
			continue;
		count++;
		if (end)
			kill(pid, SIGKILL);
	}
	closedir(proc);
	return count;
}

/* Nothing that a test has started outlives it. */
static inline void leave_directory(void)
{
	left_behind(true);
	if (chdir(start_directory) == 0)
		remove_directory();
}

#endif
