/*
 * A loop whose chunks are dealt out by SCHEDULE, of both types of index, and one inside of a region.
 */
#include <stdio.h>

int main(void)
{
	long sum = 0;
	unsigned long long more = 0;

#pragma omp parallel for schedule(SCHEDULE) reduction(+ : sum)
	for (long i = 0; i < 1000; i++)
		sum += i;
#pragma omp parallel
	{
#pragma omp for schedule(SCHEDULE) reduction(+ : sum)
		for (long i = 1000; i > 0; i -= 3)
			sum += i;
#pragma omp for schedule(SCHEDULE) reduction(+ : more)
		for (unsigned long long u = 0; u < 500; u++)
			more += u;
	}
	printf("%ld %llu\n", sum, more);
	return 0;
}
