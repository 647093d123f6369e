#include "lessons/python.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "process.h"

extern char **environ;

enum { LAUNCHES_MOST = 64, TEXT = 16 };

/*
 * sys._is_gil_enabled came with CPython 3.13; before, there was always a lock. Of implementations other
 * than CPython and PyPy we do not know.
 */
static const char script[] =
	"import sys, threading, time\n"
	"n, members = int(sys.argv[1]), int(sys.argv[2])\n"
	"def squares(first, end, sums, member):\n"
	"    total = 0\n"
	"    for i in range(first, end):\n"
	"        total += i * i\n"
	"    sums[member] = total\n"
	"def sequential():\n"
	"    sums = [0]\n"
	"    squares(0, n, sums, 0)\n"
	"    return sums[0]\n"
	"def threads():\n"
	"    sums = [0] * members\n"
	"    team = [threading.Thread(target=squares, args=(n * m // members,\n"
	"        n * (m + 1) // members, sums, m)) for m in range(members)]\n"
	"    for thread in team: thread.start()\n"
	"    for thread in team: thread.join()\n"
	"    return sum(sums)\n"
	"def timed(work, results):\n"
	"    begin = time.perf_counter()\n"
	"    results.append(work())\n"
	"    return time.perf_counter() - begin\n"
	"results = []\n"
	"times = [(timed(sequential, results), timed(threads, results)) for sample in range(3)]\n"
	"name = {'cpython': 'CPython', 'pypy': 'PyPy'}.get(sys.implementation.name)\n"
	"gil = getattr(sys, '_is_gil_enabled', lambda: bool(name))() if name else None\n"
	"print('{\"name\": \"%s %d.%d.%d\", \"gil\": %s, \"sequential\": %r, \"threads\": %r, "
	"\"right\": %s}' % (\n"
	"    (name or sys.implementation.name,) + sys.version_info[:3] +\n"
	"    ({True: 'true', False: 'false', None: 'null'}[gil],) +\n"
	"    tuple(sorted(part)[1] for part in zip(*times)) +\n"
	"    ('true' if len(set(results)) == 1 else 'false',)))\n";

/* What the launches so far gave. */
struct series {
	double sequential_s[LAUNCHES_MOST], threads_s[LAUNCHES_MOST], speedup[LAUNCHES_MOST];
};

const char *python_lock_name(enum python_lock lock)
{
	static const char *const names[] = {
		[LOCK_UNKNOWN] = "",
		[LOCK_GLOBAL] = ", with a global lock",
		[LOCK_NONE] = ", without a global lock",
	};

	return names[lock];
}

/* Takes what a launch printed. Returns 0, or -EINVAL if that is not what the script prints. */
static int take(struct python *into, struct series *series, const char *said)
{
	const char *name;
	json_t *json = json_loads(said, 0, NULL), *gil = NULL;
	double sequential_s = 0, threads_s = 0;
	int right = 0;
	const int error = !json ||
		json_unpack(json, "{s:s, s:o, s:F, s:F, s:b}", "name", &name, "gil", &gil,
			"sequential", &sequential_s, "threads", &threads_s, "right", &right) ||
		!right || !(sequential_s > 0) || !(threads_s > 0);

	if (!error) {
		const unsigned at = into->launches++;
		snprintf(into->name, sizeof(into->name), "%s", name);
		into->lock = json_is_true(gil) ? LOCK_GLOBAL
			: json_is_false(gil)   ? LOCK_NONE
					       : LOCK_UNKNOWN;
		series->sequential_s[at] = sequential_s;
		series->threads_s[at] = threads_s;
		series->speedup[at] = sequential_s / threads_s;
	}
	json_decref(json);
	return error ? -EINVAL : 0;
}

/* Isolated from the user's settings and the working directory, whose files could be imported. */
static int start(const struct python *python, const struct outputs *outputs, pid_t *child)
{
	char n[TEXT], members[TEXT];
	char *const argv[] = { (char *)"python3", (char *)"-I", (char *)"-c", (char *)script, n,
		members, NULL };

	snprintf(n, sizeof(n), "%d", PYTHON_SQUARES);
	snprintf(members, sizeof(members), "%u", python->threads);
	return process_start(child, argv[0], argv, environ, outputs);
}

/* What came of a process that has ended. */
static int read_outputs(struct python *into, struct series *series, int status,
	const struct outputs *outputs, struct message *why)
{
	char *out = output_text(outputs->out), *err = output_text(outputs->err);
	int error = out && err ? 0 : fail(why, -ENOMEM, "no memory for what Python said");

	if (!error && (status || take(into, series, out)))
		error = fail(&into->why, -EINVAL, "python3 failed: %s", last_line(err));
	free(out);
	free(err);
	return error;
}

/* One process. Returns as python_measure; or -EINVAL and into->why if there shall be no other. */
static int launch(struct python *into, struct series *series, struct message *why)
{
	static const uint64_t limit_ns = 60000000000u;
	struct outputs outputs;
	pid_t child;
	int status = 0;

	if (outputs_open(&outputs))
		return fail(why, -ENOMEM, "no memory for what Python says");
	int error = start(into, &outputs, &child);
	if (error)
		error = fail(&into->why, -EINVAL, "python3 cannot be run: %s", strerror(-error));
	else
		error = process_await(child, limit_ns, &status);
	if (error == -ETIMEDOUT)
		error = fail(&into->why, -EINVAL, "python3 did not end");
	else if (error == -EINTR)
		fail(why, error, "interrupted");
	else if (!error)
		error = read_outputs(into, series, status, &outputs, why);
	outputs_close(&outputs);
	return error;
}

int python_measure(struct python *into, unsigned threads, unsigned launches, double budget_s,
	struct message *why)
{
	const uint64_t end_ns = clock_monotonic_ns() + (uint64_t)(budget_s * 1e9);
	struct series series;
	int error = 0;

	*into = (struct python) { .threads = threads };
	for (unsigned l = 0; l < launches && l < LAUNCHES_MOST && !error; l++)
		if (!l || clock_monotonic_ns() < end_ns)
			error = launch(into, &series, why);
	if (error && error != -EINVAL)
		return error;
	into->known = !error && into->launches;
	if (into->known) {
		into->sequential_s = stats_estimate(series.sequential_s, into->launches);
		into->threads_s = stats_estimate(series.threads_s, into->launches);
		into->speedup = stats_estimate(series.speedup, into->launches);
	}
	return 0;
}
