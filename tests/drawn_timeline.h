/*
 * drawn_timeline: timelines to draw, made up by formula.
 *
 * All members of the regions start, work and complete at times that differ a
 * little from member to member, and no two runs differ. What a test is about it changes afterwards.
 */
#ifndef DRAWN_TIMELINE_H
#define DRAWN_TIMELINE_H

#include <stdint.h>
#include <stdlib.h>

#include "timeline/timeline.h"

/* What is to be made. */
struct drawing {
	unsigned team;
	size_t regions;
	size_t units;    /* each member's; 0: recorded at the `region` level */
	uint64_t length; /* of a region, in ns; 0: 1000000 */
	bool memory;
};

struct drawn {
	struct timeline timeline;
	struct case_spec spec;
	struct region_record *regions;
	struct member_memory *memory;
	int *core_of_cpu;
};

/* 0 to below `below`, scattered but the same each time. */
static inline uint64_t drawn_scatter(uint64_t seed, uint64_t below)
{
	seed = (seed + 1) * 0x9e3779b97f4a7c15u;
	seed = (seed ^ seed >> 29) * 0xbf58476d1ce4e5b9u;
	return below ? (seed >> 20) % below : 0;
}

/* Units one after the other, four fifths of the time in the body. */
static inline void draw_units(struct member_record *member, unsigned m, size_t units)
{
	const uint64_t work = member->complete_ns - member->start_ns;

	member->units = member->kept = units;
	member->kept_units = calloc(units, sizeof(*member->kept_units));
	for (size_t u = 0; u < units; u++) {
		struct unit_record *unit = &member->kept_units[u];
		unit->unit = m * units + u;
		unit->begin_ns = member->start_ns + (uint64_t)((double)work / units * (double)u);
		unit->end_ns = unit->begin_ns + work / units * 4 / 5;
		member->body_ns += unit->end_ns - unit->begin_ns;
	}
}

/* Forks within 1/20 of the region, completes within its last 1/5, joins in its last 1/50. */
static inline void draw_region(
	struct region_record *region, const struct drawing *want, uint64_t fork_ns, uint64_t length)
{
	const unsigned team = want->team;

	*region = (struct region_record) { .sample_ns = (double)length,
		.fork_ns = fork_ns,
		.join_ns = fork_ns + length,
		.members = calloc(team, sizeof(*region->members)) };
	for (unsigned m = 0; m < team; m++) {
		struct member_record *member = &region->members[m];
		const uint64_t late = length / 20, early = length / 5;
		member->start_ns = fork_ns + late / 4 + drawn_scatter(m, late * 3 / 4);
		member->complete_ns = fork_ns + length - length / 50 -
			drawn_scatter(m * 7 + length, early - length / 50);
		member->cpu_start = member->cpu_complete = (int)m;
		member->units = 10;
		if (want->units)
			draw_units(member, m, want->units);
	}
}

static inline struct drawn *draw(struct drawing want)
{
	struct drawn *d = calloc(1, sizeof(*d));
	const uint64_t length = want.length ? want.length : 1000000;
	uint64_t at_ns = 0;

	d->spec = (struct case_spec) { "pixel_blur", POOL, want.team, { SCHEDULE_DYNAMIC, 16 },
		{ .n = 2048, .width = 4096, .height = 2048 }, 1, true };
	d->regions = calloc(want.regions, sizeof(*d->regions));
	d->core_of_cpu = calloc(want.team, sizeof(*d->core_of_cpu));
	d->memory = want.memory ? calloc(want.team, sizeof(*d->memory)) : NULL;
	for (size_t r = 0; r < want.regions; r++) {
		/* the first is half as long again: it is cold */
		draw_region(&d->regions[r], &want, at_ns, r ? length : length + length / 2);
		at_ns += 2 * length;
	}
	for (unsigned m = 0; m < want.team; m++) {
		d->core_of_cpu[m] = (int)m / 2;
		if (d->memory)
			d->memory[m] = (struct member_memory) { m ? 0 : 25165824,
				12300000 + m * 1000, 12300000, (int)(m * 2 / want.team) };
	}
	d->timeline = (struct timeline) { &d->spec, "row", "node17", d->regions, want.regions,
		want.team, true, want.units, 0.012, d->core_of_cpu, want.team, d->memory,
		.title = NULL };
	return d;
}

static inline void drawn_release(struct drawn *d)
{
	for (size_t r = 0; r < d->timeline.count; r++) {
		for (unsigned m = 0; m < d->timeline.team; m++)
			free(d->regions[r].members[m].kept_units);
		free(d->regions[r].members);
	}
	free(d->regions);
	free(d->memory);
	free(d->core_of_cpu);
	free(d);
}

#endif
