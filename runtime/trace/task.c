/*
 * task: explicit tasks of libgomp. What a task runs is replaced by run_task, and the function that it
 * was to run travels with its data:
 *
 *	head | the program's data, at an offset that keeps its alignment
 *
 * libgomp itself reads and writes data in a few places. A taskloop's begins with its first and last
 * index, which are set for each of its tasks, and with a pointer to reductions; a detachable task's
 * begins with its event. So the head begins like that, and hands it on.
 */
#include <stdarg.h>
#include <string.h>

#include "trace/gomp.h"
#include "trace/real.h"

_Static_assert(sizeof(long) == 8, "libgomp's indices are 8 bytes");

/* Flags of GOMP_task and GOMP_taskloop (gomp-constants.h). */
enum { IS_DETACHED = 1 << 13 };

struct head {
	uint64_t first[2];
	void *reductions;
	void (*fn)(void *);
	void (*copy)(void *, void *);
	void *data;         /* the program's, in the caller */
	size_t offset;      /* of the program's */
	size_t first_bytes; /* with which the program's data begins, set by libgomp */
};

typedef void task_fn(void (*fn)(void *), void *data, void (*copy)(void *, void *), long bytes,
	long alignment, bool now, unsigned flags, void **depend, int priority, void *detach);
typedef void taskloop_fn(void (*fn)(void *), void *data, void (*copy)(void *, void *), long bytes,
	long alignment, unsigned flags, unsigned long tasks, int priority, long start, long end,
	long step);
typedef void taskloop_ull_fn(void (*fn)(void *), void *data, void (*copy)(void *, void *),
	long bytes, long alignment, unsigned flags, unsigned long tasks, int priority,
	unsigned long long start, unsigned long long end, unsigned long long step);

EXPORT task_fn GOMP_task;
EXPORT taskloop_fn GOMP_taskloop;
EXPORT taskloop_ull_fn GOMP_taskloop_ull;

static void *own_data(struct head *head)
{
	return (char *)head + head->offset;
}

static void run_task(void *data)
{
	struct head *head = data;

	if (head->first_bytes)
		memcpy(own_data(head), head->first, head->first_bytes);
	const struct spell task = task_begin();
	head->fn(own_data(head));
	task_end(&task);
}

/* Where the program's data is not simply copied. */
static void copy_task(void *to, void *from)
{
	struct head *into = to;

	memcpy(into, from, sizeof(*into));
	into->copy(own_data(into), into->data);
}

static size_t round_up(size_t bytes, size_t to)
{
	return (bytes + to - 1) / to * to;
}

/* What the library is given in place of the program's data. */
struct wrapped {
	size_t bytes, alignment, offset;
};

static struct wrapped wrap(long bytes, long alignment)
{
	const size_t least = sizeof(uint64_t);
	const size_t aligned = (size_t)alignment > least ? (size_t)alignment : least;
	const size_t offset = round_up(sizeof(struct head), aligned);

	return (struct wrapped) { offset + (size_t)bytes, aligned, offset };
}

/* `room` has the alignment to spare. */
static struct head *fill(
	const struct wrapped *wrapped, const struct head *from, void *room, size_t reductions_end)
{
	struct head *at = (struct head *)round_up((size_t)room, wrapped->alignment);
	const size_t bytes = wrapped->bytes - wrapped->offset;

	*at = *from;
	at->offset = wrapped->offset;
	if (at->data && !at->copy)
		memcpy(own_data(at), at->data, bytes);
	if (at->data && bytes >= reductions_end)
		memcpy(&at->reductions, (char *)at->data + sizeof(at->first),
			sizeof(at->reductions));
	return at;
}

/* ---- the entry points ---- */

