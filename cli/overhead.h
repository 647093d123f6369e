/*
 * overhead: what 'tine overhead' found, as tables for people, CSV and JSON for programs.
 */
#ifndef OVERHEAD_CLI_H
#define OVERHEAD_CLI_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/overhead.h"
#include "options.h"

/* As text or Markdown; openmp is the library's name and version. */
void overhead_print(
	const struct overhead *overhead, const char *openmp, enum format format, FILE *to);

/* One row a figure. */
void overhead_print_csv(const struct overhead *overhead, FILE *to);

/*
 * The contract of --format json; machine is borrowed. The caller owns the object; NULL: no memory.
 *
 *	tine, machine   the version, and machine.h's object
 *	threads         P
 *	floor_ns        the worst pair's, in the median; null if it is not known
 *	stamp_ns        the same of a stamp
 *	floor           the worst pair, an array of the pairs to member 1, 2 and so on, and `tree_ns`
 *	stamp, region_ns, cold_ns, barrier_ns, region_over_floor
 *	                by variant, but for the stamp
 *	dispatch_ns     by variant, by schedule, by number of threads: a chunk's, "1" and P
 *	dispatch_openmp_over_pool
 *	                by schedule, by number of threads
 *
 * A figure is { median, low, high, launches }; low and high are null where launches are too few, and
 * median where there are none.
 */
json_t *overhead_to_json(const struct overhead *overhead, json_t *machine);

#endif
