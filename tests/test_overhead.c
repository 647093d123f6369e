/*
 * overhead: figures from launches of known times, and what parts cost in a launch's line.
 */
#include "analysis/overhead.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "launches.h"
#include "store/codec.h"

enum { THREADS = 3, ROUNDS = 6, LAUNCHES_MOST = 256, UNITS = 1000 };

static struct overhead_cases cases;
static struct launch_record launches[LAUNCHES_MOST];
static size_t launch_count;

static struct case_spec spec_of(
	enum variant variant, unsigned threads, struct schedule schedule, uint64_t n)
{
	return (struct case_spec) { "count_up", variant, threads, schedule, { .n = n }, 1, false };
}

static void make_cases(void)
{
	static const struct schedule blocks = { SCHEDULE_STATIC, 0 };

	cases.threads = THREADS;
	for (int v = OPENMP; v < OVERHEAD_VARIANTS; v++) {
		cases.empty[v] = spec_of(v, THREADS, blocks, 1);
		for (int t = 0; t < OVERHEAD_TEAMS; t++)
			for (int s = 0; s < OVERHEAD_SCHEDULES; s++) {
				const unsigned threads = t ? THREADS : 1;
				cases.dealt[v][t][s] =
					spec_of(v, threads, overhead_schedules[s], UNITS);
				cases.whole[v][t][s] = spec_of(v, threads, blocks, UNITS);
			}
	}
}

static struct launch_record *add(const struct case_spec *spec, unsigned round, double ns)
{
	struct launch_record *launch = &launches[launch_count++];

	cr_assert_leq(launch_count, LAUNCHES_MOST);
	*launch = (struct launch_record) { .spec = *spec, .round = round, .took_ns = 1000000 };
	cr_assert_eq(launch_reserve(launch, 1, spec->threads), 0);
	launch->regions[0].sample_ns = ns;
	return launch;
}

static void add_parts(struct launch_record *launch, const double passes[THREADS - 1])
{
	launch->parts = calloc(
		1, sizeof(*launch->parts) + (THREADS - 1) * sizeof(launch->parts->pass_ns[0]));
	cr_assert_not_null(launch->parts);
	launch->parts->stamp_ns = 9;
	launch->parts->barrier_ns = 80 + launch->round;
	launch->parts->passes = THREADS - 1;
	memcpy(launch->parts->pass_ns, passes, (THREADS - 1) * sizeof(*passes));
}

/* In round r a line takes 100 (1 + r) ns to member 2, and a pool's region half as much again. */
static void add_round(unsigned r)
{
	const double by = 1 + r, passes[] = { 50 * by, 100 * by };

	add_parts(add(&cases.empty[POOL], r, 150 * by), passes);
	add(&cases.empty[OPENMP], r, 300 * by);
	for (int t = 0; t < OVERHEAD_TEAMS; t++) {
		const int dynamic = 1;
		add(&cases.whole[OPENMP][t][dynamic], r, 5000 * by);
		add(&cases.dealt[OPENMP][t][dynamic], r, 5000 * by + 20 * UNITS);
		add(&cases.whole[POOL][t][dynamic], r, 4000 * by);
		add(&cases.dealt[POOL][t][dynamic], r, 4000 * by + 5 * UNITS);
	}
}

static void begin(void)
{
	make_cases();
	for (unsigned r = 0; r < ROUNDS; r++)
		add_round(r);
}

static void end(void)
{
	while (launch_count)
		launch_release(&launches[--launch_count]);
}

static void expect_value(double value, double expected)
{
	cr_expect_lt(fabs(value / expected - 1), 1e-12, "%.17g instead of %g", value, expected);
}

TestSuite(overhead, .init = begin, .fini = end);

static struct overhead made(void)
{
	struct overhead overhead;

	cr_assert_eq(overhead_make(&overhead, &cases, launches, launch_count), 0);
	return overhead;
}

Test(overhead, floor_is_that_of_the_worst_pair)
{
	struct overhead o = made();

	expect_value(o.floor.of.median, 350);
	cr_expect_eq(o.floor.launches, ROUNDS);
	overhead_release(&o);
}

Test(overhead, floor_of_each_pair_is_told)
{
	struct overhead o = made();

	expect_value(o.pairs[0].of.median, 175);
	expect_value(o.pairs[1].of.median, 350);
	overhead_release(&o);
}

Test(overhead, floor_of_a_tree_is_the_worst_pairs_once_a_level)
{
	struct overhead o = made();

	expect_value(o.tree_ns, 350);
	overhead_release(&o);
	cases.threads = 6; /* member 5 is on the second level */
	o = made();
	expect_value(o.tree_ns, 700);
	overhead_release(&o);
}

/* Medians over rounds of ratios, not ratios of medians: rounds differ by a factor of 6. */
Test(overhead, ratios_to_the_floor_are_taken_within_a_round)
{
	struct overhead o = made();

	expect_value(o.over_floor[POOL].of.median, 1.5);
	expect_value(o.over_floor[OPENMP].of.low, 3);
	expect_value(o.over_floor[OPENMP].of.high, 3);
	overhead_release(&o);
}

Test(overhead, a_chunk_costs_what_it_adds_to_the_same_units_in_blocks)
{
	struct overhead o = made();

	expect_value(o.dispatch[OPENMP][1][1].of.low, 20);
	expect_value(o.dispatch[OPENMP][1][1].of.high, 20);
	expect_value(o.dispatch[POOL][0][1].of.median, 5);
	expect_value(o.times[1][1].of.median, 4);
	overhead_release(&o);
}

