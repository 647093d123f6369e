/*
 * plan: what a run or sweep is going to measure, from its options.
 */
#ifndef PLAN_H
#define PLAN_H

#include <jansson.h>

#include "machine/topology.h"
#include "message.h"
#include "options.h"
#include "record.h"

struct plan {
	struct case_spec *cases; /* each kernel's sequential case comes first */
	size_t count;
	unsigned launches, samples; /* samples 0: as many as fit in budget_ns */
	uint64_t budget_ns;
	uint64_t seed;
	double gamma;
	const char *image;
	enum bind bind;
	struct topology topology;
};

/* The cross product of the options' lists, each kernel with its sequential case. */
int plan_for_run(struct plan *plan, const struct options *options, struct message *why);

/*
 * All kernels unless some are named, over a ladder of thread counts, then the usual schedules for
 * openmp at all cores.
 */
int plan_for_sweep(struct plan *plan, const struct options *options, struct message *why);

/* The plan as run.json keeps it, cases included. */
json_t *plan_to_json(const struct plan *plan);

/* The cases of a plan read back from run.json; the caller frees them. */
int plan_cases_from_json(
	const json_t *plan, struct case_spec **cases, size_t *count, struct message *why);

void plan_release(struct plan *plan);

#endif
