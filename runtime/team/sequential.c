/*
 * sequential: the body over all elements in one call, as one would write it without threads.
 *
 * A template: compiled around each kernel file. The baseline of every speedup, and the object that
 * carries the kernel's description.
 */
#define KERNEL_DESCRIPTION const struct kernel NAME_OF(kernel, KERNEL_NAME)
#include "team/member.h"

extern KERNEL_DESCRIPTION;
#include KERNEL_FILE

region_fn REGION_FN(sequential);

int REGION_FN(sequential)(struct team *team)
{
	struct seat *mine = &team->seats[0];

	team_fork(team);
	const struct arrival arrival = seat_start(mine, team->clock);
	body(team->input, (struct range) { team->first, team->n }, mine->partial);
	seat_complete(mine, arrival, team->clock, team->units);
	team_join(team);
	return 0;
}
