/*
 * threads: the region of a variant whose members are threads, created and joined in every region. For
 * dealt.c alone.
 */
#ifndef THREADS_H
#define THREADS_H

#include "team/member.h"

typedef void *thread_fn(void *seat);

/* The caller is member 0. Returns 0, or a negative errno if a thread could not be created. */
static inline int threads_run(struct team *team, thread_fn *member)
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
		member(&seats[0]);
	for (unsigned m = 1; m < created; m++)
		pthread_join(seats[m].thread, NULL);
	team_join(team);
	return -error;
}

#endif
