/*
 * tracer: what all of libtine-trace.so shares: whether it records, its clock, and its file.
 *
 * The library runs inside of other people's programs. It depends on libc alone, allocates nothing but
 * blocks of its file, prints nothing, and where it cannot record it lets the program pass: every
 * lock is given up after a while, since a signal handler may have interrupted its holder.
 */
#ifndef TRACE_TRACER_H
#define TRACE_TRACER_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"
#include "trace/format.h"

#define EXPORT __attribute__((visibility("default")))

struct tracer {
	struct trace_head *head; /* the file as it is mapped; NULL: nothing is recorded */
	struct clock clock;
	bool chunks, pthreads;
	struct trace_site *sites; /* NULL before the first region */
	struct trace_bin *bins;
};

extern struct tracer tracer;

static inline uint64_t now(void)
{
	return clock_ticks_soon(&tracer.clock);
}

/* Whether it was taken: false if its holder seems to be stuck. */
static inline bool spin_take(uint32_t *lock)
{
	enum { SPINS = 200, YIELDS = 20000 };

	for (int i = 0; i < SPINS + YIELDS; i++) {
		if (!__atomic_load_n(lock, __ATOMIC_RELAXED) &&
			!__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
			return true;
		if (i >= SPINS)
			sched_yield();
	}
	return false;
}

static inline void spin_give(uint32_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

static inline void count_up(uint64_t *counter)
{
	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

#endif
