/*
 * ompt: runtimes that tell a tool what they do, by OMPT: LLVM's libomp, Intel's, AMD's, and from GCC
 * 17 on libgomp. They look for ompt_start_tool, and find ours.
 *
 * Types, numbers and signatures are those of the OpenMP specification 5.0, chapter 4, as far as they
 * are used. A member's part ends as it arrives at the region's last barrier, since a worker's implicit
 * task itself ends only when the worker is called to the next. Which barrier that was is known then:
 * LLVM 14 gives all implicit ones the same kind.
 */
#include <dlfcn.h>
#include <string.h>

#include "trace/gomp.h"

union data {
	uint64_t value;
	void *ptr;
};

enum callback {
	ON_PARALLEL_BEGIN = 3,
	ON_PARALLEL_END = 4,
	ON_TASK_CREATE = 5,
	ON_TASK_SCHEDULE = 6,
	ON_IMPLICIT_TASK = 7,
	ON_WORK = 20,
	ON_SYNC = 23,
	ON_ACQUIRE = 26,
	ON_ACQUIRED = 27,
	ON_DISPATCH = 32
};

enum { SCOPE_BEGIN = 1, SCOPE_END = 2 };
enum { TASK_INITIAL = 1, TASK_EXPLICIT = 4 };
enum { SYNC_TASKWAIT = 5, SYNC_TASKGROUP = 6 };
enum { SYNC_IMPLICIT = 2, SYNC_REDUCTION = 7, SYNC_IMPLICIT_PARALLEL = 9 };
enum { WORK_TASKLOOP = 7 };

typedef void any_function(void);
typedef any_function *lookup_function(const char *name);
typedef int set_callback_function(enum callback which, any_function *callback);

struct start_tool_result {
	int (*initialize)(lookup_function *lookup, int device, union data *tool);
	void (*finalize)(union data *tool);
	union data tool;
};

EXPORT struct start_tool_result *ompt_start_tool(unsigned version, const char *runtime_version);

/* ---- regions ---- */

static void on_parallel_begin(union data *task, const void *frame, union data *parallel,
	unsigned asked, int flags, const void *caller)
{
	const struct fork_site site = { caller, NULL, TRACE_KIND_PARALLEL };

	(void)task, (void)frame, (void)flags;
	/* LLVM says how many it asks for; of none, the runtime decides */
	parallel->ptr = region_open(&site, asked, asked ? asked : tracer.head->cpus);
}

static void on_parallel_end(union data *parallel, union data *task, int flags, const void *caller)
{
	(void)task, (void)flags, (void)caller;
	if (parallel->ptr)
		region_close(parallel->ptr);
	parallel->ptr = NULL;
}

/* The task's data says whether its part has been entered, and not left. */
static void on_implicit_task(int scope, union data *parallel, union data *task, unsigned team,
	unsigned number, int flags)
{
	if (flags & TASK_INITIAL)
		return;
	if (scope == SCOPE_BEGIN)
		task->value = parallel && parallel->ptr &&
			region_enter(parallel->ptr, number, number ? 0 : team);
	else if (task->value) {
		task->value = 0;
		region_left();
	}
}

/* ---- waits ---- */

/* Those that are going on, one in the other. */
static __thread struct {
	struct spell of[VISITS];
	unsigned depth;
} waits __attribute__((tls_model("initial-exec")));

static void begin_wait(unsigned seen)
{
	const unsigned at = waits.depth++;

	if (at < VISITS)
		waits.of[at] = wait_begin(seen);
}

static void end_wait(enum trace_wait kind)
{
	const unsigned at = waits.depth ? --waits.depth : VISITS;

	if (at < VISITS)
		wait_end(&waits.of[at], kind);
}

/* A barrier that may be the region's last. */
static void maybe_last(int scope, uint64_t part)
{
	static __thread struct spell wait __attribute__((tls_model("initial-exec")));

	if (!part)
		return;
	if (scope == SCOPE_BEGIN) {
		region_stop();
		wait = wait_begin(0);
	} else {
		region_go_on(&wait);
	}
}

static void on_sync(int kind, int scope, union data *parallel, union data *task, const void *caller)
{
	(void)parallel, (void)caller;
	if (kind == SYNC_REDUCTION)
		return;
	if ((kind == SYNC_IMPLICIT || kind == SYNC_IMPLICIT_PARALLEL) && task) {
		maybe_last(scope, task->value);
		return;
	}
	const bool tasks = kind == SYNC_TASKWAIT || kind == SYNC_TASKGROUP;
	if (scope == SCOPE_BEGIN)
		begin_wait(tasks ? TRACE_SEEN_TASK : TRACE_SEEN_BARRIER);
	else
		end_wait(tasks ? TRACE_WAIT_TASK : TRACE_WAIT_BARRIER);
}

