/*
 * pthread: threads created and joined in every region. For dealt.c alone.
 */
#ifndef TEAM_PTHREAD_H
#define TEAM_PTHREAD_H

#include "team/share.h"
#include "team/threads.h"

static void *pthread_member(void *seat)
{
	seat_work(seat);
	return NULL;
}

region_fn REGION_FN(pthread);

int REGION_FN(pthread)(struct team *team)
{
	return threads_run(team, pthread_member);
}

#endif
