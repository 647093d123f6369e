/*
 * node: what this node adds to a loop, measured with kernels that do next to nothing or one thing.
 */
#ifndef NODE_H
#define NODE_H

#include "analysis/simulation.h"
#include "message.h"
#include "options.h"
#include "plan.h"

struct node {
	unsigned team;              /* with which it was measured */
	struct overheads overheads; /* but for the memory's demand, which is the kernel's */
	double slowdown;            /* of computing on all of the team's cores at once: 1 is none */
	double bytes_per_second;    /* of triad on all of them, in arrays as large as the kernel's;
				     * 0 if it has none */
};

/* What is measured for what. */
enum purpose {
	NODE_EMPTY,        /* a region of one integer a member: fork and join */
	NODE_TINY_STATIC,  /* 10^5 units of one integer on one core, */
	NODE_TINY_DYNAMIC, /* the same under dynamic,1: the difference is own_ns */
	NODE_TINY_SHARED,  /* the same on all cores: serial_ns */
	NODE_ALONE,        /* sum_squares on one core, */
	NODE_TOGETHER,     /* and on all: slowdown */
	NODE_MOVED,        /* triad on all cores: bytes_per_second */
	NODE_PURPOSES
};

struct node_cases {
	struct case_spec specs[NODE_PURPOSES];
	double bytes; /* that the kernel moves in a region; 0: none are known, and none are moved */
};

/*
 * The sequential case of a loop that does next to nothing: so many integers, each a unit. Returns 0 or
 * a negative errno.
 */
int node_tiny(
	struct case_spec *into, const struct options *options, uint64_t units, struct message *why);

/*
 * Adds the cases to a plan, for a variant, a team of all cores, and a kernel whose arrays take
 * `bytes`. Returns 0 or a negative errno.
 */
int node_plan(struct node_cases *cases, struct plan *plan, const struct options *options,
	enum variant variant, unsigned team, double bytes, struct message *why);

/* From their launches. Returns 0, -ENODATA if a case told nothing, or -ENOMEM. */
int node_measure(struct node *into, const struct node_cases *cases, const struct run *run,
	struct message *why);

#endif
