/*
 * pthread: with --pthreads, threads that are created and joined make a region, too. It begins as a thread
 * that is in no region creates one, and ends as it has joined all that it created since; it is itself
 * member 0, whose part ends as it first waits for another. Waits at barriers are waits inside of it.
 *
 * Threads that others join, or nobody, leave the region open. Those of OpenMP runtimes are theirs.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "trace/real.h"
#include "trace/region.h"

enum { MOST = 256 }; /* members; more are not recorded */

typedef int create_fn(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
	void *argument);
typedef int join_fn(pthread_t thread, void **result);
typedef int barrier_fn(pthread_barrier_t *barrier);

EXPORT create_fn pthread_create;
EXPORT join_fn pthread_join;
EXPORT barrier_fn pthread_barrier_wait;

/* What a thread created and has not joined. */
static __thread struct {
	struct trace_region *region; /* NULL: none */
	pthread_t threads[MOST];
	unsigned members, outstanding; /* members: the creator, too */
	bool waiting;                  /* the creator's own part is over */
} group __attribute__((tls_model("initial-exec")));

#define CALLER __builtin_return_address(0)
#define REAL(name)                                                                                 \
	({                                                                                         \
		static typeof(name) *found;                                                        \
		if (!found)                                                                        \
			found = real_need(#name, CALLER);                                          \
		found;                                                                             \
	})

static bool of_openmp(const void *caller)
{
	static const char *const names[] = { "libgomp", "libomp", "libiomp" };
	Dl_info info;

	if (!dladdr(caller, &info) || !info.dli_fname)
		return false;
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
		if (strstr(info.dli_fname, names[n]))
			return true;
	return false;
}

/* ---- the threads ---- */

/* Until it starts, a member's record holds what it is to do. */
static void brief(
	struct trace_member *m, struct trace_region *region, void *(*start)(void *), void *argument)
{
	m->waited = (uint64_t)start;
	m->dispatch = (uint64_t)argument;
	m->chunks_at = (uint64_t)region;
}

static void *run(void *record)
{
	struct trace_member *m = record;
	struct trace_region *region = (struct trace_region *)m->chunks_at;
	void *(*const start)(void *) = (void *(*)(void *))m->waited;
	void *const argument = (void *)m->dispatch;

	m->chunks_at = 0;
	if (!region_enter(region, (uint32_t)(m - region->members), 0))
		return start(argument);
	void *const result = start(argument);
	region_leave();
	return result;
}

/* ---- the creator ---- */

static bool begin_group(const void *caller, void *(*start)(void *))
{
	const struct fork_site site = { caller, (const void *)start, TRACE_KIND_CREATE };

	if (group.region)
		return true;
	if (self.depth)
		return false;
	group.region = region_open(&site, 1, MOST);
	if (!group.region)
		return false;
	group.members = 1;
	group.outstanding = 0;
	group.waiting = !region_enter(group.region, 0, 1);
	return true;
}

static void end_group(void)
{
	struct trace_region *region = group.region;

	group.region = NULL;
	region->asked = region->team = group.members;
	if (!group.waiting)
		region_leave();
	region_close(region);
}

static int create_member(create_fn *create, pthread_t *thread, const pthread_attr_t *attributes,
	void *(*start)(void *), void *argument)
{
	struct trace_member *m = &group.region->members[group.members];

	brief(m, group.region, start, argument);
	const int error = create(thread, attributes, run, m);
	if (!error) {
		group.threads[group.members++] = *thread;
		group.outstanding++;
		group.region->team = group.members;
	} else if (!group.outstanding) {
		end_group();
	}
	return error;
}

int pthread_create(
	pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
	create_fn *const create = REAL(pthread_create);

	if (!tracer.head || !tracer.pthreads || of_openmp(CALLER) || !begin_group(CALLER, start) ||
		group.members == MOST)
		return create(thread, attributes, start, argument);
	return create_member(create, thread, attributes, start, argument);
}

static bool is_ours(pthread_t thread)
{
	for (unsigned i = 1; group.region && i < group.members; i++)
		if (pthread_equal(group.threads[i], thread))
			return true;
	return false;
}

int pthread_join(pthread_t thread, void **result)
{
	join_fn *const join = REAL(pthread_join);
	const bool ours = tracer.head && is_ours(thread);

	if (ours && !group.waiting && self.depth == 2) {
		region_leave();
		group.waiting = true;
	}
	const int error = join(thread, result);
	if (ours && !error && !--group.outstanding && self.depth == (group.waiting ? 1 : 2))
		end_group();
	return error;
}

int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	barrier_fn *const wait = REAL(pthread_barrier_wait);

	if (!tracer.pthreads)
		return wait(barrier);
	const struct spell spell = wait_begin(TRACE_SEEN_BARRIER);
	const int result = wait(barrier);
	wait_end(&spell, TRACE_WAIT_BARRIER);
	return result;
}
