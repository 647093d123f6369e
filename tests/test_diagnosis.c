/*
 * diagnosis: what cases lost most to, who was waited for, and what they are advised.
 */
#include <criterion/criterion.h>
#include <math.h>

#include "analysis/diagnosis.h"

/* ---- cases ---- */

/*
 * A case of two members that holds 100 s: each has 50 s, and 64000 units are done. Parts and members
 * are filled in by the test; what they leave of 100 s is the sequential run's.
 */
struct given {
	double parts[LOSS_KINDS];
	struct member_mean members[2];
	struct schedule schedule;
	enum variant variant;
	uint64_t grain;
	double recording;
	bool has_dispatch, crowded;
};

static struct summary measured(const struct given *given)
{
	return (struct summary) {
		.spec = {
			.kernel = "triangle",
			.variant = given->variant ? given->variant : OPENMP,
			.threads = 2,
			.schedule = given->schedule,
			.size = { .n = 64000 },
			.grain = given->grain ? given->grain : 1,
		},
		.launches = 7,
		.seconds = { .median = 50, .low = 49, .high = 51, .interval = true },
	};
}

static struct diagnosis diagnosis_among(const struct given *given, const struct summaries *all)
{
	struct member_mean members[2] = { given->members[0], given->members[1] };
	struct losses l = {
		.team = 2,
		.launches = 7,
		.crowded = given->crowded,
		.total = 100,
		.sequential = 100,
		.has_dispatch = given->has_dispatch,
		.recording = given->recording,
		.members = members,
	};

	for (int k = 0; k < LOSS_KINDS; k++) {
		l.parts[k] = given->parts[k];
		l.sequential -= given->parts[k];
	}
	for (int m = 0; m < 2; m++) {
		if (members[m].units == 0)
			members[m].units = 32000;
		l.busy += members[m].busy;
	}
	return diagnosis_of(&l, &all->rows[0], all);
}

static struct diagnosis diagnosis_alone(const struct given *given)
{
	struct summary row = measured(given);

	return diagnosis_among(given, &(struct summaries) { &row, 1 });
}

static const struct schedule blocks = { SCHEDULE_STATIC, 0 };

/* Member 1 is always last, since its units cost three times those of member 0. */
static struct given waits_for_dear_units(struct schedule schedule)
{
	return (struct given) {
		.parts = { [LOSS_WAIT] = 33, [LOSS_FORK] = 1 },
		.members = { { .busy = 16.5, .wait = 33 }, { .busy = 49.5, .last = 1 } },
		.schedule = schedule,
	};
}

static void expect_schedule(const struct diagnosis *d, enum schedule_kind kind, uint32_t chunk)
{
	cr_expect_eq(d->remedy, REMEDY_SCHEDULE, "remedy %d", d->remedy);
	cr_expect_eq(d->schedule.kind, kind);
	cr_expect_eq(d->schedule.chunk, chunk, "chunk %u", d->schedule.chunk);
}

static void expect_grain(const struct diagnosis *d, uint64_t grain)
{
	cr_expect_eq(d->remedy, REMEDY_GRAIN, "remedy %d", d->remedy);
	cr_expect_eq(d->grain, grain, "grain %llu", (unsigned long long)d->grain);
}

static void expect_no_remedy(const struct diagnosis *d)
{
	cr_expect_eq(d->remedy, REMEDY_NONE, "remedy %d", d->remedy);
}

static void expect_near(double value, double expected)
{
	cr_expect_float_eq(value, expected, 1e-12, "%.15g, not %.15g", value, expected);
}

/* ---- what was lost ---- */

Test(diagnosis, below_5_per_cent_little_was_lost)
{
	const struct given given = { .parts = { [LOSS_INFLATION] = 2, [LOSS_WAIT] = 2.9 },
		.schedule = blocks };
	const struct diagnosis d = diagnosis_alone(&given);

	cr_expect(d.little);
	expect_near(d.lost, 0.049);
	expect_no_remedy(&d);
}

