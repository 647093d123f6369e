/*
 * plan: what a run or sweep is going to measure, from its options (plan.c), and in run.json
 * (plan_json.c).
 */
#ifndef PLAN_H
#define PLAN_H

#include <jansson.h>

#include "machine/topology.h"
#include "message.h"
#include "options.h"
#include "record.h"
#include "store/run.h"
#include "team/wait.h"
#include "turns.h"

struct plan {
	struct case_spec *cases; /* each kernel's sequential case comes first */
	size_t count;
	struct task_spec *tasks; /* of cases of tasks, of which each has size.n; owned; else NULL */
	unsigned launches_least, launches_most; /* of a case */
	double precision;    /* relative half-width of intervals to reach between the two */
	uint64_t budget_ns;  /* of all launches together */
	bool budget_is_hard; /* it ends even what has less than launches_least */
	uint64_t limit_ns;   /* of one launch */
	unsigned samples;    /* 0: until steady, within sample_budget_ns */
	uint64_t sample_budget_ns;
	uint64_t seed;
	double gamma;
	struct recipe recipe; /* its shape is owned */
	struct execution execution;
	char *image;      /* owned; NULL: generated pictures */
	char *turns_file; /* owned; NULL: takes no turns */
	enum bind bind;
	enum wait wait; /* of launches, in place of OMP_WAIT_POLICY; WAIT_UNSET: the user's own */
	/* not in run.json's plan */
	const struct case_spec *keep_units; /* the case whose units are kept one by one, or NULL */
	bool parts; /* take what regions' parts cost, and each process's first region, but no others
		     * unit by unit */
	struct topology topology;
	struct turns *turns; /* NULL: takes none, or is only looked at */
};

/* The cross product of the options' lists, each kernel with its sequential case. */
int plan_for_run(struct plan *plan, const struct options *options, struct message *why);

/*
 * All kernels unless some are named, over a ladder of thread counts, then the usual schedules for
 * openmp at all cores.
 */
int plan_for_sweep(struct plan *plan, const struct options *options, struct message *why);

/*
 * The options' arguments as tasks, KERNEL or KERNEL/SIZE each, under the options' variants, or all there
 * are; on a thread a core unless they say so, but no more than there are tasks. (plan_tasks.c)
 */
int plan_for_tasks(struct plan *plan, const struct options *options, struct message *why);

/* The kernel with this name, or NULL and the name that it is like. */
const struct kernel *plan_kernel(const char *name, struct message *why);

/* -EINVAL if the kernel waits, for commands that tell what cores are worth. */
int plan_check_computes(const struct kernel *kernel, struct message *why);

/* Whether its sizes are WIDTHxHEIGHT. */
bool kernel_makes_picture(const struct kernel *kernel);

/*
 * For commands that choose their cases themselves: a plan without cases, as the options say of
 * launches, samples, budget (budget_s seconds unless they say), seed, binding and image. Returns 0,
 * or a negative errno with nothing to release.
 */
int plan_begin(
	struct plan *plan, const struct options *options, uint64_t budget_s, struct message *why);

/* A kernel's sequential case, of the options' size and grain, from which its others are made. */
int plan_sequential(const struct options *options, const char *kernel, struct case_spec *into,
	struct message *why);

/* Whether a case is in the plan. */
bool plan_has(const struct plan *plan, const struct case_spec *spec);

/* Adds a case, if it is not there. Returns 0 or -ENOMEM. */
int plan_add(struct plan *plan, const struct case_spec *spec);

/*
 * The CPU of each member, in order, as an array; empty if members are not bound. The caller owns it;
 * NULL if memory runs out.
 */
json_t *plan_map(const struct plan *plan);

/* The plan as run.json keeps it, cases included. */
json_t *plan_to_json(const struct plan *plan);

/*
 * Reads it back, without topology and turns. Returns 0, or -EINVAL and what is wrong or
 * -ENOMEM, with nothing to release.
 */
int plan_from_json(struct plan *plan, const json_t *json, struct message *why);

/* The plan of a loaded run, every launch of which must be of one of the plan's cases. */
int plan_of_run(struct plan *plan, const struct run *run, struct message *why);

/* Readies a plan that was read back to be gone on with, on this machine. */
int plan_reopen(struct plan *plan, struct message *why);

void plan_release(struct plan *plan);

#endif
