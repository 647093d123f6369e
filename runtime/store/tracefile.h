/*
 * tracefile: the files that traced processes left in a directory, each mapped and checked.
 */
#ifndef TRACEFILE_H
#define TRACEFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "message.h"
#include "trace/format.h"

/* One process's file. What its process left torn is left out, and counted. */
struct tracefile {
	const struct trace_head *head; /* the mapping; the rest point into it */
	size_t bytes;
	const struct trace_site *sites; /* TRACE_SITES of them; NULL: there was no region */
	const struct trace_bin *bins;   /* TRACE_BINS of them; NULL as well */
	const struct trace_lane **lanes;
	size_t lane_count;
	const struct trace_region *
		*regions; /* kept in detail, and whole; by the time of their fork */
	size_t region_count;
	size_t open; /* regions that had not been joined at the end */
};

struct tracefiles {
	struct tracefile *files; /* in the order in which the processes began; owned */
	size_t count;
};

/*
 * Reads the directory. Files that are no trace are left out. Returns 0 or a negative errno; the
 * caller releases.
 */
int tracefiles_load(struct tracefiles *into, const char *directory, struct message *why);
void tracefiles_release(struct tracefiles *files);

/* What lies at an offset, if `bytes` of it do; else NULL. */
const void *tracefile_at(const struct tracefile *file, uint64_t offset, size_t bytes);

/* The worst region that a site kept; NULL: none. */
const struct trace_region *tracefile_worst(
	const struct tracefile *file, const struct trace_site *site);

#endif
