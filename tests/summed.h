/*
 * summed: launches of a sequential and a parallel case, made by hand, and what they are summed up to.
 */
#ifndef SUMMED_H
#define SUMMED_H

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "analysis/summary.h"

static const struct case_spec sequential = { "sum_squares", SEQUENTIAL, 1, { SCHEDULE_NONE, 0 },
	{ .n = 1000 }, 10, true };
static const struct case_spec parallel = { "sum_squares", OPENMP, 4, { SCHEDULE_DYNAMIC, 16 },
	{ .n = 1000 }, 10, true };

enum { LAUNCHES_MOST = 40 };

/* Launches made by hand, and what they are summed up to. */
struct bench {
	struct launch_record launches[LAUNCHES_MOST];
	size_t count;
	struct summaries all;
};

/* A launch with one sample a time given, in milliseconds; 0 ends them. */
static inline struct launch_record *add_samples(
	struct bench *bench, const struct case_spec *spec, unsigned round, const double *ms)
{
	struct launch_record *launch = &bench->launches[bench->count++];
	size_t count = 0;

	while (ms[count] > 0)
		count++;
	*launch = (struct launch_record) { .spec = *spec, .round = round, .result = "42" };
	cr_assert_eq(launch_reserve(launch, count, spec->threads), 0);
	for (size_t s = 0; s < count; s++) {
		launch->regions[s].fork_ns = s * 1000000000u;
		launch->regions[s].join_ns = s * 1000000000u + 77; /* of a repeat: not looked at */
		launch->regions[s].sample_ns = ms[s] * 1e6;
	}
	return launch;
}

static inline struct launch_record *add(
	struct bench *bench, const struct case_spec *spec, unsigned round, double ms)
{
	return add_samples(bench, spec, round, (double[]) { ms, 0 });
}

static inline struct launch_record *add_not_ok(struct bench *bench, const struct case_spec *spec,
	unsigned round, enum launch_status status, const char *why)
{
	struct launch_record *launch = add(bench, spec, round, 1);

	launch->status = status;
	snprintf(launch->why, sizeof(launch->why), "%s", why);
	return launch;
}

static const struct summary *sum_up(
	struct bench *bench, const struct case_spec *cases, size_t case_count)
{
	cr_assert_eq(
		summaries_make(&bench->all, cases, case_count, bench->launches, bench->count), 0);
	return bench->all.rows;
}

static const struct summary *sum_up_both(struct bench *bench)
{
	return sum_up(bench, (struct case_spec[]) { sequential, parallel }, 2);
}

static inline void release(struct bench *bench)
{
	for (size_t i = 0; i < bench->count; i++)
		launch_release(&bench->launches[i]);
	summaries_release(&bench->all);
}

static inline bool near(double a, double b)
{
	return fabs(a - b) <= 1e-12 * fabs(b);
}

#endif
