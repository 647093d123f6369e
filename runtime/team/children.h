/*
 * children: the members of a team that are processes, for the process variant.
 *
 * Member 0 is the caller; the others are its children, forked in every run, or kept from run to run:
 * then each is woken, and tells its end, through semaphores of its own. They share what was
 * allocated as memory.h's memory_share_begin says, and nothing else: what else a member writes is
 * lost. None outlives its parent, however that ends, and there is nothing in the file system to
 * leave behind.
 */
#ifndef CHILDREN_H
#define CHILDREN_H

#include <stdbool.h>
#include <stdint.h>

#include "message.h"

struct children;

/*
 * Forks nobody yet. cpus: the CPU of each member, or NULL; it outlives the children. Crowded ones,
 * more than there are CPUs, sleep at once where others spin first. Returns 0, or a negative errno with
 * nothing to destroy.
 */
int children_create(struct children **children, unsigned members, const int *cpus, bool keep,
	bool crowded, struct message *why);

/*
 * Forks those that are kept, if there are none yet. They see unshared memory as it is now: with
 * another epoch than at the last call, they are ended and forked anew. Returns 0, or a negative
 * errno with none left.
 */
int children_ready(struct children *children, uint64_t epoch);

/*
 * Calls fn(argument, member) once in every member. Returns when all have; or a negative errno when
 * one could not be forked or ended before it had, with none left and nothing hanging.
 */
int children_run(
	struct children *children, void (*fn)(void *argument, unsigned member), void *argument);

/* Says what went wrong in the last call that failed. Returns its error. */
int children_tell(const struct children *children, struct message *why);

/* How often the kept ones lost their CPUs although they could have gone on, up to the last run. */
long children_switched_out(const struct children *children);

/* Ends the children. NULL is fine. */
void children_destroy(struct children *children);

#endif
