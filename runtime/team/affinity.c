#include "team/affinity.h"

#include <errno.h>
#include <omp.h>
#include <sched.h>

/* Of the attributes' threads; NULL: of one that runs. */
static int set_cpu(pthread_attr_t *attr, pid_t thread, int cpu)
{
	const size_t count = (size_t)cpu + 1, bytes = CPU_ALLOC_SIZE(count);
	cpu_set_t *set = CPU_ALLOC(count);
	int error;

	if (!set)
		return -ENOMEM;
	CPU_ZERO_S(bytes, set);
	CPU_SET_S((size_t)cpu, bytes, set);
	if (attr)
		error = pthread_attr_setaffinity_np(attr, bytes, set);
	else
		error = sched_setaffinity(thread, bytes, set) ? errno : 0;
	CPU_FREE(set);
	return -error;
}

int affinity_bind(pid_t thread, int cpu)
{
	return set_cpu(NULL, thread, cpu);
}

int affinity_bind_initial(int cpu)
{
	(void)omp_get_num_procs();
	return affinity_bind(0, cpu);
}

int affinity_set(pthread_attr_t *attr, int cpu)
{
	return set_cpu(attr, 0, cpu);
}
