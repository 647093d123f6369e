/*
 * codec: launches as JSON, one line each, and back. After the fields of the case (case.h) come
 *
 *	{..., "round": 0, "status": "ok", "why": "", "began_ms": 1795170600123,
 *	 "took_ns": 231000000, "crowded": false, "throttled": 0, "steal_ns": 0,
 *	 "result": "416...", "clock": "tsc", "team": 2, "repeats": 1, "preempted": 0,
 *	 "regions": [{"ns": 17012345.5, "fork": 0, "join": 17012345,
 *	              "members": [[start, complete, units, cpu at start, cpu at complete], ...]}, ...],
 *	 "traced": [...], "cold": 1, "units_cost": 0.012,
 *	 "memory": [[allocated, touched, on the node, the node], ...]}
 *
 * Times are nanoseconds, in regions since the launch's first fork. There is one region a sample,
 * and its "ns" is the sample's time: join - fork, the mean over "repeats" regions, of which the last
 * one is kept. began_ms is UTC, in milliseconds since 1970; null, or not there in older runs: not
 * known.
 *
 * "traced" has the regions recorded at the `units` level, of which the first "cold" began with the
 * process; their members have two items more: time in the body, and the units that were kept, each
 * [unit, begin, end]. "units_cost" is what that level cost, relative; null: not known. "memory" has
 * bytes, member by member, null unless it was asked for; "tasks" the result of each task, null in
 * cases of kernels. Older runs have none of these five. A
 * launch that was not measured has no "result" and what follows it.
 */
#ifndef CODEC_H
#define CODEC_H

#include <jansson.h>

#include "message.h"
#include "record.h"

/* A whole launch. The caller owns the object; NULL if memory runs out. */
json_t *launch_to_json(const struct launch_record *launch);

/* Reads it back; the caller releases it. Returns 0, or a negative errno with nothing to release. */
int launch_from_json(const json_t *from, struct launch_record *into, struct message *why);

#endif
