/*
 * executions: what one-core, global-lock and event-loop must do beside the right sum.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <pthread.h>
#include <unistd.h>

#include "cpus.h"
#include "delayed_team.h"
#include "team/lock.h"
#include "team/loop.h"

/* What waits for ever fails. */
enum { PATIENCE_S = 60 };
TestSuite(lock, .timeout = PATIENCE_S);
TestSuite(loop, .timeout = PATIENCE_S);
TestSuite(executions, .timeout = PATIENCE_S);

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

static double aside_ms(const struct fixture *f, unsigned member)
{
	return 1e-6 * (double)f->team.seats[member].aside * f->clock.ns_per_tick;
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
