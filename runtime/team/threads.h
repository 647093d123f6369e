/*
 * threads: the region of a variant whose members are threads, created and joined in every region.
 *
 * For its template alone, which says which variant that is, MEMBERS_OF, and what a member does,
 * SEAT_WORK(seat).
 */
#ifndef THREADS_H
#define THREADS_H

static void *member(void *seat)
{
	SEAT_WORK(seat);
	return NULL;
}

region_fn REGION_FN(MEMBERS_OF);

int REGION_FN(MEMBERS_OF)(struct team *team)
{
	struct seat *seats = team->seats;
	unsigned created = 1;
	int error = 0;

	team_fork(team);
	while (created < team->threads && !error) {
		struct seat *seat = &seats[created];
		error = pthread_create(&seat->thread, &team->attrs[created], member, seat);
		created += !error;
	}
	if (!error)
		SEAT_WORK(&seats[0]);
	for (unsigned m = 1; m < created; m++)
		pthread_join(seats[m].thread, NULL);
	team_join(team);
	return -error;
}

#endif
