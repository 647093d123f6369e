/* Reductions of regions, loops and tasks. */
#include <stdio.h>

int main(void)
{
	long of_region = 0, of_loop = 0, of_tasks = 0;

#pragma omp parallel num_threads(2) reduction(task, + : of_region)
	{
		of_region++;
#pragma omp task in_reduction(+ : of_region)
		of_region += 10;
	}
#pragma omp parallel
#pragma omp for schedule(dynamic, 2) reduction(task, + : of_loop)
	for (int i = 0; i < 20; i++) {
#pragma omp task in_reduction(+ : of_loop)
		of_loop += i;
	}
#pragma omp parallel
#pragma omp single
#pragma omp taskgroup task_reduction(+ : of_tasks)
	for (int i = 0; i < 50; i++)
#pragma omp task in_reduction(+ : of_tasks)
		of_tasks += i;
	printf("%ld %ld %ld\n", of_region, of_loop, of_tasks);
	return 0;
}
