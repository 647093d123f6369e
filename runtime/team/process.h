/*
 * process: processes that share memory, forked in every region, or kept from region to region. For
 * dealt.c alone.
 */
#ifndef TEAM_PROCESS_H
#define TEAM_PROCESS_H

#include "team/children.h"
#include "team/share.h"

region_fn REGION_FN(process);

/* Kept ones have a copy of the team, which is out of date after a change of input, or of `watch`. */
int REGION_FN(process)(struct team *team)
{
	int error = children_ready(team->children, 2 * memory_shared_blocks() + team->watch);

	if (error)
		return error;
	team_fork(team);
	error = children_run(team->children, seat_work_of, team->seats);
	team_join(team);
	return error;
}

#endif
