/*
 * synthetic_timeline: a timeline with everything in it that a format has to cope with.
 *
 * Slices that touch, and some without length; a cold first region, and a second that follows at
 * once and whose caller starts at the fork; a unit of no time; a member that keeps fewer units than
 * it did; the last member, which gets no units; one that moves to another CPU and one that is not
 * in the last region (where there are so many); memory.
 */
#ifndef SYNTHETIC_TIMELINE_H
#define SYNTHETIC_TIMELINE_H

#include <criterion/criterion.h>
#include <stdlib.h>

#include "timeline/timeline.h"

enum { FURTHER_UNITS = 3, SYNTHETIC_CPUS = 8, MOVING = 2, ABSENT = 3 };

struct synthetic {
	struct timeline timeline;
	struct case_spec spec;
	struct region_record *regions;
	struct member_record *members;
	struct unit_record *units;
	struct member_memory *memory;
	int core_of_cpu[SYNTHETIC_CPUS];
};

/* Fills in the units from the member's start on. Returns when its part was complete. */
static inline uint64_t synthetic_units(struct member_record *m, unsigned member, size_t units)
{
	uint64_t now_ns = m->start_ns;

	for (size_t u = 0; u < units; u++) {
		const uint64_t took_ns = u == 1 ? 0 : 1001 + (u * 7919 + member * 104729) % 4999;
		m->kept_units[u] =
			(struct unit_record) { member * units + u, now_ns, now_ns + took_ns };
		now_ns += took_ns;
		m->body_ns += took_ns;
	}
	m->kept = units;
	m->units = units;
	return units ? now_ns : now_ns + 4001;
}

static inline void synthetic_member(struct synthetic *s, size_t r, unsigned member, size_t units)
{
	struct region_record *region = &s->regions[r];
	struct member_record *m = &region->members[member];
	const size_t team = s->timeline.team;
	const bool last = r + 1 == s->timeline.count;

	if (member == ABSENT && last && r > 0)
		return;
	m->cpu_start = m->cpu_complete = (int)(member % SYNTHETIC_CPUS);
	if (member == MOVING && last)
		m->cpu_complete = (MOVING + 1) % SYNTHETIC_CPUS;
	m->start_ns =
		region->fork_ns + (r == 1 && !member ? 0 : 101 + (r * 31 + member * 17) % 257);
	m->kept_units = &s->units[(r * team + member) * units];
	m->complete_ns = synthetic_units(m, member, member + 1 == team ? 0 : units);
	if (member == 1 && units) {
		m->units += FURTHER_UNITS;
		m->complete_ns += 77;
	}
	if (m->complete_ns + 55 > region->join_ns)
		region->join_ns = m->complete_ns + 55;
}

/* Regions of `team` members with `units` each; 0 units: recorded at the `region` level. */
static inline struct synthetic *synthetic_make(
	unsigned team, size_t regions, size_t units, uint64_t origin_ns)
{
	struct synthetic *s = calloc(1, sizeof(*s));
	uint64_t now_ns = origin_ns;

	cr_assert_not_null(s);
	s->regions = calloc(regions, sizeof(*s->regions));
	s->members = calloc(regions * team, sizeof(*s->members));
	s->units = calloc(regions * team * units + 1, sizeof(*s->units));
	s->memory = calloc(team, sizeof(*s->memory));
	cr_assert(s->regions && s->members && s->units && s->memory);
	s->spec = (struct case_spec) { "sum_squares", OPENMP, team, { SCHEDULE_DYNAMIC, 16 },
		{ .n = 100000 }, 10, true };
	s->timeline = (struct timeline) { &s->spec, "integer", "node17", s->regions, regions, team,
		true, units > 0, 0.0125, s->core_of_cpu, SYNTHETIC_CPUS, s->memory, .title = NULL };
	for (int cpu = 0; cpu < SYNTHETIC_CPUS; cpu++)
		s->core_of_cpu[cpu] = cpu / 2;
	for (unsigned m = 0; m < team; m++)
		s->memory[m] = (struct member_memory) { m ? 0 : 1 << 20, 4096 * (m + 1), 4096, 0 };
	for (size_t r = 0; r < regions; r++) {
		s->regions[r].fork_ns = now_ns;
		s->regions[r].members = s->members + r * team;
		for (unsigned m = 0; m < team; m++)
			synthetic_member(s, r, m, units);
		s->regions[r].sample_ns = (double)(s->regions[r].join_ns - now_ns);
		now_ns = s->regions[r].join_ns + (r == 0 ? 0 : 1234);
	}
	return s;
}

static inline void synthetic_free(struct synthetic *s)
{
	free(s->regions);
	free(s->members);
	free(s->units);
	free(s->memory);
	free(s);
}

#endif
