/*
 * affinity: on which CPU a thread runs.
 */
#ifndef AFFINITY_H
#define AFFINITY_H

#include <pthread.h>
#include <sys/types.h>

/* Binds a thread, 0 being the caller, to a CPU. Returns 0 or a negative errno. */
int affinity_bind(pid_t thread, int cpu);

/* Lets threads that are created with these attributes be bound so. The same. */
int affinity_set(pthread_attr_t *attr, int cpu);

#endif
