/*
 * observer: looks at the processes below this one while a command runs, and adds up what they do.
 *
 * It makes this process the one that orphans of the command are left to (PR_SET_CHILD_SUBREAPER), so
 * that they stay in sight and count; their parent is then this process, and not process 1. Whoever
 * waits for the command must therefore wait for any child.
 *
 * A look costs some 30 us a thread. Looks are 2 to 20 ms apart, and so much further that they take
 * no more than 1 % of a CPU.
 */
#ifndef OBSERVER_H
#define OBSERVER_H

#include <sys/types.h>

#include "message.h"
#include "observation.h"

struct observer;

/*
 * Just before the command starts. Returns 0; -ENOTSUP and why, where the kernel does not show enough;
 * or -ENOMEM.
 */
int observer_start(struct observer **into, struct message *why);

/* Looks (at an observer). Returns the nanoseconds until it should look again. */
uint64_t observer_look(void *observer);

/* A last look at a child that has ended and has not been waited for. */
void observer_ended(void *observer, pid_t child);

/* Frees an observer of a command that did not start. */
void observer_abandon(struct observer *observer);

/*
 * When the command has ended and was waited for. Frees the observer in any case. Returns 0 and what was
 * seen, which the caller releases; or -ENOMEM.
 */
int observer_finish(struct observer *observer, struct observation *into, struct message *why);

void observation_release(struct observation *observation);

#endif
