/*
 * file: the process's file, see format.h: made at its start, grown block by block.
 */
#ifndef TRACE_FILE_H
#define TRACE_FILE_H

#include "trace/tracer.h"

/* Makes and maps the file where the environment says so; else, or if it cannot, tracer.head is NULL. */
void file_begin(bool forked);

/* Marks it as ended. One in which nothing was seen is removed if `removable`. */
void file_end(bool removable);

/*
 * In the child of a fork: the parent's file is left alone. Its addresses stay valid, since a region
 * that was open may still be written to, but lead nowhere.
 */
void file_leave(void);

/*
 * A new block of at least so many bytes, header included, all of them 0. NULL if there is no memory;
 * detail: if the last quarter would be touched, which is kept for what sums need. Thread-safe.
 */
struct trace_block *file_block(
	enum trace_block_kind kind, uint32_t lane, size_t bytes, bool detail);

static inline void *file_at(uint64_t offset)
{
	return (char *)tracer.head + offset;
}

static inline uint64_t file_offset(const void *at)
{
	return (uint64_t)((const char *)at - (const char *)tracer.head);
}

#endif
