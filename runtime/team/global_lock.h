/*
 * global-lock: pthread's threads under one lock, which a member holds from its start to its end,
 * and passes on between two units if another has asked for it. While a unit waits it gives the lock
 * back, as interpreters do around calls that may wait. For dealt.c alone.
 */
#ifndef GLOBAL_LOCK_H
#define GLOBAL_LOCK_H

#include "team/lock.h"
#include "team/share.h"
#include "team/threads.h"
#include "team/waits.h"

static void global_lock_await(struct lock *lock, struct seat *mine, uint64_t unit)
{
	struct pollfd polled = { .events = POLLIN };

	unit_begin(mine->team, unit);
	seat_step_aside(mine);
	lock_give(lock);
	while ((polled.fd = unit_awaits(mine->team, unit)) >= 0)
		poll(&polled, 1, -1);
	lock_take(lock);
	seat_step_back(mine);
}

static void *global_lock_member(void *seat)
{
	struct seat *mine = seat;
	struct lock *lock = mine->team->lock;
	uint64_t unit;

	seat_begin_walk(mine);
	const struct arrival arrival = seat_start(mine, mine->team->clock);
	seat_step_aside(mine);
	lock_take(lock);
	seat_step_back(mine);
	while (seat_take_unit(mine, &unit)) {
		if (UNITS_WAIT)
			global_lock_await(lock, mine, unit);
		seat_do_unit(mine, unit);
		if (!lock_is_wanted(lock))
			continue;
		seat_step_aside(mine);
		lock_pass(lock);
		seat_step_back(mine);
	}
	lock_give(lock);
	seat_complete(mine, arrival, mine->team->clock, mine->units);
	return NULL;
}

region_fn REGION_FN(global_lock);

int REGION_FN(global_lock)(struct team *team)
{
	return threads_run(team, global_lock_member);
}

#endif
