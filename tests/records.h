/*
 * records: launches made by hand, and whether two are the same.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/case.h"
#include "store/codec.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const struct case_spec numbers = { "sum_squares", OPENMP, 3, { SCHEDULE_DYNAMIC, 16 },
	{ .n = 500000000 }, 65536, true };

static inline struct launch_record launch_of(
	const struct case_spec *spec, size_t samples, unsigned team)
{
	struct launch_record launch = { .spec = *spec,
		.round = 7,
		.status = LAUNCH_OK,
		.result = "41666666541666666750000000",
		.clock = "tsc",
		.repeats = 12,
		.preempted = 1,
		.crowded = true,
		.throttled = 2,
		.steal_ns = 30000000,
		.began_ms = 1795170600123,
		.took_ns = 231000000 };
	uint64_t time = 0;

	cr_assert_eq(launch_reserve(&launch, samples, team), 0);
	for (size_t s = 0; s < samples; s++) {
		launch.regions[s].fork_ns = time++;
		for (unsigned m = 0; m < team; m++)
			launch.regions[s].members[m] = (struct member_record) {
				.start_ns = time + m,
				.complete_ns = time + 1000003 + m,
				.units = 10 * s + m,
				.cpu_start = (int)m - 1, /* of the first: unknown */
				.cpu_complete = (int)m,
			};
		time += 2000003;
		launch.regions[s].join_ns = time;
		launch.regions[s].sample_ns = 2000003 + 0.1 * (double)s;
	}
	return launch;
}

static inline void add_traces(struct launch_record *launch, size_t traces, size_t cold)
{
	cr_assert_eq(launch_reserve_traces(launch, traces), 0);
	launch->cold = cold;
	launch->units_cost = 0.0123456789012345678;
	for (size_t t = 0; t < traces; t++) {
		launch->traced[t].sample_ns = 3000000.25;
		launch->traced[t].fork_ns = 10000000 * t;
		launch->traced[t].join_ns = 10000000 * t + 3000000;
		for (unsigned m = 0; m < launch->team; m++)
			launch->traced[t].members[m] = (struct member_record) {
				.start_ns = 10000000 * t + m,
				.complete_ns = 10000000 * t + 2000000 + m,
				.units = 9,
				.cpu_start = -1,
				.cpu_complete = (int)m,
				.body_ns = 1900000 + m,
			};
	}
}

/* Member m of the trace keeps m units more than the first. */
static inline void add_units(
	struct launch_record *launch, struct region_record *trace, size_t first)
{
	const size_t most = first + launch->team;

	trace->units = calloc(launch->team * most, sizeof(*trace->units));
	cr_assert_not_null(trace->units);
	for (unsigned m = 0; m < launch->team; m++) {
		struct member_record *member = &trace->members[m];
		member->kept = first + m;
		member->kept_units = member->kept ? trace->units + m * most : NULL;
		for (size_t u = 0; u < member->kept; u++)
			member->kept_units[u] = (struct unit_record) {
				.unit = 100 * m + u,
				.begin_ns = member->start_ns + 1000 * u,
				.end_ns = member->start_ns + 1000 * u + 999 + m,
			};
	}
}

static inline void add_memory(struct launch_record *launch)
{
	launch->memory = calloc(launch->team, sizeof(*launch->memory));
	cr_assert_not_null(launch->memory);
	for (unsigned m = 0; m < launch->team; m++)
		launch->memory[m] = (struct member_memory) {
			.allocated_bytes = 24000000 + m,
			.touched_bytes = 8192 * m,
			.node_bytes = 4096 * m,
			.node = (int)m - 1, /* of the first: unknown */
		};
}

static inline void expect_same_spec(const struct case_spec *got, const struct case_spec *expected)
{
	char got_id[CASE_ID_MAX], expected_id[CASE_ID_MAX];

	cr_expect_str_eq(case_print(got, got_id), case_print(expected, expected_id));
	cr_expect_str_eq(got->kernel, expected->kernel);
	cr_expect_eq(got->variant, expected->variant);
	cr_expect_eq(got->threads, expected->threads);
	cr_expect_eq(got->schedule.kind, expected->schedule.kind);
	cr_expect_eq(got->schedule.chunk, expected->schedule.chunk);
	cr_expect_eq(got->size.n, expected->size.n);
	cr_expect_eq(got->size.width, expected->size.width);
	cr_expect_eq(got->size.height, expected->size.height);
	cr_expect_eq(got->grain, expected->grain);
	cr_expect_eq(got->grain_is_default, expected->grain_is_default);
}

