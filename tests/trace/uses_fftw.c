/* Transforms with FFTW and its OpenMP threads. */
#include <dlfcn.h>
#include <stdio.h>

enum { N = 1 << 16, FORWARD = -1, ESTIMATE = 1 << 6 };

static double data[2 * N];

int main(void)
{
	void *base = dlopen("libfftw3.so.3", RTLD_NOW | RTLD_GLOBAL);
	void *omp = base ? dlopen("libfftw3_omp.so.3", RTLD_NOW) : NULL;

	if (!omp)
		return 77;
	int (*begin)(void) = (int (*)(void))dlsym(omp, "fftw_init_threads");
	void (*threads)(int) = (void (*)(int))dlsym(omp, "fftw_plan_with_nthreads");
	void *(*plan)(int, double *, double *, int, unsigned) =
		(void *(*)(int, double *, double *, int, unsigned))dlsym(base, "fftw_plan_dft_1d");
	void (*execute)(void *) = (void (*)(void *))dlsym(base, "fftw_execute");

	begin();
	threads(2);
	void *forward = plan(N, data, data, FORWARD, ESTIMATE);
	for (int i = 0; i < N; i++)
		data[2 * i] = i % 13;
	for (int time = 0; time < 4; time++)
		execute(forward);
	printf("%.17g %.17g\n", data[2 * 7], data[2 * 7 + 1]);
	return 0;
}
