/* Loops made of tasks, also with indices of the other type, and with a reduction. */
#include <stdio.h>

int main(void)
{
	long sum = 0, reduced = 0;
	unsigned long long more = 0;

#pragma omp parallel
#pragma omp single
	{
#pragma omp taskloop grainsize(7) shared(sum)
		for (long i = 0; i < 1000; i++)
#pragma omp atomic
			sum += i;
#pragma omp taskloop num_tasks(5) shared(more)
		for (unsigned long long u = 1000; u > 0; u--)
#pragma omp atomic
			more += u;
#pragma omp taskloop reduction(+ : reduced)
		for (int i = 0; i < 300; i++)
			reduced += i;
	}
	printf("%ld %llu %ld\n", sum, more, reduced);
	return 0;
}
