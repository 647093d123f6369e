#include "node.h"

#include <errno.h>
#include <math.h>

#include "analysis/calibration.h"
#include "analysis/summary.h"

enum { TINY_UNITS = 100000, COMPUTE = 40000000, TRIAD_LEAST = 1 << 16 };

static const char tiny_kernel[] = "count_up";

static const double triad_bytes = 24; /* an element */

static const struct {
	const char *kernel;
	bool team;      /* on all of it, or on one member */
	uint64_t n;     /* 0: it depends */
	uint64_t grain; /* 0: the kernel's own */
	struct schedule schedule;
} measured[NODE_PURPOSES] = {
	[NODE_EMPTY] = { tiny_kernel, true, 0, 1, { SCHEDULE_STATIC, 0 } },
	[NODE_TINY_STATIC] = { tiny_kernel, false, TINY_UNITS, 1, { SCHEDULE_STATIC, 0 } },
	[NODE_TINY_DYNAMIC] = { tiny_kernel, false, TINY_UNITS, 1, { SCHEDULE_DYNAMIC, 1 } },
	[NODE_TINY_SHARED] = { tiny_kernel, true, TINY_UNITS, 1, { SCHEDULE_DYNAMIC, 1 } },
	[NODE_ALONE] = { "sum_squares", false, COMPUTE, 0, { SCHEDULE_STATIC, 0 } },
	[NODE_TOGETHER] = { "sum_squares", true, COMPUTE, 0, { SCHEDULE_STATIC, 0 } },
	[NODE_MOVED] = { "triad", true, 0, 0, { SCHEDULE_STATIC, 0 } },
};

int node_tiny(
	struct case_spec *into, const struct options *options, uint64_t units, struct message *why)
{
	struct options own = *options;

	own.image = NULL;
	own.file_count = 0;
	own.size = (struct size) { .n = units };
	own.grain = 1;
	return plan_sequential(&own, tiny_kernel, into, why);
}

int node_plan(struct node_cases *cases, struct plan *plan, const struct options *options,
	enum variant variant, unsigned team, double bytes, struct message *why)
{
	struct options own = *options;

	cases->bytes = bytes;
	own.image = NULL;
	own.file_count = 0;
	for (int p = 0; p < NODE_PURPOSES; p++) {
		struct case_spec *spec = &cases->specs[p];
		own.size = (struct size) { .n = measured[p].n ? measured[p].n
				: p == NODE_EMPTY
				? team
				: (uint64_t)fmax(TRIAD_LEAST, bytes / triad_bytes) };
		own.grain = measured[p].grain;
		int error = plan_sequential(&own, measured[p].kernel, spec, why);
		spec->variant = variant;
		spec->threads = measured[p].team ? team : 1;
		spec->schedule = measured[p].schedule;
		if (!error && (p != NODE_MOVED || bytes > 0))
			error = plan_add(plan, spec);
		if (error)
			return error;
	}
	return 0;
}

/* The median time of each purpose's case; NAN if it told nothing. */
static int times_of(
	const struct node_cases *cases, const struct run *run, double seconds[NODE_PURPOSES])
{
	struct summaries all;

	if (summaries_make(&all, cases->specs, NODE_PURPOSES, run->launches, run->count))
		return -ENOMEM;
	for (int p = 0; p < NODE_PURPOSES; p++) {
		seconds[p] = NAN;
		for (size_t i = 0; i < all.count; i++)
			if (case_same(&all.rows[i].spec, &cases->specs[p]) && all.rows[i].launches)
				seconds[p] = all.rows[i].seconds.median;
	}
	summaries_release(&all);
	return 0;
}

static int check_told(
	const struct node_cases *cases, const double seconds[NODE_PURPOSES], struct message *why)
{
	char id[CASE_ID_MAX];

	for (int p = 0; p < NODE_PURPOSES; p++)
		if (isnan(seconds[p]) && (p != NODE_MOVED || cases->bytes > 0))
			return fail(why, -ENODATA,
				"every launch of %s, which tells what this node adds, was "
				"disturbed by other load, or failed",
				case_print(&cases->specs[p], id));
	return 0;
}

static int measure_latencies(struct node *into, const struct node_cases *cases,
	const struct run *run, struct message *why)
{
	const struct case_spec *spec = &cases->specs[NODE_EMPTY];
	struct losses empty;

	if (losses_make(&empty, spec, run->launches, run->count, 0))
		return fail(why, -ENOMEM, "no memory for the node's costs");
	into->team = empty.team;
	if (empty.launches)
		latencies_fit(&into->overheads, spec->variant, &empty);
	losses_release(&empty);
	return 0;
}

int node_measure(struct node *into, const struct node_cases *cases, const struct run *run,
	struct message *why)
{
	double s[NODE_PURPOSES];

	*into = (struct node) { .slowdown = 1 };
	if (times_of(cases, run, s))
		return fail(why, -ENOMEM, "no memory for the node's costs");
	int error = check_told(cases, s, why);
	if (!error)
		error = measure_latencies(into, cases, run, why);
	if (error)
		return error;
	struct chunk_cost *chunk = into->overheads.chunk;
	chunk[SCHEDULE_DYNAMIC].own_ns =
		fmax(0, 1e9 * (s[NODE_TINY_DYNAMIC] - s[NODE_TINY_STATIC]) / TINY_UNITS);
	if (into->team > 1) {
		if (cases->specs[NODE_TINY_SHARED].variant == OPENMP) /* others have no queue */
			chunk[SCHEDULE_DYNAMIC].serial_ns = 1e9 * s[NODE_TINY_SHARED] / TINY_UNITS;
		into->slowdown = fmax(1, into->team * s[NODE_TOGETHER] / s[NODE_ALONE]);
	}
	chunk[SCHEDULE_GUIDED] = chunk[SCHEDULE_DYNAMIC];
	if (cases->bytes > 0)
		into->bytes_per_second =
			triad_bytes * (double)cases->specs[NODE_MOVED].size.n / s[NODE_MOVED];
	return 0;
}
