#include "trace/region.h"

#include "trace/file.h"

enum { FIRST_BLOCK = 1 << 16, LATER_BLOCK = 1 << 18, CHUNKS_AT_LEAST = 64 };
enum { OUTERMOST = 1 }; /* the level of a member of a region that is in no other */

/* ---- where regions are kept ---- */

static size_t room_in(const struct trace_block *block)
{
	return block ? block->bytes - block->used : 0;
}

/* Detail first; then one block in which later regions replace earlier ones. */
static struct trace_block *next_block(size_t bytes)
{
	const size_t header = sizeof(struct trace_block);
	const size_t wanted = self.block ? LATER_BLOCK : FIRST_BLOCK;
	const size_t size = header + bytes > wanted ? header + bytes : wanted;
	struct trace_block *block = file_block(TRACE_BLOCK_REGIONS, self.number, size, true);

	if (!block && self.block && !self.depth && self.block->bytes >= header + 4 * bytes) {
		lane_flush();
		self.block->used = header;
		return self.block;
	}
	if (!block)
		block = file_block(TRACE_BLOCK_REGIONS, self.number, header + 8 * bytes, false);
	if (block) {
		self.block = block;
		self.lane->block = file_offset(block);
	}
	return block;
}

static struct trace_region *new_region(uint32_t room)
{
	const size_t bytes = sizeof(struct trace_region) + room * sizeof(struct trace_member);
	struct trace_block *block = self.block;

	if (room_in(block) < bytes)
		block = next_block(bytes);
	if (!block) {
		count_up(&tracer.head->lost_memory);
		return NULL;
	}
	struct trace_region *region = (struct trace_region *)((char *)block + block->used);
	*region = (struct trace_region) { .room = room, .bytes = bytes, .kept = 1 };
	__atomic_store_n(&block->used, block->used + bytes, __ATOMIC_RELEASE);
	return region;
}

/* ---- visits ---- */

static void push(void)
{
	self.visits[self.depth++] = (struct visit) {
		.member = self.member,
		.waited = self.waited,
		.dispatch = self.dispatch,
		.chunks = self.chunks,
		.tasks = self.tasks,
		.chunk = self.chunk,
		.level = self.level,
		.part_over = self.part_over,
	};
}

/* ---- the caller ---- */

static bool find_site(const struct fork_site *site, uint32_t *number)
{
	if (self.site_address != (uint64_t)site->address) {
		if (!book_site(site, &self.site))
			return false;
		self.site_address = (uint64_t)site->address;
	}
	*number = self.site;
	return true;
}

static struct trace_region *make_region(const struct fork_site *site, uint32_t asked, uint32_t room)
{
	uint32_t number;
	struct trace_region *region = find_site(site, &number) ? new_region(room) : NULL;

	if (!region)
		return NULL;
	region->site = number;
	region->asked = asked;
	region->level = self.level;
	region->lane = self.number;
	region->kind = site->kind;
	return region;
}

struct trace_region *region_open(const struct fork_site *site, uint32_t asked, uint32_t room)
{
	struct trace_region *region = NULL;

	if (!lane_ready()) {
		if (tracer.head && self.inside)
			count_up(&tracer.head->lost_signal);
		return NULL;
	}
	self.inside = true;
	if (self.depth + 1 < VISITS)
		region = make_region(site, asked, room < TRACE_TEAM_MAX ? room : TRACE_TEAM_MAX);
	else
		count_up(&tracer.head->lost_depth);
	if (region) {
		push();
		region->fork = now();
		if (!region->level)
			book_open(region->fork);
	}
	self.inside = false;
	return region;
}

/* In the order of 10 us. */
static bool is_short(const struct trace_region *region)
{
	return region->join - region->fork <= 50000;
}

/*
 * Nobody else has written to it, so that it is in the sums at once. One that is too short to be seen in
 * a timeline makes room for the next: new memory costs more than all the rest does.
 */
