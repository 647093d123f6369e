/*
 * losses: what a mean is made of, and what is left out of it.
 */
#include "regions.h"

/* ---- what a mean is made of ---- */

Test(losses, the_quarters_of_a_launchs_regions_at_both_ends_are_left_out)
{
	static const uint64_t busy[] = { 5, 900000, 700, 500, 10, 600, 800, 800000 };
	struct launch_record launch = launch_of(2, COUNT(busy));

	for (size_t s = 0; s < COUNT(busy); s++)
		fill_region(&launch.regions[s], busy[s], 1, 100 + busy[s]);
	struct losses l = losses_of(&launch, 1, 1e-6);
	expect_near(l.busy, 0.651 * us, "busy");
	losses_release(&l);
	free_launches(&launch, 1);
}

Test(losses, the_quarters_of_the_launches_at_both_ends_are_left_out)
{
	static const uint64_t busy[] = { 700, 5, 900000, 500 };
	struct launch_record launches[COUNT(busy)];

	for (size_t i = 0; i < COUNT(busy); i++) {
		launches[i] = launch_of(2, 1);
		fill_region(launches[i].regions, busy[i], 1, 100 + busy[i]);
	}
	struct losses l = losses_of(launches, COUNT(launches), 1e-6);
	expect_near(l.busy, 0.601 * us, "busy");
	losses_release(&l);
	free_launches(launches, COUNT(launches));
}

/* Three known launches, of which the second is to be left out. */
static void expect_left_out(struct launch_record launches[3])
{
	fill_region(launches[1].regions, 5000, 5000, 9000);
	struct losses l = losses_of(launches, 3, 1e-6);
	cr_expect_eq(l.launches, 2);
	expect_near(l.total, 2 * us, "total");
	losses_release(&l);
	free_launches(launches, 3);
}

Test(losses, a_wrong_launch_is_left_out)
{
	struct launch_record launches[] = { known_launch(), known_launch(), known_launch() };

	launches[1].status = LAUNCH_WRONG;
	expect_left_out(launches);
}

Test(losses, a_disturbed_launch_is_left_out)
{
	struct launch_record launches[] = { known_launch(), known_launch(), known_launch() };

	launches[1].throttled = 1;
	expect_left_out(launches);
}

Test(losses, a_launch_of_another_case_is_left_out)
{
	struct launch_record launches[] = { known_launch(), known_launch(), known_launch() };

	launches[1].spec.schedule.kind = SCHEDULE_GUIDED;
	expect_left_out(launches);
}

Test(losses, a_launch_of_a_rarer_team_is_left_out_and_counted)
{
	struct launch_record launches[] = { known_launch(), known_launch(), known_launch() };

	launches[0].team = 1;
	struct losses l = losses_of(launches, 3, 1e-6);
	cr_expect_eq(l.team, 2);
	cr_expect_eq(l.launches, 2);
	cr_expect_eq(l.other_teams, 1);
	losses_release(&l);
	free_launches(launches, 3);
}

Test(losses, of_teams_that_are_as_frequent_the_smaller_counts)
{
	struct launch_record launches[] = { known_launch(), known_launch() };

	launches[1].team = 1;
	struct losses l = losses_of(launches, 2, 1e-6);
	cr_expect_eq(l.team, 1);
	losses_release(&l);
	free_launches(launches, 2);
}

Test(losses, a_region_in_which_a_member_did_not_run_is_left_out)
{
	struct launch_record launch = launch_of(2, 2);

	fill_region(&launch.regions[0], 890, 450, 1000);
	fill_region(&launch.regions[1], 890, 450, 5000);
	launch.regions[1].members[1] = (struct member_record) { 0 };
	struct losses l = losses_of(&launch, 1, 1e-6);
	expect_near(l.total, 2 * us, "total");
	losses_release(&l);
	free_launches(&launch, 1);
}

Test(losses, without_a_launch_there_are_none)
{
	struct losses l = losses_of(NULL, 0, 1e-6);

	cr_expect_eq(l.launches, 0);
	losses_release(&l);
}

Test(losses, of_crowded_launches_say_so)
{
	struct launch_record launch = known_launch();

	launch.crowded = true;
	struct losses l = losses_of(&launch, 1, 1e-6);
	cr_expect(l.crowded);
	losses_release(&l);
	free_launches(&launch, 1);
}

Test(losses, members_have_means_of_their_own)
{
	struct launch_record launch = launch_of(2, 2);

	fill_region(&launch.regions[0], 890, 450, 1000);
	fill_region(&launch.regions[1], 590, 950, 1200);
	struct losses l = losses_of(&launch, 1, 1e-6);
	expect_near(l.members[0].fork, 0.01 * us, "fork");
	expect_near(l.members[0].busy, 0.74 * us, "busy");
	expect_near(l.members[0].wait, 0.2 * us, "wait");
	expect_near(l.members[1].units, 60, "units");
	expect_near(l.members[1].last, 0.5, "last");
	losses_release(&l);
	free_launches(&launch, 1);
}

Test(losses, of_4096_members_add_up)
{
	enum { TEAM = 4096, LAUNCHES = 8, SAMPLES = 20 };
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	struct launch_record launches[LAUNCHES];

	for (size_t i = 0; i < LAUNCHES; i++) {
		launches[i] = launch_of(TEAM, SAMPLES);
		for (size_t s = 0; s < SAMPLES; s++)
			randomise(random, &launches[i].regions[s], TEAM);
	}
	struct losses l = losses_of(launches, LAUNCHES, 1e-6);
	cr_expect_float_eq(losses_sum(&l), 1, 1e-9);
	losses_release(&l);
	free_launches(launches, LAUNCHES);
	gsl_rng_free(random);
}
