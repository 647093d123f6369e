/* Tasks with data of their own, dependences, tasks in tasks, and some left for the last barrier. */
#include <stdio.h>

static long fib(int n)
{
	long a, b;

	if (n < 2)
		return n;
#pragma omp task shared(a)
	a = fib(n - 1);
#pragma omp task shared(b) if (n > 5)
	b = fib(n - 2);
#pragma omp taskwait
	return a + b;
}

struct large {
	long of[100];
};

int main(void)
{
	long result = 0, sum = 0;
	int chain = 1;
	struct large large = { { 1, 2, 3 } };

#pragma omp parallel
#pragma omp single
	result = fib(15);
#pragma omp parallel
#pragma omp single
	{
		for (long i = 0; i < 200; i++)
#pragma omp task firstprivate(i, large) shared(sum)
		{
#pragma omp atomic
			sum += i + large.of[2];
		}
#pragma omp task depend(inout : chain)
		chain = chain * 3 + 1;
#pragma omp task depend(inout : chain)
		chain = chain * 5 + 2;
	}
	printf("%ld %ld %d\n", result, sum, chain);
	return 0;
}
