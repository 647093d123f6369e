#include "team/crew.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	FAN_OUT = 4,
	SPINS_USUAL = 1 << 16 /* some milliseconds: longer than most gaps between samples */
};

/*
 * What a member has beside its post. Each flag is written by one thread alone, when it falls asleep
 * and when it wakes, so that looking at it costs next to nothing as long as nobody sleeps.
 */
struct place {
	_Alignas(128) atomic_uint member_sleeps; /* until there is work */
	_Alignas(128) atomic_uint keeper_sleeps; /* until the member is done; its keeper's flag */
	_Alignas(128) unsigned word;             /* that this member's posts have now */
	unsigned member;
	unsigned first, end; /* of the members that it looks after */
	struct post *post;   /* that it shares with its keeper; member 0 has none, and uses none */
	struct crew *crew;
	pthread_t thread;
};

struct crew {
	unsigned threads;
	uint64_t spins; /* before a waiter sleeps */
	char *posts;
	size_t stride;
	struct place places[];
};

static struct post *post_of(const struct crew *crew, unsigned member)
{
	return (struct post *)(crew->posts + member * crew->stride);
}

/* ---- two at a post ---- */

/*
 * Between a store and a load of something else, which a processor would else swap. On x86 gcc takes a
 * locked instruction for it, with which a region of two took 118 ns, not 103.
 */
static inline void fence(void)
{
#if defined(__x86_64__)
	__builtin_ia32_mfence();
#else
	atomic_thread_fence(memory_order_seq_cst);
#endif
}

/*
 * Either the other one's look at the flag comes after this, and it wakes us; or it came before, and
 * then the word that it had written by then is seen here.
 */
static void sleep_until(atomic_uint *word, unsigned wanted, atomic_uint *sleeps)
{
	unsigned seen;

	atomic_store_explicit(sleeps, 1, memory_order_relaxed);
	fence();
	while ((seen = atomic_load_explicit(word, memory_order_acquire)) != wanted)
		syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
	atomic_store_explicit(sleeps, 0, memory_order_relaxed);
}

static void await(const struct crew *crew, atomic_uint *word, unsigned wanted, atomic_uint *sleeps)
{
	for (uint64_t i = 0; i < crew->spins; i++) {
		if (atomic_load_explicit(word, memory_order_acquire) == wanted)
			return;
		wait_briefly();
	}
	sleep_until(word, wanted, sleeps);
}

/*
 * The word is on its way already: this is in nobody's way. Nor is the fence, here; one for all children,
 * right behind their words, made that 140 ns (measured on Zen 5; why is not known).
 */
static void wake(atomic_uint *word, atomic_uint *sleeps)
{
	fence();
	if (atomic_load_explicit(sleeps, memory_order_relaxed))
		syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* ---- the tree ---- */

static void hand_down(const struct place *mine, crew_fn *fn, void *argument)
{
	for (unsigned c = mine->first; c < mine->end; c++) {
		struct post *post = post_of(mine->crew, c);
		post->fn = fn;
		post->argument = argument;
	}
}

static void send_down(const struct place *mine)
{
	struct crew *crew = mine->crew;

	for (unsigned c = mine->first; c < mine->end; c++)
		atomic_store_explicit(&post_of(crew, c)->word, mine->word, memory_order_release);
	for (unsigned c = mine->first; c < mine->end; c++)
		wake(&post_of(crew, c)->word, &crew->places[c].member_sleeps);
}

static void gather_up(const struct place *mine)
{
	struct crew *crew = mine->crew;

	for (unsigned c = mine->first; c < mine->end; c++)
		await(crew, &post_of(crew, c)->word, mine->word, &crew->places[c].keeper_sleeps);
}

static void report(struct place *mine)
{
	atomic_store_explicit(&mine->post->word, mine->word, memory_order_release);
	wake(&mine->post->word, &mine->keeper_sleeps);
}

static void await_work(struct place *mine)
{
	await(mine->crew, &mine->post->word, mine->word, &mine->member_sleeps);
}

static void *member_main(void *argument)
{
	struct place *mine = argument;
	const struct post *post = mine->post;

	for (;;) {
		mine->word++;
		await_work(mine);
		crew_fn *const fn = post->fn;
		hand_down(mine, fn, post->argument);
		send_down(mine);
		if (!fn)
			return NULL;
		fn(post->argument, mine->member);
		mine->word++;
		gather_up(mine);
		report(mine);
	}
}

void crew_run(struct crew *crew, crew_fn *fn, void *argument)
{
	struct place *mine = &crew->places[0];

	mine->word++;
	hand_down(mine, fn, argument);
	send_down(mine);
	if (!fn)
		return;
	fn(argument, 0);
	mine->word++;
	gather_up(mine);
}

void crew_barrier(struct crew *crew, unsigned member)
{
	struct place *mine = &crew->places[member];

	mine->word++;
	gather_up(mine);
	if (member)
		report(mine);
	mine->word++;
	if (member)
		await_work(mine);
	send_down(mine);
}

/* ---- its threads ---- */

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static void take_places(struct crew *crew)
{
	for (unsigned m = 0; m < crew->threads; m++) {
		struct place *place = &crew->places[m];
		place->crew = crew;
		place->member = m;
		place->first = least(FAN_OUT * m + 1, crew->threads);
		place->end = least(place->first + FAN_OUT, crew->threads);
		place->post = post_of(crew, m);
	}
}

/* Ends members 1 to created - 1, who wait for their first region or the next. */
static void end_members(struct crew *crew, unsigned created)
{
	for (unsigned m = 0; m < created; m++) {
		struct place *place = &crew->places[m];
		place->first = least(place->first, created);
		place->end = least(place->end, created);
	}
	crew_run(crew, NULL, NULL);
	for (unsigned m = 1; m < created; m++)
		pthread_join(crew->places[m].thread, NULL);
}

static uint64_t spins_for(const struct crew_plan *plan)
{
	static const uint64_t spins[WAITS] = {
		[WAIT_UNSET] = SPINS_USUAL,
		[WAIT_ACTIVE] = UINT64_MAX,
		[WAIT_PASSIVE] = 0,
	};

	return plan->crowded ? 0 : spins[plan->wait];
}

int crew_create(struct crew **made, const struct crew_plan *plan, struct message *why)
{
	const size_t bytes = sizeof(struct crew) + plan->threads * sizeof(struct place);
	struct crew *crew = aligned_alloc(_Alignof(struct place), bytes);

	if (!crew)
		return fail(why, -ENOMEM, "no memory for a pool of %u threads", plan->threads);
	memset(crew, 0, bytes);
	crew->spins = spins_for(plan);
	crew->posts = (char *)plan->posts;
	crew->stride = plan->stride;
	crew->threads = plan->threads;
	take_places(crew);
	for (unsigned m = 1; m < plan->threads; m++) {
		struct place *place = &crew->places[m];
		const int error =
			pthread_create(&place->thread, &plan->attrs[m], member_main, place);
		if (error) {
			end_members(crew, m);
			free(crew);
			return fail(why, -error, "cannot create thread %u of %u: %s", m,
				plan->threads - 1, strerror(error));
		}
	}
	*made = crew;
	return 0;
}

void crew_destroy(struct crew *crew)
{
	if (!crew)
		return;
	end_members(crew, crew->threads);
	free(crew);
}