static void close_alone(struct trace_region *region)
{
	struct trace_block *block = self.block;

	lane_flush();
	if (region->level)
		book_add(region);
	else
		book_close(region->join, region);
	if (is_short(region) && !tracer.chunks &&
		(char *)region + region->bytes == (char *)block + block->used)
		__atomic_store_n(&block->used, block->used - region->bytes, __ATOMIC_RELEASE);
}

/*
 * What members of a short region wrote is not read at once, but when the next one is joined: until then
 * it has come from their caches.
 */
static void add_soon(struct trace_region *region)
{
	const uint32_t slots = trace_slots(region);

	if (!is_short(region)) {
		book_add(region);
		return;
	}
	for (uint32_t i = 0; i < slots; i++)
		__builtin_prefetch(&region->members[i]);
	self.late = region;
	self.lane->late = 1;
}

static void close_team(struct trace_region *region)
{
	if (region->level) {
		lane_flush();
	} else {
		book_close(region->join, self.late);
		lane_added();
	}
	add_soon(region);
}

void region_close(struct trace_region *region)
{
	const uint64_t join = now();

	if (!self.depth) /* it was the parent's, before a fork */
		return;
	const struct visit *visit = &self.visits[--self.depth];
	self.inside = true;
	self.member = visit->member;
	self.part_over = visit->part_over;
	self.level = visit->level;
	region->join = join;
	if (trace_slots(region) == 1)
		close_alone(region);
	else
		close_team(region);
	self.inside = false;
}

/* ---- the members ---- */

static void begin_chunks(struct trace_member *m)
{
	const size_t bytes = sizeof(struct trace_chunk) * CHUNKS_AT_LEAST;

	if (room_in(self.chunked) < bytes) {
		struct trace_block *block =
			file_block(TRACE_BLOCK_CHUNKS, self.number, LATER_BLOCK, true);
		if (block) {
			self.chunked = block;
			self.lane->chunked = file_offset(block);
		}
	}
	m->chunks_at = self.chunked ? file_offset(self.chunked) + self.chunked->used : 0;
	self.chunk = NULL;
}

bool region_enter(struct trace_region *region, uint32_t number, uint32_t team)
{
	if (number >= region->room || !lane_ready() || self.depth >= VISITS)
		return false;
	struct trace_member *m = &region->members[number];
	self.inside = true;
	if (team)
		region->team = team;
	push();
	m->complete = m->waited = m->dispatch = 0;
	m->chunks = m->kept = m->tasks = m->seen = 0;
	m->lane = self.number;
	m->cpu_start = (int16_t)lane_note_cpu();
	if (tracer.chunks)
		begin_chunks(m);
	self.member = m;
	self.level = (uint16_t)(region->level + 1);
	self.part_over = false;
	self.pending = 0;
	self.stopped = false;
	if (!region->level) {
		self.lane->member = number;
		self.lane->regions++;
		self.credited = 0;
	}
	self.inside = false;
	m->start = now();
	return true;
}

/* The lane sums up parts of outermost regions. */
static void credit_lane(const struct trace_member *m)
{
	struct trace_lane *lane = self.lane;
	const uint64_t busy = trace_busy(m);

	if (self.level != OUTERMOST || busy < self.credited)
		return;
	lane->busy += busy - self.credited;
	self.credited = busy;
}

/* Stamps the part as if it ended here. */
static void stop(uint64_t complete)
{
	const struct visit *visit = &self.visits[self.depth - 1];
	struct trace_member *m = self.member;

	m->waited = self.waited - visit->waited;
	m->dispatch = self.dispatch - visit->dispatch;
	m->chunks = (uint32_t)(self.chunks - visit->chunks);
	m->tasks = (uint32_t)(self.tasks - visit->tasks);
	m->cpu_complete = (int16_t)lane_note_cpu();
	m->complete = complete;
	self.chunk = visit->chunk;
	self.part_over = true;
	credit_lane(m);
	lane_sample(complete);
}

