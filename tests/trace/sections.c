/* Sections, alone and with a region of their own. */
#include <stdio.h>

int main(void)
{
	long sum = 0;

#pragma omp parallel sections reduction(+ : sum)
	{
#pragma omp section
		sum += 1;
#pragma omp section
		sum += 10;
#pragma omp section
		sum += 100;
	}
#pragma omp parallel
#pragma omp sections reduction(+ : sum)
	{
#pragma omp section
		sum += 1000;
#pragma omp section
		sum += 10000;
	}
	printf("%ld\n", sum);
	return 0;
}
