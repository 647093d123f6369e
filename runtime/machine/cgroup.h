/*
 * cgroup: what a batch system or container lets this process use, of both versions of Linux's
 * control groups.
 *
 * A CPU quota shows nowhere else: affinity masks and omp_get_num_procs do not know of it.
 *
 * `proc` is PROC_SELF; tests give a directory with the files cgroup and mountinfo of their own.
 */
#ifndef CGROUP_H
#define CGROUP_H

#include <stdint.h>

#define PROC_SELF "/proc/self"

/* The CPUs' worth of time that our groups and their parents allow: 0.5, 12. 0: no limit is seen. */
double cgroup_cpus(const char *proc);

/* The least memory limit of our groups and their parents. 0: no limit is seen. */
uint64_t cgroup_memory_bytes(const char *proc);

#endif
