/* Ends in the way that the first argument names, after, in or beside regions. */
#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void regions(int count)
{
	for (int i = 0; i < count; i++)
#pragma omp parallel num_threads(2)
		__asm__ volatile("");
}

static void end_inside(void (*end)(void))
{
#pragma omp parallel num_threads(2)
	{
#pragma omp barrier
		if (!omp_get_thread_num())
			end();
#pragma omp barrier
	}
}

static void exit_7(void)
{
	exit(7);
}

static void fault(void)
{
	raise(SIGSEGV);
}

static void end_hard(void)
{
	kill(getpid(), SIGKILL);
}

/* libgomp's threads are not in the child, which forks a team of its own where it had none before. */
static int fork_child(void)
{
	int status;
	const pid_t child = fork();

	if (!child) {
		regions(3);
		exit(5);
	}
	waitpid(child, &status, 0);
	regions(4);
	return WEXITSTATUS(status);
}

static int run_again(char *self)
{
	regions(2);
	execl(self, self, "regions", (char *)NULL);
	return 99;
}

static void *one_region(void *unused)
{
	(void)unused;
#pragma omp parallel num_threads(1)
	__asm__ volatile("");
	return NULL;
}

static void short_threads(long count)
{
	for (long i = 0; i < count; i++) {
		pthread_t thread;
		pthread_create(&thread, NULL, one_region, NULL);
		pthread_join(thread, NULL);
	}
}

static void on_alarm(int signal)
{
	(void)signal;
	regions(1);
}

/* Regions from a signal handler, in the midst of others; what OpenMP forbids, and programs do. */
static void from_handler(void)
{
	signal(SIGUSR1, on_alarm);
	for (int i = 0; i < 100; i++) {
		regions(1);
		raise(SIGUSR1);
	}
}

int main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "regions";
	const long count = argc > 2 ? atol(argv[2]) : 10;

	if (!strcmp(way, "fork"))
		return fork_child();
	if (!strcmp(way, "threads"))
		short_threads(count);
	else
		regions((int)count);
	if (!strcmp(way, "exit"))
		end_inside(exit_7);
	if (!strcmp(way, "abort"))
		end_inside(abort);
	if (!strcmp(way, "segv"))
		end_inside(fault);
	if (!strcmp(way, "kill"))
		end_inside(end_hard);
	if (!strcmp(way, "_exit"))
		_exit(6);
	if (!strcmp(way, "exec"))
		return run_again(argv[0]);
	if (!strcmp(way, "handler"))
		from_handler();
	printf("%s\n", way);
	return 0;
}
