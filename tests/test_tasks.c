/*
 * tasks: kernels side by side, executed, recorded and verified; and what bounds their time.
 */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>

#include "analysis/tasks.h"
#include "kernels/delayed.h"
#include "launches.h"
#include "store/codec.h"
#include "tasks/set.h"

enum { PATIENCE_S = 60 };
TestSuite(executed, .timeout = PATIENCE_S);
TestSuite(recorded, .timeout = PATIENCE_S);
TestSuite(set, .timeout = PATIENCE_S);

static const struct task_spec counts[] = {
	{ "count_up", { .n = 300000 } },
	{ "count_down", { .n = 200000 } },
	{ "sum_squares", { .n = 100000 } },
	{ "triad", { .n = 5000 } },
	{ "pixel_invert", { .n = 20, .width = 30, .height = 20 } },
};

enum { COUNTS = sizeof(counts) / sizeof(counts[0]), UP_TO_300000 = 3 };

static struct launch_order order_of_tasks(enum variant variant, unsigned threads)
{
	struct launch_order order = order_of("tasks", variant, threads, "dynamic,1", COUNTS);

	order.spec.grain = 1;
	order.tasks = counts;
	if (!variant_is_scheduled(variant))
		order.spec.schedule = (struct schedule) { 0 };
	return order;
}

/* ---- every variant ---- */

Test(executed, each_is_verified_in_every_variant_and_team)
{
	for (int variant = 0; variant < VARIANTS_OF_TASKS; variant++)
		for (unsigned threads = 1; threads <= 7; threads += 3) {
			const struct launch_order order = order_of_tasks(variant, threads);
			struct launch_record record = measure(&order);
			cr_expect_eq(record.status, LAUNCH_OK, "%s, %u: %s", variant_name(variant),
				threads, record.why);
			cr_assert_eq(record.tasks, COUNTS);
			cr_expect_str_eq(record.task_results[0], "44999850000");
			cr_expect_str_eq(record.task_results[1], "19999900000");
			cr_expect_str_eq(record.task_results[2], "333328333350000");
			launch_release(&record);
		}
}

Test(executed, kept_processes_do_them_again_and_again)
{
	struct launch_order order = order_of_tasks(PROCESS, 3);

	order.execution.keep = true;
	order.samples = 20;
	struct launch_record record = measure(&order);
	cr_expect_eq(record.status, LAUNCH_OK, "%s", record.why);
	launch_release(&record);
}

Test(executed, memory_is_watched_in_every_variant)
{
	for (int variant = 0; variant < VARIANTS_OF_TASKS; variant++) {
		struct launch_order order = order_of_tasks(variant, 2);
		order.memory = true;
		struct launch_record record = measure(&order);
		uint64_t touched = 0;
		for (unsigned m = 0; m < record.team; m++)
			touched += record.memory[m].touched_bytes;
		cr_expect_geq(touched, 5000 * sizeof(double), "%s", variant_name(variant));
		cr_expect_lt(record.memory[0].allocated_bytes, (uint64_t)1 << 40, "%s",
			variant_name(variant));
		launch_release(&record);
	}
}

/* It is right in one call alone; under the lock a task is done unit by unit. */
Test(executed, the_one_that_is_wrong_is_named)
{
	static const struct task_spec specs[] = { { "count_up", { .n = 100 } },
		{ "wrong", { .n = 1000 } } };
	struct launch_order order = order_of_tasks(GLOBAL_LOCK, 2);

	order.spec.size.n = 2;
	order.tasks = specs;
	struct launch_record record = measure(&order);
	cr_expect_eq(record.status, LAUNCH_WRONG);
	cr_expect_str_eq(record.why,
		"task 2, wrong/1000: the result 100 differs from the sequential variant's 1");
	launch_release(&record);
}

Test(executed, an_array_that_is_wrong_is_named_with_its_task)
{
	static const struct task_spec specs[] = { { "wrong", { .n = 1000 } } };
	struct launch_order order = order_of_tasks(GLOBAL_LOCK, 1);

	order.spec.size.n = 1;
	order.tasks = specs;
	order.gamma = WRONG_ARRAY;
	struct launch_record record = measure(&order);
	cr_expect_eq(record.status, LAUNCH_WRONG);
	cr_expect_str_eq(
		record.why, "task 1, wrong/1000: the array differs from the sequential variant's");
	launch_release(&record);
}