Test(diagnosis, the_largest_part_is_the_worst)
{
	const struct given given = waits_for_dear_units(blocks);
	const struct diagnosis d = diagnosis_alone(&given);

	cr_expect(!d.little);
	cr_expect_eq(d.worst, TOLL_WAIT);
	expect_near(d.lost, 0.34);
	expect_near(d.worst_share, 33.0 / 34);
}

Test(diagnosis, fork_and_join_count_together)
{
	const struct given given = {
		.parts = { [LOSS_FORK] = 6, [LOSS_JOIN] = 6, [LOSS_WAIT] = 10 },
		.schedule = blocks,
	};

	cr_expect_eq(diagnosis_alone(&given).worst, TOLL_REGION);
}

Test(diagnosis, a_faster_body_does_not_hide_what_was_lost)
{
	const struct given given = { .parts = { [LOSS_INFLATION] = -10, [LOSS_JOIN] = 12 },
		.schedule = blocks };
	const struct diagnosis d = diagnosis_alone(&given);

	cr_expect(!d.little);
	expect_near(d.lost, 0.12);
	expect_near(d.gained, 0.1);
}

/* ---- who is waited for ---- */

Test(diagnosis, a_member_whose_units_are_dear_is_found)
{
	const struct given given = waits_for_dear_units(blocks);
	const struct diagnosis d = diagnosis_alone(&given);

	cr_expect(d.one_member);
	cr_expect_eq(d.last, 1);
	cr_expect_eq(d.why_last, LATE_DEARER_UNITS);
	expect_near(d.excess, 0.5);
}

Test(diagnosis, a_member_that_does_more_units_is_found)
{
	const struct given given = {
		.parts = { [LOSS_WAIT] = 20 },
		.members = { { .busy = 48, .units = 48000, .last = 0.9 },
			{ .busy = 16, .units = 16000, .last = 0.1 } },
		.schedule = blocks,
	};
	const struct diagnosis d = diagnosis_alone(&given);

	cr_expect_eq(d.last, 0);
	cr_expect_eq(d.why_last, LATE_MORE_UNITS);
	expect_near(d.excess, 0.5);
}

Test(diagnosis, a_member_that_starts_late_is_found)
{
	const struct given given = {
		.parts = { [LOSS_WAIT] = 8, [LOSS_FORK] = 6 },
		.members = { { .busy = 40 }, { .busy = 40, .fork = 6, .last = 1 } },
		.schedule = blocks,
		.variant = PTHREAD,
	};
	const struct diagnosis d = diagnosis_alone(&given);

	cr_expect_eq(d.why_last, LATE_START);
	expect_near(d.excess, 3);
	cr_expect_eq(d.remedy, REMEDY_POOL);
}

Test(diagnosis, members_that_are_last_in_turn_are_no_one)
{
	struct given given = waits_for_dear_units(blocks);

	given.members[0].last = 0.4;
	given.members[1].last = 0.6;
	cr_expect(!diagnosis_alone(&given).one_member);
}

/* ---- advice against waiting ---- */

Test(diagnosis, who_waits_under_static_is_advised_chunks_of_which_a_member_gets_64)
{
	const struct given given = waits_for_dear_units(blocks);
	const struct diagnosis d = diagnosis_alone(&given);

	expect_schedule(&d, SCHEDULE_DYNAMIC, 256); /* 64000 / 2 / 64 = 500 */
}

Test(diagnosis, who_waits_for_large_chunks_is_advised_smaller_ones)
{
	const struct given given =
		waits_for_dear_units((struct schedule) { SCHEDULE_DYNAMIC, 4096 });
	const struct diagnosis d = diagnosis_alone(&given);

	expect_schedule(&d, SCHEDULE_DYNAMIC, 256);
}

