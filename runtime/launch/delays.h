/*
 * delays: how long the threads of this process were ready to run and did not, since something else had
 * their CPUs, as the kernel accounts for it. For runtime/launch/ alone.
 */
#ifndef DELAYS_H
#define DELAYS_H

#include <stddef.h>
#include <stdint.h>

struct account {
	int file;
	uint64_t delay_ns; /* up to the last look */
};

struct delays {
	struct account *accounts; /* one a thread */
	size_t count;             /* 0: not known */
};

/* Of the threads there are now; of none, if the kernel keeps no such account. */
void delays_open(struct delays *delays);

/* The delay, in ns, of the thread that had the longest since the last call. NAN if that is not known. */
double delays_longest(struct delays *delays);

void delays_close(struct delays *delays);

#endif
