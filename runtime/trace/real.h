/*
 * real: the functions that ours stand before.
 */
#ifndef TRACE_REAL_H
#define TRACE_REAL_H

#include "trace/tracer.h"

/*
 * The next definition of `name` behind ours, as the code at `caller` would have found it: in the
 * program's scope, else among the libraries of the module that calls, since one that was opened with
 * dlopen has its own. NULL if there is none.
 */
void *real_find(const char *name, const void *caller);

/* The same, of what the program called: without it the process ends with 127, as ld.so does it. */
void *real_need(const char *name, const void *caller);

#endif