Test(overhead, what_was_not_measured_is_not_known)
{
	struct overhead o = made();

	cr_expect_eq(o.region[PTHREAD].launches, 0);
	cr_expect_eq(o.dispatch[PTHREAD][1][1].launches, 0);
	cr_expect_eq(o.cold[POOL].launches, 0);
	overhead_release(&o);
}

/* In round 0. */
static void add_nothing(enum variant variant)
{
	for (size_t l = 0; l < launch_count; l++)
		if (case_same(&launches[l].spec, &cases.dealt[variant][1][1]) && !launches[l].round)
			launches[l].regions[0].sample_ns = 0;
}

Test(overhead, a_ratio_to_chunks_that_may_add_nothing_is_not_known)
{
	add_nothing(POOL);
	struct overhead o = made();

	cr_expect_eq(o.times[1][1].launches, 0);
	cr_expect_eq(o.times[0][1].launches, ROUNDS);
	overhead_release(&o);
}

Test(overhead, a_ratio_of_chunks_that_may_add_nothing_is_not_known)
{
	add_nothing(OPENMP);
	struct overhead o = made();

	cr_expect_eq(o.times[1][1].launches, 0);
	overhead_release(&o);
}

/* The interval over nine rounds leaves the least and the largest out. */
Test(overhead, a_ratio_of_chunks_bears_a_round_in_which_one_adds_nothing)
{
	for (unsigned r = ROUNDS; r < 9; r++)
		add_round(r);
	add_nothing(POOL);
	struct overhead o = made();

	cr_expect_eq(o.times[1][1].launches, 9);
	expect_value(o.times[1][1].of.high, 4);
	overhead_release(&o);
}

Test(overhead, a_ratio_of_chunks_is_not_known_where_both_add_nothing_in_a_round)
{
	for (unsigned r = ROUNDS; r < 9; r++)
		add_round(r);
	add_nothing(POOL);
	add_nothing(OPENMP);
	struct overhead o = made();

	cr_expect_eq(o.times[1][1].launches, 0);
	overhead_release(&o);
}

Test(overhead, disturbed_launches_are_left_out)
{
	for (size_t l = 0; l < launch_count; l++)
		launches[l].throttled = launches[l].round == 5;
	struct overhead o = made();

	cr_expect_eq(o.region[POOL].launches, ROUNDS - 1);
	cr_expect_not(o.region[POOL].of.interval);
	overhead_release(&o);
}

Test(overhead, of_a_smaller_team_than_asked_for_nothing_is_told)
{
	for (size_t l = 0; l < launch_count; l++)
		if (launches[l].spec.variant == OPENMP)
			launches[l].team = 1;
	struct overhead o = made();

	cr_expect_eq(o.region[OPENMP].launches, 0);
	overhead_release(&o);
}

/* ---- in a launch's line ---- */

static struct launch_record launch_with_parts(enum variant variant, bool bound)
{
	static const int cpus[] = { 0, 0 };
	struct launch_order order = order_of("count_up", variant, 2, "static", 100);

	order.parts = true;
	order.cpus = bound ? cpus : NULL;
	return measure(&order);
}

Test(parts, come_back_from_a_launchs_line)
{
	const struct case_spec spec = spec_of(POOL, THREADS, overhead_schedules[0], 1);
	const double passes[] = { 1.5, 2.25 };
	struct launch_record *launch = add(&spec, 0, 100), back;

	launch->repeats = 1;
	add_parts(launch, passes);
	json_t *line = launch_to_json(launch);
	cr_assert_not_null(line);
	cr_assert_eq(launch_from_json(line, &back, NULL), 0);
	cr_assert_not_null(back.parts);
	cr_expect_eq(back.parts->passes, 2);
	cr_expect_eq(back.parts->stamp_ns, 9);
	cr_expect_eq(back.parts->pass_ns[1], 2.25);
	launch_release(&back);
	json_decref(line);
	end();
}

Test(parts, of_the_wrong_form_are_refused)
{
	static const char *const bad[] = { "{}", "[]",
		"{\"stamp_ns\":1,\"barrier_ns\":1,\"pass_ns\":[1]}",
		"{\"stamp_ns\":-1,\"barrier_ns\":1,\"pass_ns\":[]}",
		"{\"stamp_ns\":1,\"barrier_ns\":\"1\",\"pass_ns\":[]}",
		"{\"stamp_ns\":1,\"barrier_ns\":1,\"pass_ns\":[1,null]}" };
	const struct case_spec spec = spec_of(POOL, THREADS, overhead_schedules[0], 1);
	struct launch_record *launch = add(&spec, 0, 100), back;

	launch->repeats = 1;
	json_t *line = launch_to_json(launch);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct message why = { "" };
		json_object_set_new(line, "parts", json_loads(bad[i], 0, NULL));
		cr_expect_eq(launch_from_json(line, &back, &why), -EINVAL, "%s", bad[i]);
		cr_expect_str_eq(why.text, "'parts' is wrong", "%s", bad[i]);
	}
	json_decref(line);
	end();
}

Test(parts, are_taken_of_every_parallel_variant, .timeout = 60)
{
	for (int v = OPENMP; v < OVERHEAD_VARIANTS; v++) {
		struct launch_record record = launch_with_parts(v, false);
		cr_assert_not_null(record.parts, "%s", variant_name(v));
		cr_expect_gt(record.parts->stamp_ns, 0);
		cr_expect_gt(record.parts->barrier_ns, 0, "%s", variant_name(v));
		cr_expect_eq(record.parts->passes, 0, "members are not bound");
		launch_release(&record);
	}
}

Test(parts, are_not_taken_unless_asked_for)
{
	const struct launch_order order = order_of("count_up", POOL, 2, "static", 100);
	struct launch_record record = measure(&order);

	cr_expect_null(record.parts);
	launch_release(&record);
}
