/*
 * crew: threads that persist and wait, for the pool variant.
 *
 * Member m looks after members 4m+1 to 4m+4. With each of them it shares one cache line, a post:
 * work and the word that it is there go down on it, what the member leaves and the word that it is
 * done come up. That is the least there can be between two, a line passed there and back: the floor
 * that `tine overhead` measures. It takes plain stores alone; that somebody may be asleep is looked
 * up after the word has gone, on lines that stay where they are.
 *
 * For P members that is as many steps down and up as the tree has levels, log4(3P - 2) rounded up:
 * 1 up to 5 members, 2 up to 21, 4 up to 341 and 6 up to 5461. A step is one transfer, and three
 * more whose latencies overlap, since stores leave a core one behind the other without waiting for
 * an answer. Growth is by log P, where one member that reaches all others, or a counter that all of
 * them decrement, takes P - 1 steps. No line has more than two users, so that no step grows with P.
 *
 * Whoever waits spins first and sleeps then, in the kernel, where it takes no CPU. A crew with more
 * members than CPUs sleeps at once, whatever the policy: who spins there keeps the CPU from the one
 * it waits for.
 */
#ifndef CREW_H
#define CREW_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "message.h"
#include "team/wait.h"

struct crew;

typedef void crew_fn(void *argument, unsigned member);

/*
 * The beginning of a cache line, on which the member may leave what its caller wants to know: what
 * lies on the 64 bytes from here travels with the word.
 */
struct post {
	atomic_uint word; /* odd: there is work; even: it is done */
	crew_fn *fn;      /* NULL: end */
	void *argument;
};

/* Of the arrays, one a member, those of member 0 are not used. */
struct crew_plan {
	unsigned threads;
	const pthread_attr_t *attrs;
	struct post *posts; /* all zero, and outlive the crew */
	size_t stride;      /* bytes from one post to the next */
	enum wait wait;
	bool crowded; /* more members than CPUs */
};

/*
 * Creates members 1 to threads - 1; the caller is member 0. Returns 0, or a negative errno with
 * nothing left running.
 */
int crew_create(struct crew **crew, const struct crew_plan *plan, struct message *why);

/* Calls fn(argument, member) once in every member, the caller included; returns when all have. */
void crew_run(struct crew *crew, crew_fn *fn, void *argument);

/* Called by every member from within fn: returns when all have called it. */
void crew_barrier(struct crew *crew, unsigned member);

/* Ends and joins the threads. NULL is fine. */
void crew_destroy(struct crew *crew);

#endif
