/*
 * losses: budgets that were computed by hand, budgets of random stamps, which must add up, and the
 * efficiencies that follow.
 */
#include "regions.h"

/* ---- one region ---- */

static void expect_budget(const struct region_budget *b, int64_t total, int64_t fork, int64_t busy,
	int64_t wait, int64_t join)
{
	cr_expect_eq(b->total_ns, total, "total %lld", (long long)b->total_ns);
	cr_expect_eq(b->fork_ns, fork, "fork %lld", (long long)b->fork_ns);
	cr_expect_eq(b->busy_ns, busy, "busy %lld", (long long)b->busy_ns);
	cr_expect_eq(b->wait_ns, wait, "wait %lld", (long long)b->wait_ns);
	cr_expect_eq(b->join_ns, join, "join %lld", (long long)b->join_ns);
}

static struct region_budget budget_of(
	uint64_t fork, uint64_t join, struct member_record *members, unsigned team)
{
	const struct region_record region = {
		.fork_ns = fork, .join_ns = join, .members = members
	};

	return region_budget(&region, team);
}

Test(losses, of_a_region_are_what_was_computed_by_hand)
{
	struct launch_record launch = known_launch();
	const struct region_budget b = region_budget(launch.regions, 2);

	expect_budget(&b, 2000, 60, 1340, 400, 200);
	cr_expect_eq(b.busiest_ns, 890);
	cr_expect_eq(b.last, 0);
	free_launches(&launch, 1);
}

Test(losses, of_one_member_know_no_wait)
{
	struct member_record alone = { .start_ns = 30, .complete_ns = 900, .units = 7 };
	const struct region_budget b = budget_of(20, 1000, &alone, 1);

	expect_budget(&b, 980, 10, 870, 0, 100);
}

Test(losses, of_a_member_that_comes_when_all_is_done_are_fork)
{
	struct member_record members[] = { { .start_ns = 10, .complete_ns = 500, .units = 9 },
		{ .start_ns = 700, .complete_ns = 700 } };
	const struct region_budget b = budget_of(0, 800, members, 2);

	expect_budget(&b, 1600, 710, 490, 200, 200);
	cr_expect_eq(b.last, 1);
}

Test(losses, of_clocks_that_differ_stay_negative)
{
	struct member_record members[] = { { .start_ns = 110, .complete_ns = 500 },
		{ .start_ns = 60, .complete_ns = 1020 } };
	const struct region_budget b = budget_of(100, 1000, members, 2);

	expect_budget(&b, 1800, -30, 1350, 520, -40);
}

Test(losses, of_a_region_add_up_whatever_the_stamps_are)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	for (int repetition = 0; repetition < 1000; repetition++) {
		const unsigned team = 1 + (unsigned)gsl_rng_uniform_int(random, 9);
		struct region_record *region = regions_of(1, team);
		randomise(random, region, team);
		const struct region_budget b = region_budget(region, team);
		cr_assert_eq(b.fork_ns + b.busy_ns + b.wait_ns + b.join_ns, b.total_ns);
		cr_assert_geq(b.wait_ns, 0);
		free_regions(region);
	}
	gsl_rng_free(random);
}

/* ---- a case ---- */

Test(losses, of_a_case_are_those_of_its_one_region)
{
	struct launch_record launch = known_launch();
	struct losses l = losses_of(&launch, 1, 1e-6);

	cr_expect_eq(l.team, 2);
	cr_expect_eq(l.launches, 1);
	expect_near(l.total, 2 * us, "total");
	expect_near(l.parts[LOSS_INFLATION], 0.34 * us, "inflation");
	expect_near(l.parts[LOSS_FORK], 0.06 * us, "fork");
	expect_near(l.parts[LOSS_WAIT], 0.4 * us, "wait");
	expect_near(l.parts[LOSS_JOIN], 0.2 * us, "join");
	expect_near(losses_sum(&l), 1, "sum");
	losses_release(&l);
	free_launches(&launch, 1);
}

