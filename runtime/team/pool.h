/*
 * pool: a crew of threads that persists from region to region and waits in between. For dealt.c alone.
 */
#ifndef POOL_H
#define POOL_H

#include "team/share.h"

region_fn REGION_FN(pool);

int REGION_FN(pool)(struct team *team)
{
	team_fork(team);
	crew_run(team->crew, seat_work_of, team->seats);
	team_join(team);
	return 0;
}

#endif
