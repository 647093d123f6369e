/*
 * event-loop: one thread, in which each member is a task that yields after every unit.
 *
 * A template: compiled around each kernel file.
 */
#include KERNEL_FILE

#include "team/loop.h"
#include "team/share.h"

static bool turn(void *seats, unsigned task)
{
	struct seat *mine = (struct seat *)seats + task;

	if (mine->arrival.start)
		seat_step_back(mine);
	else
		mine->arrival = seat_start(mine, mine->team->clock);
	if (seat_walk(mine)) {
		seat_step_aside(mine);
		return true;
	}
	seat_complete(mine, mine->arrival, mine->team->clock, mine->units);
	return false;
}

region_fn REGION_FN(event_loop);

int REGION_FN(event_loop)(struct team *team)
{
	for (unsigned m = 0; m < team->threads; m++)
		seat_begin_walk(&team->seats[m]);
	team_fork(team);
	loop_run(team->loop, turn, team->seats);
	team_join(team);
	return 0;
}