/* ---- what is recorded ---- */

/* Each task was done by one member, in as many pieces as it liked. */
static void expect_each_done_once(const struct region_record *region, unsigned team)
{
	unsigned done_by[COUNTS] = { 0 };

	for (unsigned m = 0; m < team; m++) {
		const struct member_record *member = &region->members[m];
		bool did[COUNTS] = { false };
		for (size_t u = 0; u < member->kept; u++) {
			const struct unit_record *unit = &member->kept_units[u];
			cr_assert_lt(unit->unit, COUNTS);
			cr_expect_geq(unit->begin_ns, member->start_ns);
			cr_expect_leq(unit->end_ns, member->complete_ns);
			did[unit->unit] = true;
		}
		for (size_t i = 0; i < COUNTS; i++)
			done_by[i] += did[i];
	}
	for (size_t i = 0; i < COUNTS; i++)
		cr_expect_eq(done_by[i], 1, "task %zu was done by %u members", i, done_by[i]);
}

Test(recorded, each_task_is_kept_in_every_variant)
{
	for (int variant = 0; variant < VARIANTS_OF_TASKS; variant++) {
		struct launch_order order = order_of_tasks(variant, 3);
		order.traces = 1;
		order.keep_units = 10000;
		struct launch_record record = measure(&order);
		cr_assert_eq(record.traces, 1, "%s", variant_name(variant));
		expect_each_done_once(&record.traced[0], record.team);
		launch_release(&record);
	}
}

/* The lock is asked for at once, and passed on within tasks: two members' pieces alternate. */
Test(recorded, tasks_under_the_lock_are_left_and_gone_on_with)
{
	static const struct task_spec specs[] = { { "delayed", { .n = 10000 } },
		{ "delayed", { .n = 10000 } } };
	struct launch_order order = order_of_tasks(GLOBAL_LOCK, 2);

	order.spec.size.n = 2;
	order.tasks = specs;
	order.execution.switch_interval_ns = 10000;
	order.samples = 1;
	order.traces = 1;
	order.keep_units = 10000;
	size_t pieces = 0;
	/* longer tasks if one of them was done before the other's member came to ask */
	for (delays.unit = 5; delays.unit < 100 && pieces <= 2; delays.unit *= 4) {
		struct launch_record record = measure(&order);
		const struct member_record *members = record.traced[0].members;
		pieces = members[0].kept + members[1].kept;
		cr_expect_eq(members[0].units + members[1].units, 2);
		launch_release(&record);
	}
	cr_expect_gt(pieces, 2, "neither task was left before it was done");
}

Test(recorded, tasks_of_an_event_loop_are_left_after_every_unit)
{
	struct launch_order order = order_of_tasks(EVENT_LOOP, 2);

	order.traces = 1;
	order.keep_units = 10000;
	struct launch_record record = measure(&order);
	const struct member_record *members = record.traced[0].members;
	cr_expect_geq(members[0].kept + members[1].kept, COUNTS + UP_TO_300000 - 1);
	launch_release(&record);
}

Test(recorded, results_and_pieces_survive_json)
{
	struct launch_order order = order_of_tasks(EVENT_LOOP, 2);
	struct launch_record back;
	struct message why;

	order.traces = 1;
	order.keep_units = 10000;
	struct launch_record record = measure(&order);
	json_t *json = launch_to_json(&record);
	cr_assert_eq(launch_from_json(json, &back, &why), 0, "%s", why.text);
	cr_assert_eq(back.tasks, COUNTS);
	for (size_t i = 0; i < COUNTS; i++)
		cr_expect_str_eq(back.task_results[i], record.task_results[i]);
	cr_expect_eq(back.traced[0].members[1].kept, record.traced[0].members[1].kept);
	json_decref(json);
	launch_release(&back);
	launch_release(&record);
}

/* ---- the set ---- */

