/*
 * region: a fork and a join, and its members' parts.
 *
 * The caller opens a region, each member enters and leaves its part, and the caller closes it. What
 * is not recorded (no memory, nested too deep, a signal handler in the library's midst) opens as
 * NULL; the program goes on all the same.
 */
#ifndef TRACE_REGION_H
#define TRACE_REGION_H

#include "trace/book.h"
#include "trace/lane.h"

/* What takes a while: an explicit wait, or an explicit task. */
struct spell {
	uint64_t begin, tasked, waited;
	bool counts;
};

/* The caller is about to fork: asked members, at most `room` of them. */
struct trace_region *region_open(const struct fork_site *site, uint32_t asked, uint32_t room);

/* It has joined. */
void region_close(struct trace_region *region);

/*
 * A member begins its part, one of `team`, which member 0 tells (0: of the others); false: there is no
 * place for it. And it ends it.
 */
bool region_enter(struct trace_region *region, uint32_t number, uint32_t team);
void region_leave(void);

/*
 * For runtimes that do not say which barrier is the region's last: at each of them the part stops, and
 * goes on after a wait, or has been left.
 */
void region_stop(void);
void region_go_on(const struct spell *wait);
void region_left(void);

/* A wait's time is what of it was not spent running tasks. */
struct spell wait_begin(unsigned seen);
void wait_end(const struct spell *wait, enum trace_wait kind);

/*
 * Tasks that are run after the member's part, in the region's last barrier, prolong it: what was
 * between is a wait.
 */
struct spell task_begin(void);
void task_end(const struct spell *task);

/* Chunks: the library is asked for one, and has answered. Counted, and stamped if that is asked for. */
void chunk_ask(void);
void chunk_get(bool got, uint64_t number, unsigned seen);

/* A construct was seen that takes no time of its own. */
static inline void note_seen(unsigned seen)
{
	if (self.member)
		self.member->seen |= (uint16_t)seen;
}

#endif
