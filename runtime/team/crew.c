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
 * Either the other one's look at the flag comes after this, and it wakes us; or it came before, and
 * then the word that it had written by then is seen here.
 */
static void sleep_until(atomic_uint *word, unsigned wanted, atomic_uint *sleeps)
{
	unsigned seen;

	atomic_fetch_or_explicit(sleeps, 1, memory_order_acq_rel);
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

/* The word is on its way already: this is in nobody's way. */
static void wake(atomic_uint *word, atomic_uint *sleeps)
{
	if (atomic_fetch_or_explicit(sleeps, 0, memory_order_acq_rel))
		syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* ---- the tree ---- */

static unsigned first_child(unsigned member)
{
	return FAN_OUT * member + 1;
}

static unsigned end_child(const struct crew *crew, unsigned member)
{
	const unsigned end = first_child(member) + FAN_OUT;

	return end < crew->threads ? end : crew->threads;
}

static void hand_down(struct crew *crew, unsigned member, crew_fn *fn, void *argument)
{
	for (unsigned c = first_child(member); c < end_child(crew, member); c++) {
		struct post *post = post_of(crew, c);
		post->fn = fn;
		post->argument = argument;
	}
}

static void send_down(struct crew *crew, unsigned member)
{
	const unsigned first = first_child(member), end = end_child(crew, member);
	const unsigned word = crew->places[member].word;

	for (unsigned c = first; c < end; c++)
		atomic_store_explicit(&post_of(crew, c)->word, word, memory_order_release);
	for (unsigned c = first; c < end; c++)
		wake(&post_of(crew, c)->word, &crew->places[c].member_sleeps);
}

static void gather_up(struct crew *crew, unsigned member)
{
	const unsigned word = crew->places[member].word;

	for (unsigned c = first_child(member); c < end_child(crew, member); c++)
		await(crew, &post_of(crew, c)->word, word, &crew->places[c].keeper_sleeps);
}

static void report(struct crew *crew, unsigned member)
{
	struct place *mine = &crew->places[member];
	struct post *post = post_of(crew, member);

	atomic_store_explicit(&post->word, mine->word, memory_order_release);
	wake(&post->word, &mine->keeper_sleeps);
}

static void await_work(struct crew *crew, struct place *mine)
{
	await(crew, &post_of(crew, mine->member)->word, mine->word, &mine->member_sleeps);
}

static void *member_main(void *argument)
{
	struct place *mine = argument;
	struct crew *crew = mine->crew;
	const struct post *post = post_of(crew, mine->member);

	for (;;) {
		mine->word++;
		await_work(crew, mine);
		crew_fn *const fn = post->fn;
		hand_down(crew, mine->member, fn, post->argument);
		send_down(crew, mine->member);
		if (!fn)
			return NULL;
		fn(post->argument, mine->member);
		mine->word++;
		gather_up(crew, mine->member);
		report(crew, mine->member);
	}
}

void crew_run(struct crew *crew, crew_fn *fn, void *argument)
{
	struct place *mine = &crew->places[0];

	mine->word++;
	hand_down(crew, 0, fn, argument);
	send_down(crew, 0);
	if (!fn)
		return;
	fn(argument, 0);
	mine->word++;
	gather_up(crew, 0);
}

void crew_barrier(struct crew *crew, unsigned member)
{
	struct place *mine = &crew->places[member];

	mine->word++;
	gather_up(crew, member);
	if (member)
		report(crew, member);
	mine->word++;
	if (member)
		await_work(crew, mine);
	send_down(crew, member);
}

/* ---- its threads ---- */

/* Ends members 1 to created - 1, who wait for their first region or the next. */
static void end_members(struct crew *crew, unsigned created)
{
	crew->threads = created;
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
	crew->threads = plan->threads;
	crew->spins = spins_for(plan);
	crew->posts = (char *)plan->posts;
	crew->stride = plan->stride;
	for (unsigned m = 1; m < plan->threads; m++) {
		struct place *place = &crew->places[m];
		place->crew = crew;
		place->member = m;
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
