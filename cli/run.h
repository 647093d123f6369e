/*
 * run: how a plan is measured and shown that leaves no run directory: by `tine run` and `tine tasks`.
 */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <jansson.h>

#include "analysis/summary.h"
#include "options.h"
#include "plan.h"
#include "store/run.h"

/* What is known before anything is measured; both in JSON. */
struct place {
	json_t *machine, *map;
};

struct measured {
	const struct plan *plan;
	const struct place *place;
	const struct run *run;
	const struct summaries *summaries;
};

/* Prints it on stdout. Returns 0 or -ENOMEM. */
typedef int print_measured(const struct measured *all, enum format format);

/* Measures the plan's cases, prints what came out, and returns the exit code. */
int run_plan(const struct plan *plan, const struct options *options, print_measured *print);

#endif
