/* Iterations that take turns. */
#include <stdio.h>

int main(void)
{
#pragma omp parallel for ordered schedule(dynamic, 2)
	for (int i = 0; i < 20; i++) {
#pragma omp ordered
		printf("%d ", i);
	}
#pragma omp parallel for ordered schedule(static, 3)
	for (int i = 0; i < 20; i++) {
#pragma omp ordered
		printf("%d ", i);
	}
	putchar('\n');
	return 0;
}