static inline void expect_same_regions(const struct region_record *got,
	const struct region_record *expected, size_t count, unsigned team)
{
	for (size_t r = 0; r < count; r++) {
		const struct region_record *a = &got[r], *b = &expected[r];
		cr_expect_eq(a->sample_ns, b->sample_ns);
		cr_expect_eq(a->fork_ns, b->fork_ns);
		cr_expect_eq(a->join_ns, b->join_ns);
		for (unsigned m = 0; m < team; m++) {
			cr_expect_eq(a->members[m].start_ns, b->members[m].start_ns);
			cr_expect_eq(a->members[m].complete_ns, b->members[m].complete_ns);
			cr_expect_eq(a->members[m].units, b->members[m].units);
			cr_expect_eq(a->members[m].cpu_start, b->members[m].cpu_start);
			cr_expect_eq(a->members[m].cpu_complete, b->members[m].cpu_complete);
			cr_expect_eq(a->members[m].body_ns, b->members[m].body_ns);
		}
	}
}

static inline void expect_same_units(
	const struct member_record *got, const struct member_record *expected)
{
	cr_assert_eq(got->kept, expected->kept);
	cr_expect_eq(!got->kept_units, !expected->kept_units);
	for (size_t u = 0; u < expected->kept; u++) {
		cr_expect_eq(got->kept_units[u].unit, expected->kept_units[u].unit);
		cr_expect_eq(got->kept_units[u].begin_ns, expected->kept_units[u].begin_ns);
		cr_expect_eq(got->kept_units[u].end_ns, expected->kept_units[u].end_ns);
	}
}

static inline void expect_same_traces(
	const struct launch_record *got, const struct launch_record *expected)
{
	cr_assert_eq(got->traces, expected->traces);
	cr_expect_eq(got->cold, expected->cold);
	if (expected->traces && isfinite(expected->units_cost))
		cr_expect_eq(got->units_cost, expected->units_cost);
	else
		cr_expect(isnan(got->units_cost), "%g", got->units_cost);
	expect_same_regions(got->traced, expected->traced, expected->traces, expected->team);
	for (size_t t = 0; t < expected->traces; t++)
		for (unsigned m = 0; m < expected->team; m++)
			expect_same_units(
				&got->traced[t].members[m], &expected->traced[t].members[m]);
}

static inline void expect_same_memory(
	const struct launch_record *got, const struct launch_record *expected)
{
	cr_assert_eq(!got->memory, !expected->memory);
	for (unsigned m = 0; expected->memory && m < expected->team; m++) {
		const struct member_memory *a = &got->memory[m], *b = &expected->memory[m];
		cr_expect_eq(a->allocated_bytes, b->allocated_bytes);
		cr_expect_eq(a->touched_bytes, b->touched_bytes);
		cr_expect_eq(a->node_bytes, b->node_bytes);
		cr_expect_eq(a->node, b->node);
	}
}

static inline void expect_same_launch(
	const struct launch_record *got, const struct launch_record *expected)
{
	expect_same_spec(&got->spec, &expected->spec);
	cr_expect_eq(got->round, expected->round);
	cr_expect_eq(got->status, expected->status);
	cr_expect_str_eq(got->why, expected->why);
	cr_expect_str_eq(got->result, expected->result);
	cr_expect_str_eq(got->clock, expected->clock);
	cr_expect_eq(got->repeats, expected->repeats);
	cr_expect_eq(got->preempted, expected->preempted);
	cr_expect_eq(got->crowded, expected->crowded);
	cr_expect_eq(got->throttled, expected->throttled);
	cr_expect_eq(got->steal_ns, expected->steal_ns);
	cr_expect_eq(got->began_ms, expected->began_ms);
	cr_expect_eq(got->took_ns, expected->took_ns);
	cr_assert_eq(got->samples, expected->samples);
	cr_assert_eq(got->team, expected->team);
	expect_same_regions(got->regions, expected->regions, expected->samples, expected->team);
	expect_same_traces(got, expected);
	expect_same_memory(got, expected);
}

/* The line of a launch that has all there can be. */
static inline json_t *good_line(void)
{
	struct launch_record launch = launch_of(&numbers, 2, 2);

	add_traces(&launch, 2, 1);
	add_units(&launch, &launch.traced[1], 2);
	add_memory(&launch);
	json_t *line = launch_to_json(&launch);
	cr_assert_not_null(line);
	launch_release(&launch);
	return line;
}

/* ---- where memory runs out: give these to json_set_alloc_funcs with free ---- */

static size_t allocations_left; /* that succeed; the next one fails, and it alone */

static inline void *allocate(size_t bytes)
{
	if (allocations_left--)
		return malloc(bytes);
	errno = ENOMEM;
	return NULL;
}

#endif
