/*
 * What an event takes, in ns, the least of several rounds: cost regions|chunks|waits COUNT [MEMBERS]
 */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 7 };

static void regions(long count, int members)
{
	for (long r = 0; r < count; r++)
#pragma omp parallel num_threads(members)
		__asm__ volatile("");
}

static void chunks(long count, int members)
{
#pragma omp parallel for schedule(dynamic, 1) num_threads(members)
	for (long i = 0; i < count; i++)
		__asm__ volatile("");
}

static void waits(long count, int members)
{
#pragma omp parallel num_threads(members)
	for (long i = 0; i < count; i++) {
#pragma omp critical
		__asm__ volatile("");
	}
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	const long count = atol(argv[2]);
	const int members = argc > 3 ? atoi(argv[3]) : 2;
	double least = 1e30;

	for (int round = 0; round < ROUNDS; round++) {
		const double begin = omp_get_wtime();
		(!strcmp(argv[1], "regions")                 ? regions
				: !strcmp(argv[1], "chunks") ? chunks
							     : waits)(count, members);
		const double ns = (omp_get_wtime() - begin) * 1e9 / (double)count;
		least = ns < least ? ns : least;
	}
	printf("%.2f\n", least);
	return 0;
}
