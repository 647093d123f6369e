/*
 * executions: what process, one-core, global-lock and event-loop must do beside the right sum.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "kernels/delayed.h"
#include "launches.h"
#include "memory.h"
#include "team/children.h"
#include "team/lock.h"
#include "team/loop.h"

/* What waits for ever fails. */
enum { PATIENCE_S = 60 };
TestSuite(process, .timeout = PATIENCE_S);
TestSuite(lock, .timeout = PATIENCE_S);
TestSuite(loop, .timeout = PATIENCE_S);
TestSuite(shared, .timeout = PATIENCE_S);
TestSuite(executions, .timeout = PATIENCE_S);

/* ---- a team of kernels/delayed.c, whose units take as long as a test wants ---- */

struct fixture {
	struct clock clock;
	struct input *input;
	struct team_plan plan;
	struct team team;
	const struct kernel_entry *entry;
	struct message why;
};

static struct fixture *fixture_of(enum variant variant, unsigned threads, uint64_t n)
{
	const struct problem problem = { .size = { .n = n } };
	struct fixture *f = aligned_alloc(_Alignof(struct fixture), sizeof(*f));

	cr_assert_not_null(f);
	memset(f, 0, sizeof(*f));
	f->clock = clock_calibrate();
	f->entry = kernel_find("delayed");
	f->input = make_input(f->entry->kernel, variant, &problem);
	f->plan = (struct team_plan) { .kernel = f->entry->kernel,
		.input = f->input,
		.n = n,
		.grain = 1,
		.variant = variant,
		.threads = threads,
		.schedule = { SCHEDULE_DYNAMIC, 1 },
		.clock = &f->clock };
	return f;
}

static void start(struct fixture *f)
{
	cr_assert_eq(team_init(&f->team, &f->plan, &f->why), 0, "%s", f->why.text);
}

static int run(struct fixture *f)
{
	team_reset(&f->team);
	return f->entry->region[f->plan.variant](&f->team);
}

static uint64_t units_done(const struct fixture *f)
{
	uint64_t units = 0;

	for (unsigned m = 0; m < f->team.threads; m++)
		units += f->team.seats[m].units;
	return units;
}

static double aside_ms(const struct fixture *f, unsigned member)
{
	return 1e-6 * (double)f->team.seats[member].aside * f->clock.ns_per_tick;
}

static void finish(struct fixture *f)
{
	team_release(&f->team);
	free(f->input);
	free(f);
}

/* ---- processes that are killed ---- */

enum { MEMBERS = 4, UNITS = 400 };

static void expect_no_child(void)
{
	cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1);
	cr_expect_eq(errno, ECHILD, "a child is left");
}

/* A child of this process's, the `which`th; waits for it. */
static pid_t child_of(pid_t parent, unsigned which)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
	for (;;) {
		FILE *file = fopen(path, "re");
		int child = 0;
		cr_assert_not_null(file);
		for (unsigned c = 0; c <= which; c++)
			if (fscanf(file, "%d", &child) != 1)
				child = 0;
		fclose(file);
		if (child)
			return child;
		usleep(200);
	}
}

/* The region lasts until then, however late it is: its caller does the rest, which takes no time any more. */
static void *kill_child(void *which)
{
	const pid_t child = child_of(getpid(), *(unsigned *)which);

	usleep(5000); /* into its first units */
	kill(child, SIGKILL);
	delays.unit = 0;
	return NULL;
}

static void expect_kill_told(bool keep, unsigned which)
{
	struct fixture *f = fixture_of(PROCESS, MEMBERS, 1000 * UNITS);
	pthread_t killer;
	char expected[80];

	delays.unit = 1000;
	f->plan.execution.keep = keep;
	start(f);
	cr_assert_eq(pthread_create(&killer, NULL, kill_child, &which), 0);
	cr_expect_eq(run(f), -ECHILD);
	pthread_join(killer, NULL);
	children_tell(f->team.children, &f->why);
	snprintf(expected, sizeof(expected),
		"member %u, a process, was ended by signal 9 (Killed) in a region", which + 1);
	cr_expect_str_eq(f->why.text, expected);
	expect_no_child();
	finish(f);
}

Test(process, that_is_killed_in_a_region_is_told_and_leaves_no_child)
{
	for (unsigned which = 0; which < MEMBERS - 1; which++)
		expect_kill_told(false, which);
}

Test(process, that_was_kept_and_is_killed_in_a_region_is_told_and_leaves_no_child)
{
	for (unsigned which = 0; which < MEMBERS - 1; which++)
		expect_kill_told(true, which);
}

