#include <math.h>
#include <time.h>

#include "observe/watch.h"

/* ---- a thread's part ---- */

/*
 * A thread asks for a CPU for the share ran / (ran + waited) of its time: as it would if it were never
 * ready without one. What it did before the first look at it, other than run or be ready, is not known.
 */
void interval_add(struct observer *o, uint64_t since_ns, uint64_t ran_ns, uint64_t ready_ns)
{
	const double most = (double)(o->now_ns - o->last_ns), ran = fmin((double)ran_ns, most),
		     active = fmin((double)(ran_ns + ready_ns), most),
		     life = since_ns ? fmin((double)since_ns, most) : active,
		     waited = fmax(life - active, 0);

	o->ran += ran;
	o->active += active;
	o->asked += waited > 0 ? life * ran / (ran + waited) : life;
}

/* ---- threads that are gone ---- */

static bool ran_last(const struct observer *o, const struct followed *f)
{
	return f->last_ns != o->now_ns && f->last.state == 'R';
}

/* What ran at the last look, and is gone at this one, may have run until now: it was not idle. */
static void add_gone(struct observer *o)
{
	for (size_t t = 0; t < o->count; t++)
		if (ran_last(o, &o->tasks[t]))
			o->active += (double)(o->now_ns - o->last_ns);
}

/* They share CPU time that no look met, each at most as much as there was wall time. */
static void add_runs(struct observer *o, unsigned count, double unseen_ns)
{
	if (!count || unseen_ns <= 0)
		return;
	const double each_ns = fmin(unseen_ns / count, (double)(o->now_ns - o->last_ns));
	o->ran += count * each_ns;
	o->asked += count * each_ns;
	o->seen.seen += count * each_ns * 1e-9;
}

/* The CPU time of a process's threads, of those that are gone as well; 0: it is gone itself. */
static uint64_t process_ns(pid_t process)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(process, &clock) || clock_gettime(clock, &t))
		return 0;
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* What a process's threads that are gone ran since the last look. */
static void add_gone_runs_of(struct observer *o, struct followed *first)
{
	const uint64_t all_ns = process_ns(first->process);
	uint64_t seen_ns = 0, there_ns = 0;
	unsigned count = 0;

	if (!all_ns)
		return;
	for (size_t t = 0; t < o->count; t++) {
		const struct followed *f = &o->tasks[t];
		if (f->process != first->process)
			continue;
		*(f->last_ns == o->now_ns ? &there_ns : &seen_ns) += f->last.run_ns;
		count += ran_last(o, f);
	}
	add_runs(o, count, (double)all_ns - (double)(there_ns + seen_ns + first->gone_ns));
	first->gone_ns = all_ns > there_ns ? all_ns - there_ns : 0;
	first->gone_look = o->look;
}

static void add_gone_runs(struct observer *o)
{
	for (size_t t = 0; t < o->count; t++) {
		const struct followed *f = &o->tasks[t];
		if (!ran_last(o, f) || f->process == f->thread)
			continue;
		struct followed *first = find_followed(o, f->process, f->process);
		if (first && first->gone_look != o->look)
			add_gone_runs_of(o, first);
	}
}

/* What ran at the last look of all ran on until it ended, as far as there is CPU time that no look met. */
static void add_last_runs(struct observer *o)
{
	const double unseen = o->seen.user + o->seen.system - o->seen.seen;
	unsigned count = 0;

	for (size_t t = 0; t < o->count; t++)
		count += ran_last(o, &o->tasks[t]);
	add_runs(o, count, unseen * 1e9);
}

/* ---- all of it ---- */

/* See observation.h. */
static void end_interval(struct observer *o)
{
	const double whole = seconds(o->now_ns - o->last_ns);
	const double demand = whole > 0 ? o->asked * 1e-9 / whole : 0;
	const double own = o->asked > 0 ? whole * fmin(o->ran / o->asked, 1) : whole;
	const double busy = fmin(demand, 1), computing = own * busy;
	const double idle = fmax(fmin(own - computing, whole - o->active * 1e-9), 0);

	o->seen.idle += idle;
	o->seen.held += whole - idle - computing;
	*(demand < TOGETHER ? &o->seen.alone : &o->seen.together) += computing;
	o->demanded += demand * whole;
	o->busy += busy * whole;
	o->quiet += o->runnable ? 0 : whole;
	o->last_ns = o->now_ns;
	o->ran = o->asked = o->active = 0;
}

void interval_end(struct observer *o)
{
	add_gone(o);
	add_gone_runs(o);
	end_interval(o);
}

void interval_end_last(struct observer *o)
{
	add_gone(o);
	add_last_runs(o);
	end_interval(o);
}

/*
 * CPU time of threads that no look met. How long they were ready is not known either: but for how
 * much of the time nothing was runnable at all, the looks themselves are a sample.
 */
void interval_add_unseen(struct observer *o)
{
	static const double worth = 0.1;
	struct observation *seen = &o->seen;
	const double cpu = seen->user + seen->system, unseen = cpu - seen->seen;
	const double from_idle = fmax(fmin(unseen, seen->idle), 0),
		     from_held = fmax(fmin(unseen - from_idle, seen->held), 0);
	const double ready = unseen > worth * cpu ? fmax(seen->idle - from_idle - o->quiet, 0) : 0;

	seen->idle -= from_idle + ready;
	seen->held += ready - from_held;
	seen->alone += from_idle + from_held;
	o->demanded += from_idle + ready;
	o->busy += from_idle + ready;
	seen->demand = o->busy > 0 ? o->demanded / o->busy : 0;
}
