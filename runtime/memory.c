#include "memory.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	NODES_MOST = 1024,
	BATCH = 1024 /* pages asked about in one call */
};

/* ---- counting ---- */

static _Thread_local uint64_t allocated_here;

static uint64_t faults_here(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_THREAD, &usage) ? 0 : (uint64_t)usage.ru_minflt;
}

void memory_mark(struct memory_use *use)
{
	use->allocated = allocated_here;
	use->faults = faults_here();
}

void memory_since(struct memory_use *use)
{
	use->allocated = allocated_here - use->allocated;
	use->faults = faults_here() - use->faults;
}

/* What it holds, before now: the same difference. */
void memory_mark_again(struct memory_use *use)
{
	memory_since(use);
}

/* ---- blocks ---- */

struct block {
	char *base; /* whole pages, no other block's */
	size_t pages;
	bool *present; /* as far as was seen; NULL: it is not watched */
	bool shared;   /* a mapping of its own */
};

static struct {
	atomic_bool on; /* watching */
	pthread_mutex_t lock;
	struct block *blocks;
	size_t room;
	atomic_size_t count;
	atomic_uint_fast64_t shared; /* blocks so far */
} watch = { .lock = PTHREAD_MUTEX_INITIALIZER };

static _Thread_local bool sharing;

/* The linker makes these of what they are named after. */
void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *old, size_t bytes);
void *__real_aligned_alloc(size_t align, size_t bytes);
int __real_posix_memalign(void **into, size_t align, size_t bytes);
void __real_free(void *block);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *old, size_t bytes);
void *__wrap_aligned_alloc(size_t align, size_t bytes);
int __wrap_posix_memalign(void **into, size_t align, size_t bytes);
void __wrap_free(void *block);

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static bool is_watching(void)
{
	return atomic_load_explicit(&watch.on, memory_order_relaxed);
}

/* Whether a block of so many bytes is to be noted. */
static bool is_noted(size_t bytes)
{
	return sharing || (is_watching() && bytes >= page_bytes());
}

/* With watch.lock held. */
static bool make_room(void)
{
	const size_t room = watch.room ? 2 * watch.room : 64;

	if (watch.count < watch.room)
		return true;
	struct block *blocks = __real_realloc(watch.blocks, room * sizeof(*blocks));
	if (!blocks)
		return false;
	watch.blocks = blocks;
	watch.room = room;
	return true;
}

static bool add_block(void *base, size_t bytes)
{
	struct block block = { .base = base, .pages = bytes / page_bytes(), .shared = sharing };

	if (is_watching()) {
		block.present = __real_calloc(block.pages, sizeof(*block.present));
		if (!block.present)
			return false;
	}
	pthread_mutex_lock(&watch.lock);
	const bool added = make_room();
	if (added)
		watch.blocks[watch.count++] = block;
	pthread_mutex_unlock(&watch.lock);
	if (!added)
		__real_free(block.present);
	return added;
}

/* The block at an address, and takes it off the list if it is to be freed; empty: there is none. */
static struct block block_at(const void *at, bool drop)
{
	struct block found = { 0 };

	if (!atomic_load_explicit(&watch.count, memory_order_relaxed) ||
		(uintptr_t)at % page_bytes())
		return found;
	pthread_mutex_lock(&watch.lock);
	for (size_t b = 0; b < watch.count && !found.pages; b++) {
		if (watch.blocks[b].base != at)
			continue;
		found = watch.blocks[b];
		if (drop)
			watch.blocks[b] = watch.blocks[--watch.count];
	}
	pthread_mutex_unlock(&watch.lock);
	return found;
}

/* Off the list before it is freed: then it may be another's. */
static void free_block(void *at)
{
	const struct block block = block_at(at, true);

	__real_free(block.present);
	if (block.shared)
		munmap(at, block.pages * page_bytes());
	else
		__real_free(at);
}