static void with_set(void (*test)(struct task_set *set))
{
	const struct clock clock = clock_calibrate();
	const struct problem problem = { .gamma = 1 };
	struct task_set set;
	struct message why;

	cr_assert_eq(task_set_init(&set, counts, COUNTS, &clock, &why), 0, "%s", why.text);
	cr_assert_eq(task_set_open(&set, &problem), 0);
	task_set_reset(&set);
	test(&set);
	task_set_close(&set);
	task_set_release(&set);
}

static void expect_count(struct task *task, const char *expected)
{
	char text[RESULT_BYTES];

	task->entry->kernel->result(task->team.seats[0].partial, text);
	cr_expect_str_eq(text, expected);
}

static void go_on_to_the_end(struct task_set *set)
{
	unsigned pieces = 1;

	while (!task_go_on(&set->tasks[0])) {
		cr_expect_eq(set->tasks[0].done, 0);
		pieces++;
	}
	cr_expect_eq(pieces, UP_TO_300000);
	cr_expect_eq(set->tasks[0].done, 1);
	expect_count(&set->tasks[0], "44999850000");
}

Test(set, a_task_in_pieces_is_the_same_task)
{
	with_set(go_on_to_the_end);
}

static void do_twice(struct task_set *set)
{
	task_do(&set->tasks[1]);
	task_set_reset(set);
	task_do(&set->tasks[1]);
	expect_count(&set->tasks[1], "19999900000");
}

Test(set, a_reset_task_begins_with_nothing)
{
	with_set(do_twice);
}

static void count_done(struct task_set *set)
{
	task_do(&set->tasks[2]);
	task_do(&set->tasks[2]);
	cr_expect_eq(set->tasks[2].done, 2);
	cr_expect_eq(set->tasks[0].done, 0);
}

Test(set, tasks_know_how_often_they_were_done)
{
	with_set(count_done);
}

Test(set, an_unknown_kernel_is_refused)
{
	static const struct task_spec unknown = { "nothing", { .n = 1 } };
	const struct clock clock = clock_calibrate();
	struct task_set set;
	struct message why;

	cr_expect_eq(task_set_init(&set, &unknown, 1, &clock, &why), -EINVAL);
	cr_expect_str_eq(why.text, "there is no kernel 'nothing'");
}

/* ---- bounds ---- */

enum { BOUND_TASKS = 3, BOUND_LAUNCHES = 6 };

/* Sequential launches, each of one region in which tasks take so many microseconds, and more in later ones. */
struct fake {
	struct launch_record launches[BOUND_LAUNCHES];
	struct region_record timed[BOUND_LAUNCHES], traced[BOUND_LAUNCHES];
	struct member_record members[BOUND_LAUNCHES];
	struct unit_record units[BOUND_LAUNCHES][BOUND_TASKS];
};

static struct fake *fake_of(const uint64_t us[BOUND_TASKS])
{
	struct fake *f = calloc(1, sizeof(*f));

	cr_assert_not_null(f);
	for (size_t l = 0; l < BOUND_LAUNCHES; l++) {
		uint64_t at_ns = 1000;
		for (size_t i = 0; i < BOUND_TASKS; i++) {
			const uint64_t took_ns = 1000 * us[i] + l;
			f->units[l][i] = (struct unit_record) { i, at_ns, at_ns + took_ns };
			at_ns += took_ns + 50;
		}
		f->members[l] = (struct member_record) {
			.kept = BOUND_TASKS, .kept_units = f->units[l], .units = BOUND_TASKS
		};
		f->traced[l].members = f->timed[l].members = &f->members[l];
		f->launches[l] = (struct launch_record) { .spec = { .variant = SEQUENTIAL },
			.took_ns = 1000000000,
			.team = 1,
			.samples = 1,
			.regions = &f->timed[l],
			.traces = 1,
			.traced = &f->traced[l] };
	}
	return f;
}

static struct task_bound bound_of(struct fake *f, unsigned members, bool in_turn)
{
	struct task_times times;
	struct task_bound bound;

	cr_assert_eq(task_times_make(&times, BOUND_TASKS, f->launches, BOUND_LAUNCHES), 0);
	cr_assert_eq(times.launches, BOUND_LAUNCHES);
	cr_assert_eq(task_bound(&times, members, in_turn, &bound), 0);
	task_times_release(&times);
	return bound;
}

