/*
 * process: processes that share memory, forked in every region, or kept from region to region.
 *
 * A template: compiled around each kernel file.
 */
#include KERNEL_FILE

#include "team/children.h"
#include "team/share.h"

static void member(void *seats, unsigned index)
{
	seat_work((struct seat *)seats + index);
}

region_fn REGION_FN(process);

/* Kept ones have a copy of the team, which is out of date after a change of input, or of `watch`. */
int REGION_FN(process)(struct team *team)
{
	int error = children_ready(team->children, 2 * memory_shared_blocks() + team->watch);

	if (error)
		return error;
	team_fork(team);
	error = children_run(team->children, member, team->seats);
	team_join(team);
	return error;
}