/* What nested parts did is in their outermost one's. */
static void count_for_lane(void)
{
	const struct visit *visit = &self.visits[self.depth];

	if (self.level != OUTERMOST)
		return;
	self.lane->chunks += self.chunks - visit->chunks;
	self.lane->tasks += self.tasks - visit->tasks;
}

void region_leave(void)
{
	const uint64_t complete = now();

	if (!self.depth)
		return;
	self.inside = true;
	stop(complete);
	self.depth--;
	count_for_lane();
	self.inside = false;
}

void region_stop(void)
{
	const uint64_t complete = now();

	if (!self.depth)
		return;
	self.inside = true;
	self.waited += self.pending;
	self.lane->waits[TRACE_WAIT_BARRIER] += self.pending;
	self.pending = 0;
	self.stopped = true;
	stop(complete);
	self.inside = false;
}

void region_go_on(const struct spell *wait)
{
	if (!wait->counts)
		return;
	self.pending = now() - wait->begin - (self.tasked - wait->tasked);
	self.part_over = false;
}

void region_left(void)
{
	if (!self.stopped || !self.depth) {
		region_leave();
		return;
	}
	self.pending = 0;
	self.part_over = true;
	self.depth--;
	count_for_lane();
}

/* ---- waits and tasks ---- */

struct spell wait_begin(unsigned seen)
{
	if (!self.lane || self.inside)
		return (struct spell) { .counts = false };
	note_seen(seen);
	return (struct spell) { now(), self.tasked, self.waited, true };
}

void wait_end(const struct spell *wait, enum trace_wait kind)
{
	if (!wait->counts || !self.lane)
		return;
	const uint64_t waited = now() - wait->begin - (self.tasked - wait->tasked);
	self.waited += waited;
	self.lane->waits[kind] += waited;
}

struct spell task_begin(void)
{
	if (!self.lane || self.inside)
		return (struct spell) { .counts = false };
	self.tasking++;
	return (struct spell) { now(), self.tasked, self.waited, true };
}

/* The task was run after the member's part: then the part ends now. */
static void prolong(const struct spell *task, uint64_t end)
{
	struct trace_member *m = self.member;
	const uint64_t between = task->begin - m->complete;

	m->waited += between + self.waited - task->waited;
	m->complete = end;
	m->tasks++;
	m->seen |= TRACE_SEEN_TASK;
	credit_lane(m);
}

void task_end(const struct spell *task)
{
	if (!task->counts || !self.lane)
		return;
	const uint64_t end = now();
	self.tasked = task->tasked + (end - task->begin);
	self.tasks++;
	if (--self.tasking)
		return;
	if (self.part_over && self.member && self.member->complete <= task->begin)
		prolong(task, end);
}

/* ---- chunks ---- */

void chunk_ask(void)
{
	if (!tracer.chunks)
		return;
	self.asked = now();
	if (self.chunk)
		self.chunk->end = self.asked;
	self.chunk = NULL;
}

static struct trace_chunk *keep_chunk(struct trace_member *m)
{
	struct trace_block *block = self.chunked;

	/* the first ones, one after the other */
	if (!m->chunks_at || room_in(block) < sizeof(struct trace_chunk) ||
		m->chunks_at + m->kept * sizeof(struct trace_chunk) !=
			file_offset(block) + block->used)
		return NULL;
	struct trace_chunk *chunk = (struct trace_chunk *)((char *)block + block->used);
	block->used += sizeof(*chunk);
	m->kept++;
	return chunk;
}

void chunk_get(bool got, uint64_t number, unsigned seen)
{
	self.chunks += got;
	note_seen(seen);
	if (!tracer.chunks || !self.lane || !self.member)
		return;
	const uint64_t begin = now();
	self.dispatch += begin - self.asked;
	if (!got)
		return;
	self.chunk = keep_chunk(self.member);
	if (self.chunk)
		*self.chunk = (struct trace_chunk) { .begin = begin, .number = number };
}
