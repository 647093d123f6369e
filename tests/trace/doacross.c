/* Iterations that wait for others, in one and in two dimensions. */
#include <stdio.h>

enum { N = 12 };

int main(void)
{
	long a[N + 1] = { 1 }, b[N + 1][N + 1] = { { 0 } };

#pragma omp parallel for ordered(1) schedule(dynamic, 1)
	for (int i = 1; i <= N; i++) {
#pragma omp ordered depend(sink : i - 1)
		a[i] = a[i - 1] * 2 + 1;
#pragma omp ordered depend(source)
	}
	for (int i = 0; i <= N; i++)
		b[i][0] = b[0][i] = 1;
#pragma omp parallel for ordered(2) schedule(static, 1)
	for (int i = 1; i <= N; i++)
		for (int j = 1; j <= N; j++) {
#pragma omp ordered depend(sink : i - 1, j) depend(sink : i, j - 1)
			b[i][j] = (b[i - 1][j] + b[i][j - 1]) % 1000003;
#pragma omp ordered depend(source)
		}
	printf("%ld %ld\n", a[N], b[N][N]);
	return 0;
}
