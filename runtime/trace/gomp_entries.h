/*
 * gomp_entries: libgomp's entry points that fork, deal out chunks, wait or run tasks.
 *
 *	ENTRY(behaviour, result, name, signature, ...)
 *
 * behaviour: what is recorded around the call, gomp.c; signature: the parameters, below; then what is
 * waited for, of WAIT alone, and the constructs that are seen by it. From GCC's builtin declarations (omp-builtins.def)
 * and libgomp.map of GCC 9 to 14; the last group are those of GCC 17, by its test suite.
 *
 * Not here, since they neither fork nor wait: GOMP_atomic_*, GOMP_critical_end, GOMP_ordered_end,
 * GOMP_single_copy_end, GOMP_doacross_post, GOMP_taskyield, GOMP_task_reduction_remap,
 * GOMP_taskgroup_reduction_*, GOMP_alloc, GOMP_free; and offloading: GOMP_target*, GOMP_teams*.
 */
#ifndef TRACE_GOMP_ENTRIES_H
#define TRACE_GOMP_ENTRIES_H

#include <stdbool.h>
#include <stdint.h>

#define LOOPS(how, seen)                                                                           \
	ENTRY(DEAL, bool, GOMP_loop_##how##_start, LOOP, seen)                                     \
	ENTRY(DEAL, bool, GOMP_loop_##how##_next, NEXT, 0)                                         \
	ENTRY(DEAL, bool, GOMP_loop_ull_##how##_start, LOOP_ULL, seen)                             \
	ENTRY(DEAL, bool, GOMP_loop_ull_##how##_next, NEXT_ULL, 0)

#define LOOPS_RUNTIME(how, seen)                                                                   \
	ENTRY(DEAL, bool, GOMP_loop_##how##_start, LOOP_RUNTIME, seen)                             \
	ENTRY(DEAL, bool, GOMP_loop_##how##_next, NEXT, 0)                                         \
	ENTRY(DEAL, bool, GOMP_loop_ull_##how##_start, LOOP_ULL_RUNTIME, seen)                     \
	ENTRY(DEAL, bool, GOMP_loop_ull_##how##_next, NEXT_ULL, 0)

#define DOACROSS(how, seen)                                                                        \
	ENTRY(DEAL, bool, GOMP_loop_doacross_##how##_start, DOACROSS_LOOP, seen)                   \
	ENTRY(DEAL, bool, GOMP_loop_ull_doacross_##how##_start, DOACROSS_ULL, seen)

#define ENTRIES                                                                                    \
	ENTRY(FORK, void, GOMP_parallel, FORKED, 0)                                                \
	ENTRY(FORK, unsigned, GOMP_parallel_reductions, FORKED, TRACE_SEEN_REDUCTION)              \
	ENTRY(FORK, void, GOMP_parallel_sections, FORKED_SECTIONS, TRACE_SEEN_SECTIONS)            \
	ENTRY(FORK, void, GOMP_parallel_loop_static, FORKED_LOOP, TRACE_SEEN_STATIC)               \
	ENTRY(FORK, void, GOMP_parallel_loop_dynamic, FORKED_LOOP, TRACE_SEEN_DYNAMIC)             \
	ENTRY(FORK, void, GOMP_parallel_loop_guided, FORKED_LOOP, TRACE_SEEN_GUIDED)               \
	ENTRY(FORK, void, GOMP_parallel_loop_runtime, FORKED_RUNTIME, TRACE_SEEN_RUNTIME)          \
	ENTRY(FORK, void, GOMP_parallel_loop_nonmonotonic_dynamic, FORKED_LOOP,                    \
		TRACE_SEEN_DYNAMIC)                                                                \
	ENTRY(FORK, void, GOMP_parallel_loop_nonmonotonic_guided, FORKED_LOOP, TRACE_SEEN_GUIDED)  \
	ENTRY(FORK, void, GOMP_parallel_loop_nonmonotonic_runtime, FORKED_RUNTIME,                 \
		TRACE_SEEN_RUNTIME)                                                                \
	ENTRY(FORK, void, GOMP_parallel_loop_maybe_nonmonotonic_runtime, FORKED_RUNTIME,           \
		TRACE_SEEN_RUNTIME)                                                                \
                                                                                                   \
	/* before GCC 4.9: the caller calls the function itself, between the two */                \
	ENTRY(FORK_START, void, GOMP_parallel_start, STARTED, 0)                                   \
	ENTRY(FORK_START, void, GOMP_parallel_sections_start, STARTED_SECTIONS,                    \
		TRACE_SEEN_SECTIONS)                                                               \
	ENTRY(FORK_START, void, GOMP_parallel_loop_static_start, STARTED_LOOP, TRACE_SEEN_STATIC)  \
	ENTRY(FORK_START, void, GOMP_parallel_loop_dynamic_start, STARTED_LOOP,                    \
		TRACE_SEEN_DYNAMIC)                                                                \
	ENTRY(FORK_START, void, GOMP_parallel_loop_guided_start, STARTED_LOOP, TRACE_SEEN_GUIDED)  \
	ENTRY(FORK_START, void, GOMP_parallel_loop_runtime_start, STARTED_RUNTIME,                 \
		TRACE_SEEN_RUNTIME)                                                                \
	ENTRY(FORK_END, void, GOMP_parallel_end, NOTHING, 0)                                       \
                                                                                                   \
	LOOPS(static, TRACE_SEEN_STATIC)                                                           \
	LOOPS(dynamic, TRACE_SEEN_DYNAMIC)                                                         \
	LOOPS(guided, TRACE_SEEN_GUIDED)                                                           \
	LOOPS(nonmonotonic_dynamic, TRACE_SEEN_DYNAMIC)                                            \
	LOOPS(nonmonotonic_guided, TRACE_SEEN_GUIDED)                                              \
	LOOPS(ordered_static, TRACE_SEEN_STATIC | TRACE_SEEN_ORDERED)                              \
	LOOPS(ordered_dynamic, TRACE_SEEN_DYNAMIC | TRACE_SEEN_ORDERED)                            \
	LOOPS(ordered_guided, TRACE_SEEN_GUIDED | TRACE_SEEN_ORDERED)                              \
	LOOPS_RUNTIME(runtime, TRACE_SEEN_RUNTIME)                                                 \
	LOOPS_RUNTIME(nonmonotonic_runtime, TRACE_SEEN_RUNTIME)                                    \
	LOOPS_RUNTIME(maybe_nonmonotonic_runtime, TRACE_SEEN_RUNTIME)                              \
	LOOPS_RUNTIME(ordered_runtime, TRACE_SEEN_RUNTIME | TRACE_SEEN_ORDERED)                    \
	DOACROSS(static, TRACE_SEEN_STATIC | TRACE_SEEN_DOACROSS)                                  \
	DOACROSS(dynamic, TRACE_SEEN_DYNAMIC | TRACE_SEEN_DOACROSS)                                \
	DOACROSS(guided, TRACE_SEEN_GUIDED | TRACE_SEEN_DOACROSS)                                  \
	ENTRY(DEAL, bool, GOMP_loop_doacross_runtime_start, DOACROSS_RUNTIME,                      \
		TRACE_SEEN_RUNTIME | TRACE_SEEN_DOACROSS)                                          \
	ENTRY(DEAL, bool, GOMP_loop_ull_doacross_runtime_start, DOACROSS_ULL_RUNTIME,              \
		TRACE_SEEN_RUNTIME | TRACE_SEEN_DOACROSS)                                          \
	ENTRY(DEAL, bool, GOMP_loop_start, LOOP_ANY, TRACE_SEEN_REDUCTION)                         \
	ENTRY(DEAL, bool, GOMP_loop_ordered_start, LOOP_ANY, TRACE_SEEN_ORDERED)                   \
	ENTRY(DEAL, bool, GOMP_loop_doacross_start, DOACROSS_ANY, TRACE_SEEN_DOACROSS)             \
	ENTRY(DEAL, bool, GOMP_loop_ull_start, LOOP_ULL_ANY, TRACE_SEEN_REDUCTION)                 \
	ENTRY(DEAL, bool, GOMP_loop_ull_ordered_start, LOOP_ULL_ANY, TRACE_SEEN_ORDERED)           \
	ENTRY(DEAL, bool, GOMP_loop_ull_doacross_start, DOACROSS_ULL_ANY, TRACE_SEEN_DOACROSS)     \
	ENTRY(SECTION, unsigned, GOMP_sections_start, COUNT, TRACE_SEEN_SECTIONS)                  \
	ENTRY(SECTION, unsigned, GOMP_sections2_start, SECTIONS_2, TRACE_SEEN_SECTIONS)            \
	ENTRY(SECTION, unsigned, GOMP_sections_next, NOTHING, 0)                                   \
                                                                                                   \
	ENTRY(WAIT, void, GOMP_barrier, NOTHING, BARRIER, TRACE_SEEN_BARRIER)                      \
	ENTRY(WAIT, bool, GOMP_barrier_cancel, NOTHING, BARRIER, TRACE_SEEN_BARRIER)               \
	ENTRY(WAIT, void, GOMP_loop_end, NOTHING, BARRIER, 0)                                      \
	ENTRY(WAIT, bool, GOMP_loop_end_cancel, NOTHING, BARRIER, 0)                               \
	ENTRY(WAIT, void, GOMP_sections_end, NOTHING, BARRIER, 0)                                  \
	ENTRY(WAIT, bool, GOMP_sections_end_cancel, NOTHING, BARRIER, 0)                           \
	ENTRY(WAIT, void *, GOMP_single_copy_start, NOTHING, BARRIER, TRACE_SEEN_SINGLE)           \
	ENTRY(WAIT, void, GOMP_workshare_task_reduction_unregister, CANCELLED, BARRIER,            \
		TRACE_SEEN_REDUCTION)                                                              \
	ENTRY(WAIT, void, GOMP_critical_start, NOTHING, LOCK, TRACE_SEEN_CRITICAL)                 \
	ENTRY(WAIT, void, GOMP_critical_name_start, POINTER, LOCK, TRACE_SEEN_CRITICAL)            \
	ENTRY(WAIT, void, GOMP_ordered_start, NOTHING, LOCK, TRACE_SEEN_ORDERED)                   \
	ENTRY(WAIT, void, GOMP_taskwait, NOTHING, TASK, TRACE_SEEN_TASK)                           \
	ENTRY(WAIT, void, GOMP_taskwait_depend, POINTER, TASK, TRACE_SEEN_TASK)                    \
	ENTRY(WAIT, void, GOMP_taskgroup_end, NOTHING, TASK, TRACE_SEEN_TASK)                      \
                                                                                                   \
	ENTRY(NOTE, void, GOMP_loop_end_nowait, NOTHING, 0)                                        \
	ENTRY(NOTE, void, GOMP_sections_end_nowait, NOTHING, 0)                                    \
	ENTRY(NOTE, bool, GOMP_single_start, NOTHING, TRACE_SEEN_SINGLE)                           \
	ENTRY(NOTE, void, GOMP_scope_start, POINTER, TRACE_SEEN_SCOPE)                             \
	ENTRY(NOTE, bool, GOMP_cancel, CANCEL, TRACE_SEEN_CANCEL)                                  \
                                                                                                   \
	ENTRY(NOTE, int _Complex, GOMP_loop_static_worksharing, COUNT_ULL, TRACE_SEEN_STATIC)      \
	ENTRY(NOTE, int _Complex, GOMP_loop_static_worksharing_start, COUNT_ULL,                   \
		TRACE_SEEN_STATIC)                                                                 \
	ENTRY(NOTE, bool, GOMP_single_start_with_end, NOTHING, TRACE_SEEN_SINGLE)

/* ---- signatures: the parameters, and the same passed on ---- */

#define NOTHING_PARAMETERS (void)
#define NOTHING_ARGUMENTS  ()

#define COUNT_PARAMETERS (unsigned count)
#define COUNT_ARGUMENTS  (count)

#define COUNT_ULL_PARAMETERS (unsigned long long count)
#define COUNT_ULL_ARGUMENTS  (count)

#define CANCELLED_PARAMETERS (bool cancelled)
#define CANCELLED_ARGUMENTS  (cancelled)

#define CANCEL_PARAMETERS (int which, bool really)
#define CANCEL_ARGUMENTS  (which, really)

#define POINTER_PARAMETERS (void **pointer)
#define POINTER_ARGUMENTS  (pointer)

#define SECTIONS_2_PARAMETERS (unsigned count, uintptr_t *reductions, void **memory)
#define SECTIONS_2_ARGUMENTS  (count, reductions, memory)

#define FORKED_PARAMETERS (void (*fn)(void *), void *data, unsigned threads, unsigned flags)
#define FORKED_ARGUMENTS  (fn, data, threads, flags)

#define FORKED_SECTIONS_PARAMETERS                                                                 \
	(void (*fn)(void *), void *data, unsigned threads, unsigned count, unsigned flags)
#define FORKED_SECTIONS_ARGUMENTS (fn, data, threads, count, flags)

#define FORKED_LOOP_PARAMETERS                                                                     \
	(void (*fn)(void *), void *data, unsigned threads, long start, long end, long step,        \
		long chunk, unsigned flags)
#define FORKED_LOOP_ARGUMENTS (fn, data, threads, start, end, step, chunk, flags)

#define FORKED_RUNTIME_PARAMETERS                                                                  \
	(void (*fn)(void *), void *data, unsigned threads, long start, long end, long step,        \
		unsigned flags)
#define FORKED_RUNTIME_ARGUMENTS (fn, data, threads, start, end, step, flags)

#define STARTED_PARAMETERS (void (*fn)(void *), void *data, unsigned threads)
#define STARTED_ARGUMENTS  (fn, data, threads)

#define STARTED_SECTIONS_PARAMETERS                                                                \
	(void (*fn)(void *), void *data, unsigned threads, unsigned count)
#define STARTED_SECTIONS_ARGUMENTS (fn, data, threads, count)

#define STARTED_LOOP_PARAMETERS                                                                    \
	(void (*fn)(void *), void *data, unsigned threads, long start, long end, long step,        \
		long chunk)
#define STARTED_LOOP_ARGUMENTS (fn, data, threads, start, end, step, chunk)

#define STARTED_RUNTIME_PARAMETERS                                                                 \
	(void (*fn)(void *), void *data, unsigned threads, long start, long end, long step)
#define STARTED_RUNTIME_ARGUMENTS (fn, data, threads, start, end, step)

#define NEXT_PARAMETERS     (long *from, long *to)
#define NEXT_ARGUMENTS      (from, to)
#define NEXT_ULL_PARAMETERS (unsigned long long *from, unsigned long long *to)
#define NEXT_ULL_ARGUMENTS  (from, to)

#define LOOP_PARAMETERS (long start, long end, long step, long chunk, long *from, long *to)
#define LOOP_ARGUMENTS  (start, end, step, chunk, from, to)

#define LOOP_RUNTIME_PARAMETERS (long start, long end, long step, long *from, long *to)
#define LOOP_RUNTIME_ARGUMENTS  (start, end, step, from, to)

#define LOOP_ULL_PARAMETERS                                                                        \
	(bool up, unsigned long long start, unsigned long long end, unsigned long long step,       \
		unsigned long long chunk, unsigned long long *from, unsigned long long *to)
#define LOOP_ULL_ARGUMENTS (up, start, end, step, chunk, from, to)

#define LOOP_ULL_RUNTIME_PARAMETERS                                                                \
	(bool up, unsigned long long start, unsigned long long end, unsigned long long step,       \
		unsigned long long *from, unsigned long long *to)
#define LOOP_ULL_RUNTIME_ARGUMENTS (up, start, end, step, from, to)

#define DOACROSS_LOOP_PARAMETERS (unsigned loops, long *counts, long chunk, long *from, long *to)
#define DOACROSS_LOOP_ARGUMENTS  (loops, counts, chunk, from, to)

#define DOACROSS_RUNTIME_PARAMETERS (unsigned loops, long *counts, long *from, long *to)
#define DOACROSS_RUNTIME_ARGUMENTS  (loops, counts, from, to)

#define DOACROSS_ULL_PARAMETERS                                                                    \
	(unsigned loops, unsigned long long *counts, unsigned long long chunk,                     \
		unsigned long long *from, unsigned long long *to)
#define DOACROSS_ULL_ARGUMENTS (loops, counts, chunk, from, to)

#define DOACROSS_ULL_RUNTIME_PARAMETERS                                                            \
	(unsigned loops, unsigned long long *counts, unsigned long long *from,                     \
		unsigned long long *to)
#define DOACROSS_ULL_RUNTIME_ARGUMENTS (loops, counts, from, to)

#define LOOP_ANY_PARAMETERS                                                                        \
	(long start, long end, long step, long schedule, long chunk, long *from, long *to,         \
		uintptr_t *reductions, void **memory)
#define LOOP_ANY_ARGUMENTS (start, end, step, schedule, chunk, from, to, reductions, memory)

#define LOOP_ULL_ANY_PARAMETERS                                                                    \
	(bool up, unsigned long long start, unsigned long long end, unsigned long long step,       \
		long schedule, unsigned long long chunk, unsigned long long *from,                 \
		unsigned long long *to, uintptr_t *reductions, void **memory)
#define LOOP_ULL_ANY_ARGUMENTS (up, start, end, step, schedule, chunk, from, to, reductions, memory)

#define DOACROSS_ANY_PARAMETERS                                                                    \
	(unsigned loops, long *counts, long schedule, long chunk, long *from, long *to,            \
		uintptr_t *reductions, void **memory)
#define DOACROSS_ANY_ARGUMENTS (loops, counts, schedule, chunk, from, to, reductions, memory)

#define DOACROSS_ULL_ANY_PARAMETERS                                                                \
	(unsigned loops, unsigned long long *counts, long schedule, unsigned long long chunk,      \
		unsigned long long *from, unsigned long long *to, uintptr_t *reductions,           \
		void **memory)
#define DOACROSS_ULL_ANY_ARGUMENTS (loops, counts, schedule, chunk, from, to, reductions, memory)

#endif