Test(losses, inflation_is_negative_where_members_were_faster)
{
	struct launch_record launch = known_launch();
	struct losses l = losses_of(&launch, 1, 1.5e-6);

	expect_near(l.parts[LOSS_INFLATION], -0.16 * us, "inflation");
	expect_near(losses_sum(&l), 1, "sum");
	losses_release(&l);
	free_launches(&launch, 1);
}

Test(losses, dispatch_that_was_not_recorded_is_in_inflation)
{
	struct launch_record launch = known_launch();
	struct losses l = losses_of(&launch, 1, 1e-6);

	cr_expect(!l.has_dispatch);
	cr_expect_eq(l.parts[LOSS_DISPATCH], 0);
	expect_near(losses_body(&l), 1.34 * us, "body");
	losses_release(&l);
	free_launches(&launch, 1);
}

/* Of 1340 ns busy, 500 are spent aside; with units recorded, twice that. */
static void stand_aside(struct launch_record *launch, enum variant variant)
{
	launch->spec.variant = variant;
	launch->regions->members[0].aside_ns = 400;
	launch->regions->members[1].aside_ns = 100;
}

static struct losses losses_aside(struct launch_record *launch)
{
	struct losses losses;

	cr_assert_eq(losses_make(&losses, &launch->spec, launch, 1, 0.6e-6), 0);
	return losses;
}

static void expect_aside(enum variant variant, enum loss kind, enum loss other)
{
	struct launch_record launch = known_launch();

	stand_aside(&launch, variant);
	struct losses l = losses_aside(&launch);
	cr_expect(losses_has(&l, kind));
	cr_expect_not(losses_has(&l, other));
	expect_near(l.parts[kind], 0.5 * us, loss_name(kind));
	cr_expect_eq(l.parts[other], 0);
	expect_near(l.parts[LOSS_INFLATION], 0.24 * us, "inflation");
	expect_near(losses_body(&l), 0.84 * us, "body");
	expect_near(losses_sum(&l), 1, "sum");
	losses_release(&l);
	free_launches(&launch, 1);
}

Test(losses, under_a_global_lock_have_the_wait_for_it)
{
	expect_aside(GLOBAL_LOCK, LOSS_LOCK, LOSS_YIELD);
}

Test(losses, in_an_event_loop_have_the_yields)
{
	expect_aside(EVENT_LOOP, LOSS_YIELD, LOSS_LOCK);
}

Test(losses, of_other_variants_have_neither_lock_nor_yield)
{
	struct launch_record launch = known_launch();
	struct losses l = losses_of(&launch, 1, 1e-6);

	cr_expect_not(losses_has(&l, LOSS_LOCK));
	cr_expect_not(losses_has(&l, LOSS_YIELD));
	losses_release(&l);
	free_launches(&launch, 1);
}

/* Units recorded: members are twice as long busy, and a quarter of that is outside the body. */
static void trace(struct launch_record *launch)
{
	launch->traces = 1;
	launch->traced = regions_of(1, 2);
	fill_region(launch->traced, 2 * 890, 2 * 450, 2000);
	launch->traced->members[0].body_ns = 3 * 890 / 2;
	launch->traced->members[1].body_ns = 3 * 450 / 2;
}

/* Of 2680 ns 1000 are spent aside; a quarter of the rest is outside the body. */
Test(losses, dispatch_is_of_the_time_that_is_not_spent_aside)
{
	struct launch_record launch = known_launch();

	stand_aside(&launch, GLOBAL_LOCK);
	trace(&launch);
	launch.traced->members[0].aside_ns = 1000;
	launch.traced->members[0].body_ns = 3 * 780 / 4;
	struct losses l = losses_aside(&launch);
	expect_near(l.parts[LOSS_LOCK], 0.5 * us, "lock");
	expect_near(l.parts[LOSS_DISPATCH], 0.21 * us, "dispatch");
	expect_near(l.parts[LOSS_INFLATION], 0.03 * us, "inflation");
	expect_near(l.recording, 1, "recording");
	expect_near(losses_sum(&l), 1, "sum");
	losses_release(&l);
	free_launches(&launch, 1);
}

