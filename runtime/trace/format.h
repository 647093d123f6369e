/*
 * format: what a traced process leaves behind: a file that it and `tine trace` both map, so that
 * nothing is lost however the process ends.
 *
 * A file is a head of one page and then blocks, each a multiple of 4096 bytes long and begun by a
 * trace_block. Offsets count from the file's beginning, 0 is "none". All times are stamps in ticks of
 * the clock that the head names (clock.h), all of them absolute. Who reads must expect a process
 * that was killed half-way through a write: a record may be torn, an offset is checked.
 *
 * Types, and what follows from them alone; libtine-trace.so writes them, store/tracefile.c reads them.
 */
#ifndef TRACE_FORMAT_H
#define TRACE_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

enum {
	TRACE_MAGIC = 0x656e6974, /* "tine" */
	TRACE_VERSION = 1,
	TRACE_PAGE = 4096,
	TRACE_SITES = 512,
	TRACE_BINS = 512,
	TRACE_PATH = 256,
	TRACE_CPU_WORDS = 16, /* 1024 CPUs */
	TRACE_TEAM_MAX = 4096,
	TRACE_LANES_A_BLOCK = 64
};

/* The environment by which `tine trace` talks to the library: DIRECTORY, then the options. */
#define TRACE_ENV_DIRECTORY "TINE_TRACE_DIR"
#define TRACE_ENV_OPTIONS   "TINE_TRACE_OPTIONS"
/* Letters, then the most bytes of a process's file: "tcp67108864". */
enum { TRACE_OPTION_TSC = 't', TRACE_OPTION_CHUNKS = 'c', TRACE_OPTION_PTHREADS = 'p' };

/* What a member waits for inside its part of a region. */
enum trace_wait {
	TRACE_WAIT_BARRIER, /* explicit, or at the end of a loop, of sections, of single */
	TRACE_WAIT_LOCK,    /* critical, ordered, doacross */
	TRACE_WAIT_TASK,    /* taskwait, the end of a taskgroup */
	TRACE_WAITS
};

/* Constructs that were seen in a region, as bits. */
enum trace_seen {
	TRACE_SEEN_STATIC = 1 << 0, /* a static loop that asks the library: ordered, or by GCC 17 */
	TRACE_SEEN_DYNAMIC = 1 << 1,
	TRACE_SEEN_GUIDED = 1 << 2,
	TRACE_SEEN_RUNTIME = 1 << 3,
	TRACE_SEEN_SECTIONS = 1 << 4,
	TRACE_SEEN_SINGLE = 1 << 5,
	TRACE_SEEN_CRITICAL = 1 << 6,
	TRACE_SEEN_ORDERED = 1 << 7,
	TRACE_SEEN_DOACROSS = 1 << 8,
	TRACE_SEEN_TASK = 1 << 9,
	TRACE_SEEN_TASKLOOP = 1 << 10,
	TRACE_SEEN_BARRIER = 1 << 11,
	TRACE_SEEN_REDUCTION = 1 << 12,
	TRACE_SEEN_SCOPE = 1 << 13,
	TRACE_SEEN_CANCEL = 1 << 14
};
enum { TRACE_SEEN_KINDS = 15 };

enum trace_flag {
	TRACE_ENDED = 1 << 0,    /* the library saw the process exit */
	TRACE_GNU = 1 << 1,      /* regions of libgomp */
	TRACE_OMPT = 1 << 2,     /* regions of a runtime that has OMPT */
	TRACE_PTHREADS = 1 << 3, /* and those of pthread_create and barriers, which was asked for */
	TRACE_CHUNKS = 1 << 4,
	TRACE_TSC = 1 << 5
};

struct trace_head {
	uint32_t magic, version;
	uint32_t pid, flags;
	uint32_t cpus;        /* that the process may run on */
	uint64_t begin, end;  /* end: 0 unless TRACE_ENDED */
	uint64_t used;        /* bytes, this page and all blocks */
	uint64_t most;        /* bytes that it may take */
	uint64_t sites, bins; /* offsets of these blocks; 0: there was no region */
	uint64_t bin_ticks;   /* the width of bins, of which the first is at `begin` */
	/* under `lock`, as sites and bins are, by regions that are in no other */
	uint32_t lock, open;
	uint64_t open_since, covered; /* while at least one was open */
	uint32_t lanes;               /* taken so far */
	uint32_t open_most;           /* at once */
	/* what was not recorded, by reason */
	uint64_t lost_memory, lost_depth, lost_busy, lost_signal;
	char program[TRACE_PATH], runtime[TRACE_PATH];
};

