#include "trace/book.h"

#include <dlfcn.h>
#include <string.h>

#include "trace/file.h"
#include "trace/lane.h"

/* ---- sites ---- */

static uint32_t beginning; /* a lock */

static void *content(enum trace_block_kind kind, size_t bytes)
{
	struct trace_block *block = file_block(kind, 0, sizeof(*block) + bytes, false);

	if (!block)
		return NULL;
	block->used = sizeof(*block) + bytes;
	return block + 1;
}

/* Processes without regions leave one page. */
static bool begin_book(void)
{
	if (!spin_take(&beginning))
		return false;
	if (!tracer.bins) {
		tracer.bins = content(TRACE_BLOCK_BINS, TRACE_BINS * sizeof(struct trace_bin));
		tracer.head->bin_ticks = 1 << 20;
		tracer.head->bins = tracer.bins ? file_offset(tracer.bins) : 0;
	}
	if (tracer.bins && !tracer.sites) {
		struct trace_site *sites =
			content(TRACE_BLOCK_SITES, TRACE_SITES * sizeof(struct trace_site));
		tracer.head->sites = sites ? file_offset(sites) : 0;
		__atomic_store_n(&tracer.sites, sites, __ATOMIC_RELEASE);
	}
	spin_give(&beginning);
	return tracer.sites != NULL;
}

/* Where it lies is found now, since the module may be unloaded before the end. */
static void describe(struct trace_site *site, const struct fork_site *fork)
{
	Dl_info info;

	site->function = (uint64_t)fork->function;
	site->kind = fork->kind;
	site->elapsed_least = site->overhead_least = UINT64_MAX;
	site->team_least = site->asked_least = UINT32_MAX;
	site->last = UINT32_MAX;
	if (dladdr(fork->address, &info) && info.dli_fname) {
		site->base = (uint64_t)info.dli_fbase;
		strncpy(site->module, info.dli_fname, TRACE_PATH - 1);
	}
	__atomic_store_n(&site->ready, 1, __ATOMIC_RELEASE);
}

