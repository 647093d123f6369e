/* A loop, and a group of tasks, that end early: with OMP_CANCELLATION=true. */
#include <omp.h>
#include <stdio.h>

int main(void)
{
	int found = 0;
	long ran = 0;

#pragma omp parallel shared(found)
#pragma omp for schedule(dynamic, 1)
	for (int i = 0; i < 1000; i++) {
		if (i == 7) {
#pragma omp atomic write
			found = i;
#pragma omp cancel for
		}
	}
#pragma omp parallel
#pragma omp single
#pragma omp taskgroup
	for (int i = 0; i < 100; i++)
#pragma omp task if (0) shared(ran)
	{
		ran++;
		if (ran == 5) {
#pragma omp cancel taskgroup
		}
	}
	printf("%d %s %s\n", found, omp_get_cancellation() ? "on" : "off",
		ran < 100 ? "cut" : "whole");
	return 0;
}
