/*
 * draw: regions of a traced process as timelines.
 */
#ifndef TRACE_DRAW_H
#define TRACE_DRAW_H

#include "timeline/timeline.h"
#include "trace/report.h"

/* A timeline, and all that it points to. */
struct drawn {
	struct timeline timeline;
	struct case_spec spec;
	struct region_record *regions;
	struct member_record *members;
	struct unit_record *units;
	uint32_t *place_of;
	char **places;
	char *title;
	char host[256];
	size_t others; /* regions left out: of other threads, which would overlap */
};

/*
 * The outermost regions that the process's main caller forked, as far as they were kept. Returns 0,
 * -ENODATA if there are none, or -ENOMEM. The caller releases.
 */
int drawn_run(struct drawn *into, const struct report *report, const struct traced *process);

/* One region: the worst of a place. */
int drawn_worst(struct drawn *into, const struct report *report, const struct traced *process,
	const struct profile_site *site);

void drawn_release(struct drawn *drawn);

#endif
