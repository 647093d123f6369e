/*
 * totals: what the kernel has counted, exactly, over all children that were waited for and theirs.
 */
#ifndef OBSERVE_TOTALS_H
#define OBSERVE_TOTALS_H

#include <stdint.h>
#include <sys/resource.h>

#include "observation.h"

/* Counters at one moment. */
struct totals {
	struct rusage children;
	uint64_t read, written, loaded, stored; /* bytes of ours and of our children */
	uint64_t started;                       /* threads and processes, by anybody */
	uint64_t own_peak;                      /* bytes */
};

void totals_read(struct totals *into);

/* Fills in what happened between the two. */
void totals_between(
	const struct totals *before, const struct totals *after, struct observation *into);

#endif
