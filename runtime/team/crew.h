/*
 * crew: threads that persist and wait, for the pool variant.
 *
 * Work is passed down, and its end passed up, along a tree in which member m looks after members
 * 4m+1 to 4m+4, each through words on cache lines of its own: two members exchange one line each
 * way, the floor of a fork and join, and 4096 take six steps down and six up instead of 4095.
 */
#ifndef CREW_H
#define CREW_H

#include <pthread.h>
#include <stdbool.h>

#include "message.h"

struct crew;

/*
 * Creates members 1 to threads - 1 with the attributes given (one a member; attrs[0] is not used);
 * the caller is member 0. A crowded crew, with more members than CPUs, sleeps at once where others
 * spin first. Returns 0, or a negative errno with nothing left running.
 */
int crew_create(struct crew **crew, unsigned threads, const pthread_attr_t *attrs, bool crowded,
	struct message *why);

/* Calls fn(argument, member) once in every member, the caller included; returns when all have. */
void crew_run(struct crew *crew, void (*fn)(void *argument, unsigned member), void *argument);

/* Ends and joins the threads. NULL is fine. */
void crew_destroy(struct crew *crew);

#endif
