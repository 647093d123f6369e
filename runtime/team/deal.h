/*
 * deal: how members get their units, in the chunks of schedule.h, in the variants that deal out units
 * themselves: all but sequential and openmp.
 *
 * static and auto are schedule_next()'s. Under dynamic each member has a block of chunks in a row,
 * and a counter of its own for it. It takes the chunks of its block one at a time; when they are
 * gone, those of the next member's block, and so on round the team. So nobody is without work while
 * there is a chunk that nobody has begun, as with one counter for all, but members who are all at
 * work touch no line of one another's. OpenMP leaves the order of chunks open (nonmonotonic, since
 * 5.0); libgomp's is that of the loop. Ten units, three members, dynamic,2:
 *
 *	0 1 2 3 | 4 5 6 7 | 8 9      chunks 0 1, 2 3 | 4 5, 6 7 | 8 9; the third member, who is done
 *	                             first, goes on to the first one's 2 3
 *
 * Under guided the chunks' ends, which do not depend on who asks, are written down before the fork,
 * and a counter says which is next: there is nothing to divide, and nobody asks in vain.
 */
#ifndef DEAL_H
#define DEAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "schedule.h"

struct counter {
	_Alignas(128) atomic_uint_fast64_t next;
};

struct deal {
	struct schedule schedule;
	uint64_t units;
	unsigned team, blocks;    /* of dynamic's chunks: one a member, or one for all */
	uint64_t chunk, chunks;   /* dynamic: units in one, and how many; guided: how many */
	uint64_t *ends;           /* guided: of each chunk; owned */
	struct counter *counters; /* dynamic: one a member; guided: one; owned */
};

/*
 * Returns 0 or -ENOMEM with nothing to release. What members share of it is allocated here, for
 * processes between memory_share_begin and memory_share_end.
 */
int deal_init(struct deal *deal, struct schedule schedule, uint64_t units, unsigned team);

/* Dynamic's chunks then come in their order, to whoever asks, at the cost of one counter for all. */
void deal_in_order(struct deal *deal);
void deal_release(struct deal *deal);

/* Before each region. */
void deal_reset(struct deal *deal);

/* One member's way through a region. */
struct hand {
	const struct deal *deal;
	struct share share;      /* static */
	struct counter *counter; /* of the block that it takes from */
	uint64_t first, count;   /* the block's chunks */
	unsigned asked;          /* how many blocks it has found empty */
};

/* The chunks of a member's block: the first so many members get one more, as under static. */
static inline void hand_take_block(struct hand *hand, unsigned owner)
{
	const struct deal *deal = hand->deal;
	const uint64_t each = deal->chunks / deal->blocks, rest = deal->chunks % deal->blocks;

	hand->counter = &deal->counters[owner];
	hand->first = owner * each + schedule_smaller(owner, rest);
	hand->count = each + (owner < rest);
}

static inline struct hand hand_of(const struct deal *deal, unsigned member)
{
	struct hand hand = {
		.deal = deal,
		.share = { deal->schedule, deal->units, member, deal->team, 0 },
		.counter = deal->counters,
	};

	if (deal->schedule.kind == SCHEDULE_DYNAMIC)
		hand_take_block(&hand, member % deal->blocks);
	return hand;
}

/* Who is alone need not lock a line. */
static inline uint64_t hand_count(const struct hand *hand)
{
	atomic_uint_fast64_t *next = &hand->counter->next;

	if (hand->deal->team > 1)
		return atomic_fetch_add_explicit(next, 1, memory_order_relaxed);
	const uint64_t turn = atomic_load_explicit(next, memory_order_relaxed);
	atomic_store_explicit(next, turn + 1, memory_order_relaxed);
	return turn;
}

/* To the next block that is not empty; a look does not take its line from those who are at it. */
static inline bool hand_move_on(struct hand *hand)
{
	const unsigned blocks = hand->deal->blocks;

	while (++hand->asked < blocks) {
		hand_take_block(hand, (hand->share.member + hand->asked) % blocks);
		if (atomic_load_explicit(&hand->counter->next, memory_order_relaxed) < hand->count)
			return true;
	}
	return false;
}

static inline bool hand_next_dynamic(struct hand *hand, struct range *units)
{
	const struct deal *deal = hand->deal;

	do {
		const uint64_t turn = hand_count(hand);
		if (turn >= hand->count)
			continue;
		units->first = (hand->first + turn) * deal->chunk;
		units->end = schedule_smaller(units->first + deal->chunk, deal->units);
		return true;
	} while (hand_move_on(hand));
	return false;
}

static inline bool hand_next_guided(const struct hand *hand, struct range *units)
{
	const struct deal *deal = hand->deal;
	const uint64_t turn = hand_count(hand);

	if (turn >= deal->chunks)
		return false;
	units->first = turn ? deal->ends[turn - 1] : 0;
	units->end = deal->ends[turn];
	return true;
}

/* The member's next units, which are not empty; false when there are none left: it must not ask again. */
static inline bool hand_next(struct hand *hand, struct range *units)
{
	switch (hand->share.schedule.kind) {
	case SCHEDULE_DYNAMIC:
		return hand_next_dynamic(hand, units);
	case SCHEDULE_GUIDED:
		return hand_next_guided(hand, units);
	default:
		return schedule_next(&hand->share, NULL, units);
	}
}

#endif
