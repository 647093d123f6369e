/*
 * share: a member's share of a region, in the variants that dispatch units themselves.
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

#endif
