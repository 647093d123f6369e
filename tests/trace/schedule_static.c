/* A static loop, which makes no call. */
#include <stdio.h>

int main(void)
{
	long sum = 0;

#pragma omp parallel for schedule(static) reduction(+ : sum)
	for (long i = 0; i < 1000; i++)
		sum += i;
	printf("%ld\n", sum);
	return 0;
}
