/*
 * event-loop: one thread, in which each member is a task that yields after every unit.
 *
 * Of a kernel whose elements wait, a task begins a unit in each of its turns, and does one when its
 * elements need not wait any more; so that all units wait at once, however many members there are, and
 * the thread sleeps until the first is ready. For dealt.c alone.
 */
#ifndef EVENT_LOOP_H
#define EVENT_LOOP_H

#include "team/loop.h"
#include "team/share.h"
#include "team/waits.h"

static struct seat *task_step_in(void *seats, unsigned task)
{
	struct seat *mine = (struct seat *)seats + task;

	if (mine->arrival.start)
		seat_step_back(mine);
	else
		mine->arrival = seat_start(mine, mine->team->clock);
	return mine;
}

static void task_complete(struct seat *mine)
{
	seat_complete(mine, mine->arrival, mine->team->clock, mine->units);
}

static bool task_turn(void *seats, unsigned task)
{
	struct seat *mine = task_step_in(seats, task);
	uint64_t unit;

	if (!seat_take_unit(mine, &unit)) {
		task_complete(mine);
		return false;
	}
	seat_do_unit(mine, unit);
	seat_step_aside(mine);
	return true;
}

/* ---- units that wait ---- */

/* What cannot be awaited here, body() waits for. */
static void task_await_or_do(struct seat *mine, uint64_t unit)
{
	const int file = unit_awaits(mine->team, unit);

	if (file < 0 || loop_await(mine->team->loop, mine->member, unit, file))
		seat_do_unit(mine, unit);
}

static void task_step_out(struct seat *mine)
{
	if (mine->dealt && mine->units == mine->begun)
		task_complete(mine);
	else
		seat_step_aside(mine);
}

static void task_ready(void *seats, unsigned task, uint64_t unit)
{
	struct seat *mine = task_step_in(seats, task);

	task_await_or_do(mine, unit);
	task_step_out(mine);
}

static bool task_begin(void *seats, unsigned task)
{
	struct seat *mine = task_step_in(seats, task);
	uint64_t unit;

	mine->dealt = !seat_take_unit(mine, &unit);
	if (!mine->dealt) {
		unit_begin(mine->team, unit);
		mine->begun++;
		task_await_or_do(mine, unit);
	}
	task_step_out(mine);
	return !mine->dealt;
}

region_fn REGION_FN(event_loop);

int REGION_FN(event_loop)(struct team *team)
{
	for (unsigned m = 0; m < team->threads; m++)
		seat_begin_walk(&team->seats[m]);
	team_fork(team);
	if (UNITS_WAIT)
		loop_run(team->loop, task_begin, task_ready, team->seats);
	else
		loop_run(team->loop, task_turn, NULL, team->seats);
	team_join(team);
	return 0;
}

#endif
