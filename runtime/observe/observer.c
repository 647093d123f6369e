#include "observe/observer.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "clock.h"
#include "machine/cgroup.h"
#include "machine/line.h"
#include "observe/watch.h"

/* How far apart looks are: an eighth of the time so far, but within these, and by their cost. */
enum { APART_LEAST_NS = 2000000, APART_MOST_NS = 20000000, APART_PER_COST = 100 };

/* ---- room ---- */

static void *grow(void *array, size_t *room, size_t each)
{
	const size_t more = *room ? 2 * *room : 64;
	void *grown = realloc(array, more * each);

	if (grown)
		*room = more;
	return grown;
}

static struct followed *add_followed(struct observer *o, pid_t process, pid_t thread)
{
	if (o->count == o->room) {
		void *grown = grow(o->tasks, &o->room, sizeof(*o->tasks));
		if (!grown)
			return NULL;
		o->tasks = grown;
	}
	struct followed *f = &o->tasks[o->count++];
	*f = (struct followed) { .process = process, .thread = thread };
	return f;
}

/* In the order of the last look, which is that of this one nearly always. */
struct followed *find_followed(struct observer *o, pid_t process, pid_t thread)
{
	for (size_t tried = 0; tried < o->count; tried++) {
		const size_t at = (o->hint + tried) % o->count;
		if (o->tasks[at].thread == thread && o->tasks[at].process == process) {
			o->hint = at + 1;
			return &o->tasks[at];
		}
	}
	return NULL;
}

/* ---- those that are gone ---- */

static void keep(struct observer *o, const struct observed_task *sums)
{
	struct observation *seen = &o->seen;

	if (seen->task_count == o->kept_room) {
		void *grown = grow(seen->tasks, &o->kept_room, sizeof(*seen->tasks));
		if (!grown) {
			o->error = -ENOMEM;
			return;
		}
		seen->tasks = grown;
	}
	seen->tasks[seen->task_count++] = *sums;
}

static void fold(struct observer *o, const struct followed *f, bool gone)
{
	const bool lasted = f->sums.last - f->sums.first >= BRIEF_S;

	o->seen.brief += gone && !lasted;
	if (lasted && f->sums.cpu >= CPU_LEAST_S)
		keep(o, &f->sums);
}

static void fold_gone(struct observer *o)
{
	size_t left = 0;

	for (size_t t = 0; t < o->count; t++) {
		if (o->tasks[t].look != o->look) {
			fold(o, &o->tasks[t], true);
			continue;
		}
		if (left != t)
			o->tasks[left] = o->tasks[t];
		left++;
	}
	o->count = left;
}

/* ---- one thread ---- */

static bool waits(const struct task_look *look)
{
	return look->state != 'R' && look->state != 'Z';
}

/*
 * How long it was ready since the last look. The kernel counts that when it ends; of a thread that
 * was runnable at both looks, and gave up no CPU in between, it is all the time that it did not run.
 */
static uint64_t ready_since(
	struct followed *f, const struct task_look *look, uint64_t since_ns, uint64_t ran_ns)
{
	const bool never_slept =
		f->last.state == 'R' && look->state == 'R' && f->last.voluntary == look->voluntary;
	uint64_t ready_ns = 0;

	if (!look->ready_known)
		return 0;
	if (never_slept)
		ready_ns = since_ns > ran_ns ? since_ns - ran_ns : 0;
	else if (look->ready_ns > f->credited_ns)
		ready_ns = look->ready_ns - f->credited_ns;
	f->credited_ns += ready_ns;
	return ready_ns;
}

static void add_wait(
	struct observer *o, struct followed *f, const struct task_look *look, uint64_t wait_ns)
{
	const enum reason reason = waits(look) ? look->reason
		: waits(&f->last)              ? f->last.reason
					       : FOR_OTHER;

	f->sums.waits[reason] += seconds(wait_ns);
	o->seen.waits[reason] += seconds(wait_ns);
}

static void add_look(struct observer *o, struct followed *f, const struct task_look *look)
{
	const uint64_t since_ns = f->last_ns ? o->now_ns - f->last_ns : 0;
	const uint64_t ran_ns = look->run_ns > f->last.run_ns ? look->run_ns - f->last.run_ns : 0;
	const uint64_t ready_ns = ready_since(f, look, since_ns, ran_ns);
	const uint64_t active_ns = ran_ns + ready_ns;

	f->sums.cpu += seconds(ran_ns);
	f->sums.ready += seconds(ready_ns);
	o->seen.seen += seconds(ran_ns);
	o->seen.block += seconds(look->block_ns - f->last.block_ns);
	interval_add(o, since_ns, ran_ns, ready_ns);
	if (since_ns > active_ns)
		add_wait(o, f, look, since_ns - active_ns);
	f->sums.last = seconds(o->now_ns - o->begin_ns);
	f->last = *look;
	f->last_ns = o->now_ns;
	o->seen.ready_known &= look->ready_known;
}

static struct followed *follow(
	struct observer *o, pid_t process, pid_t thread, const struct task_look *look)
{
	struct followed *f = find_followed(o, process, thread);

