/*
 * share: a member's share of a region, in the variants that dispatch units themselves.
 */
#ifndef SHARE_H
#define SHARE_H

#include "team/member.h"

static inline struct share seat_share(const struct seat *mine)
{
	const struct team *team = mine->team;

	return (struct share) {
		.schedule = team->schedule,
		.units = team->units,
		.member = mine->member,
		.team = team->threads,
	};
}

static inline void seat_work(struct seat *mine)
{
	struct team *team = mine->team;
	const struct input *input = team->input;
	const uint64_t n = team->n, grain = team->grain;
	struct share share = seat_share(mine);
	struct range units;
	uint64_t done = 0;

	seat_start(mine, team->clock);
	while (schedule_next(&share, team->dispatch, &units)) {
		for (uint64_t unit = units.first; unit < units.end; unit++) {
			const struct range elements = unit_elements(unit, grain, n);
			const uint64_t begin = seat_begin_unit(team->clock);
			body(input, elements, mine->partial);
			seat_end_unit(mine, team->clock, unit, begin);
		}
		done += units.end - units.first;
	}
	seat_complete(mine, team->clock, done);
}

/* ---- one unit at a time, for members that may step aside after each ---- */

static inline void seat_begin_walk(struct seat *mine)
{
	mine->share = seat_share(mine);
	mine->rest = (struct range) { 0, 0 };
}

/* Does the next unit, and returns true if there was one. */
static inline bool seat_walk(struct seat *mine)
{
	const struct team *team = mine->team;
	const struct input *input = team->input;

	if (mine->rest.first == mine->rest.end &&
		!schedule_next(&mine->share, team->dispatch, &mine->rest))
		return false;
	const uint64_t unit = mine->rest.first++;
	const struct range elements = unit_elements(unit, team->grain, team->n);
	const uint64_t begin = seat_begin_unit(team->clock);
	body(input, elements, mine->partial);
	seat_end_unit(mine, team->clock, unit, begin);
	mine->units++;
	return true;
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
