/*
 * memory: what threads allocate, and which of the pages they touch first.
 *
 * Calls of malloc, calloc, realloc, aligned_alloc and posix_memalign in Tine and in kernels are
 * counted by thread (the linker's --wrap leads them here; what the C library allocates within itself
 * is not counted). A page is placed, on the NUMA node of the thread, when it is first touched, not
 * when it is allocated: while memory is watched, the blocks that are allocated are noted, and asked
 * for the pages that have come to be in them.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Of one thread, between two moments. */
struct memory_use {
	uint64_t allocated; /* bytes asked for; what was freed is not taken off */
	uint64_t faults;    /* pages, of whatever size, that came to be by its touch */
};

/* The first moment, and the second: only then does *use hold what happened in between. */
void memory_mark(struct memory_use *use);
void memory_since(struct memory_use *use);

/* A first moment again, to go on from what *use holds. */
void memory_mark_again(struct memory_use *use);

/*
 * From here on blocks of a page or more are noted, and are whole pages fresh from the system: none is
 * made of memory that was touched and freed before. A block that grows is copied.
 */
void memory_watch_begin(void);

/* What has come to be in them since the last call. */
struct memory_growth {
	uint64_t bytes;
	uint64_t node_bytes; /* of them, on `node`, which holds the most of them */
	int node;            /* -1: there is nothing, or the system does not tell */
};
struct memory_growth memory_watch_growth(void);

/* Forgets the blocks. */
void memory_watch_end(void);

/*
 * Between the two, whatever the calling thread allocates is memory that processes forked later share
 * with it: zero, in pages of its own, anonymous, so that it is gone with the last of them. It is
 * freed with free(). Linux backs it by small pages unless shmem_enabled says otherwise.
 */
void memory_share_begin(void);
void memory_share_end(void);

/* How many blocks were allocated so: what was forked before the last is not shared with all of them. */
uint64_t memory_shared_blocks(void);

#endif