Test(process, that_was_kept_and_is_killed_between_regions_is_told)
{
	struct fixture *f = fixture_of(PROCESS, 2, 10);

	f->plan.execution.keep = true;
	start(f);
	cr_assert_eq(run(f), 0);
	kill(child_of(getpid(), 0), SIGKILL);
	cr_expect_eq(run(f), -ECHILD);
	expect_no_child();
	cr_expect_eq(run(f), 0, "and then there are none anew");
	cr_expect_eq(units_done(f), 10);
	finish(f);
}

Test(process, that_was_kept_ends_with_its_team)
{
	struct fixture *f = fixture_of(PROCESS, MEMBERS, 10);

	f->plan.execution.keep = true;
	start(f);
	cr_assert_eq(run(f), 0);
	finish(f);
	expect_no_child();
}

/* Member 0, which would have waited for the others, is gone. They come to us, and must have ended. */
static void expect_no_orphan(bool keep)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	const pid_t caller = fork();
	cr_assert_geq(caller, 0);
	if (!caller) {
		struct fixture *f = fixture_of(PROCESS, MEMBERS, 1000 * UNITS);
		delays.unit = 1000;
		f->plan.execution.keep = keep;
		start(f);
		run(f);
		_exit(0);
	}
	for (unsigned which = 0; which < MEMBERS - 1; which++)
		child_of(caller, which);
	kill(caller, SIGKILL);
	for (unsigned m = 0; m < MEMBERS; m++)
		cr_assert_gt(waitpid(-1, NULL, 0), 0);
	expect_no_child();
}

Test(process, ends_when_its_caller_is_killed)
{
	expect_no_orphan(false);
	expect_no_orphan(true);
}

/* ---- processes ---- */

Test(process, that_is_kept_deals_out_units_over_and_over)
{
	struct fixture *f = fixture_of(PROCESS, MEMBERS, 101);

	f->plan.execution.keep = true;
	start(f);
	for (int region = 0; region < 300; region++) {
		cr_assert_eq(run(f), 0);
		cr_assert_eq(units_done(f), 101);
	}
	finish(f);
}

Test(process, that_is_kept_is_forked_once)
{
	struct fixture *f = fixture_of(PROCESS, 2, 10);

	f->plan.execution.keep = true;
	start(f);
	cr_assert_eq(run(f), 0);
	const pid_t child = child_of(getpid(), 0);
	cr_assert_eq(run(f), 0);
	cr_expect_eq(child_of(getpid(), 0), child);
	finish(f);
}

Test(process, that_is_kept_is_forked_anew_when_more_memory_is_shared)
{
	struct fixture *f = fixture_of(PROCESS, 2, 10);

	f->plan.execution.keep = true;
	start(f);
	cr_assert_eq(run(f), 0);
	const pid_t child = child_of(getpid(), 0);
	memory_share_begin();
	void *volatile more = malloc(1);
	memory_share_end();
	cr_assert_eq(run(f), 0);
	cr_expect_neq(child_of(getpid(), 0), child);
	free(more);
	finish(f);
}

static void expect_kept_result(const char *kernel, const char *expected)
{
	struct launch_order order = order_of(kernel, PROCESS, 3, "dynamic,2", 10007);

	order.execution.keep = true;
	order.memory = true;
	order.traces = 2;
	struct launch_record record = measure(&order);
	cr_expect_eq(record.status, LAUNCH_OK, "%s: %s", kernel, record.why);
	if (expected)
		cr_expect_str_eq(record.result, expected);
	launch_release(&record);
}

Test(process, that_is_kept_has_the_right_sum_and_the_right_array)
{
	expect_kept_result("count_up", "50065021");
	expect_kept_result("triad", NULL);
}

static void expect_not_bound(bool keep)
{
	struct launch_order order = order_of("count_up", PROCESS, 2, "static", 1000);
	int cpus[2];

	find_cpus(cpus, 1);
	cpus[1] = NO_CPU;
	order.cpus = cpus;
	order.execution.keep = keep;
	expect_no_launch(&order, -EINVAL,
		"member 1, a process, cannot be bound to its CPU: Invalid argument");
}

Test(process, that_cannot_be_bound_is_told)
{
	expect_not_bound(false);
	expect_not_bound(true);
}

