/*
 * regions: launches whose stamps are made by hand or at random, and what was lost in them.
 */
#ifndef REGIONS_H
#define REGIONS_H

#include <criterion/criterion.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/losses.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct case_spec spec = {
	.kernel = "triangle",
	.variant = OPENMP,
	.threads = 2,
	.schedule = { SCHEDULE_STATIC, 0 },
	.size = { .n = 100 },
	.grain = 1,
};

static const double us = 1e-6;

/* ---- records ---- */

static inline struct region_record *regions_of(size_t count, unsigned team)
{
	struct region_record *regions = calloc(count, sizeof(*regions));
	struct member_record *members = calloc(count * team, sizeof(*members));

	cr_assert(regions && members);
	for (size_t r = 0; r < count; r++)
		regions[r].members = members + r * team;
	return regions;
}

static inline struct launch_record launch_of(unsigned team, size_t samples)
{
	return (struct launch_record) {
		.spec = spec,
		.status = LAUNCH_OK,
		.team = team,
		.samples = samples,
		.regions = regions_of(samples, team),
		.took_ns = 1000000,
	};
}

static inline void free_regions(struct region_record *regions)
{
	if (regions)
		free(regions[0].members);
	free(regions);
}

static inline void free_launches(struct launch_record *launches, size_t count)
{
	for (size_t l = 0; l < count; l++) {
		free_regions(launches[l].regions);
		free_regions(launches[l].traced);
	}
}

/* From 1000 ns on; member 0 starts after 10, member 1 after 50. */
static inline void fill_region(
	struct region_record *region, uint64_t busy_0, uint64_t busy_1, uint64_t join)
{
	region->fork_ns = 1000;
	region->members[0] = (struct member_record) {
		.start_ns = 1010, .complete_ns = 1010 + busy_0, .units = 40
	};
	region->members[1] = (struct member_record) {
		.start_ns = 1050, .complete_ns = 1050 + busy_1, .units = 60
	};
	region->join_ns = 1000 + join;
}

static inline struct losses losses_of(
	const struct launch_record *launches, size_t count, double sequential)
{
	struct losses losses;

	cr_assert_eq(losses_make(&losses, &spec, launches, count, sequential), 0);
	return losses;
}

/* Of one launch with one region, in which 2000 ns are held: fork 60, busy 1340, wait 400, join 200. */
static inline struct launch_record known_launch(void)
{
	struct launch_record launch = launch_of(2, 1);

	fill_region(launch.regions, 890, 450, 1000);
	return launch;
}

static inline void expect_near(double value, double expected, const char *what)
{
	cr_expect(fabs(value - expected) <= 1e-12 * fabs(expected) + 1e-18, "%s: %.15g, not %.15g",
		what, value, expected);
}

static inline uint64_t random_stamp(gsl_rng *random)
{
	return gsl_rng_uniform_int(random, 1000000000);
}

static inline void randomise(gsl_rng *random, struct region_record *region, unsigned team)
{
	region->fork_ns = random_stamp(random);
	region->join_ns = region->fork_ns + 1 + random_stamp(random);
	for (unsigned m = 0; m < team; m++) {
		struct member_record *member = &region->members[m];
		member->start_ns = random_stamp(random);
		member->complete_ns = 1 + random_stamp(random);
		member->units = gsl_rng_uniform_int(random, 3);
		member->body_ns = random_stamp(random);
	}
}

#endif