Test(diagnosis, who_waits_for_small_chunks_is_advised_nothing)
{
	const struct given given =
		waits_for_dear_units((struct schedule) { SCHEDULE_DYNAMIC, 300 });
	const struct diagnosis d = diagnosis_alone(&given);

	expect_no_remedy(&d);
}

static struct given few_units(uint64_t grain)
{
	return (struct given) {
		.parts = { [LOSS_WAIT] = 33 },
		.members = { { .busy = 33, .units = 1 }, { .busy = 66, .units = 2, .last = 1 } },
		.schedule = blocks,
		.grain = grain,
	};
}

Test(diagnosis, who_waits_for_few_units_is_advised_smaller_ones)
{
	const struct given given = few_units(1000);
	const struct diagnosis d = diagnosis_alone(&given);

	expect_grain(&d, 16); /* 1000 * 1.5 / 64 = 23.4 */
}

Test(diagnosis, units_are_not_advised_to_be_shorter_than_2_us)
{
	struct given given = few_units(1000);

	given.members[0].busy = 50e-6;
	given.members[1].busy = 100e-6; /* 50 us a unit */
	const struct diagnosis d = diagnosis_alone(&given);
	expect_grain(&d, 32); /* 1000 * 2 / 50 = 40 */
}

Test(diagnosis, chunks_are_not_advised_to_be_shorter_than_2_us)
{
	struct given given = waits_for_dear_units(blocks);

	given.members[0].busy = 16e-5;
	given.members[1].busy = 48e-5; /* 10 ns a unit */
	const struct diagnosis d = diagnosis_alone(&given);
	expect_schedule(&d, SCHEDULE_DYNAMIC, 256); /* of 200 or more */
}

Test(diagnosis, who_waits_in_a_short_region_is_advised_more_work)
{
	struct given given = waits_for_dear_units(blocks);

	given.members[0].busy = 10e-6;
	given.members[1].busy = 30e-6;
	cr_expect_eq(diagnosis_alone(&given).remedy, REMEDY_MORE_WORK);
}

Test(diagnosis, few_units_of_which_one_member_has_dear_ones_are_dealt_out_on_demand)
{
	struct given given = waits_for_dear_units(blocks);

	given.members[0].units = given.members[1].units = 8;
	const struct diagnosis d = diagnosis_alone(&given);
	expect_schedule(&d, SCHEDULE_DYNAMIC, 1);
}

Test(diagnosis, a_unit_of_one_element_cannot_be_smaller)
{
	struct given given = few_units(1);

	given.schedule = (struct schedule) { SCHEDULE_DYNAMIC, 1 };
	const struct diagnosis d = diagnosis_alone(&given);
	expect_no_remedy(&d);
}

/* ---- advice against the rest ---- */

static struct given dispatches(struct schedule schedule)
{
	return (struct given) {
		.parts = { [LOSS_DISPATCH] = 8 },
		.members = { { .busy = 50 }, { .busy = 50 } },
		.schedule = schedule,
		.has_dispatch = true,
	};
}

Test(diagnosis, who_dispatches_much_is_advised_larger_chunks)
{
	const struct given given = dispatches((struct schedule) { SCHEDULE_DYNAMIC, 0 });
	const struct diagnosis d = diagnosis_alone(&given);

	expect_schedule(&d, SCHEDULE_DYNAMIC, 8);
}

Test(diagnosis, chunks_leave_16_to_a_member)
{
	const struct given given = dispatches((struct schedule) { SCHEDULE_DYNAMIC, 512 });
	const struct diagnosis d = diagnosis_alone(&given);

	expect_schedule(&d, SCHEDULE_DYNAMIC, 1024); /* and not 4096: 64000 / 2 / 16 = 2000 */
}

Test(diagnosis, who_cannot_dispatch_less_is_advised_larger_units)
{
	const struct given given = dispatches(blocks);
	const struct diagnosis d = diagnosis_alone(&given);

	expect_grain(&d, 8);
}