static void on_acquire(int kind, unsigned hint, unsigned how, uint64_t lock, const void *caller)
{
	static const unsigned seen[] = { 0, 0, 0, 0, 0, TRACE_SEEN_CRITICAL, 0,
		TRACE_SEEN_ORDERED };

	(void)hint, (void)how, (void)lock, (void)caller;
	begin_wait(kind > 0 && kind < 8 ? seen[kind] : 0);
}

static void on_acquired(int kind, uint64_t lock, const void *caller)
{
	(void)kind, (void)lock, (void)caller;
	end_wait(TRACE_WAIT_LOCK);
}

/* ---- work ---- */

static void on_work(int kind, int scope, union data *parallel, union data *task, uint64_t count,
	const void *caller)
{
	static const unsigned seen[] = { 0, 0, TRACE_SEEN_SECTIONS, TRACE_SEEN_SINGLE,
		TRACE_SEEN_SINGLE, 0, 0, TRACE_SEEN_TASKLOOP };

	(void)parallel, (void)task, (void)count, (void)caller;
	if (scope == SCOPE_BEGIN && kind >= 0 && kind <= WORK_TASKLOOP)
		note_seen(seen[kind]);
}

/* A chunk begins; that of before has ended. */
static void on_dispatch(union data *parallel, union data *task, int kind, union data instance)
{
	(void)parallel, (void)task, (void)kind;
	chunk_ask();
	chunk_get(true, instance.value, 0);
}

/* ---- explicit tasks ---- */

/* What an explicit task's data says; an implicit one's is whether its part goes on. */
enum { TASK_CREATED = 2, TASK_STARTED = 3 };
enum { STATUS_COMPLETE = 1, STATUS_CANCEL = 3, STATUS_DETACH = 4 };

/* Those that this thread is running, one in the other. */
static __thread struct {
	struct spell of[VISITS];
	unsigned depth;
} tasks __attribute__((tls_model("initial-exec")));

static void on_task_create(union data *around, const void *frame, union data *task, int flags,
	int dependences, const void *caller)
{
	(void)around, (void)frame, (void)dependences, (void)caller;
	if (!(flags & TASK_EXPLICIT))
		return;
	task->value = TASK_CREATED;
	note_seen(TRACE_SEEN_TASK);
}

static void start_task(union data *task)
{
	const unsigned at = tasks.depth++;

	task->value = TASK_STARTED;
	if (at < VISITS)
		tasks.of[at] = task_begin();
}

static void finish_task(void)
{
	const unsigned at = tasks.depth ? --tasks.depth : VISITS;

	if (at < VISITS)
		task_end(&tasks.of[at]);
}

/* One leaves the thread, for good or for a while, and another comes, for the first time or again. */
static void on_task_schedule(union data *prior, int status, union data *next)
{
	const bool over =
		status == STATUS_COMPLETE || status == STATUS_CANCEL || status == STATUS_DETACH;

	if (over && prior && prior->value == TASK_STARTED) {
		prior->value = 0;
		finish_task();
	}
	if (next && next->value == TASK_CREATED)
		start_task(next);
}

/* ---- the tool ---- */

static const struct {
	enum callback which;
	any_function *function;
} callbacks[] = {
	{ ON_PARALLEL_BEGIN, (any_function *)on_parallel_begin },
	{ ON_PARALLEL_END, (any_function *)on_parallel_end },
	{ ON_IMPLICIT_TASK, (any_function *)on_implicit_task },
	{ ON_SYNC, (any_function *)on_sync },
	{ ON_ACQUIRE, (any_function *)on_acquire },
	{ ON_ACQUIRED, (any_function *)on_acquired },
	{ ON_WORK, (any_function *)on_work },
	{ ON_DISPATCH, (any_function *)on_dispatch },
	{ ON_TASK_CREATE, (any_function *)on_task_create },
	{ ON_TASK_SCHEDULE, (any_function *)on_task_schedule },
};

static int initialize(lookup_function *lookup, int device, union data *tool)
{
	set_callback_function *const set = (set_callback_function *)lookup("ompt_set_callback");
	Dl_info info;

	(void)device, (void)tool;
	if (!set)
		return 0;
	for (size_t c = 0; c < sizeof(callbacks) / sizeof(callbacks[0]); c++)
		set(callbacks[c].which, callbacks[c].function);
	gomp_passes = true;
	__atomic_fetch_or(&tracer.head->flags, TRACE_OMPT, __ATOMIC_RELAXED);
	if (dladdr((void *)lookup, &info) && info.dli_fname)
		strncpy(tracer.head->runtime, info.dli_fname, TRACE_PATH - 1);
	return 1;
}

static void finalize(union data *tool)
{
	(void)tool;
}

struct start_tool_result *ompt_start_tool(unsigned version, const char *runtime_version)
{
	static struct start_tool_result result = { initialize, finalize, { 0 } };

	(void)version, (void)runtime_version;
	return tracer.head ? &result : NULL;
}
