/* Critical sections, named and not. */
#include <stdio.h>

int main(void)
{
	long sum = 0, more = 0;

#pragma omp parallel for
	for (int i = 0; i < 1000; i++) {
#pragma omp critical
		sum += i;
#pragma omp critical(more)
		more += 2 * i;
	}
	printf("%ld %ld\n", sum, more);
	return 0;
}
