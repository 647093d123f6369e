/*
 * trials: schedules side by side, with times of the test's making.
 */
#ifndef TEST_TRIALS_H
#define TEST_TRIALS_H

#include <criterion/criterion.h>
#include <math.h>

#include "analysis/trial.h"
#include "kept.h"

enum { BENCH_ROUNDS = 20, BENCH_TRIALS = 64 };

struct bench {
	struct trials trials;
	struct trial all[BENCH_TRIALS];
	double seconds[BENCH_TRIALS][BENCH_ROUNDS];
	uint64_t noise; /* the state of its generator */
};

/* So many rounds, in which nothing has been measured yet. */
static inline struct bench *bench_make(unsigned rounds)
{
	struct bench *bench = keep(calloc(1, sizeof(*bench)));

	cr_assert_leq(rounds, BENCH_ROUNDS);
	bench->trials = (struct trials) { .all = bench->all, .rounds = rounds };
	bench->noise = 1;
	return bench;
}

/* A trial without launches. Returns its place. */
static inline size_t bench_add(struct bench *bench, enum schedule_kind kind, uint32_t chunk)
{
	const size_t i = bench->trials.count++;

	cr_assert_lt(i, BENCH_TRIALS);
	bench->all[i] = (struct trial) {
		.spec = { .variant = OPENMP, .threads = 2, .schedule = { kind, chunk } },
		.seconds = bench->seconds[i],
	};
	for (unsigned r = 0; r < BENCH_ROUNDS; r++)
		bench->seconds[i][r] = NAN;
	return i;
}

static inline void bench_launch(struct bench *bench, size_t trial, unsigned round, double seconds)
{
	bench->all[trial].launches += isnan(bench->seconds[trial][round]);
	bench->seconds[trial][round] = seconds;
}

/* Evenly between -1 and 1. */
static inline double bench_noise(struct bench *bench)
{
	bench->noise = bench->noise * 6364136223846793005u + 1442695040888963407u;
	return (double)(bench->noise >> 11) / (double)((uint64_t)1 << 52) - 1;
}

/* A trial with a launch in every round, whose times lie within `spread` of `seconds`, relatively. */
static inline size_t bench_measure(
	struct bench *bench, enum schedule_kind kind, uint32_t chunk, double seconds, double spread)
{
	const size_t i = bench_add(bench, kind, chunk);

	for (unsigned r = 0; r < bench->trials.rounds; r++)
		bench_launch(bench, i, r, seconds * (1 + spread * bench_noise(bench)));
	return i;
}

#endif
