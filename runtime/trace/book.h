/*
 * book: sums over regions, by the place that forked them and by when.
 */
#ifndef TRACE_BOOK_H
#define TRACE_BOOK_H

#include "trace/tracer.h"

/* A place that forks. */
struct fork_site {
	const void *address;  /* to which the call returns */
	const void *function; /* that the members call; NULL: unknown */
	enum trace_kind kind;
};

/* The site's number in *number; false if there is no room for it. */
bool book_site(const struct fork_site *fork, uint32_t *number);

/* A region in no other begins, and ends. Then `done`, unless it is NULL, is added as by book_add. */
void book_open(uint64_t fork);
void book_close(uint64_t join, const struct trace_region *done);

/* Adds a region that has been joined to the sums. */
void book_add(const struct trace_region *region);

#endif
