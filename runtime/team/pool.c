/*
 * pool: a crew of threads that persists from region to region and waits in between.
 *
 * A template: compiled around each kernel file.
 */
#include KERNEL_FILE

#include "team/share.h"

static void member(void *seats, unsigned index)
{
	seat_work((struct seat *)seats + index);
}

region_fn REGION_FN(pool);

int REGION_FN(pool)(struct team *team)
{
	team_fork(team);
	crew_run(team->crew, member, team->seats);
	team_join(team);
	return 0;
}
