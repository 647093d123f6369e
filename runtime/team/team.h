/*
 * team: the members of one region, and everything a region needs, made before it forks.
 *
 * Templates (sequential.c, openmp.c, dealt.c), which make compiles around each kernel file, yield one
 * region function a kernel and variant, NAME_VARIANT. dealt.c has those that deal out units themselves,
 * a header each (pthread.h, pool.h ...). (one-core is pthread's very code, and differs in the CPUs
 * alone.) All have the signature region_fn. Between its fork and its join a region function only
 * computes, synchronises its own members, and stamps into seats.
 */
#ifndef TEAM_H
#define TEAM_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"
#include "kernel.h"
#include "memory.h"
#include "message.h"
#include "schedule.h"
#include "team/crew.h"
#include "team/deal.h"
#include "team/variant.h"
#include "team/wait.h"

struct children;
struct lock;
struct loop;

/* A unit's, in ticks. */
struct unit_stamp {
	uint64_t unit, begin, end;
};

/* A member's first stamp, which it keeps to itself until it has completed. */
struct arrival {
	uint64_t start; /* ticks */
	int cpu;
};

/*
 * What one member needs and leaves. 128 bytes apart, since x86 fetches cache lines in pairs: with
 * 64, two members' stamps would travel together. What is written in a region is apart from what is
 * only read in it, so that nothing has to be fetched back; and the stamps lie with the post, on one
 * line of 64 bytes, so that they come to the caller with the word that the member is done.
 */
struct seat {
	_Alignas(128) struct post post; /* the pool variant's */
	uint64_t start, complete;       /* ticks; start is 0 until the member has run */
	uint64_t units;                 /* done */
	int cpu_start, cpu_complete;    /* -1: unknown */
	pthread_t thread;               /* the pthread variant's, from its fork to its join */
	/* only read in a region */
	_Alignas(128) struct team *team;
	unsigned member;
	struct partial *partial;   /* on lines of its own */
	struct unit_stamp *stamps; /* of its first units */
	size_t room;
	/* at the `units` level of recording */
	_Alignas(128) uint64_t body; /* ticks inside the body */
	size_t kept;
	struct memory_use memory; /* of this region, if the team watches it */
	/* of one that steps aside after units, or does omp tasks: how long it was, since when, where it is to go on */
	uint64_t aside, left; /* ticks */
	struct arrival arrival;
	struct hand hand;
	struct range rest;
	/* in an event loop whose elements wait: the units it has begun, and whether there are no more */
	uint64_t begun;
	bool dealt;
};

_Static_assert(offsetof(struct seat, thread) < 64, "stamps travel with the post");

struct team {
	/* the work */
	const struct input *input;
	uint64_t n, grain, units;
	uint64_t first; /* the elements before it are done: 0 but in tasks (tasks/set.h) */
	/* who does it */
	unsigned threads; /* asked for, members at most */
	struct schedule schedule;
	const int *cpus;           /* the CPU to bind each member to, or NULL */
	pthread_attr_t *attrs;     /* of members that are threads, one a member */
	struct crew *crew;         /* the pool variant's */
	struct children *children; /* the process variant's */
	struct lock *lock;         /* the global-lock variant's */
	struct loop *loop;         /* the event-loop variant's */
	/* what they share and leave */
	const struct clock *clock;
	struct deal deal; /* of the variants that deal out units themselves */
	struct seat *seats;
	void *partials;
	size_t partial_stride;
	void *stamps; /* of all seats */
	bool watch;   /* also take memory: at the `units` level, in no timed region */
	/* written in a region, by the caller alone */
	_Alignas(128) uint64_t fork, join; /* ticks */
};

/*
 * Runs one region. Returns 0, or a negative errno if a member could not be created; of processes,
 * if one ended (children_tell says more).
 */
typedef int region_fn(struct team *team);

/* One row of the table of kernels, or of ceilings, which make generates from their files. */
struct kernel_entry {
	const struct kernel *kernel;
	region_fn *region[VARIANTS_OF_TASKS]; /* those of tasks alone: NULL but in their whole */
	region_fn *region_units[VARIANTS_OF_TASKS]; /* records units as well; but the sequential
						     * one, whose body is called once */
};

extern const struct kernel_entry kernel_table[], ceiling_table[], whole_table[];
extern const unsigned kernel_count, ceiling_count, whole_count;

/* The row of a kernel, of a ceiling, or of the whole of tasks; or NULL. */
const struct kernel_entry *kernel_find(const char *name);

/* What team_init needs to know. */
struct team_plan {
	const struct kernel *kernel;
	const struct input *input;
	uint64_t n, grain;
	enum variant variant;
	struct execution execution;
	unsigned threads; /* 1 to THREADS_MAX */
	struct schedule schedule;
	const int *cpus; /* threads of them, outlives the team; NULL: not bound */
	const struct clock *clock;
	enum wait wait; /* of the pool */
	size_t room;    /* units that a member can keep one by one when units are recorded */
};

/*
 * Makes a team and, for pool, its threads. With cpus, the caller, who is member 0, must have bound
 * itself to cpus[0]; one-core binds it, to the CPU it is on if there are no cpus. For process, the
 * input, and all arrays it points to, must be shared (memory.h). Returns 0, or a negative errno with
 * nothing to release.
 */
int team_init(struct team *team, const struct team_plan *plan, struct message *why);
void team_release(struct team *team);

/* Readies seats, partials and what is dealt out for the next region. */
void team_reset(struct team *team);

/*
 * Calls fill for each member's elements under `static`, from a thread bound as that member is; or for
 * one member's alone. Each seat's `memory` then says what its thread used. Returns 0 or a negative
 * errno.
 */
typedef void fill_fn(const struct input *in, struct range elements);
int team_fill(const struct team *team, fill_fn *fill, struct message *why);
int team_fill_member(const struct team *team, fill_fn *fill, unsigned member, struct message *why);

/* The elements of one unit. */
static inline struct range unit_elements(uint64_t unit, uint64_t grain, uint64_t n)
{
	const uint64_t first = unit * grain, end = first + grain;

	return (struct range) { first, end < n ? end : n };
}

#endif
