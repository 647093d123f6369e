#include "machine/state.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "machine/line.h"

static FILE *open_below(const char *root, const char *name)
{
	char path[PATH_MAX + NAME_MAX];

	snprintf(path, sizeof(path), "%s%s", root, name);
	return fopen(path, "re");
}

/* ---- throttling ---- */

/* A hierarchy of control groups; the cpu controller is in one of version 1 or in that of version 2. */
struct hierarchy {
	bool v2;
	char path[PATH_MAX]; /* of our group in it */
};

/* A list such as "cpu,cpuacct". */
static bool has_cpu(const char *list)
{
	char wrapped[1024 + 2];

	snprintf(wrapped, sizeof(wrapped), ",%s,", list);
	return strstr(wrapped, ",cpu,") != NULL;
}

/* From a line "4:cpu,cpuacct:/path", or "0::/path" for version 2. */
static bool parse_membership(const char *line, struct hierarchy *in)
{
	char controllers[1024];

	if (in->v2)
		return sscanf(line, "0::%4095[^\n]", in->path) == 1;
	return sscanf(line, "%*d:%1023[^:]:%4095[^\n]", controllers, in->path) == 2 &&
		has_cpu(controllers);
}

/* From a line "32 31 0:29 ROOT MOUNTPOINT rw,relatime - TYPE SOURCE OPTIONS" of mountinfo. */
static bool parse_mount(
	const char *line, const struct hierarchy *in, char top[PATH_MAX], char mount[PATH_MAX])
{
	const char *rest = strstr(line, " - ");
	char type[32], options[1024];

	if (!rest || sscanf(line, "%*s %*s %*s %4095s %4095s", top, mount) != 2 ||
		sscanf(rest, " - %31s %*s %1023s", type, options) != 2)
		return false;
	return in->v2 ? !strcmp(type, "cgroup2") : !strcmp(type, "cgroup") && has_cpu(options);
}

/* What of path lies below top, "" for top itself and for what lies elsewhere. */
static const char *below(const char *path, const char *top)
{
	const size_t length = strcmp(top, "/") ? strlen(top) : 0;

	if (strncmp(path, top, length) || path[length] != '/' || strstr(path, "/.."))
		return "";
	return path[length + 1] ? path + length : "";
}

/* Our group's directory; its first *mount_length bytes are the mount point. */
static bool find_group(
	const char *root, struct hierarchy *in, char group[PATH_MAX], size_t *mount_length)
{
	char top[PATH_MAX], mount[PATH_MAX], *line = NULL;
	size_t size = 0;
	bool member = false, mounted = false;
	FILE *file;

	if ((file = open_below(root, "/proc/self/cgroup"))) {
		while (!member && getline(&line, &size, file) > 0)
			member = parse_membership(line, in);
		fclose(file);
	}
	if (member && (file = open_below(root, "/proc/self/mountinfo"))) {
		while (!mounted && getline(&line, &size, file) > 0)
			mounted = parse_mount(line, in, top, mount);
		fclose(file);
	}
	free(line);
	if (!mounted)
		return false;
	*mount_length = strlen(root) + strlen(mount);
	return snprintf(group, PATH_MAX, "%s%s%s", root, mount, below(in->path, top)) < PATH_MAX;
}

/* Adds what one group's cpu.stat tells. Each group counts for its own quota alone. */
static void add_throttling(const char *group, struct machine_state *state)
{
	FILE *file = open_below(group, "/cpu.stat");
	char key[64];
	uint64_t value;

	while (file && fscanf(file, "%63s %" SCNu64, key, &value) == 2) {
		if (!strcmp(key, "nr_throttled")) {
			state->throttled += value;
			state->throttling_known = true;
		} else if (!strcmp(key, "throttled_time")) {
			state->throttled_ns += value; /* version 1 */
		} else if (!strcmp(key, "throttled_usec")) {
			state->throttled_ns += value * 1000; /* version 2 */
		}
	}
	if (file)
		fclose(file);
}

static void read_throttling(const char *root, bool v2, struct machine_state *state)
{
	struct hierarchy in = { .v2 = v2 };
	char group[PATH_MAX];
	size_t mount_length;

	if (!find_group(root, &in, group, &mount_length))
		return;
	for (;;) {
		add_throttling(group, state);
		if (strlen(group) <= mount_length)
			return;
		*strrchr(group, '/') = 0;
	}
}

/* ---- steal and load ---- */

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
	read_throttling(root, false, state);
	read_throttling(root, true, state);
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
