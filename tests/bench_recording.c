/*
 * bench_recording: what does recording cost? Usage: bench_recording
 *
 * Regions of about 10 us are timed from outside, at each level of recording in turn: bare (nothing is
 * stamped), region and units. Ratios are taken within a round of the three, and the median over
 * rounds counts. Fails if the `region` level costs more than 1 %.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/stats.h"
#include "clock.h"
#include "machine/topology.h"
#include "team/team.h"

enum { ROUNDS = 3000, WARM_UP = 100, UNITS = 8, LEVELS = 3 };

static const double region_ns = 10000, most = 0.01;

region_fn sum_squares_openmp_bare, sum_squares_pthread_bare, sum_squares_pool_bare;

static region_fn *const bare[VARIANTS] = {
	[OPENMP] = sum_squares_openmp_bare,
	[PTHREAD] = sum_squares_pthread_bare,
	[POOL] = sum_squares_pool_bare,
};

struct bench {
	const struct kernel_entry *entry;
	struct clock clock;
	struct input *input;
	struct team team;
	region_fn *levels[LEVELS];
};

static void ready(struct bench *b, enum variant variant, unsigned threads, uint64_t n)
{
	struct team_plan plan = {
		.kernel = b->entry->kernel,
		.input = b->input,
		.n = n * threads,
		.grain = n / UNITS,
		.variant = variant,
		.threads = threads,
		.schedule = { .kind = SCHEDULE_STATIC },
		.clock = &b->clock,
		.room = 2 * UNITS,
	};
	struct message why;

	if (team_init(&b->team, &plan, &why)) {
		fprintf(stderr, "%s\n", why.text);
		exit(4);
	}
	b->levels[0] = bare[variant];
	b->levels[1] = b->entry->region[variant];
	b->levels[2] = b->entry->region_units[variant];
}

/* Nanoseconds that a region takes. */
static double time_region(struct bench *b, unsigned level)
{
	team_reset(&b->team);
	const uint64_t begin = clock_ticks(&b->clock);
	b->levels[level](&b->team);
	return (double)(clock_ticks(&b->clock) - begin) * b->clock.ns_per_tick;
}

/* So many integers a member that a region takes about 10 us. */
static uint64_t integers(struct bench *b)
{
	const uint64_t n = 1 << 16;

	ready(b, POOL, 1, n);
	double ns = INFINITY;
	for (int warm = 0; warm < WARM_UP; warm++)
		ns = fmin(ns, time_region(b, 0));
	team_release(&b->team);
	return (uint64_t)(region_ns / ns * (double)n) / UNITS * UNITS;
}

static bool measure(struct bench *b, enum variant variant, unsigned threads, uint64_t n)
{
	double bare_ns[ROUNDS], cost[LEVELS][ROUNDS];

	ready(b, variant, threads, n);
	for (int warm = 0; warm < WARM_UP; warm++)
		time_region(b, warm % LEVELS);
	for (int r = 0; r < ROUNDS; r++) {
		double ns[LEVELS];
		for (unsigned l = 0; l < LEVELS; l++) {
			const unsigned level = (l + (unsigned)r) % LEVELS;
			ns[level] = time_region(b, level);
		}
		bare_ns[r] = ns[0];
		for (unsigned l = 1; l < LEVELS; l++)
			cost[l][r] = ns[l] / ns[0] - 1;
	}
	team_release(&b->team);
	const struct estimate region = stats_estimate(cost[1], ROUNDS);
	const struct estimate units = stats_estimate(cost[2], ROUNDS);
	printf("%-8s %7u %8.2f us %+8.2f %% (%+.2f to %+.2f) %+8.2f %% (%+.2f to %+.2f)\n",
		variant_name(variant), threads, 1e-3 * stats_median(bare_ns, ROUNDS),
		100 * region.median, 100 * region.low, 100 * region.high, 100 * units.median,
		100 * units.low, 100 * units.high);
	return region.median <= most;
}

int main(void)
{
	struct bench b = { .entry = kernel_find("sum_squares"), .clock = clock_calibrate() };
	const struct problem problem = { .size = { .n = 1 } };
	struct topology topology;
	struct message why;
	bool good = true;

	b.input = calloc(1, b.entry->kernel->input_bytes);
	if (!b.input || b.entry->kernel->setup(b.input, &problem) || topology_load(&topology, &why))
		return 4;
	const uint64_t n = integers(&b);
	printf("%-8s %7s %11s %30s %30s\n", "variant", "threads", "bare", "region level costs",
		"units level costs");
	for (enum variant v = OPENMP; v <= POOL; v++) {
		good &= measure(&b, v, 1, n);
		if (topology.cores > 1)
			good &= measure(&b, v, topology.cores, n);
	}
	printf("%d units a member; 95 %% intervals of medians over %d rounds\n"
	       "the region level may cost %g %%\n",
		UNITS, ROUNDS, 100 * most);
	topology_release(&topology);
	free(b.input);
	return good ? 0 : 1;
}
