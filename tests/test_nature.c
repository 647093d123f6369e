/*
 * nature: what a command is, by numbers of the test's making, at both sides of each threshold; and
 * threads as /proc shows them.
 */
#include <criterion/criterion.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "analysis/nature.h"
#include "observe/task.h"

#define L nature_limits

static const double hair = 1e-9;

/* ---- commands ---- */

/* Threads of a command of the test's. */
static struct observed_task *make_tasks(void)
{
	static struct observed_task pool[16][2];
	static unsigned next;

	return pool[next++ % 16];
}

/* Ten seconds on four CPUs, in which one thread computed. */
static struct observation one_thread(void)
{
	struct observed_task *tasks = make_tasks();

	tasks[0] = (struct observed_task) { .last = 10, .cpu = 10 };
	return (struct observation) {
		.wall = 10,
		.cpus = 4,
		.user = 10,
		.alone = 10,
		.demand = 1,
		.ready_known = true,
		.looks = 500,
		.tasks = tasks,
		.task_count = 1,
	};
}

/* The same, but idle for this share of the time. */
static struct observation idle_for(double share)
{
	struct observation seen = one_thread();

	seen.idle = 10 * share;
	seen.alone = seen.user = seen.tasks[0].cpu = 10 - seen.idle;
	return seen;
}

/* Two threads that computed together for this share of the computing, and never waited. */
static struct observation together_for(double share)
{
	struct observed_task *tasks = make_tasks();
	struct observation seen = one_thread();

	tasks[0] = (struct observed_task) { .last = 10, .cpu = 10 };
	tasks[1] = (struct observed_task) { .last = 10, .cpu = 10 * share };
	seen.together = 10 * share;
	seen.alone = 10 - seen.together;
	seen.user = 10 + 10 * share;
	seen.demand = 1 + share;
	seen.tasks = tasks;
	seen.task_count = 2;
	return seen;
}

/* Two threads that were there for the whole time and took turns, waiting for locks for this share of it. */
static struct observation turns_with(double locked)
{
	struct observed_task *tasks = make_tasks();
	struct observation seen = one_thread();

	for (int t = 0; t < 2; t++)
		tasks[t] = (struct observed_task) {
			.last = 10, .cpu = 5, .waits[FOR_LOCK] = 10 * locked
		};
	seen.tasks = tasks;
	seen.task_count = 2;
	return seen;
}

/* Two that computed for 5 s each and were there at once for so long. */
static struct observation tasks_at_once_for(double seconds)
{
	struct observed_task *tasks = make_tasks();
	struct observation seen = one_thread();

	tasks[0] = (struct observed_task) { .first = 0, .last = 5 + seconds, .cpu = 5 };
	tasks[1] = (struct observed_task) { .first = 5, .last = 10, .cpu = 5 };
	seen.tasks = tasks;
	seen.task_count = 2;
	return seen;
}

/* This share of the CPU time is in threads that did not last. */
static struct observation small_for(double share)
{
	struct observation seen = one_thread();

	seen.tasks[0].cpu = 10 * (1 - share);
	seen.brief = L.brief;
	return seen;
}

static void is(const struct observation *seen, enum nature nature, enum help help)
{
	const struct binding v = binding_of(seen);

	cr_expect_eq(v.nature, nature, "%s, not %s", nature_name(v.nature), nature_name(nature));
	cr_expect_eq(v.help, help, "%s, not %s", help_name(v.help), help_name(help));
}

static bool is_a(const struct observation *seen, enum nature nature)
{
	return binding_of(seen).nature == nature;
}

/* ---- each nature, and its threshold ---- */

Test(nature, one_thread_that_computes_asks_for_parallelism)
{
	const struct observation seen = one_thread();

	is(&seen, NATURE_ONE_THREAD, HELP_PARALLELISM);
	cr_expect_eq(binding_of(&seen).bound, 4);
}

Test(nature, one_thread_on_one_CPU_is_beyond_help)
{
	struct observation seen = one_thread();

	seen.cpus = 1;
	is(&seen, NATURE_ONE_THREAD, HELP_NEITHER);
	cr_expect_eq(binding_of(&seen).bound, 0);
}

