/*
 * cli_waiting: a tine that still measures, and what becomes of it and of its launches.
 */
#ifndef CLI_WAITING_H
#define CLI_WAITING_H

#include <dirent.h>

#include "cli.h"

enum { PATIENCE_MS = 20000 };

static inline void wait_a_little(void)
{
	usleep(2000);
}

static inline size_t lines_in(const char *path)
{
	FILE *file = fopen(path, "re");
	size_t lines = 0;
	int c;

	while (file && (c = getc(file)) != EOF)
		lines += c == '\n';
	if (file)
		fclose(file);
	return lines;
}

/* Waits until a file has so many lines; fails if it never does. */
static inline void wait_for_lines(const char *path, size_t lines)
{
	for (int ms = 0; lines_in(path) < lines && ms < PATIENCE_MS; ms += 2)
		wait_a_little();
	cr_assert_geq(lines_in(path), lines, "%s stays at %zu lines", path, lines_in(path));
}

/* A child of the process: the launch that a tine is waiting for. 0: none. */
static inline pid_t child_of(pid_t parent)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;

	cr_assert_not_null(proc);
	while (!found && (entry = readdir(proc))) {
		char path[300];
		int pid = 0, above = 0;
		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		FILE *stat = entry->d_name[0] <= '9' ? fopen(path, "re") : NULL;
		if (!stat)
			continue;
		if (fscanf(stat, "%d (%*[^)]) %*c %d", &pid, &above) == 2 && above == parent)
			found = pid;
		fclose(stat);
	}
	closedir(proc);
	return found;
}

/* Waits until a launch has run for a moment; returns its id. */
static inline pid_t wait_for_launch(pid_t parent)
{
	pid_t launch = 0;

	for (int ms = 0; !launch && ms < PATIENCE_MS; ms += 2) {
		wait_a_little();
		launch = child_of(parent);
	}
	cr_assert_gt(launch, 0, "no launch was started");
	usleep(50000);
	return launch;
}

/* A process's, as in /proc: 'R' if it runs, 'T' if it is stopped, 'Z' or 'X' if it has ended. */
static inline char state_of(pid_t pid)
{
	char path[64], state = 'X';

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	FILE *stat = fopen(path, "re");
	if (!stat)
		return state;
	if (fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
		state = 'X';
	fclose(stat);
	return state;
}

static inline bool runs(pid_t pid)
{
	const char state = state_of(pid);

	return state != 'Z' && state != 'X';
}

static inline void expect_ended(pid_t launch)
{
	for (int ms = 0; runs(launch) && ms < PATIENCE_MS; ms += 2)
		wait_a_little();
	cr_expect(!runs(launch), "launch %d still runs", launch);
}

/* Ends it once it measures, by a signal; its launch ends, too. */
static inline struct told end_by(int signal, const char *const *arguments)
{
	const struct way way = { 0 };
	const struct job job = start(&way, arguments);
	const pid_t launch = wait_for_launch(job.pid);

	cr_assert_eq(kill(job.pid, signal), 0);
	const struct told told = finish(&way, &job);
	expect_ended(launch);
	return told;
}

/* Interrupted while it measures, it prints nothing and leaves the file as it was. */
static inline void expect_interrupted_before(const char *path, const char *const *arguments)
{
	put_text(path, untouched);
	const struct told told = end_by(SIGINT, arguments);

	expect_code(&told, 130);
	expect_words(told.err, "interrupted");
	cr_expect_str_empty(told.out);
	expect_untouched(path);
}

#endif
