#include "timeline/phase.h"

struct span span_of(const struct region_record *region, unsigned team)
{
	struct span span = { .region = region, .team = team };
	const struct member_record *members = region->members;

	for (unsigned m = 1; m < team; m++) {
		if (members[m].start_ns > members[span.last_to_start].start_ns)
			span.last_to_start = m;
		if (members[m].complete_ns > members[span.last_to_complete].complete_ns)
			span.last_to_complete = m;
	}
	span.last_ns = members[span.last_to_complete].complete_ns;
	return span;
}

uint64_t span_ns(const struct span *span)
{
	return span->region->join_ns - span->region->fork_ns;
}

struct means span_means(const struct span *span)
{
	const struct region_record *region = span->region;
	struct means sum = { .join_ns = (double)(region->join_ns - span->last_ns) };

	for (unsigned m = 0; m < span->team; m++) {
		const struct member_record *member = &region->members[m];
		const uint64_t work = member->complete_ns - member->start_ns;
		sum.fork_ns += (double)(member->start_ns - region->fork_ns) / span->team;
		sum.work_ns += (double)work / span->team;
		sum.wait_ns += (double)(span->last_ns - member->complete_ns) / span->team;
		sum.aside_ns += (double)member->aside_ns / span->team;
		sum.between_ns +=
			((double)work - (double)member->aside_ns - (double)member->body_ns) /
			span->team;
	}
	return sum;
}

bool member_moved(const struct member_record *member)
{
	return member->cpu_start >= 0 && member->cpu_complete >= 0 &&
		member->cpu_start != member->cpu_complete;
}