Test(nature, too_few_looks_are_too_short)
{
	struct observation seen = one_thread();

	seen.looks = L.looks;
	is(&seen, NATURE_ONE_THREAD, HELP_PARALLELISM);
	seen.looks = L.looks - 1;
	is(&seen, NATURE_SHORT, HELP_UNKNOWN);
}

Test(nature, too_little_time_of_its_own_is_too_short)
{
	struct observation seen = one_thread();

	seen.held = 10 - L.own;
	seen.alone = seen.user = seen.tasks[0].cpu = L.own;
	is(&seen, NATURE_ONE_THREAD, HELP_PARALLELISM);
	seen.alone = seen.user = seen.tasks[0].cpu = L.own - hair;
	is(&seen, NATURE_SHORT, HELP_UNKNOWN);
}

Test(nature, what_held_itself_up_is_not_too_short)
{
	struct observation seen = one_thread();

	seen.held = 10 - L.own / 2;
	seen.alone = L.own / 2;
	seen.user = seen.tasks[0].cpu = L.own;
	cr_expect_not(is_a(&seen, NATURE_SHORT));
}

Test(nature, more_that_ask_than_CPUs_are_oversubscribed)
{
	struct observation seen = together_for(1);
	const double most = seen.cpus * (1 + L.excess_share) + L.excess;

	seen.held = seen.wall * L.held;
	seen.demand = most + hair;
	is(&seen, NATURE_OVERSUBSCRIBED, HELP_NEITHER);
	seen.demand = most - hair;
	cr_expect_not(is_a(&seen, NATURE_OVERSUBSCRIBED));
}

Test(nature, many_that_hardly_ask_are_not_oversubscribed)
{
	struct observation seen = together_for(1);

	seen.demand = 100;
	seen.held = seen.wall * L.held - hair;
	cr_expect_not(is_a(&seen, NATURE_OVERSUBSCRIBED));
}

Test(nature, waits_for_pages_are_paging)
{
	struct observation seen = idle_for(L.major_waiting);

	seen.major = (uint64_t)(10 * L.major_rate);
	is(&seen, NATURE_PAGING, HELP_NEITHER);
	seen.major--;
	cr_expect_not(is_a(&seen, NATURE_PAGING));
}

Test(nature, major_faults_without_waits_are_not_paging)
{
	struct observation seen = idle_for(L.major_waiting - hair);

	seen.major = (uint64_t)(10 * L.major_rate);
	cr_expect_not(is_a(&seen, NATURE_PAGING));
}

Test(nature, memory_that_is_taken_anew_is_paging)
{
	struct observation seen = one_thread();

	seen.system = 10 * L.kernel;
	seen.user = 10 - seen.system;
	seen.minor = (uint64_t)(10 * L.fault_rate);
	is(&seen, NATURE_PAGING, HELP_NEITHER);
	seen.minor--;
	cr_expect_not(is_a(&seen, NATURE_PAGING));
}

Test(nature, faults_that_cost_the_kernel_little_are_not_paging)
{
	struct observation seen = one_thread();

	seen.system = 10 * L.kernel - 1e-6;
	seen.user = 10 - seen.system;
	seen.minor = (uint64_t)(10 * L.fault_rate);
	cr_expect_not(is_a(&seen, NATURE_PAGING));
}

Test(nature, who_hardly_computes_waits)
{
	const struct observation waits = idle_for(L.waiting + hair),
				 computes = idle_for(L.waiting - hair);

	is(&waits, NATURE_WAITING, HELP_CONCURRENCY);
	cr_expect_not(is_a(&computes, NATURE_WAITING));
}

Test(nature, waits_at_once_need_no_help)
{
	struct observation seen = idle_for(0.9);

	seen.waits[FOR_NETWORK] = L.overlapping * seen.wall;
	is(&seen, NATURE_WAITING, HELP_NEITHER);
	seen.waits[FOR_NETWORK] -= hair * 100;
	is(&seen, NATURE_WAITING, HELP_CONCURRENCY);
}

