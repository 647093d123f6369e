/*
 * Programs whose nature is known: the first argument names one. What computes does so for a CPU time,
 * so that other load makes it longer, and not another program. Ends with 77 where this machine does not
 * let it be what it is called.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CANNOT = 77, MS = 1000000, MIB = 1 << 20, PAGE = 4096 };

static uint64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void compute(uint64_t ns)
{
	const uint64_t end = now_ns(CLOCK_THREAD_CPUTIME_ID) + ns;
	volatile uint64_t x = 1;

	while (now_ns(CLOCK_THREAD_CPUTIME_ID) < end)
		for (int i = 0; i < 10000; i++)
			x = x * 6364136223846793005u + 1;
}

static void pause_ns(uint64_t ns)
{
	nanosleep(&(struct timespec) { (time_t)(ns / 1000000000), (long)(ns % 1000000000) }, NULL);
}

static int child_status(void)
{
	int status = 1;

	return wait(&status) < 0 || status;
}

static int in_threads(int count, void *(*work)(void *))
{
	pthread_t threads[64];

	for (int t = 0; t < count; t++)
		pthread_create(&threads[t], NULL, work, NULL);
	for (int t = 0; t < count; t++)
		pthread_join(threads[t], NULL);
	return 0;
}

/* ---- waiting ---- */

static int sleeping(void)
{
	pause_ns(300 * MS);
	return 0;
}

static void *sleep_a_while(void *unused)
{
	(void)unused;
	pause_ns(300 * MS);
	return NULL;
}

static int sleeping_together(void)
{
	return in_threads(8, sleep_a_while);
}

/* Answers each byte after 30 ms. */
static void serve(int listener)
{
	const int client = accept(listener, NULL, NULL);
	char byte;

	while (recv(client, &byte, 1, 0) == 1) {
		pause_ns(30 * MS);
		if (send(client, &byte, 1, 0) != 1)
			break;
	}
	exit(0);
}

static int asking_a_server(void)
{
	struct sockaddr_in place = { .sin_family = AF_INET };
	socklen_t length = sizeof(place);
	const int listener = socket(AF_INET, SOCK_STREAM, 0);

	place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&place, length) || listen(listener, 1) ||
		getsockname(listener, (struct sockaddr *)&place, &length))
		return CANNOT;
	if (!fork())
		serve(listener);
	const int server = socket(AF_INET, SOCK_STREAM, 0);
	char byte = 'x';
	if (connect(server, (struct sockaddr *)&place, length))
		return 1;
	for (int i = 0; i < 10; i++)
		if (send(server, &byte, 1, 0) != 1 || recv(server, &byte, 1, 0) != 1)
			return 1;
	close(server);
	return child_status();
}

