/*
 * truth: delays of known length, at the start, in the body, in dispatch and before the end, are found
 * again in the loss budget, by the whole path from stamps to analysis.
 *
 * A delay is as long as the clock says, however busy the machine, and never shorter; but a member that
 * is interrupted, or loses its CPU to another task, is later than it should be. So the fastest quarter
 * of the regions is looked at. Where these take 3 % longer than the delays explain, again and again,
 * the machine is too busy to tell, and the test is skipped and says so: no truth was seen, nor a lie.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>

#include "analysis/losses.h"
#include "analysis/summary.h"
#include "kernels/delayed.h"
#include "launch.h"

enum { UNITS = 16, EACH = UNITS / 2, SAMPLES = 200, LEAST = 5, ATTEMPTS = 20 };

static const double unit_us = 50;

static struct launch_record launch(enum variant variant)
{
	struct launch_order order = {
		.spec = { .kernel = "delayed",
			.variant = variant,
			.size = { .n = UNITS },
			.grain = 1 },
		.samples = SAMPLES,
		.budget_ns = 1000000000,
		.gamma = 2.2,
	};
	struct launch_record record;
	struct message why = { "" };

	order.spec.threads = variant == SEQUENTIAL ? 1 : 2;
	order.traces = variant == SEQUENTIAL ? 0 : LAUNCH_TRACES_MAX;
	if (variant != SEQUENTIAL)
		cr_assert_eq(schedule_parse("static", &order.spec.schedule, NULL), 0);
	cr_assert_eq(launch_measure(&order, &record, &why), 0, "%s", why.text);
	cr_assert_eq(record.status, LAUNCH_OK, "%s", record.why);
	return record;
}

/* In microseconds; the sequential part first. */
struct truth {
	double sequential, parts[LOSS_KINDS];
};

static double length_of(const struct region_record *region)
{
	return 1e-3 * (double)(region->join_ns - region->fork_ns);
}

/* Until each member was done, and until all had joined: any interruption of any member shows. */
static double lengths_of(const struct region_record *region, unsigned team)
{
	double us = length_of(region);

	for (unsigned m = 0; m < team; m++)
		us += 1e-3 * (double)(region->members[m].complete_ns - region->fork_ns);
	return us;
}

static int by_length(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* What lengths_of the fastest quarter of the regions is at most. */
static double quarter_of(const struct region_record *regions, size_t count, unsigned team)
{
	double lengths[SAMPLES];

	cr_assert(count && count <= SAMPLES);
	for (size_t r = 0; r < count; r++)
		lengths[r] = lengths_of(&regions[r], team);
	qsort(lengths, count, sizeof(*lengths), by_length);
	const size_t quarter = count / 4 > LEAST ? count / 4 : LEAST;
	return lengths[(quarter < count ? quarter : count) - 1];
}

/* Moves those to the front that are in the fastest quarter, and not too slow; returns how many. */
static size_t keep_fastest(
	struct region_record *regions, size_t count, unsigned team, double most_us)
{
	const double quarter_us = quarter_of(regions, count, team);
	size_t kept = 0;

	for (size_t r = 0; r < count; r++) {
		const struct region_record region = regions[r];
		if (length_of(&region) > most_us || lengths_of(&region, team) > quarter_us)
			continue;
		for (unsigned m = 0; m < team; m++)
			regions[kept].members[m] = region.members[m];
		regions[kept].sample_ns = region.sample_ns;
		regions[kept].fork_ns = region.fork_ns;
		regions[kept++].join_ns = region.join_ns;
	}
	return kept;
}

/* A team's launch with undisturbed regions enough, and how many it owns; false if there is none. */
static bool undisturbed(double most_us, struct launch_record *team, size_t *samples, size_t *traces)
{
	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		*team = launch(POOL);
		*samples = team->samples;
		*traces = team->traces;
		team->samples = keep_fastest(team->regions, *samples, 2, most_us);
		team->traces = keep_fastest(team->traced, *traces, 2, most_us);
		team->preempted = 0;
		if (team->samples >= LEAST && team->traces >= LEAST)
			return true;
		team->samples = *samples;
		team->traces = *traces;
		launch_release(team);
	}
	return false;
}

