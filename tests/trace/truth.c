/*
 * Programs whose budget is known, since each member spins for so long by the clock; times in ms:
 *
 *	imbalance REGIONS SHORT LONG   member 0 works SHORT, member 1 LONG
 *	barrier REGIONS SHORT LONG     the same, before a barrier inside
 *	serial REGIONS WORK BETWEEN    both work WORK; BETWEEN outside of regions before each
 *	delay REGIONS WORK DELAY       both work WORK; the thread of member 1 is kept by a signal handler
 *	                               until DELAY after just before the fork
 *
 * Prints what came of it, in ms, summed over the regions, by the members' own looks at the clock: how
 * long one waited for the other, or what was outside, or how long after the fork members began. That
 * may be more than what was asked for, where a member lost its CPU.
 */
#include <math.h>
#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static void spin(double ms)
{
	const double end = now_ms() + ms;

	while (now_ms() < end)
		;
}

/* When members of the last region began, and had done their work. */
static struct {
	double began, done;
} seen[2];

static void work(double a, double b)
{
	const int me = omp_get_thread_num();

	seen[me].began = now_ms();
	spin(me ? b : a);
	seen[me].done = now_ms();
}

static void imbalance(double a, double b)
{
#pragma omp parallel num_threads(2)
	work(a, b);
}

static void at_barrier(double a, double b)
{
#pragma omp parallel num_threads(2)
	{
		work(a, b);
#pragma omp barrier
	}
}

static double waited(void)
{
	return fabs(seen[1].done - seen[0].done);
}

/* ---- delays ---- */

static volatile int held;
static double hold_ms;
static pthread_t second;

static void hold(int signal)
{
	(void)signal;
	held = 1;
	spin(hold_ms);
}

static void know_second(void)
{
#pragma omp parallel num_threads(2)
	if (omp_get_thread_num())
		second = pthread_self();
}

static void hold_second(void)
{
	held = 0;
	pthread_kill(second, SIGUSR1);
	while (!held)
		;
}

int main(int argc, char **argv)
{
	double sum = 0, joined;

	if (argc < 5)
		return 2;
	const char *kind = argv[1];
	const int regions = atoi(argv[2]);
	const double a = atof(argv[3]), b = atof(argv[4]);

	hold_ms = b;
	signal(SIGUSR1, hold);
	know_second();
	joined = now_ms();
	for (int r = 0; r < regions; r++) {
		if (!strcmp(kind, "serial"))
			spin(b);
		else if (!strcmp(kind, "delay"))
			hold_second();
		const double fork = now_ms();
		if (!strcmp(kind, "barrier"))
			at_barrier(a, b);
		else
			imbalance(a, strcmp(kind, "imbalance") ? a : b);
		if (!strcmp(kind, "serial"))
			sum += fork - joined;
		else if (!strcmp(kind, "delay"))
			sum += seen[0].began - fork + seen[1].began - fork;
		else
			sum += waited();
		joined = now_ms();
	}
	printf("%.6f\n", sum);
	return 0;
}
