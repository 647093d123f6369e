#include "trace/lane.h"

#include <pthread.h>
#include <sys/resource.h>

#include "trace/file.h"
#include "trace/region.h"

__thread struct self self;

static pthread_key_t key;
static bool has_key;
static uint32_t lanes_lock;
static struct trace_lane *blocks[TRACE_TEAM_MAX / TRACE_LANES_A_BLOCK];

static struct trace_lane *lane_at(unsigned number)
{
	return &blocks[number / TRACE_LANES_A_BLOCK][number % TRACE_LANES_A_BLOCK];
}

/* The first that no thread has; with 10^5 short threads there are as many as at once. */
static struct trace_lane *free_lane(unsigned *number)
{
	const unsigned count = tracer.head->lanes;

	for (unsigned i = 0; i < count; i++)
		if (!lane_at(i)->taken) {
			*number = i;
			return lane_at(i);
		}
	return NULL;
}

static struct trace_lane *new_lane(unsigned *number)
{
	const unsigned count = tracer.head->lanes, block = count / TRACE_LANES_A_BLOCK;
	const size_t bytes =
		sizeof(struct trace_block) + TRACE_LANES_A_BLOCK * sizeof(struct trace_lane);

	if (count >= TRACE_TEAM_MAX)
		return NULL;
	if (!blocks[block]) {
		struct trace_block *at = file_block(TRACE_BLOCK_LANES, count, bytes, false);
		if (!at)
			return NULL;
		at->used = bytes;
		blocks[block] = (struct trace_lane *)(at + 1);
	}
	*number = count;
	tracer.head->lanes = count + 1;
	return lane_at(count);
}

static void begin_thread(struct trace_lane *lane, unsigned number)
{
	lane->threads++;
	lane->cpu = -1;
	lane->cpu_ns_before = lane->cpu_ns;
	lane->faults_before = lane->faults;
	lane->preempted_before = lane->preempted;
	self = (struct self) {
		.lane = lane,
		.number = (uint16_t)number,
		.block = lane->block ? file_at(lane->block) : NULL,
		.chunked = lane->chunked ? file_at(lane->chunked) : NULL,
		.inside = self.inside,
	};
}

bool lane_take(void)
{
	struct trace_lane *lane = NULL;
	unsigned number = 0;

	if (self.gone)
		return false;
	self.inside = true;
	if (spin_take(&lanes_lock)) {
		lane = free_lane(&number);
		if (!lane)
			lane = new_lane(&number);
		if (lane)
			lane->taken = 1;
		spin_give(&lanes_lock);
	}
	if (lane) {
		begin_thread(lane, number);
		if (has_key)
			pthread_setspecific(key, lane);
	}
	self.inside = false;
	return lane != NULL;
}

static void end_thread(void *lane)
{
	struct trace_lane *mine = lane;

	if (mine != self.lane) /* of the parent, in the child of a fork */
		return;
	if (self.depth == 1 && self.member) /* pthread_exit, in a part that --pthreads made */
		region_leave();
	lane_flush();
	lane_sample(UINT64_MAX);
	self = (struct self) { .gone = true };
	__atomic_store_n(&mine->taken, 0, __ATOMIC_RELEASE);
}

void lanes_begin(void)
{
	has_key = !pthread_key_create(&key, end_thread);
}

void lane_forget(void)
{
	self = (struct self) { 0 };
	lanes_lock = 0;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		blocks[i] = NULL;
}

void lane_added(void)
{
	if (!self.late)
		return;
	self.late = NULL;
	self.lane->late = 0;
}

void lane_flush(void)
{
	if (self.late)
		book_add(self.late);
	lane_added();
}

int lane_note_cpu(void)
{
	struct trace_lane *lane = self.lane;
	const int cpu = sched_getcpu();

	if (cpu == lane->cpu || cpu < 0 || cpu >= TRACE_CPU_WORDS * 64)
		return cpu;
	lane->migrations += lane->cpu >= 0;
	lane->cpu = cpu;
	lane->cpus[cpu / 64] |= UINT64_C(1) << cpu % 64;
	return cpu;
}

static uint64_t ns_of(struct timeval t)
{
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_usec * 1000u;
}

void lane_sample(uint64_t at)
{
	static const uint64_t interval_ns = 10000000;
	struct trace_lane *lane = self.lane;
	struct rusage usage;

	/* ticks are no longer than nanoseconds, so that this is at least as often */
	if (at - lane->sampled < interval_ns || getrusage(RUSAGE_THREAD, &usage))
		return;
	lane->sampled = at;
	lane->cpu_ns = lane->cpu_ns_before + ns_of(usage.ru_utime) + ns_of(usage.ru_stime);
	lane->faults = lane->faults_before + (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
	lane->preempted = lane->preempted_before + (uint64_t)usage.ru_nivcsw;
}
