/*
 * Programs whose budget is known, since each member spins for so long by the clock; times in ms:
 *
 *	imbalance REGIONS SHORT LONG   member 0 works SHORT, member 1 LONG
 *	barrier REGIONS SHORT LONG     the same, before a barrier inside
 *	serial REGIONS WORK BETWEEN    both work WORK; BETWEEN outside of regions before each
 *	delay REGIONS WORK DELAY       both work WORK; the thread of member 1 is kept by a signal handler
 *	                               until DELAY after just before the fork
 *
 * delay prints the sum of the delays as they were, in ms.
 */
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

static void imbalance(double a, double b)
{
#pragma omp parallel num_threads(2)
	spin(omp_get_thread_num() ? b : a);
}

static void at_barrier(double a, double b)
{
#pragma omp parallel num_threads(2)
	{
		spin(omp_get_thread_num() ? b : a);
#pragma omp barrier
	}
}

/* ---- delays ---- */

static volatile double held_until;
static volatile int held;
static double hold_ms;
static pthread_t second;

static void hold(int signal)
{
	(void)signal;
	held = 1;
	spin(hold_ms);
	held_until = now_ms();
}

static void know_second(void)
{
#pragma omp parallel num_threads(2)
	if (omp_get_thread_num())
		second = pthread_self();
}

/* How long after just before the fork the thread was let go. */
static double delayed(double work)
{
	held = 0;
	pthread_kill(second, SIGUSR1);
	while (!held)
		;
	const double fork = now_ms();
	imbalance(work, work);
	return held_until - fork;
}

int main(int argc, char **argv)
{
	double delays = 0;

	if (argc < 5)
		return 2;
	const int regions = atoi(argv[2]);
	const double a = atof(argv[3]), b = atof(argv[4]);

	hold_ms = b;
	signal(SIGUSR1, hold);
	know_second();
	for (int r = 0; r < regions; r++) {
		if (!strcmp(argv[1], "delay")) {
			delays += delayed(a);
			continue;
		}
		if (!strcmp(argv[1], "serial"))
			spin(b);
		if (!strcmp(argv[1], "barrier"))
			at_barrier(a, b);
		else
			imbalance(a, strcmp(argv[1], "serial") ? b : a);
	}
	printf("%.6f\n", delays);
	return 0;
}
