#include "trace/gomp.h"

#include <dlfcn.h>
#include <string.h>

#include "trace/gomp_entries.h"
#include "trace/real.h"

struct runtime runtime;
bool gomp_passes;

/* ---- the functions behind ---- */

#define ENTRY(behaviour, result, name, ...) AT_##name,
enum { ENTRIES REAL_COUNT };
#undef ENTRY

#define ENTRY(behaviour, result, name, ...) #name,
static const char *const names[] = { ENTRIES };
#undef ENTRY

static void *reals[REAL_COUNT];

static void know_runtime(const void *caller)
{
	Dl_info info;
	int (*const num_threads)(void) = real_find("omp_get_num_threads", caller);

	runtime.thread_num = real_find("omp_get_thread_num", caller);
	runtime.max_threads = real_find("omp_get_max_threads", caller);
	if (tracer.head && num_threads && dladdr((void *)num_threads, &info) && info.dli_fname) {
		strncpy(tracer.head->runtime, info.dli_fname, TRACE_PATH - 1);
		__atomic_fetch_or(&tracer.head->flags, TRACE_GNU, __ATOMIC_RELAXED);
	}
	__atomic_store_n(&runtime.num_threads, num_threads, __ATOMIC_RELEASE);
}

static void *find(unsigned at, const void *caller)
{
	reals[at] = real_need(names[at], caller);
	if (!runtime.num_threads)
		know_runtime(caller);
	return reals[at];
}

static inline void *real_at(unsigned at, const void *caller)
{
	void *real = __atomic_load_n(&reals[at], __ATOMIC_RELAXED);

	return __builtin_expect(real != NULL, true) ? real : find(at, caller);
}

/* ---- forks ---- */

/*
 * What the members are given in place of the program's data: on the caller's stack. Of a region with
 * reductions of tasks, libgomp itself looks for them in the first word.
 */
struct forked {
	void *reductions;
	void (*fn)(void *);
	void *data;
	struct trace_region *region;
	unsigned seen;
};

static void member(void *data)
{
	const struct forked forked = *(const struct forked *)data;

	const uint32_t number = (uint32_t)runtime.thread_num();

	if (!region_enter(forked.region, number, number ? 0 : (uint32_t)runtime.num_threads())) {
		forked.fn(forked.data);
		return;
	}
	note_seen(forked.seen);
	forked.fn(forked.data);
	region_leave();
}

static struct trace_region *open_region(void (*fn)(void *), unsigned threads, const void *caller)
{
	const struct fork_site site = { caller, (const void *)fn, TRACE_KIND_PARALLEL };

	if (!tracer.head || gomp_passes || !runtime.num_threads)
		return NULL;
	const unsigned room = threads ? threads : (unsigned)runtime.max_threads();
	return region_open(&site, room, room);
}

static struct forked fork_begin(
	void (*fn)(void *), void *data, unsigned threads, const void *caller, unsigned seen)
{
	void *const reductions = seen & TRACE_SEEN_REDUCTION ? *(void **)data : NULL;

	return (struct forked) { reductions, fn, data, open_region(fn, threads, caller), seen };
}

static void fork_end(const struct forked *forked)
{
	if (forked->region)
		region_close(forked->region);
}

/* ---- forks of old, whose caller plays member 0 by itself ---- */

/* Those that are open in this thread, innermost last. */
static __thread struct {
	struct forked of[VISITS];
	bool entered[VISITS];
	unsigned depth;
} started __attribute__((tls_model("initial-exec")));

static struct forked *start_begin(
	void (*fn)(void *), void *data, unsigned threads, const void *caller, unsigned seen)
{
	static struct forked none;
	const unsigned at = started.depth++;

	if (at >= VISITS)
		return &none;
	started.of[at] = (struct forked) { NULL, fn, data, open_region(fn, threads, caller), seen };
	return &started.of[at];
}

static void start_done(struct forked *const *forked)
{
	const unsigned at = started.depth - 1;

	if (at >= VISITS)
		return;
	started.entered[at] = (*forked)->region &&
		region_enter((*forked)->region, 0, (uint32_t)runtime.num_threads());
}

static struct trace_region *end_begin(void)
{
	const unsigned at = started.depth ? --started.depth : VISITS;

	if (at >= VISITS || !started.of[at].region)
		return NULL;
	if (started.entered[at])
		region_leave();
	return started.of[at].region;
}

static void end_done(struct trace_region *const *region)
{
	if (*region)
		region_close(*region);
}

/* ---- waits and chunks ---- */

static void end_BARRIER(const struct spell *spell)
{
	wait_end(spell, TRACE_WAIT_BARRIER);
}

static void end_LOCK(const struct spell *spell)
{
	wait_end(spell, TRACE_WAIT_LOCK);
}

static void end_TASK(const struct spell *spell)
{
	wait_end(spell, TRACE_WAIT_TASK);
}

/* Without a place for a chunk, the call only begins the loop. Indices of all types are 8 bytes. */
static inline bool dealt(bool got, const void *from, unsigned seen)
{
	if (gomp_passes)
		return got;
	chunk_get(got && from, got && from ? *(const uint64_t *)from : 0, seen);
	return got;
}

static inline unsigned dealt_section(unsigned section, unsigned seen)
{
	if (gomp_passes)
		return section;
	chunk_get(section > 0, section, seen);
	return section;
}

/* ---- the entry points: what is done around them, and they themselves ---- */

#define FINALLY(end) __attribute__((cleanup(end), unused))

#define AROUND_FORK(seen)                                                                          \
	struct forked forked FINALLY(fork_end) = fork_begin(fn, data, threads, CALLER, seen);      \
	if (forked.region) {                                                                       \
		fn = member;                                                                       \
		data = &forked;                                                                    \
	}
#define AROUND_FORK_START(seen)                                                                    \
	struct forked *forked FINALLY(start_done) = start_begin(fn, data, threads, CALLER, seen);  \
	if (forked->region) {                                                                      \
		fn = member;                                                                       \
		data = forked;                                                                     \
	}
#define AROUND_FORK_END(seen) struct trace_region *region FINALLY(end_done) = end_begin();
#define AROUND_DEAL(seen)     chunk_ask();
#define AROUND_SECTION(seen)  chunk_ask();
#define AROUND_WAIT(kind, seen)                                                                    \
	const struct spell spell FINALLY(end_##kind) = gomp_wait_begin(seen);
#define AROUND_NOTE(seen) note_seen(seen);

#define RESULT_FORK(call, ...)       call
#define RESULT_FORK_START(call, ...) call
#define RESULT_FORK_END(call, ...)   call
#define RESULT_DEAL(call, seen)      dealt(call, from, seen)
#define RESULT_SECTION(call, seen)   dealt_section(call, seen)
#define RESULT_WAIT(call, ...)       call
#define RESULT_NOTE(call, ...)       call

#define CALLER __builtin_return_address(0)

#define ENTRY(behaviour, result, name, signature, ...)                                             \
	EXPORT result name signature##_PARAMETERS;                                                 \
	result name signature##_PARAMETERS                                                         \
	{                                                                                          \
		result(*const real) signature##_PARAMETERS = real_at(AT_##name, CALLER);           \
		AROUND_##behaviour(__VA_ARGS__);                                                   \
		return RESULT_##behaviour(real signature##_ARGUMENTS, __VA_ARGS__);                \
	}
ENTRIES
#undef ENTRY
