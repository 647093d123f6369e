/*
 * threads: how many of them this process has, and how the next one fails.
 */
#ifndef THREADS_H
#define THREADS_H

#include <criterion/criterion.h>
#include <dirent.h>
#include <unistd.h>

/* A stack that no address space holds, so that creating its thread fails. */
static const size_t impossible_stack = (size_t)1 << 60;

static inline unsigned threads_of_this_process(void)
{
	DIR *tasks = opendir("/proc/self/task");
	unsigned count = 0;

	cr_assert_not_null(tasks);
	for (const struct dirent *task; (task = readdir(tasks));)
		count += task->d_name[0] != '.';
	closedir(tasks);
	return count;
}

/* A joined thread stays listed for a moment. */
static inline void expect_threads(unsigned expected)
{
	unsigned count = threads_of_this_process();

	for (int ms = 0; ms < 2000 && count != expected; ms++) {
		usleep(1000);
		count = threads_of_this_process();
	}
	cr_expect_eq(count, expected, "%u threads run, expected %u", count, expected);
}

#endif