/* Pages that processes share, or NULL. What stands out at either end of the boundary is given back. */
static void *map_shared(size_t align, size_t bytes)
{
	const size_t spare = align > page_bytes() ? align : 0;
	char *from = mmap(
		NULL, bytes + spare, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (from == MAP_FAILED)
		return NULL;
	const size_t before = spare ? (align - (uintptr_t)from % align) % align : 0;
	if (before)
		munmap(from, before);
	if (spare - before)
		munmap(from + before + bytes, spare - before);
	madvise(from + before, bytes, MADV_HUGEPAGE); /* where the system has any that are shared */
	atomic_fetch_add_explicit(&watch.shared, 1, memory_order_relaxed);
	return from + before;
}

/* Pages that are not there, hence zero once they are, whatever the allocator made them of, or NULL. */
static void *pages_of_own(size_t align, size_t bytes)
{
	void *at;

	if (__real_posix_memalign(&at, align, bytes))
		return NULL;
	if (madvise(at, bytes, MADV_DONTNEED)) /* locked in memory, say */
		memset(at, 0, bytes);
	return at;
}

/* A block of whole pages, zero, or NULL without memory. */
static void *fresh(size_t align, size_t bytes)
{
	const size_t page = page_bytes(), least = bytes ? bytes : 1;
	const size_t whole = (least + page - 1) / page * page;
	void *at = NULL;

	if (align < page)
		align = page;
	if (bytes <= PTRDIFF_MAX)
		at = sharing ? map_shared(align, whole) : pages_of_own(align, whole);
	if (at && !add_block(at, whole)) {
		if (sharing)
			munmap(at, whole);
		else
			__real_free(at);
		at = NULL;
	}
	if (!at)
		errno = ENOMEM;
	return at;
}

static void *note(void *at, size_t bytes)
{
	if (at)
		allocated_here += bytes;
	return at;
}

void *__wrap_malloc(size_t bytes)
{
	return note(is_noted(bytes) ? fresh(1, bytes) : __real_malloc(bytes), bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
	size_t all;

	if (__builtin_mul_overflow(count, bytes, &all) || !is_noted(all))
		return note(__real_calloc(count, bytes), all);
	return note(fresh(1, all), all);
}

void *__wrap_realloc(void *old, size_t bytes)
{
	const struct block block = block_at(old, false);

	if (!is_noted(bytes) && !block.shared) {
		__real_free(block_at(old, true).present);
		return note(__real_realloc(old, bytes), bytes);
	}
	void *at = __wrap_malloc(bytes);
	if (at && old) {
		const size_t had =
			block.pages ? block.pages * page_bytes() : malloc_usable_size(old);
		memcpy(at, old, had < bytes ? had : bytes);
		free_block(old);
	}
	return at;
}

void *__wrap_aligned_alloc(size_t align, size_t bytes)
{
	return note(
		is_noted(bytes) ? fresh(align, bytes) : __real_aligned_alloc(align, bytes), bytes);
}

int __wrap_posix_memalign(void **into, size_t align, size_t bytes)
{
	if (!is_noted(bytes)) {
		const int error = __real_posix_memalign(into, align, bytes);
		allocated_here += error ? 0 : bytes;
		return error;
	}
	void *at = note(fresh(align, bytes), bytes);
	if (at)
		*into = at;
	return at ? 0 : ENOMEM;
}

void __wrap_free(void *at)
{
	free_block(at);
}

void memory_share_begin(void)
{
	sharing = true;
}

void memory_share_end(void)
{
	sharing = false;
}

uint64_t memory_shared_blocks(void)
{
	return atomic_load_explicit(&watch.shared, memory_order_relaxed);
}

/* ---- pages ---- */

/*
 * The node of each page: negative if it is not there. False where the system does not say; then
 * mincore tells at least which pages there are, on node -1.
 */
static bool ask_nodes(void *const *pages, size_t count, int *nodes)
{
	return !syscall(SYS_move_pages, 0, count, pages, NULL, nodes, 0);
}

static bool ask_present(void *page)
{
	unsigned char present = 0;

	return !mincore(page, page_bytes(), &present) && (present & 1);
}

/* A page that processes share may be there, but not in this one's table of pages until it is read. */
static void see_shared(const struct block *block, size_t page)
{
	const volatile char *at = block->base + page * page_bytes();

	if (block->shared && ask_present((void *)at))
		(void)*at;
}

/* Looks at pages that were not there; returns how many came to be that no node is known of. */
static size_t look_at(struct block *block, const size_t *which, size_t count, uint64_t *by_node)
{
	void *pages[BATCH];
	int nodes[BATCH];
	size_t nowhere = 0;

	for (size_t i = 0; i < count; i++)
		pages[i] = block->base + which[i] * page_bytes();
	for (size_t i = 0; i < count; i++)
		see_shared(block, which[i]);
	const bool told = ask_nodes(pages, count, nodes);
	for (size_t i = 0; i < count; i++) {
		if (told ? nodes[i] < 0 : !ask_present(pages[i]))
			continue;
		block->present[which[i]] = true;
		if (told && nodes[i] < NODES_MOST)
			by_node[nodes[i]]++;
		else
			nowhere++;
	}
	return nowhere;
}

static size_t look_at_block(struct block *block, uint64_t *by_node)
{
	size_t which[BATCH], count = 0, nowhere = 0;

	for (size_t p = 0; block->present && p < block->pages; p++) {
		if (!block->present[p])
			which[count++] = p;
		if (count == BATCH || (count && p + 1 == block->pages)) {
			nowhere += look_at(block, which, count, by_node);
			count = 0;
		}
	}
	return nowhere;
}

struct memory_growth memory_watch_growth(void)
{
	uint64_t by_node[NODES_MOST] = { 0 }, pages = 0;
	struct memory_growth growth = { .node = -1 };

	pthread_mutex_lock(&watch.lock);
	for (size_t b = 0; b < watch.count; b++)
		pages += look_at_block(&watch.blocks[b], by_node);
	pthread_mutex_unlock(&watch.lock);
	for (int n = 0; n < NODES_MOST; n++) {
		pages += by_node[n];
		if (by_node[n] * page_bytes() <= growth.node_bytes)
			continue;
		growth.node = n;
		growth.node_bytes = by_node[n] * page_bytes();
	}
	growth.bytes = pages * page_bytes();
	return growth;
}

void memory_watch_begin(void)
{
	atomic_store(&watch.on, true);
}

void memory_watch_end(void)
{
	size_t kept = 0;

	atomic_store(&watch.on, false);
	pthread_mutex_lock(&watch.lock);
	for (size_t b = 0; b < watch.count; b++) {
		__real_free(watch.blocks[b].present);
		watch.blocks[b].present = NULL;
		if (watch.blocks[b].shared) /* is to be unmapped yet */
			watch.blocks[kept++] = watch.blocks[b];
	}
	watch.count = kept;
	pthread_mutex_unlock(&watch.lock);
}
