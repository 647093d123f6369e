/*
 * grain: what 'tine grain' found, as tables for people, CSV and JSON for programs.
 */
#ifndef GRAIN_H
#define GRAIN_H

#include <jansson.h>
#include <stdio.h>

#include "ladder.h"

/*
 * Plans what the options of 'tine grain' ask for, with nothing measured; the ladder's run is in memory.
 * Returns 0 or a negative errno, -EINVAL and what would be right. Release the ladder in any case.
 */
int grain_begin(struct ladder *ladder, const struct options *options, struct message *why);

/* A table for each of regions, chunks and kernels that there are curves of, as text or Markdown. */
void grain_print(const struct ladder *ladder, enum format format, FILE *to);

/*
 * One row a point, and one a crossing of a level: `row` says which. The ladder as void *, for
 * plot_to_file.
 */
int grain_print_csv(const void *ladder, FILE *to);

/* The contract of --format json; machine is borrowed. The caller owns the object; NULL: no memory. */
json_t *grain_to_json(const struct ladder *ladder, json_t *machine);

/* The curves alone. */
json_t *grain_curves_to_json(const struct ladder *ladder);

#endif
