#include "analysis/nature.h"

#include <math.h>

const struct nature_limits nature_limits = {
	.looks = 5,
	.own = 0.1,
	.excess = 0.5,
	.excess_share = 0.1,
	.held = 0.2,
	.major_rate = 100,
	.major_waiting = 0.2,
	.fault_rate = 2e5,
	.kernel = 0.5,
	.waiting = 0.8,
	.brief = 10,
	.small = 0.4,
	.mixed = 0.2,
	.worker = 0.1,
	.large = 0.8,
	.apart = 1.2,
	.locked = 0.3,
	.parallel = 0.1,
	.all_parallel = 0.9,
	.all_cpus = 0.75,
	.overlapping = 3,
};

static const struct nature_limits *const limits = &nature_limits;

const char *nature_name(enum nature nature)
{
	static const char *const names[NATURES] = {
		[NATURE_SHORT] = "too short",
		[NATURE_OVERSUBSCRIBED] = "oversubscribed",
		[NATURE_PAGING] = "paging",
		[NATURE_WAITING] = "waiting",
		[NATURE_SMALL_TASKS] = "small tasks",
		[NATURE_MIXED] = "mixed",
		[NATURE_LARGE_TASKS] = "large tasks",
		[NATURE_SERIALISED] = "serialised",
		[NATURE_ONE_THREAD] = "one thread",
		[NATURE_PARTLY] = "partly parallel",
		[NATURE_PARALLEL] = "parallel",
	};

	return names[nature];
}

const char *help_name(enum help help)
{
	static const char *const names[HELPS] = {
		[HELP_UNKNOWN] = "unknown",
		[HELP_NEITHER] = "neither",
		[HELP_CONCURRENCY] = "concurrency",
		[HELP_PARALLELISM] = "parallelism",
		[HELP_BOTH] = "both",
	};

	return names[help];
}

/* ---- figures ---- */

