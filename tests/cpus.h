/*
 * cpus: which there are to bind members to, and one that there is not.
 */
#ifndef CPUS_H
#define CPUS_H

#include <criterion/criterion.h>
#include <sched.h>
#include <stdlib.h>

/* A CPU that machines do not have. */
enum { NO_CPU = CPU_SETSIZE - 1 };

/* The CPUs that we may use, over and over. */
static inline void find_cpus(int *cpus, unsigned threads)
{
	cpu_set_t allowed;
	unsigned found = 0;

	cr_assert_eq(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
	for (int cpu = 0; cpu < CPU_SETSIZE && found < threads; cpu++)
		if (CPU_ISSET(cpu, &allowed))
			cpus[found++] = cpu;
	for (unsigned m = found; m < threads; m++)
		cpus[m] = cpus[m - found];
}

/* The CPUs that we may use, over and over; binds the caller to the first. free() it. */
static inline int *bind_to_cpus(unsigned threads)
{
	int *cpus = calloc(threads, sizeof(*cpus));
	cpu_set_t first;

	cr_assert_not_null(cpus);
	find_cpus(cpus, threads);
	CPU_ZERO(&first);
	CPU_SET(cpus[0], &first);
	cr_assert_eq(sched_setaffinity(0, sizeof(first), &first), 0);
	return cpus;
}

#endif
