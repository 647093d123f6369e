/* A library that is opened while the program runs, and brings libgomp with it. */
#include <omp.h>

int plugin_sum(void);

int plugin_sum(void)
{
	int sum = 0;

#pragma omp parallel for schedule(dynamic, 1) reduction(+ : sum) num_threads(2)
	for (int i = 0; i < 100; i++)
		sum += i * (omp_get_thread_num() < 2);
	return sum;
}
