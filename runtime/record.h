/*
 * record: what is asked of a launch, and what its regions leave behind.
 *
 * Types only. Times are nanoseconds; those of a region count from the launch's first fork.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel.h"
#include "schedule.h"
#include "team/variant.h"

enum { KERNEL_NAME_MAX = 64, THREADS_MAX = 4096, CASE_ID_MAX = 192 };

/* One case. Its id is case_print's. */
struct case_spec {
	char kernel[KERNEL_NAME_MAX];
	enum variant variant;
	unsigned threads;         /* asked for; 1 when sequential */
	struct schedule schedule; /* SCHEDULE_NONE when sequential */
	struct size size;
	uint64_t grain;
	bool grain_is_default; /* then the id does not name it */
};

/* A task: all that a kernel does for a size. */
struct task_spec {
	char kernel[KERNEL_NAME_MAX];
	struct size size;
};

/* One unit, or a piece of it, as a member did it. */
struct unit_record {
	uint64_t unit;
	uint64_t begin_ns, end_ns; /* of the body */
};

/* One member of one region. */
struct member_record {
	uint64_t start_ns, complete_ns; /* of its part of the work */
	uint64_t units;                 /* done by it */
	uint64_t aside_ns;              /* between the two, without the lock, or while others ran */
	int cpu_start, cpu_complete;    /* the CPU it was on at these moments; -1: unknown */
	/* at the `units` level of recording; else 0 */
	uint64_t body_ns;               /* inside the body, between start and complete */
	size_t kept;                    /* its first so many units were kept one by one; a task
					 * that it left and went on with is there for each time */
	struct unit_record *kept_units; /* in the order in which it did them; NULL if kept is 0 */
};

/* One sample: its time, and its region, or the last of them where short ones were repeated. */
struct region_record {
	double sample_ns;              /* join - fork, the mean over the sample's regions */
	uint64_t fork_ns, join_ns;     /* of the last region */
	struct member_record *members; /* as many as the launch's team */
	struct unit_record *units;     /* owns what the members kept; NULL if nothing */
};

/* What one member allocated and touched first, in a sample of its own. */
struct member_memory {
	uint64_t allocated_bytes; /* asked for by it: member 0 sets the input up */
	uint64_t touched_bytes;   /* in pages that were there after its part and not before */
	uint64_t node_bytes;      /* of them on `node`, which holds the most of them */
	int node;                 /* a NUMA node; -1: unknown, or nothing was touched */
};

/* What the parts of a region cost in one launch: see team/probe.h. */
struct parts_record {
	double stamp_ns, barrier_ns;
	unsigned passes;  /* team - 1, or 0 if it is not known */
	double pass_ns[]; /* a line's way to member 1, 2 and so on, and back */
};

enum launch_status {
	LAUNCH_OK,     /* measured, and every result right */
	LAUNCH_WRONG,  /* measured, and a result differs from the sequential variant's */
	LAUNCH_FAILED, /* not measured: see why */
	LAUNCH_STATUSES
};

/* One launch: one case, measured in one process. Owned by whoever made it; see launch_release. */
struct launch_record {
	struct case_spec spec;
	unsigned round; /* the sweep starts each case once a round */
	enum launch_status status;
	char why[sizeof(struct message)]; /* if not OK: one sentence */
	int error; /* of a failed launch, a negative errno where it told; not stored */
	char result[RESULT_BYTES];
	char (*task_results)[RESULT_BYTES]; /* of each task, in cases of tasks; else NULL */
	size_t tasks;                       /* how many of them */
	char clock[16];
	unsigned team;                 /* members that really ran, counted in the regions */
	unsigned repeats;              /* regions in a sample: more than 1 if they are short */
	size_t samples;                /* timed */
	size_t preempted;              /* samples that other tasks took too much of */
	struct region_record *regions; /* one a sample */
	size_t traces;                 /* regions recorded at the `units` level */
	struct region_record *traced;  /* those; in samples of their own */
	size_t cold;                   /* of traced, the first so many began with the process */
	double units_cost; /* of that level, relative: traced / not traced - 1; NAN: unknown */
	struct member_memory *memory; /* team of them; NULL unless it was asked for */
	struct parts_record *parts;   /* NULL unless it was asked for */
	/* what the conductor saw from outside */
	uint64_t began_ms;  /* when its process was started: UTC, ms since 1970; 0: unknown */
	bool crowded;       /* members take turns on CPUs: too many, or the variant is such */
	uint64_t throttled; /* times a CPU quota was used up meanwhile */
	uint64_t steal_ns;  /* given to other virtual machines meanwhile, all CPUs together */
	uint64_t took_ns;   /* from start to end of the process */
};

/* "count_up/100000000", as cases have it without its n. Returns text. */
enum { TASK_TEXT = KERNEL_NAME_MAX + 32 };
char *task_print(const struct task_spec *task, char text[TASK_TEXT]);

/* Writes the case's id: sum_squares/openmp/t4/dynamic,16/n100000000. Returns text. */
char *case_print(const struct case_spec *spec, char text[CASE_ID_MAX]);

/* Whether two cases are to do the same work: kernel, size and grain; or are the same altogether. */
bool case_same_work(const struct case_spec *a, const struct case_spec *b);
bool case_same(const struct case_spec *a, const struct case_spec *b);

/* "n100000000" without the n, or "1920x1080". Returns text. */
enum { SIZE_TEXT = 32 };
char *size_print(struct size size, char text[SIZE_TEXT]);

/* Makes room for `samples` regions of `team` members. Returns 0 or -ENOMEM. */
int launch_reserve(struct launch_record *launch, size_t samples, unsigned team);

/* Makes room for traces of as many members. Returns 0 or -ENOMEM. */
int launch_reserve_traces(struct launch_record *launch, size_t traces);

/* Frees what the record owns. */
void launch_release(struct launch_record *launch);

/* The words for a status in files: "ok", "wrong", "failed". */
const char *launch_status_name(enum launch_status status);

#endif
