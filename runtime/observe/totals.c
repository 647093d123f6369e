#include "observe/totals.h"

#include <inttypes.h>
#include <stdio.h>

#include "machine/line.h"

static uint64_t value_of(const char *path, const char *key)
{
	char text[32];
	uint64_t value = 0;

	if (line_value(path, key, text, sizeof(text)))
		sscanf(text, "%" SCNu64, &value);
	return value;
}

/* What the process and its children did, less what this thread did, which is all that we do. */
static uint64_t children_bytes(const char *key)
{
	const uint64_t own = value_of("/proc/thread-self/io", key); /* first: it is read, too */
	const uint64_t all = value_of("/proc/self/io", key);

	return all > own ? all - own : 0;
}

/* Without what was deleted before it went there. */
static uint64_t children_stored(void)
{
	const uint64_t all = children_bytes("write_bytes"),
		       cancelled = children_bytes("cancelled_write_bytes");

	return all > cancelled ? all - cancelled : 0;
}

static uint64_t read_started(void)
{
	struct lines lines;
	char line[64];
	uint64_t count = 0;

	if (!lines_open(&lines, "/proc/stat"))
		return 0;
	while (!count && lines_next(&lines, line, sizeof(line)))
		sscanf(line, "processes %" SCNu64, &count);
	lines_close(&lines);
	return count;
}

static uint64_t bytes_of_peak(const struct rusage *usage)
{
	return (uint64_t)usage->ru_maxrss * 1024;
}

void totals_read(struct totals *into)
{
	struct rusage own;

	getrusage(RUSAGE_SELF, &own);
	getrusage(RUSAGE_CHILDREN, &into->children);
	into->own_peak = bytes_of_peak(&own);
	into->read = children_bytes("rchar");
	into->written = children_bytes("wchar");
	into->loaded = children_bytes("read_bytes");
	into->stored = children_stored();
	into->started = read_started();
}

static double seconds(struct timeval from, struct timeval to)
{
	return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_usec - from.tv_usec) * 1e-6;
}

void totals_between(
	const struct totals *before, const struct totals *after, struct observation *into)
{
	const struct rusage *from = &before->children, *to = &after->children;

	into->user = seconds(from->ru_utime, to->ru_utime);
	into->system = seconds(from->ru_stime, to->ru_stime);
	into->voluntary = (uint64_t)(to->ru_nvcsw - from->ru_nvcsw);
	into->involuntary = (uint64_t)(to->ru_nivcsw - from->ru_nivcsw);
	into->minor = (uint64_t)(to->ru_minflt - from->ru_minflt);
	into->major = (uint64_t)(to->ru_majflt - from->ru_majflt);
	into->read = after->read - before->read;
	into->written = after->written - before->written;
	into->loaded = after->loaded - before->loaded;
	into->stored = after->stored - before->stored;
	into->started = after->started - before->started;
	/* a child begins in our memory, and the kernel takes that for its own peak */
	into->peak = bytes_of_peak(to);
	into->peak_bound = into->peak <= before->own_peak;
}