#define CALLER __builtin_return_address(0)
#define REAL(name)                                                                                 \
	({                                                                                         \
		static typeof(name) *found;                                                        \
		if (!found)                                                                        \
			found = real_need(#name, CALLER);                                          \
		found;                                                                             \
	})

static bool watches(void)
{
	return tracer.head && !gomp_passes && self.lane;
}

void GOMP_task(void (*fn)(void *), void *data, void (*copy)(void *, void *), long bytes,
	long alignment, bool now, unsigned flags, void **depend, int priority, void *detach)
{
	const struct wrapped wrapped = wrap(bytes, alignment);
	const struct head head = { .fn = fn,
		.copy = copy,
		.data = data,
		.first_bytes = flags & IS_DETACHED && data ? sizeof(void *) : 0 };
	task_fn *const real = REAL(GOMP_task);

	if (!watches()) {
		real(fn, data, copy, bytes, alignment, now, flags, depend, priority, detach);
		return;
	}
	void *const room = __builtin_alloca(wrapped.bytes + wrapped.alignment);
	note_seen(TRACE_SEEN_TASK);
	real(run_task, fill(&wrapped, &head, room, SIZE_MAX), copy ? copy_task : NULL,
		(long)wrapped.bytes, (long)wrapped.alignment, now, flags, depend, priority, detach);
}

#define TASKLOOP(name)                                                                             \
	const struct wrapped wrapped = wrap(bytes, alignment);                                     \
	const struct head head = {                                                                 \
		.fn = fn, .copy = copy, .data = data, .first_bytes = sizeof(head.first)            \
	};                                                                                         \
	typeof(name) *const real = REAL(name);                                                     \
	if (!watches()) {                                                                          \
		real(fn, data, copy, bytes, alignment, flags, tasks, priority, start, end, step);  \
		return;                                                                            \
	}                                                                                          \
	void *const room = __builtin_alloca(wrapped.bytes + wrapped.alignment);                    \
	const struct spell spell = gomp_wait_begin(TRACE_SEEN_TASKLOOP);                           \
	real(run_task, fill(&wrapped, &head, room, offsetof(struct head, fn)),                     \
		copy ? copy_task : NULL, (long)wrapped.bytes, (long)wrapped.alignment, flags,      \
		tasks, priority, start, end, step);                                                \
	wait_end(&spell, TRACE_WAIT_TASK);

/* Made of tasks, for whose end it waits. */
void GOMP_taskloop(void (*fn)(void *), void *data, void (*copy)(void *, void *), long bytes,
	long alignment, unsigned flags, unsigned long tasks, int priority, long start, long end,
	long step)
{
	TASKLOOP(GOMP_taskloop)
}

void GOMP_taskloop_ull(void (*fn)(void *), void *data, void (*copy)(void *, void *), long bytes,
	long alignment, unsigned flags, unsigned long tasks, int priority, unsigned long long start,
	unsigned long long end, unsigned long long step) { TASKLOOP(GOMP_taskloop_ull) }

/* ---- doacross ---- */

/*
 * The number of indices is the loop nest's, which only libgomp knows: so many are handed on as no
 * nest has. Those that were not passed are whatever lies there, and nobody reads them.
 */
#define DOACROSS_WAIT(name, type)                                                                  \
	enum { MOST = 16 };                                                                        \
	type i[MOST];                                                                              \
	va_list list;                                                                              \
	va_start(list, first);                                                                     \
	for (int n = 0; n < MOST; n++)                                                             \
		i[n] = va_arg(list, type);                                                         \
	va_end(list);                                                                              \
	const struct spell spell = gomp_wait_begin(TRACE_SEEN_DOACROSS);                           \
	REAL(name)                                                                                 \
	(first, i[0], i[1], i[2], i[3], i[4], i[5], i[6], i[7], i[8], i[9], i[10], i[11], i[12],   \
		i[13], i[14], i[15]);                                                              \
	wait_end(&spell, TRACE_WAIT_LOCK);

EXPORT void GOMP_doacross_wait(long first, ...);
EXPORT void GOMP_doacross_ull_wait(unsigned long long first, ...);

void GOMP_doacross_wait(long first, ...)
{
	DOACROSS_WAIT(GOMP_doacross_wait, long)
}

void GOMP_doacross_ull_wait(unsigned long long first, ...)
{
	DOACROSS_WAIT(GOMP_doacross_ull_wait, unsigned long long)
}
