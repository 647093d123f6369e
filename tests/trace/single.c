/* What one member does for all, hands on to all, and all wait for. */
#include <stdio.h>

int main(void)
{
	long value = 0, sum = 0;

#pragma omp parallel firstprivate(value) reduction(+ : sum) num_threads(2)
	{
#pragma omp single copyprivate(value)
		value = 21;
#pragma omp barrier
		sum += value;
#pragma omp master
		sum += 1000;
	}
	printf("%ld\n", sum);
	return 0;
}
