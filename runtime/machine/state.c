#include "machine/state.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "machine/cgroup.h"
#include "machine/line.h"

static void read_throttling(const char *root, struct machine_state *state)
{
	const struct throttling sum = cgroup_throttling(root);

	state->throttling_known = sum.known;
	state->throttled = sum.times;
	state->throttled_ns = sum.ns;
}

static void read_steal(const char *root, struct machine_state *state)
{
	enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, TIMES };
	const long hz = sysconf(_SC_CLK_TCK);
	char path[PATH_MAX], text[512];
	uint64_t t[TIMES];

	snprintf(path, sizeof(path), "%s/proc/stat", root);
	line_read(path, text, sizeof(text));
	if (hz <= 0 ||
		sscanf(text,
			"cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
			" %" SCNu64 " %" SCNu64,
			&t[USER], &t[NICE], &t[SYSTEM], &t[IDLE], &t[IOWAIT], &t[IRQ], &t[SOFTIRQ],
			&t[STEAL]) != TIMES)
		return;
	const uint64_t tick_ns = 1000000000u / (uint64_t)hz;
	state->steal_known = true;
	state->steal_ns = t[STEAL] * tick_ns;
	state->busy_ns = tick_ns * (t[USER] + t[NICE] + t[SYSTEM] + t[IRQ] + t[SOFTIRQ] + t[STEAL]);
}

static void read_load(const char *root, struct machine_state *state)
{
	char path[PATH_MAX], text[128];
	double load;
	unsigned runnable;

	snprintf(path, sizeof(path), "%s/proc/loadavg", root);
	line_read(path, text, sizeof(text));
	if (sscanf(text, "%lf %*f %*f %u/", &load, &runnable) != 2)
		return;
	state->load_known = true;
	state->load_average = load;
	state->runnable = runnable;
}

void machine_state_read(const char *root, struct machine_state *state)
{
	*state = (struct machine_state) { 0 };
	read_throttling(root, state);
	read_steal(root, state);
	read_load(root, state);
}

static int compare(const void *a, const void *b)
{
	const unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

int machine_others_runnable(const char *root)
{
	enum { LOOKS = 9, APART_NS = 2500000 };
	unsigned seen[LOOKS];

	for (int i = 0; i < LOOKS; i++) {
		struct machine_state state = { 0 };
		if (i)
			nanosleep(&(struct timespec) { .tv_nsec = APART_NS }, NULL);
		read_load(root, &state);
		if (!state.load_known)
			return -1;
		seen[i] = state.runnable;
	}
	qsort(seen, LOOKS, sizeof(seen[0]), compare);
	return seen[LOOKS / 2] ? (int)seen[LOOKS / 2] - 1 : 0;
}
