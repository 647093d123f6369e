#include "team/crew.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * A word counts regions in its upper bits; PARKED is set by a waiter about to sleep on it, so that
 * whoever advances the count knows whether a wake-up is due without a second shared word.
 */
enum {
	PARKED = 1,
	COUNT = 2,
	FAN_OUT = 4,
	SPINS = 1 << 16 /* some milliseconds: longer than most gaps between samples */
};

struct place {
	_Alignas(128) atomic_uint go;   /* written by the parent */
	_Alignas(128) atomic_uint done; /* written by the member */
	struct crew *crew;
	unsigned member;
	pthread_t thread;
};

struct crew {
	unsigned threads;
	unsigned spins; /* before a waiter sleeps; 0 in a crowded crew */
	unsigned count; /* of regions so far, times COUNT */
	void (*fn)(void *argument, unsigned member); /* NULL: end */
	void *argument;
	struct place places[];
};

static void pause_briefly(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#endif
}

static bool reached(unsigned word, unsigned count)
{
	return (word & ~(unsigned)PARKED) == count;
}

static void await(atomic_uint *word, unsigned count, unsigned spins)
{
	for (unsigned i = 0; i < spins; i++) {
		if (reached(atomic_load_explicit(word, memory_order_acquire), count))
			return;
		pause_briefly();
	}
	for (;;) {
		unsigned seen = atomic_load_explicit(word, memory_order_acquire);
		if (reached(seen, count))
			return;
		if (!(seen & PARKED) && !atomic_compare_exchange_strong(word, &seen, seen | PARKED))
			continue;
		syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen | PARKED, NULL, NULL, 0);
	}
}

static void advance(atomic_uint *word, unsigned count)
{
	if (atomic_exchange_explicit(word, count, memory_order_acq_rel) & PARKED)
		syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static unsigned first_child(unsigned member)
{
	return FAN_OUT * member + 1;
}

static unsigned end_child(const struct crew *crew, unsigned member)
{
	const unsigned end = first_child(member) + FAN_OUT;

	return end < crew->threads ? end : crew->threads;
}

static void send_down(struct crew *crew, unsigned member, unsigned count)
{
	for (unsigned c = first_child(member); c < end_child(crew, member); c++)
		advance(&crew->places[c].go, count);
}

static void gather_up(struct crew *crew, unsigned member, unsigned count)
{
	for (unsigned c = first_child(member); c < end_child(crew, member); c++)
		await(&crew->places[c].done, count, crew->spins);
}

static void *member_main(void *argument)
{
	struct place *mine = argument;
	struct crew *crew = mine->crew;

	for (unsigned count = COUNT;; count += COUNT) {
		await(&mine->go, count, crew->spins);
		send_down(crew, mine->member, count);
		if (!crew->fn)
			return NULL;
		crew->fn(crew->argument, mine->member);
		gather_up(crew, mine->member, count);
		advance(&mine->done, count);
	}
}

void crew_run(struct crew *crew, void (*fn)(void *argument, unsigned member), void *argument)
{
	crew->fn = fn;
	crew->argument = argument;
	crew->count += COUNT;
	send_down(crew, 0, crew->count);
	if (!fn)
		return;
	fn(argument, 0);
	gather_up(crew, 0, crew->count);
}

/* Ends members 1 to created - 1, who wait for their first region or the next. */
static void end_members(struct crew *crew, unsigned created)
{
	crew->threads = created;
	crew_run(crew, NULL, NULL);
	for (unsigned m = 1; m < created; m++)
		pthread_join(crew->places[m].thread, NULL);
}

int crew_create(struct crew **made, unsigned threads, const pthread_attr_t *attrs, bool crowded,
	struct message *why)
{
	const size_t bytes = sizeof(struct crew) + threads * sizeof(struct place);
	struct crew *crew = aligned_alloc(_Alignof(struct place), bytes);

	if (!crew)
		return fail(why, -ENOMEM, "no memory for a pool of %u threads", threads);
	memset(crew, 0, bytes);
	crew->threads = threads;
	crew->spins = crowded ? 0 : SPINS;
	for (unsigned m = 1; m < threads; m++) {
		struct place *place = &crew->places[m];
		place->crew = crew;
		place->member = m;
		const int error = pthread_create(&place->thread, &attrs[m], member_main, place);
		if (error) {
			end_members(crew, m);
			free(crew);
			return fail(why, -error, "cannot create thread %u of %u: %s", m,
				threads - 1, strerror(error));
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
