#include "launch/delays.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The second number of /proc/PID/task/TID/schedstat: time spent waiting on a run queue, in ns. */
static bool read_account(int file, uint64_t *delay_ns)
{
	char text[64];
	const ssize_t length = pread(file, text, sizeof(text) - 1, 0);
	unsigned long long ran, waited;

	if (length <= 0)
		return false;
	text[length] = '\0';
	if (sscanf(text, "%llu %llu", &ran, &waited) != 2)
		return false;
	*delay_ns = waited;
	return true;
}

static bool open_account(int tasks, const char *thread, struct account *into)
{
	char path[32];

	snprintf(path, sizeof(path), "%.16s/schedstat", thread);
	into->file = openat(tasks, path, O_RDONLY | O_CLOEXEC);
	if (into->file < 0)
		return false;
	if (read_account(into->file, &into->delay_ns))
		return true;
	close(into->file);
	return false;
}

static bool open_accounts(struct delays *d, DIR *tasks)
{
	for (const struct dirent *entry; (entry = readdir(tasks));) {
		if (entry->d_name[0] == '.')
			continue;
		struct account *accounts =
			realloc(d->accounts, (d->count + 1) * sizeof(*d->accounts));
		if (!accounts)
			return false;
		d->accounts = accounts;
		if (!open_account(dirfd(tasks), entry->d_name, &accounts[d->count]))
			return false;
		d->count++;
	}
	return true;
}

void delays_open(struct delays *d)
{
	DIR *tasks = opendir("/proc/self/task");

	*d = (struct delays) { 0 };
	if (!tasks)
		return;
	if (!open_accounts(d, tasks))
		delays_close(d);
	closedir(tasks);
}

double delays_longest(struct delays *d)
{
	uint64_t longest_ns = 0;

	for (size_t i = 0; i < d->count; i++) {
		struct account *account = &d->accounts[i];
		const uint64_t before_ns = account->delay_ns;

		if (!read_account(account->file, &account->delay_ns))
			return NAN;
		if (account->delay_ns - before_ns > longest_ns)
			longest_ns = account->delay_ns - before_ns;
	}
	return d->count ? (double)longest_ns : NAN;
}

void delays_close(struct delays *d)
{
	for (size_t i = 0; i < d->count; i++)
		close(d->accounts[i].file);
	free(d->accounts);
	*d = (struct delays) { 0 };
}