bool book_site(const struct fork_site *fork, uint32_t *number)
{
	const uint64_t address = (uint64_t)fork->address;
	uint32_t at = (uint32_t)(address * UINT64_C(0x9e3779b97f4a7c15) >> 32) % TRACE_SITES;

	if (!tracer.sites && !begin_book()) {
		count_up(&tracer.head->lost_memory);
		return false;
	}
	for (uint32_t tried = 0; tried < TRACE_SITES; tried++, at = (at + 1) % TRACE_SITES) {
		struct trace_site *site = &tracer.sites[at];
		uint64_t there = __atomic_load_n(&site->address, __ATOMIC_ACQUIRE);
		if (!there &&
			__atomic_compare_exchange_n(&site->address, &there, address, false,
				__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
			describe(site, fork);
			there = address;
		}
		if (there != address)
			continue;
		*number = at;
		return __atomic_load_n(&site->ready, __ATOMIC_ACQUIRE);
	}
	count_up(&tracer.head->lost_memory);
	return false;
}

/* ---- one region ---- */

/* A region's sums over its members, in ticks. */
struct sums {
	uint64_t elapsed, total, fork, busy, waits, dispatch, tail, join, busiest;
	uint64_t last_complete, chunks, tasks;
	uint32_t members, last, seen;
};

static uint64_t less(uint64_t from, uint64_t what)
{
	return from > what ? from - what : 0;
}

static void add_member(struct sums *s, const struct trace_region *region, uint32_t number)
{
	const struct trace_member *m = &region->members[number];
	const uint64_t busy = trace_busy(m);

	s->members++;
	s->fork += m->start - region->fork;
	s->busy += busy;
	s->waits += m->waited;
	s->dispatch += m->dispatch;
	s->chunks += m->chunks;
	s->tasks += m->tasks;
	s->seen |= m->seen;
	if (busy > s->busiest)
		s->busiest = busy;
	if (m->complete > s->last_complete) {
		s->last_complete = m->complete;
		s->last = number;
	}
}

static struct sums sums_of(const struct trace_region *region)
{
	struct sums s = { .elapsed = region->join - region->fork };
	const uint32_t slots = trace_slots(region);

	for (uint32_t i = 0; i < slots; i++)
		if (trace_took_part(region, &region->members[i]))
			add_member(&s, region, i);
	for (uint32_t i = 0; i < slots; i++)
		if (trace_took_part(region, &region->members[i]))
			s.tail += s.last_complete - region->members[i].complete;
	s.total = s.elapsed * s.members;
	s.join = less(region->join, s.last_complete) * s.members;
	return s;
}

/* ---- into the site ---- */

static void keep_extremes(
	struct trace_site *site, const struct trace_region *r, const struct sums *s)
{
	const uint64_t overhead = (s->fork + s->join) / s->members;

	site->elapsed_least = s->elapsed < site->elapsed_least ? s->elapsed : site->elapsed_least;
	site->elapsed_most = s->elapsed > site->elapsed_most ? s->elapsed : site->elapsed_most;
	site->overhead_least = overhead < site->overhead_least ? overhead : site->overhead_least;
	site->team_least = s->members < site->team_least ? s->members : site->team_least;
	site->team_most = s->members > site->team_most ? s->members : site->team_most;
	site->asked_least = r->asked < site->asked_least ? r->asked : site->asked_least;
	site->asked_most = r->asked > site->asked_most ? r->asked : site->asked_most;
	site->refused += r->asked > 1 && s->members == 1;
	site->last_same += site->last == s->last;
	site->last = s->last;
}

static void add_sums(struct trace_site *site, const struct trace_region *r, const struct sums *s)
{
	site->count++;
	site->nested += r->level > 0;
	site->elapsed += s->elapsed;
	site->total += s->total;
	site->fork += s->fork;
	site->busy += s->busy;
	site->waits += s->waits;
	site->dispatch += s->dispatch;
	site->tail += s->tail;
	site->join += s->join;
	site->busiest += s->busiest;
	site->chunks += s->chunks;
	site->tasks += s->tasks;
	site->seen |= s->seen;
	keep_extremes(site, r, s);
}

/* The worst is kept aside where it is clearly worse than that before, so that it is copied seldom. */
static void keep_worst(struct trace_site *site, const struct trace_region *r, const struct sums *s)
{
	const uint64_t loss = less(s->total, s->busy);
	struct trace_region *worst = site->worst ? file_at(site->worst) : NULL;
	const size_t bytes = sizeof(*r) + trace_slots(r) * sizeof(r->members[0]);

	if (loss <= site->worst_loss + site->worst_loss / 16)
		return;
	if (!worst || worst->bytes < bytes) {
		worst = content(TRACE_BLOCK_WORST, bytes);
		if (!worst)
			return;
		worst->bytes = bytes;
		site->worst = file_offset(worst);
	}
	const uint64_t room_bytes = worst->bytes;
	memcpy(worst, r, bytes);
	worst->bytes = room_bytes;
	worst->room = trace_slots(r);
	site->worst_loss = loss;
}

/* ---- into the bins ---- */

/* Twice as wide: each pair becomes one. */
static void widen_bins(void)
{
	struct trace_bin *bins = tracer.bins;

	for (size_t b = 0; b < TRACE_BINS; b++) {
		const struct trace_bin even = bins[b];
		bins[b] = (struct trace_bin) { 0 };
		struct trace_bin *into = &bins[b / 2];
		into->inside += even.inside;
		into->fork += even.fork;
		into->busy += even.busy;
		into->wait += even.wait;
		into->join += even.join;
	}
	tracer.head->bin_ticks *= 2;
}

/* Each bin gets its part of the region's sums, by the part of the region that lies in it. */
static void add_part(struct trace_bin *bin, const struct sums *s, double part)
{
	bin->inside += (uint64_t)(part * (double)s->elapsed);
	bin->fork += (uint64_t)(part * (double)s->fork);
	bin->busy += (uint64_t)(part * (double)s->busy);
	bin->wait += (uint64_t)(part * (double)(s->waits + s->tail + s->dispatch));
	bin->join += (uint64_t)(part * (double)s->join);
}

/* Most regions lie in one bin. */
static void add_whole(struct trace_bin *bin, const struct sums *s)
{
	bin->inside += s->elapsed;
	bin->fork += s->fork;
	bin->busy += s->busy;
	bin->wait += s->waits + s->tail + s->dispatch;
	bin->join += s->join;
}

static void add_bins(const struct trace_region *r, const struct sums *s)
{
	struct trace_head *head = tracer.head;

	if (!s->elapsed || r->fork < head->begin)
		return;
	while (r->join - head->begin >= head->bin_ticks * TRACE_BINS)
		widen_bins();
	uint64_t b = (r->fork - head->begin) >> __builtin_ctzll(head->bin_ticks);
	uint64_t end = head->begin + (b + 1) * head->bin_ticks;
	if (r->join <= end) {
		add_whole(&tracer.bins[b], s);
		return;
	}
	for (uint64_t at = r->fork; at < r->join; b++, end += head->bin_ticks) {
		const uint64_t to = end < r->join ? end : r->join;
		add_part(&tracer.bins[b], s, (double)(to - at) / (double)s->elapsed);
		at = to;
	}
}

/* ---- all of it, under one lock: whoever ends a region takes it once ---- */

static bool take_book(void)
{
	if (spin_take(&tracer.head->lock))
		return true;
	count_up(&tracer.head->lost_busy);
	return false;
}

static void give_book(void)
{
	spin_give(&tracer.head->lock);
}

static void add(const struct trace_region *region, const struct sums *sums)
{
	struct trace_site *site = &tracer.sites[region->site];

	add_sums(site, region, sums);
	keep_worst(site, region, sums);
	if (!region->level)
		add_bins(region, sums);
}

void book_open(uint64_t fork)
{
	struct trace_head *head = tracer.head;

	if (!take_book())
		return;
	if (!head->open++)
		head->open_since = fork;
	if (head->open > head->open_most)
		head->open_most = head->open;
	give_book();
}

/* The last of those that were open at once ends a stretch of time inside of regions. */
void book_close(uint64_t join, const struct trace_region *done)
{
	const struct sums sums = done ? sums_of(done) : (struct sums) { 0 };
	struct trace_head *head = tracer.head;

	if (!take_book())
		return;
	if (head->open && !--head->open) /* 0: when it began the lock was not to be had */
		head->covered += join - head->open_since;
	if (sums.members)
		add(done, &sums);
	give_book();
}

void book_add(const struct trace_region *region)
{
	const struct sums sums = sums_of(region);

	if (!sums.members || !take_book())
		return;
	add(region, &sums);
	give_book();
}
