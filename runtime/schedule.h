/*
 * schedule: how the units of a region are dealt out to its members.
 *
 * The kinds are OpenMP's, and the split is libgomp's. The other variants deal out the same chunks, so
 * that they differ from openmp in how they fork, dispatch and join, and not in what a chunk is; how
 * their members get them is in team/deal.h. Ten units, three members:
 *
 *	static       0 1 2 3 | 4 5 6 | 7 8 9      the first n mod p members get one unit more
 *	static,2     0 1 6 7 | 2 3 8 9 | 4 5      chunks in turn
 *	dynamic      one unit at a time, to whoever asks
 *	dynamic,4    0 1 2 3, then 4 5 6 7, then 8 9, to whoever asks
 *	guided       ceil(rest / p): 4, 2, 2, 1, 1, to whoever asks
 *	guided,3     the same, but at least 3: 4, 3, 3
 *	auto         libgomp takes it for static, and so do the others
 */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel.h"
#include "message.h"

enum schedule_kind {
	SCHEDULE_NONE, /* the sequential variant's */
	SCHEDULE_STATIC,
	SCHEDULE_DYNAMIC,
	SCHEDULE_GUIDED,
	SCHEDULE_AUTO,
	SCHEDULE_KINDS
};

enum {
	SCHEDULE_CHUNK_MAX = INT32_MAX, /* omp_set_schedule takes an int */
	SCHEDULE_TEXT = 24              /* room for a schedule's text */
};

struct schedule {
	enum schedule_kind kind;
	uint32_t chunk; /* in units; 0: the kind's default */
};

/* The kind's word in output and on the command line; "none" for SCHEDULE_NONE. */
const char *schedule_kind_name(enum schedule_kind kind);

/* "dynamic,16", or "dynamic" for the default chunk. Returns text. */
char *schedule_print(struct schedule schedule, char text[SCHEDULE_TEXT]);

static inline bool schedule_same(struct schedule a, struct schedule b)
{
	return a.kind == b.kind && a.chunk == b.chunk;
}

/* Reads KIND[,CHUNK]. Returns 0, or -EINVAL and what would be right. SCHEDULE_NONE is not read. */
int schedule_parse(const char *text, struct schedule *into, struct message *why);

/* The one word that members of a dynamic or guided region share, on a line of its own. */
struct dispatch {
	_Alignas(128) atomic_uint_fast64_t next;
};

/* One member's way through a region. */
struct share {
	struct schedule schedule;
	uint64_t units;
	unsigned member, team;
	uint64_t turn; /* 0 at first: how many chunks this member has taken, for static */
};

static inline uint64_t schedule_smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline bool schedule_next_block(struct share *mine, struct range *units)
{
	if (mine->turn++)
		return false;
	const uint64_t each = mine->units / mine->team, rest = mine->units % mine->team;
	units->first = mine->member * each + schedule_smaller(mine->member, rest);
	units->end = units->first + each + (mine->member < rest);
	return units->first < units->end;
}

static inline bool schedule_next_in_turn(struct share *mine, struct range *units)
{
	const uint64_t chunk = mine->schedule.chunk;

	units->first = (mine->member + mine->turn++ * mine->team) * chunk;
	units->end = schedule_smaller(units->first + chunk, mine->units);
	return units->first < mine->units;
}

static inline bool schedule_next_dynamic(
	const struct share *mine, struct dispatch *shared, struct range *units)
{
	const uint64_t chunk = mine->schedule.chunk ? mine->schedule.chunk : 1;

	units->first = atomic_fetch_add_explicit(&shared->next, chunk, memory_order_relaxed);
	units->end = schedule_smaller(units->first + chunk, mine->units);
	return units->first < mine->units;
}

static inline bool schedule_next_guided(
	const struct share *mine, struct dispatch *shared, struct range *units)
{
	const uint64_t least = mine->schedule.chunk ? mine->schedule.chunk : 1;
	uint_fast64_t first = atomic_load_explicit(&shared->next, memory_order_relaxed);

	do {
		if (first >= mine->units)
			return false;
		const uint64_t rest = mine->units - first;
		const uint64_t fair = (rest + mine->team - 1) / mine->team;
		units->first = first;
		units->end = first + schedule_smaller(rest, fair > least ? fair : least);
	} while (!atomic_compare_exchange_weak_explicit(
		&shared->next, &first, units->end, memory_order_relaxed, memory_order_relaxed));
	return true;
}

/*
 * The member's next units, which are not empty; false when there are none left for it. The members
 * of one region must agree on schedule, units and team, and `shared` must be zero at the fork.
 */
static inline bool schedule_next(struct share *mine, struct dispatch *shared, struct range *units)
{
	switch (mine->schedule.kind) {
	case SCHEDULE_DYNAMIC:
		return schedule_next_dynamic(mine, shared, units);
	case SCHEDULE_GUIDED:
		return schedule_next_guided(mine, shared, units);
	case SCHEDULE_STATIC:
		if (mine->schedule.chunk)
			return schedule_next_in_turn(mine, units);
		/* fall through */
	default:
		return schedule_next_block(mine, units);
	}
}

#endif
