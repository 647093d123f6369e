/*
 * calibration: what a simulation is told, from launches that were made by hand.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/calibration.h"

enum { UNITS = 3 };

static const struct case_spec spec = {
	.kernel = "triangle",
	.variant = OPENMP,
	.threads = 1,
	.schedule = { SCHEDULE_STATIC, 0 },
	.size = { .n = UNITS },
	.grain = 1,
};

static void expect_near(double value, double expected, const char *what)
{
	cr_expect(fabs(value - expected) <= 1e-12 * fabs(expected), "%s: %.15g, not %.15g", what,
		value, expected);
}

/* ---- launches ---- */

/* A launch of one region, whose members are busy for so long each. */
static struct launch_record launch_of(unsigned team, const uint64_t *busy_ns)
{
	struct launch_record launch = { .spec = spec, .status = LAUNCH_OK, .took_ns = 1000000 };

	launch.spec.threads = launch.team = team;
	cr_assert_eq(launch_reserve(&launch, 1, team), 0);
	for (unsigned m = 0; m < team; m++) {
		launch.regions[0].members[m].start_ns = 100 + 7 * m;
		launch.regions[0].members[m].complete_ns = 100 + 7 * m + busy_ns[m];
	}
	return launch;
}

/* Adds a trace of one member that kept units of these costs, done in the order 2, 0, 1. */
static void trace(struct launch_record *launch, const uint64_t unit_ns[UNITS])
{
	static const uint64_t order[UNITS] = { 2, 0, 1 };
	uint64_t now = 1000;

	cr_assert_eq(launch_reserve_traces(launch, 1), 0);
	struct region_record *region = &launch->traced[0];
	region->units = calloc(UNITS, sizeof(*region->units));
	cr_assert_not_null(region->units);
	for (size_t u = 0; u < UNITS; u++) {
		region->units[u] = (struct unit_record) { order[u], now, now + unit_ns[order[u]] };
		now += unit_ns[order[u]] + 50;
	}
	region->members[0].units = region->members[0].kept = UNITS;
	region->members[0].kept_units = region->units;
}

static void release(struct launch_record *launches, size_t count)
{
	for (size_t l = 0; l < count; l++)
		launch_release(&launches[l]);
}

/* ---- busy time ---- */

static double busy_of(unsigned threads, const struct launch_record *launches, size_t count)
{
	struct case_spec of = spec;
	double ns;

	of.threads = threads;
	cr_assert_eq(busy_measure(&ns, &of, launches, count), 0);
	return ns;
}

Test(calibration, adds_up_the_busy_time_of_members)
{
	struct launch_record one = launch_of(2, (uint64_t[]) { 300, 500 });

	expect_near(busy_of(2, &one, 1), 800, "busy");
	release(&one, 1);
}

Test(calibration, takes_the_median_launch)
{
	struct launch_record three[] = { launch_of(1, (uint64_t[]) { 300 }),
		launch_of(1, (uint64_t[]) { 9000 }), launch_of(1, (uint64_t[]) { 400 }) };

	expect_near(busy_of(1, three, 3), 400, "busy");
	release(three, 3);
}

Test(calibration, leaves_other_cases_out)
{
	struct launch_record two[] = { launch_of(1, (uint64_t[]) { 300 }),
		launch_of(2, (uint64_t[]) { 1000, 1000 }) };

	expect_near(busy_of(1, two, 2), 300, "busy");
	release(two, 2);
}

Test(calibration, does_not_know_what_disturbed_launches_were_busy_for)
{
	struct launch_record one = launch_of(1, (uint64_t[]) { 300 });

	one.throttled = 1;
	cr_expect(isnan(busy_of(1, &one, 1)));
	release(&one, 1);
}

/* ---- units ---- */

Test(calibration, finds_each_units_cost_whatever_the_order_of_its_doing)
{
	struct launch_record one = launch_of(1, (uint64_t[]) { 600 });
	struct unit_costs costs;
	struct message why;

	trace(&one, (uint64_t[]) { 100, 200, 300 });
	cr_assert_eq(unit_costs_measure(&costs, &spec, &one, 1, &why), 0);
	expect_near(costs.before_ns[1], 100, "the first");
	expect_near(costs.before_ns[2], 300, "the first two");
	unit_costs_release(&costs);
	release(&one, 1);
}

Test(calibration, scales_units_to_what_regions_take_without_recording)
{
	struct launch_record one = launch_of(1, (uint64_t[]) { 300 });
	struct unit_costs costs;
	struct message why;

	trace(&one, (uint64_t[]) { 100, 200, 300 });
	cr_assert_eq(unit_costs_measure(&costs, &spec, &one, 1, &why), 0);
	expect_near(unit_costs_total(&costs), 300, "all");
	expect_near(costs.dearest_ns, 150, "the dearest");
	unit_costs_release(&costs);
	release(&one, 1);
}

Test(calibration, of_units_needs_a_trace)
{
	struct launch_record one = launch_of(1, (uint64_t[]) { 300 });
	struct unit_costs costs;
	struct message why;

	cr_expect_eq(unit_costs_measure(&costs, &spec, &one, 1, &why), -ENODATA);
	release(&one, 1);
}

/* ---- contention: 1 MB in 100 us alone, which is 10 GB/s ---- */

static struct contention contention_of(
	double together_ns, double computing, double bytes, double bytes_a_second)
{
	const struct contenders contenders = {
		.team = 4,
		.alone_ns = 100000,
		.together_ns = together_ns,
		.computing = computing,
		.bytes = bytes,
		.bytes_a_second = bytes_a_second,
	};

	return contention_fit(&contenders);
}

/* So many members are that many times slower than alone, by the formula of simulation.h. */
static void expect_slower(const struct contention *c, unsigned members, double times)
{
	const double used = members * fmin(1, c->memory.demand / c->memory.total);
	char what[32];

	snprintf(what, sizeof(what), "%u members", members);
	expect_near(c->slowdown * (c->memory.share > 0 ? fmax(1, used) : 1), times, what);
}

Test(contention, is_none_where_members_do_not_hinder_one_another)
{
	const struct contention c = contention_of(100000, 1, 0, 0);

	expect_slower(&c, 4, 1);
	expect_slower(&c, 1000, 1);
}

Test(contention, without_bytes_is_the_same_for_any_number_of_members)
{
	const struct contention c = contention_of(120000, 1, 0, 0);

	expect_slower(&c, 4, 1.2);
	expect_slower(&c, 1000, 1.2);
}

Test(contention, of_a_saturated_memory_grows_with_the_members)
{
	const struct contention c = contention_of(200000, 1, 1e6, 30e9);

	expect_slower(&c, 4, 2);
	expect_slower(&c, 8, 4);
	expect_slower(&c, 2, 1);
}

Test(contention, that_arithmetic_meets_too_is_not_the_memorys)
{
	const struct contention c = contention_of(200000, 2, 1e6, 100e9);

	expect_slower(&c, 4, 2);
	expect_slower(&c, 8, 2);
}

Test(contention, begins_where_members_ask_for_more_than_the_node_moves)
{
	const struct contention c = contention_of(100000, 1, 1e6, 80e9);

	expect_slower(&c, 8, 1);
	expect_slower(&c, 16, 2);
}

Test(contention, does_not_begin_below_what_members_were_seen_to_move)
{
	const struct contention c = contention_of(100000, 1, 1e6, 5e9);

	expect_slower(&c, 4, 1);
}