Test(diagnosis, what_recording_cost_is_not_blamed_on_dispatch)
{
	struct given given = dispatches((struct schedule) { SCHEDULE_DYNAMIC, 0 });

	given.recording = 0.05;
	const struct diagnosis d = diagnosis_alone(&given);
	expect_no_remedy(&d);
}

Test(diagnosis, who_forks_for_little_work_is_advised_more)
{
	const struct given given = {
		.parts = { [LOSS_FORK] = 20 }, .schedule = blocks, .variant = POOL
	};

	cr_expect_eq(diagnosis_alone(&given).remedy, REMEDY_MORE_WORK);
}

Test(diagnosis, who_creates_threads_is_advised_a_pool)
{
	const struct given given = {
		.parts = { [LOSS_FORK] = 20 }, .schedule = blocks, .variant = PTHREAD
	};

	cr_expect_eq(diagnosis_alone(&given).remedy, REMEDY_POOL);
}

Test(diagnosis, who_waits_for_the_lock_is_advised_a_parallel_variant)
{
	const struct given given = {
		.parts = { [LOSS_LOCK] = 48 }, .schedule = blocks, .variant = GLOBAL_LOCK
	};
	const struct diagnosis d = diagnosis_alone(&given);

	cr_expect_eq(d.worst, TOLL_ASIDE);
	cr_expect_eq(d.remedy, REMEDY_PARALLEL);
}

Test(diagnosis, who_is_bound_to_one_cpu_is_advised_a_parallel_variant)
{
	const struct given given = { .parts = { [LOSS_INFLATION] = 48 },
		.schedule = blocks,
		.variant = ONE_CORE,
		.crowded = true };

	cr_expect_eq(diagnosis_alone(&given).remedy, REMEDY_PARALLEL);
}

Test(diagnosis, who_shares_cpus_is_advised_fewer_threads)
{
	struct given given = waits_for_dear_units(blocks);

	given.crowded = true;
	cr_expect_eq(diagnosis_alone(&given).remedy, REMEDY_FEWER_THREADS);
}

Test(diagnosis, against_memory_there_is_no_advice)
{
	const struct given given = {
		.parts = { [LOSS_INFLATION] = 40 },
		.members = { { .busy = 50 }, { .busy = 50 } },
		.schedule = blocks,
	};
	const struct diagnosis d = diagnosis_alone(&given);

	cr_expect_eq(d.worst, TOLL_BODY);
	expect_no_remedy(&d);
}

Test(diagnosis, short_units_are_advised_to_be_larger)
{
	const struct given given = {
		.parts = { [LOSS_INFLATION] = 40 },
		.members = { { .busy = 0.016 }, { .busy = 0.016 } }, /* 0.5 us a unit */
		.schedule = blocks,
	};
	const struct diagnosis d = diagnosis_alone(&given);

	expect_grain(&d, 4);
}

/* ---- what was measured ---- */

/* The diagnosis of a case that waits, where dynamic,16 was measured at so many seconds, give or take 1. */
static struct diagnosis beside(double median)
{
	const struct given given = waits_for_dear_units(blocks);
	struct summary rows[] = { measured(&given), measured(&given) };

	rows[1].spec.schedule = (struct schedule) { SCHEDULE_DYNAMIC, 16 };
	rows[1].seconds = (struct estimate) {
		.median = median, .low = median - 1, .high = median + 1, .interval = true
	};
	return diagnosis_among(&given, &(struct summaries) { rows, 2 });
}

Test(diagnosis, a_faster_schedule_that_was_measured_goes_before_advice)
{
	const struct diagnosis d = beside(35);

	cr_expect_eq(d.remedy, REMEDY_MEASURED);
	cr_expect_eq(d.schedule.chunk, 16);
	expect_near(d.less, 0.3);
}

Test(diagnosis, a_schedule_that_was_no_faster_is_not_advised)
{
	const struct diagnosis d = beside(49.5);

	expect_no_remedy(&d);
}