Test(process, runs_where_it_is_bound)
{
	struct fixture *f = fixture_of(PROCESS, 3, 30);
	int cpus[3];

	find_cpus(cpus, 3);
	f->plan.cpus = cpus;
	start(f);
	for (int region = 0; region < 5; region++) {
		cr_assert_eq(run(f), 0);
		for (unsigned m = 1; m < 3; m++)
			cr_expect_eq(f->team.seats[m].cpu_start, cpus[m]);
	}
	finish(f);
}

/* ---- memory that is shared ---- */

/* What a child writes there is here. */
static void expect_shared(unsigned char *at, size_t bytes)
{
	const pid_t child = fork();

	cr_assert_geq(child, 0);
	if (!child) {
		memset(at, 7, bytes);
		_exit(0);
	}
	cr_assert_eq(waitpid(child, NULL, 0), child);
	for (size_t b = 0; b < bytes; b++)
		cr_assert_eq(at[b], 7, "byte %zu of %zu", b, bytes);
}

Test(shared, memory_is_written_by_children_however_large_it_is)
{
	static const size_t sizes[] = { 1, 100, 4096, 100000, 5 << 20 };

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		memory_share_begin();
		unsigned char *from_malloc = malloc(sizes[s]), *from_calloc = calloc(1, sizes[s]),
			      *aligned = kernel_alloc(1, sizes[s]);
		memory_share_end();
		cr_assert(from_malloc && from_calloc && aligned);
		cr_expect_eq((uintptr_t)aligned % (sizes[s] < (2 << 20) ? 128 : 2 << 20), 0);
		expect_shared(from_malloc, sizes[s]);
		expect_shared(from_calloc, sizes[s]);
		expect_shared(aligned, sizes[s]);
		free(from_malloc);
		free(from_calloc);
		free(aligned);
	}
}

Test(shared, memory_that_grows_keeps_what_it_held)
{
	memory_share_begin();
	unsigned char *at = malloc(10);
	memory_share_end();
	memset(at, 3, 10);
	at = realloc(at, 10000); /* no longer shared */
	cr_assert_not_null(at);
	for (int b = 0; b < 10; b++)
		cr_expect_eq(at[b], 3);
	free(at);
}

static bool is_mapped(const void *at)
{
	unsigned char present;

	return !mincore((void *)((uintptr_t)at & ~(uintptr_t)4095), 1, &present);
}

Test(shared, memory_that_is_freed_is_gone)
{
	memory_share_begin();
	void *at = malloc(10000);
	memory_share_end();
	cr_assert(is_mapped(at));
	free(at);
	cr_expect_not(is_mapped(at));
}

/* ---- one core ---- */

static void expect_one_cpu(const int *cpus)
{
	struct fixture *f = fixture_of(ONE_CORE, 3, 300);

	f->plan.cpus = cpus;
	start(f);
	for (int region = 0; region < 10; region++) {
		cr_assert_eq(run(f), 0);
		for (unsigned m = 0; m < 3; m++) {
			cr_expect_eq(f->team.seats[m].cpu_start, f->team.seats[0].cpu_start);
			cr_expect_eq(f->team.seats[m].cpu_complete, f->team.seats[0].cpu_start);
		}
	}
	if (cpus)
		cr_expect_eq(f->team.seats[0].cpu_start, cpus[0]);
	finish(f);
}

Test(executions, on_one_core_are_on_the_callers_bound_or_not)
{
	int cpus[3];

	find_cpus(cpus, 3);
	expect_one_cpu(NULL);
	expect_one_cpu(cpus);
}

/* ---- the global lock ---- */

/* Of each member's time at work, what it spent in its units and what it spent aside add up. */
Test(executions, under_the_global_lock_never_compute_at_once)
{
	struct fixture *f = fixture_of(GLOBAL_LOCK, 3, 60);
	struct unit_stamp all[60];
	size_t count = 0;

	delays.unit = 300;
	f->plan.execution.switch_interval_ns = 1000000;
	f->plan.room = 60;
	start(f);
	team_reset(&f->team);
	cr_assert_eq(f->entry->region_units[GLOBAL_LOCK](&f->team), 0);
	for (unsigned m = 0; m < 3; m++)
		for (size_t u = 0; u < f->team.seats[m].kept; u++)
			all[count++] = f->team.seats[m].stamps[u];
	cr_assert_eq(count, 60);
	for (size_t a = 0; a < count; a++)
		for (size_t b = 0; b < a; b++)
			cr_expect(all[a].end <= all[b].begin || all[b].end <= all[a].begin,
				"units %llu and %llu overlap", (unsigned long long)all[a].unit,
				(unsigned long long)all[b].unit);
	finish(f);
}

