/*
 * lock: the one lock that the members of the global-lock variant work under.
 *
 * It is passed on as CPython's is (Python/ceval_gil.c, since 3.2): who wants it waits for the
 * switch interval; if it was not passed on meanwhile, the holder is asked for it, and gives it up
 * where it next looks, which here is after its unit. It then waits until another has it, so that it
 * cannot have it back at once.
 */
#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "message.h"

struct lock;

/* Returns 0, or a negative errno with nothing to destroy. */
int lock_create(struct lock **lock, uint64_t interval_ns, struct message *why);
void lock_destroy(struct lock *lock); /* NULL is fine */

/* Waits until the caller has it; gives it back. */
void lock_take(struct lock *lock);
void lock_give(struct lock *lock);

/* Whether the holder is asked to pass it on. Costs the holder one load. */
bool lock_is_wanted(const struct lock *lock);

/* For the holder, if it is wanted: has another take it, and waits until the caller has it again. */
void lock_pass(struct lock *lock);

#endif
