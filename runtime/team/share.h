/*
 * share: a member's share of a region, in the variants that deal out units themselves. For dealt.c
 * alone, after the kernel's body.
 */
#ifndef SHARE_H
#define SHARE_H

#include "team/member.h"

static inline void seat_work(struct seat *mine)
{
	struct team *team = mine->team;
	const struct input *input = team->input;
	const uint64_t n = team->n, grain = team->grain;
	struct hand hand = hand_of(&team->deal, mine->member);
	struct range units;
	uint64_t done = 0;

	const struct arrival arrival = seat_start(mine, team->clock);
	while (hand_next(&hand, &units)) {
		for (uint64_t unit = units.first; unit < units.end; unit++) {
			const struct range elements = unit_elements(unit, grain, n);
			const uint64_t begin = seat_begin_unit(team->clock);
			body(input, elements, mine->partial);
			seat_end_unit(mine, team->clock, unit, begin);
		}
		done += units.end - units.first;
	}
	seat_complete(mine, arrival, team->clock, done);
}

/* The same of a member of a crew, or of children, to whom all seats are given. */
static void seat_work_of(void *seats, unsigned member)
{
	seat_work((struct seat *)seats + member);
}

/* ---- one unit at a time, for members that may step aside after each ---- */

static inline void seat_begin_walk(struct seat *mine)
{
	mine->arrival = (struct arrival) { 0 };
	mine->hand = hand_of(&mine->team->deal, mine->member);
	mine->rest = (struct range) { 0, 0 };
	mine->begun = 0;
	mine->dealt = false;
}

/* The next unit that it is dealt; false: there is none. */
static inline bool seat_take_unit(struct seat *mine, uint64_t *unit)
{
	if (mine->rest.first == mine->rest.end && !hand_next(&mine->hand, &mine->rest))
		return false;
	*unit = mine->rest.first++;
	return true;
}

#ifndef BODY_GOES_ON
/* Does a piece of a unit, and tells whether it was the last: all of it, in most kernels. */
static inline bool body_go_on(const struct input *in, struct range elements, struct partial *into)
{
	body(in, elements, into);
	return true;
}
#endif

/*
 * Does it, or a piece of it: then the rest is the next unit that there is to take. A call costs nothing
 * beside a unit, and copies of the body take their time to compile.
 */
static void __attribute__((noinline)) seat_do_unit(struct seat *mine, uint64_t unit)
{
	const struct team *team = mine->team;
	const struct input *input = team->input;
	const struct range elements = unit_elements(unit, team->grain, team->n);

	const uint64_t begin = seat_begin_unit(team->clock);
	const bool done = body_go_on(input, elements, mine->partial);
	seat_end_piece(mine, team->clock, unit, begin);
	mine->units += done;
	if (!done)
		mine->rest.first = unit;
}

/* From now on others have what it needs to go on; what this thread asks for is not its doing. */
static inline void seat_step_aside(struct seat *mine)
{
	if (RECORDING)
		mine->left = clock_ticks(mine->team->clock);
	if (RECORDING > 1 && mine->team->watch)
		memory_since(&mine->memory);
}

static inline void seat_step_back(struct seat *mine)
{
	if (RECORDING > 1 && mine->team->watch)
		memory_mark_again(&mine->memory);
	if (RECORDING)
		mine->aside += clock_ticks(mine->team->clock) - mine->left;
}

#endif