static struct losses budget(const struct truth *truth)
{
	struct launch_record alone = launch(SEQUENTIAL), team;
	double sequential = 0, sum = truth->sequential;
	size_t samples, traces;
	struct losses losses;

	for (int k = 0; k < LOSS_KINDS; k++)
		sum += truth->parts[k];
	if (!undisturbed(1.03 * sum / 2, &team, &samples, &traces))
		cr_skip_test("too busy to tell: regions take longer than their delays explain");
	const size_t all = alone.samples;
	alone.samples = keep_fastest(alone.regions, all, 1, INFINITY);
	cr_assert_eq(launch_seconds(&alone, &sequential), 0);
	alone.samples = all;
	cr_assert_eq(losses_make(&losses, &team.spec, &team, 1, sequential), 0);
	team.samples = samples;
	team.traces = traces;
	launch_release(&team);
	launch_release(&alone);
	return losses;
}

static bool near(double got_us, double expected_us)
{
	return fabs(got_us - expected_us) <= fmax(2, 0.02 * fabs(expected_us));
}

/* What two members, of EACH units each, lose by the delays that are set. */
static struct truth expected(void)
{
	struct truth t = { .sequential = UNITS * unit_us };
	double complete[2];

	for (int m = 0; m < 2; m++) {
		complete[m] =
			delays.start[m] + EACH * (unit_us + delays.body[m] + delays.dispatch[m]);
		t.parts[LOSS_FORK] += delays.start[m];
		t.parts[LOSS_INFLATION] += EACH * delays.body[m];
		t.parts[LOSS_DISPATCH] += EACH * delays.dispatch[m];
	}
	const double last = fmax(complete[0], complete[1]);
	t.parts[LOSS_WAIT] = 2 * last - complete[0] - complete[1];
	t.parts[LOSS_JOIN] =
		2 * (fmax(complete[0] + delays.end[0], complete[1] + delays.end[1]) - last);
	return t;
}

static bool found(const struct losses *losses, const struct truth *truth, char *said, size_t room)
{
	bool all = near(1e6 * losses->sequential, truth->sequential);
	int length = snprintf(
		said, room, "sequential %.1f (%.1f)", 1e6 * losses->sequential, truth->sequential);

	for (int k = 0; k < LOSS_KINDS; k++) {
		all &= near(1e6 * losses->parts[k], truth->parts[k]);
		length += snprintf(said + length, room - (size_t)length, ", %s %.1f (%.1f)",
			loss_name(k), 1e6 * losses->parts[k], truth->parts[k]);
	}
	return all && losses->has_dispatch && fabs(losses_sum(losses) - 1) < 1e-9;
}

/* Tests run side by side, and these would disturb one another. The lock goes with the process. */
static void be_alone(void)
{
	const int file = open(__FILE__, O_RDONLY | O_CLOEXEC);

	cr_assert_geq(file, 0);
	cr_assert_eq(flock(file, LOCK_EX), 0);
}

static void expect_truth(void)
{
	char said[300] = "";

	be_alone();

	delays.unit = unit_us;
	const struct truth truth = expected();
	struct losses losses = budget(&truth);
	cr_expect(found(&losses, &truth, said, sizeof(said)),
		"in microseconds, the truth in parentheses: %s", said);
	losses_release(&losses);
}

TestSuite(truth, .timeout = 240);

Test(truth, of_no_delay_is_no_loss)
{
	expect_truth();
}

Test(truth, of_a_late_start_is_fork_and_wait)
{
	delays.start[1] = 300;
	expect_truth();
}

Test(truth, of_a_slower_body_is_inflation)
{
	delays.body[0] = delays.body[1] = 50;
	expect_truth();
}

Test(truth, of_a_slower_body_in_one_member_is_inflation_and_wait)
{
	delays.body[1] = 50;
	expect_truth();
}

Test(truth, of_time_between_units_is_dispatch)
{
	delays.dispatch[0] = 25;
	delays.dispatch[1] = 30;
	expect_truth();
}

Test(truth, of_time_after_the_end_is_join)
{
	delays.end[1] = 250;
	expect_truth();
}

Test(truth, of_all_together_is_each_in_its_place)
{
	delays.start[1] = 300;
	delays.body[1] = 50;
	delays.dispatch[0] = 25;
	delays.end[1] = 500;
	expect_truth();
}
