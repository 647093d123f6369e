/*
 * affinity: on which CPU a thread runs.
 */
#ifndef AFFINITY_H
#define AFFINITY_H

#include <pthread.h>
#include <sys/types.h>

/* Binds a thread, 0 being the caller, to a CPU. Returns 0 or a negative errno. */
int affinity_bind(pid_t thread, int cpu);

/*
 * Binds the initial thread, when the OpenMP library has laid out its places among the CPUs that the
 * process is allowed: libgomp has as it was loaded, libomp does when it is first asked for something.
 */
int affinity_bind_initial(int cpu);

/* Lets threads that are created with these attributes be bound so. The same. */
int affinity_set(pthread_attr_t *attr, int cpu);

#endif