/* 0 of nothing is 0. */
static double share(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

static double cpu_of(const struct observation *seen)
{
	return seen->user + seen->system;
}

static double computing_of(const struct observation *seen)
{
	return seen->alone + seen->together;
}

static bool is_worker(const struct observation *seen, const struct observed_task *task)
{
	return task->cpu >= limits->worker * cpu_of(seen);
}

static void look_at_workers(const struct observation *seen, struct binding *v)
{
	double first = INFINITY, last = 0, lived = 0, locked = 0;

	for (size_t t = 0; t < seen->task_count; t++) {
		const struct observed_task *task = &seen->tasks[t];
		if (!is_worker(seen, task))
			continue;
		v->workers++;
		first = fmin(first, task->first);
		last = fmax(last, task->last);
		lived += task->last - task->first;
		locked += task->waits[FOR_LOCK];
	}
	v->at_once = v->workers ? share(lived, last - first) : 0;
	v->locked = share(locked, lived);
}

/* CPU time of all those that lasted, or only of the workers among them. */
static double cpu_of_tasks(const struct observation *seen, bool workers)
{
	double sum = 0;

	for (size_t t = 0; t < seen->task_count; t++)
		if (!workers || is_worker(seen, &seen->tasks[t]))
			sum += seen->tasks[t].cpu;
	return sum;
}

static double longest_task(const struct observation *seen)
{
	double most = 0;

	for (size_t t = 0; t < seen->task_count; t++)
		most = fmax(most, seen->tasks[t].cpu);
	return most;
}

static double overlap_of(const struct observation *seen)
{
	return share(seen->waits[FOR_TIMER] + seen->waits[FOR_NETWORK] + seen->waits[FOR_EVENTS] +
			seen->waits[FOR_DISK],
		seen->wall);
}

static struct binding figures_of(const struct observation *seen)
{
	const double cpu = cpu_of(seen), own = seen->idle + computing_of(seen);
	struct binding v = {
		.own = own,
		.waiting = share(seen->idle, own),
		.parallel = share(seen->together, computing_of(seen)),
		.overlap = overlap_of(seen),
		.small = fmax(share(cpu - cpu_of_tasks(seen, false), cpu), 0),
		.fault_rate = share((double)seen->minor, cpu),
		.kernel = share(seen->system, cpu),
	};

	look_at_workers(seen, &v);
	return v;
}

/* ---- natures ---- */

static bool is_short(const struct observation *seen, const struct binding *v)
{
	return seen->looks < limits->looks || (v->own < limits->own && cpu_of(seen) < limits->own);
}

static bool is_oversubscribed(const struct observation *seen, const struct binding *v)
{
	(void)v;
	return seen->held >= limits->held * seen->wall &&
		seen->demand > seen->cpus * (1 + limits->excess_share) + limits->excess;
}

static bool is_paging(const struct observation *seen, const struct binding *v)
{
	return (share((double)seen->major, v->own) >= limits->major_rate &&
		       v->waiting >= limits->major_waiting) ||
		(v->fault_rate >= limits->fault_rate && v->kernel >= limits->kernel &&
			v->small < limits->small);
}

static bool is_waiting(const struct observation *seen, const struct binding *v)
{
	(void)seen;
	return v->waiting >= limits->waiting;
}

static bool is_small_tasks(const struct observation *seen, const struct binding *v)
{
	return seen->brief >= limits->brief && v->small >= limits->small;
}

static bool is_mixed(const struct observation *seen, const struct binding *v)
{
	(void)seen;
	return v->waiting >= limits->mixed;
}

static bool is_large_tasks(const struct observation *seen, const struct binding *v)
{
	return v->workers >= 2 && v->at_once <= limits->apart && v->parallel <= limits->parallel &&
		cpu_of_tasks(seen, true) >= limits->large * cpu_of(seen);
}

static bool is_serialised(const struct observation *seen, const struct binding *v)
{
	(void)seen;
	return v->workers >= 2 && v->at_once > limits->apart && v->parallel <= limits->parallel &&
		v->locked >= limits->locked;
}

static bool is_one_thread(const struct observation *seen, const struct binding *v)
{
	(void)seen;
	return v->parallel <= limits->parallel;
}

static bool is_partly(const struct observation *seen, const struct binding *v)
{
	(void)seen;
	return v->parallel < limits->all_parallel;
}

static bool is_any(const struct observation *seen, const struct binding *v)
{
	(void)seen;
	(void)v;
	return true;
}

/* ---- what helps, and how much at most ---- */

static bool has_several_cpus(const struct observation *seen)
{
	return seen->cpus > 1;
}

static bool uses_all_cpus(const struct observation *seen)
{
	return seen->demand >= limits->all_cpus * seen->cpus;
}

static enum help nothing(const struct observation *seen, const struct binding *v)
{
	(void)seen;
	(void)v;
	return HELP_NEITHER;
}

static enum help unknown(const struct observation *seen, const struct binding *v)
{
	(void)seen;
	(void)v;
	return HELP_UNKNOWN;
}

static enum help while_waiting(const struct observation *seen, const struct binding *v)
{
	(void)seen;
	return v->overlap >= limits->overlapping ? HELP_NEITHER : HELP_CONCURRENCY;
}

static enum help while_mixed(const struct observation *seen, const struct binding *v)
{
	const bool parallel = v->parallel >= limits->all_parallel && uses_all_cpus(seen);

	return has_several_cpus(seen) && !parallel ? HELP_BOTH : HELP_CONCURRENCY;
}

static enum help on_more_cpus(const struct observation *seen, const struct binding *v)
{
	(void)v;
	return has_several_cpus(seen) && !uses_all_cpus(seen) ? HELP_PARALLELISM : HELP_NEITHER;
}

static enum help in_more_parts(const struct observation *seen, const struct binding *v)
{
	(void)v;
	return has_several_cpus(seen) ? HELP_PARALLELISM : HELP_NEITHER;
}

static double by_cpus(const struct observation *seen, const struct binding *v)
{
	(void)v;
	return seen->cpus;
}

static double by_demand(const struct observation *seen, const struct binding *v)
{
	(void)v;
	return share(seen->cpus, seen->demand);
}

static double by_serial_part(const struct observation *seen, const struct binding *v)
{
	return share(v->own, seen->idle + seen->alone);
}

static double by_longest_task(const struct observation *seen, const struct binding *v)
{
	(void)v;
	return fmin(share(cpu_of(seen), longest_task(seen)), seen->cpus);
}

static double by_overlap(const struct observation *seen, const struct binding *v)
{
	const double cpus = v->help == HELP_BOTH ? seen->cpus : 1;

	return share(v->own, fmax(seen->idle, computing_of(seen) / cpus));
}

static const struct {
	bool (*fits)(const struct observation *seen, const struct binding *v);
	enum help (*help)(const struct observation *seen, const struct binding *v);
	double (*bound)(
		const struct observation *seen, const struct binding *v); /* NULL: not known */
} natures[NATURES] = {
	[NATURE_SHORT] = { is_short, unknown, NULL },
	[NATURE_OVERSUBSCRIBED] = { is_oversubscribed, nothing, NULL },
	[NATURE_PAGING] = { is_paging, nothing, NULL },
	[NATURE_WAITING] = { is_waiting, while_waiting, NULL },
	[NATURE_SMALL_TASKS] = { is_small_tasks, on_more_cpus, NULL },
	[NATURE_MIXED] = { is_mixed, while_mixed, by_overlap },
	[NATURE_LARGE_TASKS] = { is_large_tasks, on_more_cpus, by_longest_task },
	[NATURE_SERIALISED] = { is_serialised, on_more_cpus, by_cpus },
	[NATURE_ONE_THREAD] = { is_one_thread, on_more_cpus, by_cpus },
	[NATURE_PARTLY] = { is_partly, in_more_parts, by_serial_part },
	[NATURE_PARALLEL] = { is_any, on_more_cpus, by_demand },
};

struct binding binding_of(const struct observation *seen)
{
	struct binding v = figures_of(seen);

	while (!natures[v.nature].fits(seen, &v))
		v.nature++;
	v.help = natures[v.nature].help(seen, &v);
	if (v.help != HELP_NEITHER && natures[v.nature].bound)
		v.bound = natures[v.nature].bound(seen, &v);
	return v;
}