Test(losses, dispatch_is_the_traced_share_of_timed_busy_time)
{
	struct launch_record launch = known_launch();

	trace(&launch);
	struct losses l = losses_of(&launch, 1, 1e-6);
	cr_expect(l.has_dispatch);
	expect_near(l.total, 2 * us, "total");
	expect_near(l.parts[LOSS_DISPATCH], 0.335 * us, "dispatch");
	expect_near(l.parts[LOSS_INFLATION], 0.005 * us, "inflation");
	expect_near(l.recording, 1, "recording");
	expect_near(losses_sum(&l), 1, "sum");
	losses_release(&l);
	free_launches(&launch, 1);
}

Test(losses, of_a_case_add_up_to_all_of_it)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	for (int repetition = 0; repetition < 200; repetition++) {
		struct launch_record launches[7];
		const unsigned team = 1 + (unsigned)gsl_rng_uniform_int(random, 9);
		for (size_t i = 0; i < COUNT(launches); i++) {
			const size_t samples = 1 + gsl_rng_uniform_int(random, 9);
			launches[i] = launch_of(team, samples);
			for (size_t s = 0; s < samples; s++)
				randomise(random, &launches[i].regions[s], team);
			launches[i].traces = gsl_rng_uniform_int(random, 2);
			launches[i].traced = regions_of(1, team);
			randomise(random, launches[i].traced, team);
		}
		struct losses l = losses_of(launches, COUNT(launches), gsl_rng_uniform(random));
		cr_assert_float_eq(losses_sum(&l), 1, 1e-9, "%.15g", losses_sum(&l));
		losses_release(&l);
		free_launches(launches, COUNT(launches));
	}
	gsl_rng_free(random);
}

/* ---- the names that people know ---- */

/* p E = 400 s; useful 300 s, of which the busiest member has 90. */
static const struct losses four_members = {
	.team = 4,
	.launches = 1,
	.total = 400,
	.sequential = 280,
	.parts = { [LOSS_INFLATION] = 20, [LOSS_FORK] = 40, [LOSS_WAIT] = 50, [LOSS_JOIN] = 10 },
	.busy = 300,
	.busiest = 90,
};

Test(efficiencies, are_what_was_computed_by_hand)
{
	const struct efficiencies e = losses_efficiencies(&four_members);

	expect_near(e.parallel, 0.75, "parallel efficiency");
	expect_near(e.balance, 75.0 / 90, "load balance");
	expect_near(e.imbalance, 15.0 / 90 * 4 / 3, "imbalance");
	expect_near(e.talp_serial, 1, "TALP serial");
	expect_near(e.talp_balance, 0.85, "TALP balance");
	expect_near(e.talp_scheduling, 75.0 / 85, "TALP scheduling");
}

Test(efficiencies, of_talp_multiply_to_pops)
{
	const struct efficiencies e = losses_efficiencies(&four_members);

	expect_near(e.talp_serial * e.talp_balance * e.talp_scheduling, e.parallel, "product");
}

Test(efficiencies, leave_dispatch_out_of_useful_time)
{
	struct losses l = four_members;

	l.parts[LOSS_DISPATCH] = 60;
	const struct efficiencies e = losses_efficiencies(&l);
	expect_near(e.parallel, 0.6, "parallel efficiency");
	expect_near(e.balance, 75.0 / 90, "load balance");
	expect_near(e.talp_balance, (100 - 72 + 60) / 100.0, "TALP balance");
}

Test(efficiencies, of_one_busy_member_are_all_imbalance)
{
	struct losses l = four_members;

	l.busy = l.busiest;
	expect_near(losses_efficiencies(&l).imbalance, 1, "imbalance");
}

Test(efficiencies, of_one_member_know_no_imbalance)
{
	const struct losses l = {
		.team = 1, .launches = 1, .total = 100, .busy = 90, .busiest = 90
	};
	const struct efficiencies e = losses_efficiencies(&l);

	cr_expect_eq(e.imbalance, 0);
	expect_near(e.balance, 1, "load balance");
	expect_near(e.parallel, 0.9, "parallel efficiency");
}