enum trace_block_kind {
	TRACE_BLOCK_SITES,
	TRACE_BLOCK_BINS,
	TRACE_BLOCK_LANES,
	TRACE_BLOCK_REGIONS, /* trace_region after trace_region */
	TRACE_BLOCK_WORST,   /* one trace_region */
	TRACE_BLOCK_CHUNKS
};

struct trace_block {
	uint32_t kind, lane;
	uint64_t bytes; /* with this header */
	uint64_t used;  /* with this header */
	uint64_t unused[5];
};

/* One member of one region; a member took part if start >= the region's fork. */
struct trace_member {
	uint64_t start, complete; /* of its part; complete 0: not yet */
	uint64_t waited;          /* between the two, by all kinds of waits */
	uint64_t dispatch;        /* between the two, for chunks: with TRACE_CHUNKS, else 0 */
	uint64_t chunks_at;       /* of the first kept one */
	uint32_t chunks, kept;    /* got; of them kept one by one, the first ones */
	uint32_t tasks;
	uint16_t lane, seen;
	int16_t cpu_start, cpu_complete;
	uint32_t unused;
};

struct trace_region {
	uint64_t fork, join; /* join 0: it is still open */
	uint32_t site, room; /* members that it has room for */
	uint32_t asked, team;
	uint16_t level, lane; /* regions around it; the caller */
	uint16_t kind, kept;
	uint64_t bytes;
	uint64_t unused[2];
	struct trace_member members[];
};

/* Of its members, those that its team may have and that it has room for. */
static inline uint32_t trace_slots(const struct trace_region *region)
{
	return region->team < region->room ? region->team : region->room;
}

static inline bool trace_took_part(
	const struct trace_region *region, const struct trace_member *member)
{
	return member->start >= region->fork && member->complete >= member->start;
}

/* The time of its part that it neither waited nor was dealt chunks in. */
static inline uint64_t trace_busy(const struct trace_member *member)
{
	const uint64_t part = member->complete - member->start;
	const uint64_t idle = member->waited + member->dispatch;

	return part > idle ? part - idle : 0;
}

/* One chunk, or section, as a member did it. */
struct trace_chunk {
	uint64_t begin, end;
	uint64_t number; /* the loop's index at which it begins */
};

/* What forked. */
enum trace_kind { TRACE_KIND_PARALLEL, TRACE_KIND_CREATE };

/* A place that forks, and sums over its regions. */
struct trace_site {
	uint64_t address, function; /* the return address, and what was forked */
	uint64_t base;              /* where the module lies */
	uint32_t ready, unused;
	uint64_t count, nested;
	uint64_t elapsed, total; /* join - fork; times the team */
	uint64_t fork, busy, dispatch, tail, join;
	uint64_t waits; /* of all members inside their parts */
	uint64_t busiest;
	uint64_t elapsed_least, elapsed_most;
	uint64_t
		overhead_least; /* of a region, what was neither busy nor waited for the last: mean */
	uint64_t chunks, tasks;
	uint64_t last_same; /* times the same member completed last as in the region before */
	uint32_t last, team_least, team_most, asked_least, asked_most;
	uint32_t refused; /* regions that asked for more than one member and got one */
	uint32_t kind, seen;
	uint64_t worst_loss, worst; /* core time; the offset of its block */
	char module[TRACE_PATH];
};

/* What a stretch of time was spent on, summed over the members of the outermost regions. */
struct trace_bin {
	uint64_t inside; /* in a region: wall time of the callers */
	uint64_t fork, busy, wait, join;
	uint64_t unused[3];
};

/* One thread; or several, one after the other. On cache lines of its own. */
struct trace_lane {
	uint32_t threads; /* how many it has been */
	uint32_t member;  /* its number in its last outermost region */
	uint16_t taken;
	uint16_t late;          /* its last region, a short one, is not in the sums yet */
	uint64_t regions, busy; /* of outermost regions; busy: without waits and dispatch */
	uint64_t waits[TRACE_WAITS];
	uint64_t tasks, chunks;
	uint32_t migrations;
	int32_t cpu;
	uint64_t cpus[TRACE_CPU_WORDS];
	/* by getrusage, every 10 ms at most, of all its threads */
	uint64_t sampled, cpu_ns, faults, preempted;
	uint64_t cpu_ns_before, faults_before,
		preempted_before; /* of the threads before this one */
	uint64_t block, chunked;  /* offsets of the blocks in which it keeps regions and chunks */
	uint64_t unused[5];
};
_Static_assert(sizeof(struct trace_lane) % 64 == 0, "lanes share no cache line");

#endif
