/*
 * bench_log_scan: is log_scan as fast as grep? Usage: bench_log_scan FILE
 *
 * Runs `LC_ALL=C grep -acE 'ERROR|CRITICAL' FILE`, and itself as `bench_log_scan FILE scan`, which maps
 * the file, lets log_scan's sequential variant count and prints what it counted: one after the other, as
 * often as PAIRS says, after once to have the file in memory. Fails if the counts differ, or if the
 * median of the ratios of the times, grep's over its own, is below 1.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/stats.h"
#include "clock.h"
#include "team/team.h"
#include "texts.h"

enum { PAIRS = 9 };

/* ---- scanning ---- */

static int scan(const char *path)
{
	const struct kernel_entry *entry = kernel_find("log_scan");
	const struct clock clock = { .ns_per_tick = 1 };
	struct text text;
	struct message why;

	if (texts_map(&text, &path, 1, &why)) {
		fprintf(stderr, "bench_log_scan: %s\n", why.text);
		return 4;
	}
	const struct problem problem = {
		.size = { .n = text.count }, .texts = &text, .recipe = { .file_count = 1 }
	};
	struct team_plan plan = { .kernel = entry->kernel,
		.input = calloc(1, entry->kernel->input_bytes),
		.n = text.count,
		.grain = entry->kernel->grain,
		.threads = 1,
		.clock = &clock };
	struct team team;
	char result[RESULT_BYTES];
	if (!plan.input || entry->kernel->setup((struct input *)plan.input, &problem) ||
		team_init(&team, &plan, &why))
		return 4;
	entry->region[SEQUENTIAL](&team);
	entry->kernel->result(team.seats[0].partial, result);
	puts(result);
	return 0;
}

/* ---- timing ---- */

/* Runs a program; returns the number that it prints, and how long it took. */
static long time_program(char *const argv[], double *seconds)
{
	int ends[2];
	char said[64] = "";

	if (pipe(ends))
		exit(4);
	const uint64_t begin_ns = clock_monotonic_ns();
	const pid_t child = fork();
	if (!child) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(argv[0], argv);
		_exit(4);
	}
	close(ends[1]);
	const ssize_t got = read(ends[0], said, sizeof(said) - 1);
	close(ends[0]);
	if (child < 0 || waitpid(child, NULL, 0) != child || got <= 0)
		exit(4);
	*seconds = 1e-9 * (double)(clock_monotonic_ns() - begin_ns);
	return strtol(said, NULL, 10);
}

static int compare(char *self, char *path)
{
	char grep[] = "grep", how[] = "-acE", words[] = "ERROR|CRITICAL", what[] = "scan";
	char *const theirs[] = { grep, how, words, path, NULL };
	char *const ours[] = { self, path, what, NULL };
	double ratios[PAIRS], seconds[PAIRS], grep_s, own_s;

	setenv("LC_ALL", "C", 1);
	const long expected = time_program(theirs, &grep_s);
	for (int p = 0; p < PAIRS; p++) {
		time_program(theirs, &grep_s);
		const long found = time_program(ours, &own_s);
		if (found != expected) {
			printf("%ld lines, and grep finds %ld\n", found, expected);
			return 1;
		}
		ratios[p] = grep_s / own_s;
		seconds[p] = own_s;
	}
	const struct estimate ratio = stats_estimate(ratios, PAIRS);
	printf("%ld lines as grep, %.3f s, %.2f times as fast (%.2f to %.2f)\n", expected,
		stats_median(seconds, PAIRS), ratio.median, ratio.low, ratio.high);
	return ratio.median >= 1 ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[2], "scan"))
		return scan(argv[1]);
	if (argc == 2)
		return compare(argv[0], argv[1]);
	fputs("usage: bench_log_scan FILE\n", stderr);
	return 2;
}