Test(nature, threads_that_wait_for_one_another_do_not_overlap_waits)
{
	struct observation seen = idle_for(0.9);

	seen.waits[FOR_LOCK] = seen.waits[FOR_CHILD] = seen.waits[FOR_PIPE] = 100 * seen.wall;
	is(&seen, NATURE_WAITING, HELP_CONCURRENCY);
}

Test(nature, what_ends_at_once_is_small_tasks)
{
	struct observation seen = small_for(L.small + hair);

	is(&seen, NATURE_SMALL_TASKS, HELP_PARALLELISM);
	seen.brief--;
	cr_expect_not(is_a(&seen, NATURE_SMALL_TASKS));
}

Test(nature, small_tasks_that_take_little_do_not_count)
{
	const struct observation seen = small_for(L.small - hair);

	cr_expect_not(is_a(&seen, NATURE_SMALL_TASKS));
}

Test(nature, small_tasks_take_memory_anew_and_are_not_paging)
{
	struct observation seen = small_for(0.9);

	seen.system = 8;
	seen.user = 2;
	seen.minor = (uint64_t)(10 * 2 * L.fault_rate);
	is(&seen, NATURE_SMALL_TASKS, HELP_PARALLELISM);
}

Test(nature, who_computes_and_waits_is_mixed)
{
	const struct observation mixed = idle_for(L.mixed + hair), not = idle_for(L.mixed - hair);

	is(&mixed, NATURE_MIXED, HELP_BOTH);
	cr_expect_not(is_a(&not, NATURE_MIXED));
}

Test(nature, mixed_on_one_CPU_asks_for_concurrency_alone)
{
	struct observation seen = idle_for(0.5);

	seen.cpus = 1;
	is(&seen, NATURE_MIXED, HELP_CONCURRENCY);
}

Test(nature, mixed_is_bound_by_its_waits_or_its_computing)
{
	const struct observation half = idle_for(0.5), quarter = idle_for(0.25);

	cr_expect_float_eq(binding_of(&half).bound, 2, 1e-9);
	cr_expect_float_eq(binding_of(&quarter).bound, 4, 1e-9);
}

Test(nature, mixed_that_uses_all_CPUs_computes_as_long_as_it_did)
{
	struct observation seen = idle_for(0.25);

	seen.together = seen.alone;
	seen.alone = 0;
	seen.demand = seen.cpus;
	seen.user = 4 * seen.together;
	is(&seen, NATURE_MIXED, HELP_CONCURRENCY);
	cr_expect_float_eq(binding_of(&seen).bound, 1 / 0.75, 1e-9);
}

Test(nature, no_bound_of_mixed_with_half_a_CPU_is_below_one)
{
	struct observation seen = idle_for(0.25);

	seen.cpus = 0.5;
	is(&seen, NATURE_MIXED, HELP_CONCURRENCY);
	cr_expect_float_eq(binding_of(&seen).bound, 1 / 0.75, 1e-9);
}

Test(nature, tasks_one_after_another_are_large_tasks)
{
	/* alive for 10 + s of 10 s */
	const struct observation apart = tasks_at_once_for(10 * (L.apart - 1) - 1e-6),
				 overlap = tasks_at_once_for(10 * (L.apart - 1) + 1e-6);

	is(&apart, NATURE_LARGE_TASKS, HELP_PARALLELISM);
	cr_expect_float_eq(binding_of(&apart).bound, 2, 1e-9);
	cr_expect_not(is_a(&overlap, NATURE_LARGE_TASKS));
}

Test(nature, tasks_are_large_only_if_they_are_nearly_all)
{
	struct observation seen = tasks_at_once_for(0);

	seen.tasks[0].cpu = seen.tasks[1].cpu = 5 * L.large - hair;
	cr_expect_not(is_a(&seen, NATURE_LARGE_TASKS));
}

Test(nature, one_that_takes_little_is_no_worker)
{
	struct observation seen = tasks_at_once_for(0);

	seen.tasks[0].cpu = 10 - 10 * L.worker;
	seen.tasks[1].cpu = 10 * L.worker;
	cr_expect_eq(binding_of(&seen).workers, 2);
	seen.tasks[1].cpu -= hair;
	cr_expect_eq(binding_of(&seen).workers, 1);
}

