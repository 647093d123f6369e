/* A region in a region. */
#include <omp.h>
#include <stdio.h>

int main(void)
{
	long sum = 0;

	omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2) reduction(+ : sum)
	{
#pragma omp parallel num_threads(2) reduction(+ : sum)
		sum += 1 + omp_get_level();
	}
	omp_set_max_active_levels(1);
#pragma omp parallel num_threads(2) reduction(+ : sum)
	{
#pragma omp parallel num_threads(2) reduction(+ : sum)
		sum += 100 * omp_get_num_threads();
	}
	printf("%ld\n", sum);
	return 0;
}
