/*
 * ceiling: what the files of this folder have in common. Each is a kernel by the contract of kernel.h
 * that does one thing as fast as a core can, so that `tine roof` can say how near to that the kernels
 * come. `tine list` and sweeps leave them out; `tine run NAME` takes them.
 *
 * Each accumulates a check of what it did, the same however its elements are dealt out.
 */
#ifndef CEILING_H
#define CEILING_H

#include "kernel.h"

struct partial {
	uint64_t check;
};

static inline void combine(struct partial *into, const struct partial *from)
{
	into->check += from->check;
}

static inline void result(const struct partial *total, char text[RESULT_BYTES])
{
	snprintf(text, RESULT_BYTES, "%016llx", (unsigned long long)total->check);
}

/*
 * Operations: an element is ROUNDS of them in each lane of CHAINS vectors, so many that none waits for
 * the one before it, and so few that they and two operands fit 16 registers.
 */
enum { CHAINS = 12, ROUNDS = 1024 };

/*
 * Arrays: an element is a LINE of each. Small ones are gone over again until REGION_BYTES were moved,
 * since a region must be long beside its fork.
 */
enum { LINE = 512, LINE_VECTORS = LINE / VECTOR_BYTES, REGION_BYTES = 32 << 20 };

static inline uint64_t passes_over(uint64_t bytes)
{
	return bytes < REGION_BYTES ? REGION_BYTES / bytes : 1;
}

/* What is in memory may have changed: no pass can be left out for doing what the last one did. */
static inline void next_pass(void)
{
	__asm__ volatile("" ::: "memory");
}

#endif
