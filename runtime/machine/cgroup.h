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

#include <stdbool.h>
#include <stdint.h>

#define PROC_SELF "/proc/self"

/* The CPUs' worth of time that our groups and their parents allow: 0.5, 12. 0: no limit is seen. */
double cgroup_cpus(const char *proc);

/* The least memory limit of our groups and their parents. 0: no limit is seen. */
uint64_t cgroup_memory_bytes(const char *proc);

/* Times that our groups and their parents used up a CPU quota, and how long tasks then stood. */
struct throttling {
	bool known;
	uint64_t times, ns; /* since the groups were made; 0 if not known */
};

/* `root` is a directory that holds a proc and a sys; "" for the system's own. */
struct throttling cgroup_throttling(const char *root);

#endif
