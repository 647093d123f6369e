/*
 * tree: the processes below this one, by /proc.
 */
#ifndef OBSERVE_TREE_H
#define OBSERVE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The processes below us, each above those that it started. Filled again and again; owned. */
struct tree {
	pid_t *processes;
	size_t count, room;
};

/* Whether this kernel tells of processes' children. */
bool tree_can_be_seen(void);

/* Finds them, those that have ended and were not waited for included. Returns 0 or -ENOMEM. */
int tree_find(struct tree *tree);

/* What is done with one thread. Returns 0 to go on. */
typedef int see_thread(void *context, pid_t process, pid_t thread);

/* Calls see for each thread that a process has, until it returns other than 0, which is returned. */
int tree_threads(pid_t process, see_thread *see, void *context);

void tree_release(struct tree *tree);

#endif