static int reading_a_pipe(void)
{
	int ends[2];
	char byte;

	if (pipe(ends))
		return CANNOT;
	if (!fork()) {
		for (int i = 0; i < 10; i++) {
			pause_ns(30 * MS);
			if (write(ends[1], "x", 1) != 1)
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	while (read(ends[0], &byte, 1) == 1)
		;
	return child_status();
}

/* Past the page cache, so that it is the device that takes the time. */
static int syncing_a_file(void)
{
	const uint64_t begin = now_ns(CLOCK_MONOTONIC);
	const int file = open("synced", O_CREAT | O_TRUNC | O_WRONLY | O_DIRECT, 0600);
	void *block = aligned_alloc(PAGE, 4 * MIB);

	memset(block, 1, 4 * MIB);
	for (int i = 0; i < 60 || now_ns(CLOCK_MONOTONIC) - begin < 300 * MS; i++)
		if (pwrite(file, block, 4 * MIB, 0) != 4 * MIB || fsync(file))
			return CANNOT;
	close(file);
	unlink("synced");
	return now_ns(CLOCK_PROCESS_CPUTIME_ID) < 40 * MS ? 0 : CANNOT;
}

/* ---- computing ---- */

static void *compute_a_while(void *unused)
{
	(void)unused;
	compute(250 * MS);
	return NULL;
}

static int computing(void)
{
	compute(250 * MS);
	return 0;
}

/* Of 500 ms in all, so that neither is done before the other, whoever has more of the CPUs. */
static int *left_ms;

static int make_work(void)
{
	left_ms = mmap(
		NULL, sizeof(*left_ms), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (left_ms == MAP_FAILED)
		return CANNOT;
	*left_ms = 500;
	return 0;
}

static void *compute_what_is_left(void *unused)
{
	(void)unused;
	while (__atomic_fetch_sub(left_ms, 2, __ATOMIC_RELAXED) > 0)
		compute(2 * MS);
	return NULL;
}

static int computing_in_two(void)
{
	return make_work() ? CANNOT : in_threads(2, compute_what_is_left);
}

static int computing_in_two_processes(void)
{
	if (make_work())
		return CANNOT;
	const pid_t child = fork();
	compute_what_is_left(NULL);
	return child ? child_status() : 0;
}

static int computing_then_in_two(void)
{
	compute(250 * MS);
	return in_threads(2, compute_a_while);
}

static int computing_one_after_another(void)
{
	for (int i = 0; i < 3; i++) {
		if (!fork()) {
			compute(150 * MS);
			_exit(0);
		}
		if (child_status())
			return 1;
	}
	return 0;
}

static void *compute_shortly(void *unused)
{
	(void)unused;
	compute(MS);
	return NULL;
}

static int short_threads(void)
{
	for (int i = 0; i < 750; i++)
		in_threads(1, compute_shortly);
	return 0;
}

static void *compute_in_a_crowd(void *unused)
{
	(void)unused;
	compute(80 * MS);
	return NULL;
}

static int crowded(void)
{
	return in_threads(8, compute_in_a_crowd);
}

/* ---- a lock that is passed on ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t passed = PTHREAD_COND_INITIALIZER;
static int turn;

enum { TAKERS = 4, TURNS = 30 };

static void *take_turns(void *number)
{
	const int mine = (int)(intptr_t)number;

	for (int i = 0; i < TURNS; i++) {
		pthread_mutex_lock(&lock);
		while (turn != mine)
			pthread_cond_wait(&passed, &lock);
		compute(3 * MS);
		turn = (turn + 1) % TAKERS;
		pthread_cond_broadcast(&passed);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static int taking_turns(void)
{
	pthread_t threads[TAKERS];

	for (int t = 0; t < TAKERS; t++)
		pthread_create(&threads[t], NULL, take_turns, (void *)(intptr_t)t);
	for (int t = 0; t < TAKERS; t++)
		pthread_join(threads[t], NULL);
	return 0;
}

/* ---- both, and memory ---- */

static int computing_and_sleeping(void)
{
	for (int i = 0; i < 15; i++) {
		compute(12 * MS);
		pause_ns(12 * MS);
	}
	return 0;
}

static int touching_new_pages(void)
{
	while (now_ns(CLOCK_PROCESS_CPUTIME_ID) < 300 * MS) {
		char *memory = mmap(
			NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (memory == MAP_FAILED)
			return CANNOT;
		madvise(memory, 16 * MIB, MADV_NOHUGEPAGE);
		for (size_t at = 0; at < 16 * MIB; at += PAGE)
			memory[at] = 1;
		munmap(memory, 16 * MIB);
	}
	return 0;
}

/* Pages of a file that are not in memory, one at a time. */
static int touching_pages_of_a_file(void)
{
	const int file = open("mapped", O_CREAT | O_TRUNC | O_RDWR, 0600);
	const uint64_t begin = now_ns(CLOCK_MONOTONIC);
	static char block[MIB];
	struct rusage usage;
	volatile char sum = 0;

	for (int i = 0; i < 32; i++)
		if (write(file, block, sizeof(block)) != sizeof(block))
			return CANNOT;
	fsync(file);
	const char *map = mmap(NULL, 32 * MIB, PROT_READ, MAP_SHARED, file, 0);
	if (map == MAP_FAILED)
		return CANNOT;
	madvise((void *)map, 32 * MIB, MADV_RANDOM);
	while (now_ns(CLOCK_MONOTONIC) - begin < 400 * MS) {
		madvise((void *)map, 32 * MIB, MADV_DONTNEED);
		posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
		for (size_t at = 0; at < 32 * MIB; at += PAGE)
			sum += map[at];
	}
	unlink("mapped");
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_majflt < 1000 ? CANNOT : 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} natures[] = {
		{ "sleeping", sleeping },
		{ "sleeping_together", sleeping_together },
		{ "asking_a_server", asking_a_server },
		{ "reading_a_pipe", reading_a_pipe },
		{ "syncing_a_file", syncing_a_file },
		{ "computing", computing },
		{ "computing_in_two", computing_in_two },
		{ "computing_in_two_processes", computing_in_two_processes },
		{ "computing_then_in_two", computing_then_in_two },
		{ "computing_one_after_another", computing_one_after_another },
		{ "short_threads", short_threads },
		{ "crowded", crowded },
		{ "taking_turns", taking_turns },
		{ "computing_and_sleeping", computing_and_sleeping },
		{ "touching_new_pages", touching_new_pages },
		{ "touching_pages_of_a_file", touching_pages_of_a_file },
	};

	for (size_t n = 0; argc == 2 && n < sizeof(natures) / sizeof(natures[0]); n++)
		if (!strcmp(argv[1], natures[n].name))
			return natures[n].run();
	fprintf(stderr, "natures: give the name of one\n");
	return 2;
}
