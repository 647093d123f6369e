/*
 * gomp: libgomp, seen from its entry points.
 */
#ifndef TRACE_GOMP_H
#define TRACE_GOMP_H

#include "trace/region.h"

/* Of the OpenMP runtime that the program uses; NULL before its first region. */
struct runtime {
	int (*thread_num)(void);
	int (*num_threads)(void);
	int (*max_threads)(void);
};
extern struct runtime runtime;

/*
 * Whether entry points are only passed on: a runtime that tells us itself, by OMPT, may have those of
 * libgomp, too.
 */
extern bool gomp_passes;

static inline struct spell gomp_wait_begin(unsigned seen)
{
	return gomp_passes ? (struct spell) { .counts = false } : wait_begin(seen);
}

#endif
