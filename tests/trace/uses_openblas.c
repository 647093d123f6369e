/* Multiplies matrices with the OpenBLAS that the system has. */
#include <dlfcn.h>
#include <stdio.h>

enum { N = 400, ROW_MAJOR = 101, AS_IT_IS = 111 };

typedef void dgemm(int order, int a_as, int b_as, int m, int n, int k, double alpha,
	const double *a, int lda, const double *b, int ldb, double beta, double *c, int ldc);

static double a[N * N], b[N * N], c[N * N];

int main(void)
{
	void *library = dlopen("libopenblas.so.0", RTLD_NOW);
	dgemm *multiply = library ? (dgemm *)dlsym(library, "cblas_dgemm") : NULL;
	double sum = 0;

	if (!multiply)
		return 77;
	for (int i = 0; i < N * N; i++) {
		a[i] = i % 7;
		b[i] = i % 11;
	}
	for (int time = 0; time < 4; time++)
		multiply(ROW_MAJOR, AS_IT_IS, AS_IT_IS, N, N, N, 1, a, N, b, N, 0, c, N);
	for (int i = 0; i < N * N; i++)
		sum += c[i];
	printf("%.17g\n", sum);
	return 0;
}
