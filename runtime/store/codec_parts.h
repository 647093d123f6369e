/*
 * codec_parts: what a launch took beside its regions, as JSON in its line: each member's memory, the
 * results of tasks, and what the parts of a region cost.
 */
#ifndef CODEC_PARTS_H
#define CODEC_PARTS_H

#include <jansson.h>

#include "record.h"

/* null if it was not taken; NULL if there is no memory. */
json_t *memory_to_json(const struct launch_record *launch);

/* Reads it back, if it is there, for a record with its team. Returns 0, -EINVAL or -ENOMEM. */
int memory_from_json(const json_t *from, struct launch_record *into);

/* The results of tasks: the same. */
json_t *task_results_to_json(const struct launch_record *launch);
int task_results_from_json(const json_t *from, struct launch_record *into);

/* null if there are none; NULL if there is no memory. */
json_t *parts_to_json(const struct parts_record *parts);

/*
 * Reads them back, for the caller to free; *into is NULL if there are none, and may own something even
 * if they are wrong. Returns 0, -EINVAL or -ENOMEM.
 */
int parts_from_json(const json_t *from, unsigned team, struct parts_record **into);

#endif
