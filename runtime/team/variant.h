/*
 * variant: the ways to execute a kernel.
 */
#ifndef VARIANT_H
#define VARIANT_H

#include <stdbool.h>
#include <stdint.h>

#include "message.h"

enum variant {
	SEQUENTIAL,  /* the baseline: the body over all elements in one call, no threads */
	OPENMP,      /* omp parallel, omp for schedule(runtime) over units */
	PTHREAD,     /* threads created and joined in every region */
	POOL,        /* threads that persist and wait */
	PROCESS,     /* processes that share memory, forked in every region or kept */
	ONE_CORE,    /* pthread's code, every member bound to one CPU */
	GLOBAL_LOCK, /* threads under one lock that is passed on, as an interpreter's is */
	EVENT_LOOP,  /* one thread, in which members are tasks that yield after every unit */
	VARIANTS,    /* of all kernels; the rest is of tasks alone (tasks/set.h) */
	OPENMP_SECTIONS = VARIANTS, /* omp sections, one a task */
	OPENMP_TASKS,               /* omp task, one a task */
	VARIANTS_OF_TASKS
};

enum { SECTIONS_MOST = 8 /* sections stand in a program's text */ };

/* Those that are measured unless others are asked for, a bit each; and all. */
enum { VARIANTS_USUAL = (1u << (POOL + 1)) - 1, VARIANTS_ALL = (1u << VARIANTS) - 1 };
enum { VARIANTS_ALL_OF_TASKS = (1u << VARIANTS_OF_TASKS) - 1 };

/* How two of the variants go about it, as the user wants it. */
struct execution {
	bool keep;                   /* process: not forked anew in every region */
	uint64_t switch_interval_ns; /* global-lock: after how long it is asked for; 0: 5 ms */
};

enum { SWITCH_INTERVAL_NS = 5000000 }; /* CPython's, sys.getswitchinterval() */

const char *variant_name(enum variant variant);

/* One line on how the variant executes a kernel. */
const char *variant_what(enum variant variant);

/* Whether its members get their units by a schedule. */
bool variant_is_scheduled(enum variant variant);

/* Concurrent: its members are in progress at once. Parallel: they compute at once. */
bool variant_is_concurrent(enum variant variant);
bool variant_is_parallel(enum variant variant);

/* Whether its members, if there are several, take turns on one CPU. */
bool variant_shares_cpu(enum variant variant);

/* Whether it makes its members anew in every region (process: unless they are kept). */
bool variant_creates(enum variant variant);

/* Finds a variant by name. Returns 0 or -EINVAL. */
int variant_parse(const char *name, enum variant *into);

#endif