	if (f && f->last.start == look->start)
		return f;
	if (f) /* a new one by an old number */
		fold(o, f, true);
	else
		f = add_followed(o, process, thread);
	if (!f)
		return NULL;
	*f = (struct followed) {
		.process = process,
		.thread = thread,
		.sums.first = seconds(o->now_ns - o->begin_ns),
	};
	o->seen.threads++;
	o->seen.processes += look->leader;
	return f;
}

static int see(void *context, pid_t process, pid_t thread)
{
	struct observer *o = context;
	struct task_look look;

	if (!task_look(process, thread, &look))
		return 0;
	struct followed *f = follow(o, process, thread, &look);
	if (!f)
		return -ENOMEM;
	add_look(o, f, &look);
	f->look = o->look;
	o->threads += look.state != 'Z';
	o->processes += look.leader && look.state != 'Z';
	o->runnable += look.state == 'R';
	return 0;
}

/* ---- one look ---- */

static void look_at_all(struct observer *o)
{
	struct observation *seen = &o->seen;

	o->threads = o->processes = o->runnable = 0;
	o->hint = 0;
	o->look++;
	if (tree_find(&o->tree))
		o->error = -ENOMEM;
	for (size_t p = 0; p < o->tree.count && !o->error; p++)
		o->error = tree_threads(o->tree.processes[p], see, o);
	seen->looks += o->threads > 0;
	if (o->threads > seen->threads_at_once)
		seen->threads_at_once = o->threads;
	if (o->processes > seen->processes_at_once)
		seen->processes_at_once = o->processes;
}

static uint64_t own_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t observer_look(void *observer)
{
	struct observer *o = observer;
	const uint64_t own_before = own_ns();

	o->now_ns = clock_monotonic_ns();
	look_at_all(o);
	interval_end(o);
	fold_gone(o);
	const uint64_t cost = own_ns() - own_before;
	o->seen.watching += seconds(cost);
	uint64_t apart = (o->now_ns - o->begin_ns) / 8;
	apart = apart < APART_LEAST_NS  ? APART_LEAST_NS
		: apart > APART_MOST_NS ? APART_MOST_NS
					: apart;
	return cost * APART_PER_COST > apart ? cost * APART_PER_COST : apart;
}

void observer_ended(void *observer, pid_t child)
{
	struct observer *o = observer;

	o->now_ns = clock_monotonic_ns();
	if (see(o, child, child))
		o->error = -ENOMEM;
}

/* ---- all of it ---- */

/* The CPUs of the mask, or fewer by a quota. */
static double count_cpus(void)
{
	cpu_set_t mask[16]; /* of 1024 each */
	const double quota = cgroup_cpus(PROC_SELF);
	const int count = sched_getaffinity(0, sizeof(mask), mask)
		? (int)sysconf(_SC_NPROCESSORS_ONLN)
		: CPU_COUNT_S(sizeof(mask), mask);

	return quota > 0 && quota < count ? quota : count;
}

/* Off by default since Linux 5.14, which brought the switch. */
static bool counts_block(void)
{
	char text[16];

	return line_read("/proc/sys/kernel/task_delayacct", text, sizeof(text)) && text[0] == '1';
}

int observer_start(struct observer **into, struct message *why)
{
	if (!tree_can_be_seen())
		return fail(why, -ENOTSUP,
			"this kernel does not tell which processes a process has started: "
			"/proc/PID/task/PID/children is not there (CONFIG_PROC_CHILDREN)");
	struct observer *o = *into = calloc(1, sizeof(*o));
	if (!o)
		return fail(why, -ENOMEM, "no memory to watch the command");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	o->seen.cpus = count_cpus();
	o->seen.block_known = counts_block();
	o->seen.ready_known = true;
	totals_read(&o->before);
	o->begin_ns = o->last_ns = clock_monotonic_ns();
	return 0;
}

static int count_running(void *count, pid_t process, pid_t thread)
{
	struct task_look look;

	*(unsigned *)count +=
		process == thread && task_look(process, thread, &look) && look.state != 'Z';
	return 0;
}

static void count_left(struct observer *o)
{
	if (tree_find(&o->tree))
		o->error = -ENOMEM;
	for (size_t p = 0; p < o->tree.count; p++)
		tree_threads(o->tree.processes[p], count_running, &o->seen.left);
}

static void finish(struct observer *o)
{
	struct totals after;

	o->now_ns = clock_monotonic_ns();
	totals_read(&after);
	totals_between(&o->before, &after, &o->seen);
	interval_end_last(o);
	o->seen.wall = seconds(o->now_ns - o->begin_ns);
	for (size_t t = 0; t < o->count; t++)
		fold(o, &o->tasks[t], false);
	interval_add_unseen(o);
	if (o->seen.threads && !o->seen.threads_at_once)
		o->seen.threads_at_once = o->seen.processes_at_once = 1;
	count_left(o);
}

static void release(struct observer *o)
{
	tree_release(&o->tree);
	free(o->tasks);
	free(o);
}

void observer_abandon(struct observer *o)
{
	observation_release(&o->seen);
	release(o);
}

int observer_finish(struct observer *o, struct observation *into, struct message *why)
{
	finish(o);
	if (o->error) {
		observer_abandon(o);
		return fail(why, -ENOMEM, "no memory for what was seen of the command");
	}
	*into = o->seen;
	release(o);
	return 0;
}

void observation_release(struct observation *observation)
{
	free(observation->tasks);
	observation->tasks = NULL;
}
