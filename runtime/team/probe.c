#include "team/probe.h"

#include <errno.h>
#include <omp.h>
#include <stdlib.h>

enum { PAUSES = 16 }; /* between two passes: some 400 ns, by when the other one waits again */

static int ascending(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Each sample is of so many. */
static double median_ns(const struct clock *clock, const uint64_t ticks[PROBE_SAMPLES])
{
	double ns[PROBE_SAMPLES];

	for (int s = 0; s < PROBE_SAMPLES; s++)
		ns[s] = (double)ticks[s] * clock->ns_per_tick / PROBE_REPEATS;
	qsort(ns, PROBE_SAMPLES, sizeof(*ns), ascending);
	return ns[PROBE_SAMPLES / 2];
}

double probe_stamp_ns(const struct clock *clock)
{
	uint64_t ticks[PROBE_SAMPLES];

	for (int s = 0; s < PROBE_SAMPLES; s++) {
		const uint64_t begin = clock_ticks(clock);
		uint64_t now = begin;
		for (int i = 0; i < PROBE_REPEATS; i++)
			now = clock_ticks(clock);
		ticks[s] = now - begin;
	}
	return median_ns(clock, ticks);
}

/* ---- there and back ---- */

struct pass {
	_Alignas(128) atomic_uint word;
	/* only read, but for ticks, which are the caller's */
	_Alignas(128) const struct clock *clock;
	unsigned member;
	_Alignas(128) uint64_t ticks[PROBE_SAMPLES];
};

static void await_word(atomic_uint *word, unsigned wanted)
{
	while (atomic_load_explicit(word, memory_order_acquire) != wanted)
		wait_briefly();
}

static uint64_t there_and_back(struct pass *pass, unsigned turn)
{
	for (int i = 0; i < PAUSES; i++)
		wait_briefly();
	const uint64_t begin = clock_ticks(pass->clock);
	atomic_store_explicit(&pass->word, turn + 1, memory_order_release);
	await_word(&pass->word, turn + 2);
	return clock_ticks(pass->clock) - begin;
}

static void send(struct pass *pass)
{
	unsigned turn = 0;

	for (int s = 0; s < PROBE_SAMPLES; s++) {
		pass->ticks[s] = 0;
		for (int i = 0; i < PROBE_REPEATS; i++, turn += 2)
			pass->ticks[s] += there_and_back(pass, turn);
	}
}

static void send_back(struct pass *pass)
{
	for (unsigned turn = 0; turn < 2 * PROBE_SAMPLES * PROBE_REPEATS; turn += 2) {
		await_word(&pass->word, turn + 1);
		atomic_store_explicit(&pass->word, turn + 2, memory_order_release);
	}
}

static void take_part_in_pass(void *argument, unsigned member)
{
	struct pass *pass = argument;

	if (!member)
		send(pass);
	else if (member == pass->member)
		send_back(pass);
}

double probe_pass_ns(struct team *team, unsigned member)
{
	struct pass pass = { .clock = team->clock, .member = member };

	crew_run(team->crew, take_part_in_pass, &pass);
	return median_ns(team->clock, pass.ticks);
}

/* ---- barriers ---- */

struct barriers {
	struct team *team;
	pthread_barrier_t threads; /* the pthread variant's */
	_Alignas(128) uint64_t ticks[PROBE_SAMPLES];
};

typedef void barrier_fn(struct barriers *all, unsigned member);

static void openmp_barrier(struct barriers *all, unsigned member)
{
	(void)all;
	(void)member;
#pragma omp barrier
}

static void pthread_barrier(struct barriers *all, unsigned member)
{
	(void)member;
	pthread_barrier_wait(&all->threads);
}

static void pool_barrier(struct barriers *all, unsigned member)
{
	crew_barrier(all->team->crew, member);
}

/* From one that all have left to another. */
static void take_part(struct barriers *all, unsigned member, barrier_fn *barrier)
{
	const struct clock *clock = all->team->clock;

	barrier(all, member);
	for (int s = 0; s < PROBE_SAMPLES; s++) {
		const uint64_t begin = clock_ticks(clock);
		for (int i = 0; i < PROBE_REPEATS; i++)
			barrier(all, member);
		if (!member)
			all->ticks[s] = clock_ticks(clock) - begin;
	}
}

static int run_openmp(struct barriers *all)
{
#pragma omp parallel num_threads(all->team->threads)
	take_part(all, (unsigned)omp_get_thread_num(), openmp_barrier);
	return 0;
}

static void pool_member(void *argument, unsigned member)
{
	take_part(argument, member, pool_barrier);
}

static int run_pool(struct barriers *all)
{
	crew_run(all->team->crew, pool_member, all);
	return 0;
}

static void pthread_member(void *argument, unsigned member)
{
	take_part(argument, member, pthread_barrier);
}

/* Threads of their own, kept for that long only, and bound as the team's are. */
static int run_pthread(struct barriers *all)
{
	const struct team *team = all->team;
	struct post *posts = calloc(team->threads, sizeof(*posts));
	const struct crew_plan plan = { team->threads, team->attrs, posts, sizeof(*posts),
		WAIT_PASSIVE, false };
	struct crew *crew = NULL;
	int error = posts ? pthread_barrier_init(&all->threads, NULL, team->threads) : ENOMEM;

	if (!error) {
		error = -crew_create(&crew, &plan, NULL);
		if (!error)
			crew_run(crew, pthread_member, all);
		crew_destroy(crew);
		pthread_barrier_destroy(&all->threads);
	}
	free(posts);
	return -error;
}

int probe_barrier_ns(struct team *team, enum variant variant, double *ns)
{
	static int (*const run[VARIANTS])(struct barriers * all) = {
		[OPENMP] = run_openmp,
		[PTHREAD] = run_pthread,
		[POOL] = run_pool,
	};
	struct barriers all = { .team = team };
	const int error = run[variant](&all);

	if (!error)
		*ns = median_ns(team->clock, all.ticks);
	return error;
}
