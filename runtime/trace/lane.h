/*
 * lane: a thread's own records: sums that it alone writes, and where it keeps its regions.
 */
#ifndef TRACE_LANE_H
#define TRACE_LANE_H

#include "trace/tracer.h"

enum { VISITS = 32 };

/* A region that the thread forked, or a part of one that it is in: what was before it. */
struct visit {
	struct trace_member *member; /* of the region around it */
	uint64_t waited, dispatch, chunks, tasks;
	struct trace_chunk *chunk;
	uint16_t level;
	bool part_over;
};

/* What a thread knows of itself; not in the file. Sums count from the thread's beginning. */
struct self {
	struct trace_lane *lane;
	struct trace_block *block;   /* in which it keeps regions; NULL: none */
	struct trace_block *chunked; /* in which it keeps chunks */
	uint64_t site_address;       /* of the region forked last */
	uint32_t site;               /* and its number */
	struct trace_region *late;   /* joined, and not yet in the sums; NULL: none */
	struct trace_member *member; /* of the region that it is in, or was in last */
	uint64_t waited, dispatch, tasked;
	uint64_t chunks, tasks;
	uint64_t credited; /* busy time of the part that the lane has already */
	uint64_t pending;  /* a wait that was the part's last, or not: the next stop tells */
	uint64_t asked;    /* when it asked for a chunk */
	struct trace_chunk *chunk; /* that it is at, if it is kept */
	uint32_t tasking;          /* explicit tasks, one in the other */
	uint16_t level;            /* regions around it */
	uint16_t number;           /* of the lane */
	uint16_t depth;            /* of visits */
	bool inside;               /* the library is at work: a signal handler must not be */
	bool gone;                 /* the thread is ending */
	bool part_over;            /* the member's part is done, and it may still run tasks */
	bool stopped;              /* the part was at a barrier that may be its last */
	struct visit visits[VISITS];
};

extern __thread struct self self __attribute__((tls_model("initial-exec")));

/* Sees to a lane for this thread. Returns whether it has one. */
bool lane_take(void);

/* For threads' ends: a key whose destructor hands the lane on. */
void lanes_begin(void);

/* In the child of a fork. */
void lane_forget(void);

/* Notes the CPU that the thread is on, and every 10 ms what getrusage says of it. Returns the CPU. */
int lane_note_cpu(void);
void lane_sample(uint64_t at);

/* Adds the region that is late, if there is one; called before the thread ends. */
void lane_flush(void);

/* It has been added. */
void lane_added(void);

/* Whether the thread may record now: it has a lane and is not interrupted in the library. */
static inline bool lane_ready(void)
{
	return tracer.head && !self.inside && (self.lane || lane_take());
}

#endif