Test(nature, threads_that_take_turns_are_serialised)
{
	const struct observation locked = turns_with(L.locked + hair);

	is(&locked, NATURE_SERIALISED, HELP_PARALLELISM);
	cr_expect_eq(binding_of(&locked).workers, 2);
}

Test(nature, threads_that_take_turns_without_a_lock_are_not_serialised)
{
	const struct observation seen = turns_with(L.locked - hair);

	is(&seen, NATURE_ONE_THREAD, HELP_PARALLELISM);
}

Test(nature, who_is_parallel_for_a_part_is_partly_parallel)
{
	const struct observation little = together_for(L.parallel - hair),
				 some = together_for(L.parallel + hair),
				 most = together_for(L.all_parallel - hair),
				 all = together_for(L.all_parallel + hair);

	cr_expect(is_a(&little, NATURE_ONE_THREAD));
	is(&some, NATURE_PARTLY, HELP_PARALLELISM);
	is(&most, NATURE_PARTLY, HELP_PARALLELISM);
	cr_expect(is_a(&all, NATURE_PARALLEL));
}

Test(nature, the_serial_part_bounds_the_speedup)
{
	const struct observation seen = together_for(0.75);

	cr_expect_float_eq(binding_of(&seen).bound, 4, 1e-9);
}

Test(nature, who_uses_all_CPUs_needs_no_help)
{
	struct observation seen = together_for(1);

	seen.demand = L.all_cpus * seen.cpus;
	is(&seen, NATURE_PARALLEL, HELP_NEITHER);
	seen.demand -= hair;
	is(&seen, NATURE_PARALLEL, HELP_PARALLELISM);
	cr_expect_float_eq(binding_of(&seen).bound, 1 / L.all_cpus, 1e-6);
}

Test(nature, other_load_changes_nothing)
{
	struct observation seen = idle_for(0.5);
	const struct binding calm = binding_of(&seen);

	seen.held = 90;
	seen.wall = 100;
	const struct binding busy = binding_of(&seen);
	cr_expect_eq(busy.nature, calm.nature);
	cr_expect_eq(busy.own, calm.own);
	cr_expect_eq(busy.bound, calm.bound);
}

Test(nature, a_command_that_did_nothing_divides_by_nothing)
{
	const struct observation seen = { .looks = 100 };

	is(&seen, NATURE_SHORT, HELP_UNKNOWN);
}

/* ---- threads, as /proc shows them ---- */

Test(task, a_name_may_hold_blanks_and_parentheses)
{
	struct task_look look;

	cr_assert(task_parse("7 (a) R 1) (b) S 1 7 7 0 -1 64 1 2 3 4 25 50 0 0 20 0 1 0 3447889 31 "
			     "388 18446744073709551615 1 2 3 4 5 6 7 8 9 10 0 0 17 1 0 0 300 0 0",
		&look));
	cr_expect_eq(look.state, 'S');
	cr_expect_eq(look.start, 3447889);
	cr_expect_eq(look.run_ns, 75 * (1000000000u / (uint64_t)sysconf(_SC_CLK_TCK)));
	cr_expect_eq(look.block_ns, 300 * (1000000000u / (uint64_t)sysconf(_SC_CLK_TCK)));
}

Test(task, a_line_that_is_cut_is_refused)
{
	struct task_look look;

	cr_expect_not(task_parse("7 (a) S 1 7 7 0", &look));
	cr_expect_not(task_parse("", &look));
}

Test(task, our_own_is_seen_running)
{
	struct task_look look;

	cr_assert(task_look(getpid(), getpid(), &look));
	cr_expect_eq(look.state, 'R');
	cr_expect(look.leader);
	cr_expect_gt(look.run_ns, 0);
}

Test(task, one_that_is_not_there_is_gone)
{
	struct task_look look;

	cr_expect_not(task_look(getpid(), 1, &look));
}

Test(task, what_a_read_waits_for_is_what_it_reads)
{
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	cr_expect_eq(task_reason(getpid(), SYS_read, (unsigned long)ends[0]), FOR_PIPE);
	cr_expect_eq(task_reason(getpid(), SYS_futex, 0), FOR_LOCK);
	cr_expect_eq(task_reason(getpid(), SYS_getpid, 0), FOR_OTHER);
}
