/*
 * fault: what run-faults preloads into tine, so that something fails at a moment it chooses.
 *
 *	FAULT_ALLOC=N    the Nth allocation of this process fails, and no other; 0: none does
 *	FAULT_SEEN=FILE  a line is added for the allocation that fails; if N is 0, for each that no
 *	                 other was like. It reads "N PLACE...", from who asked outwards: libraries,
 *	                 and places in the program as addr2line takes them
 *	FAULT_LAUNCH=CMD what tine starts as a launch is started as "CMD PROGRAM launch ORDER"
 *
 * The first two hold for the first process alone: they are taken out of the environment. It is
 * glibc's own allocator that is called, since to look one up by name would allocate.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *old, size_t bytes);
extern void *__libc_memalign(size_t alignment, size_t bytes);

enum { DEPTH = 32, SEEN_MOST = 1 << 14 };

static struct {
	bool armed, all;
	long fails, count;
	int seen_fd;
	uintptr_t first, end; /* of the program itself */
	uint64_t seen[SEEN_MOST];
	bool inside;
} fault = { .seen_fd = -1 };

static int note_program(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size, (void)unused;
	fault.first = UINTPTR_MAX;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		const uintptr_t at = info->dlpi_addr + header->p_vaddr;
		if (header->p_type != PT_LOAD)
			continue;
		fault.first = at < fault.first ? at : fault.first;
		fault.end = at + header->p_memsz;
	}
	return 1; /* the first is the program */
}

static void __attribute__((constructor)) arm(void)
{
	const char *which = getenv("FAULT_ALLOC"), *seen = getenv("FAULT_SEEN");
	void *frames[DEPTH];

	if (!which)
		return;
	if (seen)
		fault.seen_fd = open(seen, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	fault.fails = atol(which);
	fault.all = !fault.fails;
	unsetenv("FAULT_ALLOC");
	unsetenv("FAULT_SEEN");
	dl_iterate_phdr(note_program, NULL);
	backtrace(frames, DEPTH); /* the first one loads a library */
	fault.armed = true;
}

static bool is_ours(const void *place)
{
	return (uintptr_t)place >= fault.first && (uintptr_t)place < fault.end;
}

/* Who asked: its own place, and those in the program that led to it. */
static uint64_t place_of(void *const *frames, int count)
{
	uint64_t place = (uintptr_t)frames[0];

	for (int i = 0; i < count; i++) {
		if (is_ours(frames[i]))
			place = (place ^ (uintptr_t)frames[i]) * 0x100000001b3u;
	}
	return place ? place : 1;
}

static bool is_new(uint64_t place)
{
	for (uint64_t i = place;; i++) {
		uint64_t *slot = &fault.seen[i % SEEN_MOST];
		if (*slot == place)
			return false;
		if (*slot)
			continue;
		*slot = place;
		return true;
	}
}

static const char *object_of(void *place)
{
	Dl_info info;
	const char *name = dladdr(place, &info) && info.dli_fname ? info.dli_fname : "?";
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

static void tell(void *const *frames, int count)
{
	const char *last = "";
	char line[2048];
	size_t length = (size_t)snprintf(line, sizeof(line), "%ld", fault.count);

	for (int i = 0; i < count && length < sizeof(line) / 2; i++) {
		const char *name = object_of(frames[i]);
		const size_t left = sizeof(line) - length;
		if (is_ours(frames[i]))
			length += (size_t)snprintf(line + length, left, " 0x%jx",
				(uintmax_t)((uintptr_t)frames[i] - fault.first - 1));
		else if (strcmp(name, last) != 0)
			length += (size_t)snprintf(line + length, left, " %.64s", name);
		last = name;
	}
	line[length++] = '\n';
	if (write(fault.seen_fd, line, length) != (ssize_t)length)
		abort();
}

static bool fails(void)
{
	void *frames[DEPTH];
	bool now;

	if (!fault.armed || fault.inside)
		return false;
	now = ++fault.count == fault.fails;
	if (!now && !fault.all)
		return false;
	fault.inside = true;
	/* behind this function and the one that stands for the allocator's */
	const int count = backtrace(frames, DEPTH) - 2;
	if (fault.seen_fd >= 0 && count > 0 && (now || is_new(place_of(frames + 2, count))))
		tell(frames + 2, count);
	fault.inside = false;
	if (now)
		errno = ENOMEM;
	return now;
}

void *malloc(size_t bytes)
{
	return fails() ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
	return fails() ? NULL : __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes)
{
	return fails() ? NULL : __libc_realloc(old, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
	return fails() ? NULL : __libc_memalign(alignment, bytes);
}

int posix_memalign(void **into, size_t alignment, size_t bytes)
{
	*into = fails() ? NULL : __libc_memalign(alignment, bytes);
	return *into ? 0 : ENOMEM;
}

/* ---- launches ---- */

typedef int spawn_fn(pid_t *, const char *, const posix_spawn_file_actions_t *,
	const posix_spawnattr_t *, char *const[], char *const[]);

int posix_spawnp(pid_t *child, const char *file, const posix_spawn_file_actions_t *actions,
	const posix_spawnattr_t *attributes, char *const argv[], char *const environment[])
{
	spawn_fn *real = (spawn_fn *)dlsym(RTLD_NEXT, "posix_spawnp");
	const char *command = getenv("FAULT_LAUNCH");
	char program[4096];
	const ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (!command || length < 0 || strcmp(file, "/proc/self/exe") != 0)
		return real(child, file, actions, attributes, argv, environment);
	program[length] = 0;
	char *const instead[] = { (char *)command, program, argv[1], argv[2], NULL };
	return real(child, command, actions, attributes, instead, environment);
}