#define NEAR(got, expected) cr_expect_float_eq(got, expected, 1e-3 * (expected), "%g", got)

Test(bound, is_the_longest_task_where_one_is_longer_than_the_others)
{
	struct fake *f = fake_of((const uint64_t[]) { 100, 700, 200 });
	const struct task_bound bound = bound_of(f, 2, true);

	NEAR(bound.seconds.median, 700e-6);
	NEAR(bound.speedup.median, 1000.0 / 700);
	cr_expect_eq(bound.reason, BY_LONGEST);
	cr_expect_eq(bound.longest, 1);
	cr_expect(bound.seconds.interval);
	free(f);
}

Test(bound, is_the_whole_over_the_members_where_they_are_interrupted)
{
	struct fake *f = fake_of((const uint64_t[]) { 300, 300, 300 });
	const struct task_bound bound = bound_of(f, 2, false);

	NEAR(bound.seconds.median, 450e-6);
	NEAR(bound.speedup.median, 2.0);
	cr_expect_eq(bound.reason, BY_SHARE);
	free(f);
}

Test(bound, is_two_tasks_of_three_where_two_members_do_one_after_another)
{
	struct fake *f = fake_of((const uint64_t[]) { 300, 310, 290 });
	const struct task_bound bound = bound_of(f, 2, true);

	NEAR(bound.seconds.median, 590e-6);
	NEAR(bound.speedup.median, 900.0 / 590);
	cr_expect_eq(bound.reason, BY_SEVERAL);
	free(f);
}

Test(bound, is_the_sum_where_one_is_at_work_at_a_time)
{
	struct fake *f = fake_of((const uint64_t[]) { 100, 700, 200 });
	const struct task_bound bound = bound_of(f, 1, true);

	NEAR(bound.seconds.median, 1000e-6);
	NEAR(bound.speedup.median, 1.0);
	cr_expect_eq(bound.reason, BY_SHARE);
	free(f);
}

Test(bound, rests_on_undisturbed_sequential_launches_with_all_tasks)
{
	struct fake *f = fake_of((const uint64_t[]) { 100, 700, 200 });
	struct task_times times;

	f->launches[0].spec.variant = POOL;
	f->launches[1].throttled = 1;
	f->members[2].kept = 2;
	f->launches[3].status = LAUNCH_WRONG;
	cr_assert_eq(task_times_make(&times, BOUND_TASKS, f->launches, BOUND_LAUNCHES), 0);
	cr_expect_eq(times.launches, 2);
	task_times_release(&times);
	free(f);
}

Test(bound, tells_each_task_time)
{
	struct fake *f = fake_of((const uint64_t[]) { 100, 700, 200 });
	struct task_times times;
	struct estimate time;

	cr_assert_eq(task_times_make(&times, BOUND_TASKS, f->launches, BOUND_LAUNCHES), 0);
	cr_assert_eq(task_time(&times, 2, &time), 0);
	NEAR(time.median, 200e-6);
	cr_expect(time.interval);
	task_times_release(&times);
	free(f);
}

/* ---- the order in which they are dealt ---- */

static uint64_t next_of(struct hand *hand)
{
	struct range units;

	return hand_next(hand, &units) ? units.first : UINT64_MAX;
}

Test(set, tasks_are_dealt_in_their_order_to_whoever_asks)
{
	const struct clock clock = clock_calibrate();
	const struct team_plan plan = { .kernel = kernel_find("tasks")->kernel,
		.n = 4,
		.grain = 1,
		.variant = PTHREAD,
		.threads = 3,
		.schedule = { SCHEDULE_DYNAMIC, 1 },
		.clock = &clock };
	struct team team;
	struct message why;

	cr_assert_eq(team_init(&team, &plan, &why), 0, "%s", why.text);
	struct hand first = hand_of(&team.deal, 0), last = hand_of(&team.deal, 2);
	cr_expect_eq(next_of(&last), 0);
	cr_expect_eq(next_of(&last), 1);
	cr_expect_eq(next_of(&first), 2);
	cr_expect_eq(next_of(&last), 3);
	cr_expect_eq(next_of(&first), UINT64_MAX);
	cr_expect_eq(next_of(&last), UINT64_MAX);
	team_release(&team);
}
