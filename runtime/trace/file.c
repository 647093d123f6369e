#include "trace/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

struct tracer tracer;

static char path[TRACE_PATH];
static uint32_t growing;      /* a lock */
static uint64_t mapped_bytes; /* of this process's */

/* A limit on files would end the program with SIGXFSZ, or has ended others. */
static bool within_limit(uint64_t bytes)
{
	struct rlimit limit;

	return !getrlimit(RLIMIT_FSIZE, &limit) &&
		(limit.rlim_cur == RLIM_INFINITY || bytes <= limit.rlim_cur);
}

/* Writes so many zeros there. Pages that are written so are cheaper to map than those of fallocate. */
static bool write_zeros(int file, uint64_t from, uint64_t bytes)
{
	static const char zeros[1 << 16];
	const uint64_t end = from + bytes;
	ssize_t written = 1;

	for (; from < end && written > 0; from += (uint64_t)written) {
		const uint64_t left = end - from;
		written = pwrite(
			file, zeros, left < sizeof(zeros) ? left : sizeof(zeros), (off_t)from);
	}
	return written > 0;
}

/*
 * The file is opened again each time, since programs close descriptors that they do not know. Memory
 * is taken here, where that can fail, and not when it is touched, which would end the program.
 */
static bool grow(uint64_t from, uint64_t bytes)
{
	const int error = errno, file = open(path, O_RDWR | O_CLOEXEC);
	const bool grown =
		file >= 0 && within_limit(from + bytes) && write_zeros(file, from, bytes);

	if (file >= 0)
		close(file);
	if (grown) /* or else they are touched one by one */
		madvise((char *)tracer.head + from, bytes, MADV_POPULATE_READ);
	errno = error;
	return grown;
}

static uint64_t round_up(uint64_t bytes)
{
	return (bytes + TRACE_PAGE - 1) / TRACE_PAGE * TRACE_PAGE;
}

struct trace_block *file_block(enum trace_block_kind kind, uint32_t lane, size_t bytes, bool detail)
{
	struct trace_head *head = tracer.head;
	const uint64_t size = round_up(bytes), most = detail ? head->most / 4 * 3 : head->most;
	struct trace_block *block = NULL;

	if (!spin_take(&growing))
		return NULL;
	if (head->used + size <= most && grow(head->used, size)) {
		block = file_at(head->used);
		block->kind = kind;
		block->lane = lane;
		block->bytes = size;
		block->used = sizeof(*block);
		__atomic_store_n(&head->used, head->used + size, __ATOMIC_RELEASE);
	}
	spin_give(&growing);
	return block;
}

/* ---- the head ---- */

static uint32_t cpus_allowed(void)
{
	cpu_set_t set[16]; /* of 1024 CPUs each */

	return sched_getaffinity(0, sizeof(set), set) ? 0 : (uint32_t)CPU_COUNT_S(sizeof(set), set);
}

static void fill_head(struct trace_head *head, uint64_t most, uint32_t flags)
{
	head->magic = TRACE_MAGIC;
	head->version = TRACE_VERSION;
	head->pid = (uint32_t)getpid();
	head->cpus = cpus_allowed();
	head->flags = flags;
	head->used = TRACE_PAGE;
	head->most = most;
	head->begin = now();
	const ssize_t length = readlink("/proc/self/exe", head->program, TRACE_PATH - 1);
	head->program[length > 0 ? length : 0] = 0;
}

/* An exec keeps the number of the process: then the file has another name. */
static int create(const char *directory)
{
	int file = -1;

	errno = EEXIST;
	for (unsigned i = 0; file < 0 && errno == EEXIST && i < 1000; i++) {
		snprintf(path, sizeof(path), "%s/%d.%u", directory, (int)getpid(), i);
		file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	}
	return file;
}

static void map(int file, uint64_t most, uint32_t flags)
{
	if (!within_limit(TRACE_PAGE) || !write_zeros(file, 0, TRACE_PAGE))
		return;
	void *at = mmap(NULL, most, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file, 0);
	if (at == MAP_FAILED)
		return;
	mapped_bytes = most;
	fill_head(at, most, flags);
	tracer.head = at;
}

static uint32_t read_options(const char *text, uint64_t *most)
{
	uint32_t flags = 0;

	tracer.clock = (struct clock) { .ns_per_tick = 1 };
	for (; *text >= 'a' && *text <= 'z'; text++) {
		tracer.clock.tsc |= *text == TRACE_OPTION_TSC;
		tracer.chunks |= *text == TRACE_OPTION_CHUNKS;
		tracer.pthreads |= *text == TRACE_OPTION_PTHREADS;
	}
	flags |= tracer.clock.tsc ? TRACE_TSC : 0;
	flags |= tracer.chunks ? TRACE_CHUNKS : 0;
	flags |= tracer.pthreads ? TRACE_PTHREADS : 0;
	*most = strtoull(text, NULL, 10) / TRACE_PAGE * TRACE_PAGE;
	return flags;
}

void file_begin(void)
{
	const char *directory = getenv(TRACE_ENV_DIRECTORY);
	const char *options = getenv(TRACE_ENV_OPTIONS);
	const int error = errno;
	uint64_t most;

	if (!directory || !options)
		return;
	const uint32_t flags = read_options(options, &most);
	const int file = most ? create(directory) : -1;
	if (file >= 0) {
		map(file, most, flags);
		close(file);
	}
	errno = error;
}

void file_end(bool removable)
{
	struct trace_head *head = tracer.head;

	if (!head)
		return;
	head->end = now();
	__atomic_fetch_or(&head->flags, TRACE_ENDED, __ATOMIC_RELEASE);
	if (removable && !head->sites)
		unlink(path);
}

void file_leave(void)
{
	if (!tracer.head)
		return;
	mmap(tracer.head, mapped_bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
	tracer.head = NULL;
	tracer.sites = NULL;
	tracer.bins = NULL;
	growing = 0;
}
