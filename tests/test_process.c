/*
 * process: a team whose members are processes: how they are forked, kept, bound, killed and ended.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "delayed_team.h"
#include "launches.h"
#include "memory.h"
#include "team/children.h"

/* What waits for ever fails. */
TestSuite(process, .timeout = 60);

static uint64_t units_done(const struct fixture *f)
{
	uint64_t units = 0;

	for (unsigned m = 0; m < f->team.threads; m++)
		units += f->team.seats[m].units;
	return units;
}

/* ---- processes that are killed ---- */

enum { MEMBERS = 4, UNITS = 400000 };

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
	struct fixture *f = fixture_of(PROCESS, MEMBERS, UNITS);
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
		struct fixture *f = fixture_of(PROCESS, MEMBERS, UNITS);
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

/* After a region: with the child that it left. */
static struct fixture *kept_with(pid_t *child)
{
	struct fixture *f = fixture_of(PROCESS, 2, 10);

	f->plan.execution.keep = true;
	start(f);
	cr_assert_eq(run(f), 0);
	*child = child_of(getpid(), 0);
	return f;
}

Test(process, that_is_kept_is_forked_once)
{
	pid_t child;
	struct fixture *f = kept_with(&child);

	cr_assert_eq(run(f), 0);
	cr_expect_eq(child_of(getpid(), 0), child);
	finish(f);
}

Test(process, that_is_kept_is_forked_anew_when_more_memory_is_shared)
{
	pid_t child;
	struct fixture *f = kept_with(&child);

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
