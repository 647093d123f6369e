/*
 * global-lock: pthread's threads under one lock, which a member holds from its start to its end,
 * and passes on between two units if another has asked for it. While a unit waits it gives the lock
 * back, as interpreters do around calls that may wait.
 *
 * A template: compiled around each kernel file.
 */
#include KERNEL_FILE

#include "team/lock.h"
#include "team/share.h"
#include "team/waits.h"

static void await_without(struct lock *lock, struct seat *mine, uint64_t unit)
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

static void work(struct seat *mine)
{
	struct lock *lock = mine->team->lock;
	uint64_t unit;

	seat_begin_walk(mine);
	const struct arrival arrival = seat_start(mine, mine->team->clock);
	seat_step_aside(mine);
	lock_take(lock);
	seat_step_back(mine);
	while (seat_take_unit(mine, &unit)) {
		if (UNITS_WAIT)
			await_without(lock, mine, unit);
		seat_do_unit(mine, unit);
		if (!lock_is_wanted(lock))
			continue;
		seat_step_aside(mine);
		lock_pass(lock);
		seat_step_back(mine);
	}
	lock_give(lock);
	seat_complete(mine, arrival, mine->team->clock, mine->units);
}

#define MEMBERS_OF global_lock
#define SEAT_WORK  work
#include "team/threads.h"