/* A member its first unit, before another its last has ended. */
static bool begins_before_end_of(const struct fixture *f, unsigned member, unsigned other)
{
	const struct seat *its = &f->team.seats[member], *others = &f->team.seats[other];

	return its->stamps[0].begin < others->stamps[others->kept - 1].end;
}

Test(executions, under_the_global_lock_pass_it_on)
{
	struct fixture *f = fixture_of(GLOBAL_LOCK, 2, 400);
	double least_ms = 0;
	bool both = false;

	f->plan.schedule = (struct schedule) { SCHEDULE_STATIC, 0 };
	f->plan.execution.switch_interval_ns = 1000000;
	f->plan.room = 200;
	start(f);
	/* Who has it first waits while the other has it; more work if that one came too late to ask. */
	for (delays.unit = 300; delays.unit < 10000 && !(both && least_ms > 5); delays.unit *= 4) {
		team_reset(&f->team);
		cr_assert_eq(f->entry->region_units[GLOBAL_LOCK](&f->team), 0);
		both = begins_before_end_of(f, 0, 1) && begins_before_end_of(f, 1, 0);
		least_ms = fmin(aside_ms(f, 0), aside_ms(f, 1));
	}
	cr_expect(both, "a member had it until it was done");
	cr_expect_gt(least_ms, 5, "a member was aside for %g ms", least_ms);
	finish(f);
}

struct counting {
	struct lock *lock;
	uint64_t count; /* only under the lock */
	uint64_t passed;
};

enum { COUNTERS = 4, COUNTS = 20000 };

static void *count_under_lock(void *argument)
{
	struct counting *all = argument;

	lock_take(all->lock);
	for (unsigned i = 0; i < COUNTS; i++) {
		all->count++;
		if (!lock_is_wanted(all->lock))
			continue;
		all->passed++;
		lock_pass(all->lock);
	}
	lock_give(all->lock);
	return NULL;
}

Test(lock, is_one_members_at_a_time)
{
	struct counting all = { 0 };
	pthread_t threads[COUNTERS];

	cr_assert_eq(lock_create(&all.lock, 1000, NULL), 0);
	for (unsigned t = 0; t < COUNTERS; t++)
		cr_assert_eq(pthread_create(&threads[t], NULL, count_under_lock, &all), 0);
	for (unsigned t = 0; t < COUNTERS; t++)
		pthread_join(threads[t], NULL);
	cr_expect_eq(all.count, COUNTERS * COUNTS);
	lock_destroy(all.lock);
}

Test(lock, is_not_asked_for_by_nobody)
{
	struct lock *lock;

	cr_assert_eq(lock_create(&lock, 1, NULL), 0);
	lock_take(lock);
	usleep(1000);
	cr_expect_not(lock_is_wanted(lock));
	lock_give(lock);
	lock_destroy(lock);
}

/* ---- the event loop ---- */

struct turns {
	unsigned left[3];
	char order[32];
	size_t count;
};

static bool take_turn(void *argument, unsigned task)
{
	struct turns *turns = argument;

	turns->order[turns->count++] = (char)('0' + task);
	return --turns->left[task] > 0;
}

Test(loop, lets_tasks_take_turns_until_each_is_done)
{
	struct turns turns = { .left = { 3, 1, 4 } };
	struct loop *loop;

	cr_assert_eq(loop_create(&loop, 3, 0, NULL), 0);
	loop_run(loop, take_turn, NULL, &turns);
	cr_expect_str_eq(turns.order, "01202022");
	loop_destroy(loop);
}

Test(executions, in_an_event_loop_are_aside_while_others_have_the_thread)
{
	struct fixture *f = fixture_of(EVENT_LOOP, 2, 100);

	delays.unit = 100;
	f->plan.schedule = (struct schedule) { SCHEDULE_STATIC, 0 };
	start(f);
	cr_assert_eq(run(f), 0);
	uint64_t turns = 0;
	for (unsigned m = 0; m < 2; m++) {
		const struct seat *seat = &f->team.seats[m];
		cr_expect_gt(seat->aside, 0);
		turns += seat->complete - seat->start - seat->aside;
	}
	cr_expect_leq(turns, f->team.join - f->team.fork, "their turns overlap");
	finish(f);
}

Test(executions, in_an_event_loop_start_anew_in_every_region)
{
	struct fixture *f = fixture_of(EVENT_LOOP, 2, 100);

	start(f);
	for (int region = 0; region < 2; region++) {
		cr_assert_eq(run(f), 0);
		check_seats(&f->team, EVENT_LOOP, "event-loop");
	}
	finish(f);
}
