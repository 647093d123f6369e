/*
 * global-lock: pthread's threads under one lock, which a member holds from its start to its end,
 * and passes on between two units if another has asked for it.
 *
 * A template: compiled around each kernel file.
 */
#include KERNEL_FILE

#include "team/lock.h"
#include "team/share.h"

static void work(struct seat *mine)
{
	struct lock *lock = mine->team->lock;

	seat_begin_walk(mine);
	const struct arrival arrival = seat_start(mine, mine->team->clock);
	seat_step_aside(mine);
	lock_take(lock);
	seat_step_back(mine);
	while (seat_walk(mine)) {
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
