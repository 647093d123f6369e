#include "timeline/timeline.h"

#include <errno.h>
#include <inttypes.h>

#include "timeline/describe.h"
#include "timeline/phase.h"

/* Cells that are empty: those of memory; all that only a member's work has; and then those to the end. */
static const char empty_memory[] = ",,,,", empty_work[] = ",,,,,,,,,,",
		  empty_rest[] = ",,,,,,,,,,,\n";

/* Where rows belong. */
struct place {
	const struct timeline *timeline;
	size_t region;
	FILE *to;
};

/* The cells that all rows have before the member's. */
static void put_place(const struct place *at)
{
	const bool cold = at->timeline->cold && !at->region;

	/* of a traced program nobody knows what was warm */
	fprintf(at->to, "%zu,%s,", at->region + 1,
		at->timeline->places ? ""
			: cold       ? "true"
				     : "false");
}

static void put_phase(const struct place *at, unsigned member, const char *phase, uint64_t begin_ns,
	uint64_t end_ns, const char *rest)
{
	put_place(at);
	fprintf(at->to, "%u,%s,,%" PRIu64 ",%" PRIu64 "%s", member, phase, begin_ns, end_ns, rest);
}

static void put_number(FILE *to, int number)
{
	if (number >= 0)
		fprintf(to, ",%d", number);
	else
		fputc(',', to);
}

static void put_memory(FILE *to, const struct member_memory *memory)
{
	fprintf(to, ",%" PRIu64 ",%" PRIu64, memory->allocated_bytes, memory->touched_bytes);
	put_number(to, memory->node);
	if (memory->node >= 0)
		fprintf(to, ",%" PRIu64, memory->node_bytes);
	else
		fputc(',', to);
}

static void put_work(const struct place *at, unsigned m, const struct member_record *member)
{
	const struct timeline *t = at->timeline;
	const int cpu = member->cpu_start;

	put_phase(at, m, "work", member->start_ns, member->complete_ns, "");
	put_number(at->to, cpu);
	put_number(at->to, member->cpu_complete);
	put_number(at->to, cpu >= 0 && (size_t)cpu < t->cpus ? t->core_of_cpu[cpu] : -1);
	if (member->units || !t->places)
		fprintf(at->to, ",%" PRIu64, member->units);
	else
		fputc(',', at->to);
	if (t->units)
		fprintf(at->to, ",%zu,%" PRIu64, member->kept, member->body_ns);
	else
		fputs(",,", at->to);
	if (t->memory)
		put_memory(at->to, &t->memory[m]);
	else
		fputs(empty_memory, at->to);
	fputs(",\n", at->to);
}

static void put_units(const struct place *at, unsigned m, const struct member_record *member)
{
	for (size_t u = 0; u < member->kept; u++) {
		const struct unit_record *unit = &member->kept_units[u];
		char name[DESCRIPTION_MAX];
		put_place(at);
		fprintf(at->to, "%u,unit,%" PRIu64 ",%" PRIu64 ",%" PRIu64 "%s,%s\n", m, unit->unit,
			unit->begin_ns, unit->end_ns, empty_work,
			at->timeline->tasks ? describe_unit(at->timeline, unit->unit, name) : "");
	}
}

static void put_region(const struct place *at)
{
	put_place(at);
	fprintf(at->to, ",region,,%" PRIu64 ",%" PRIu64 "%s",
		at->timeline->regions[at->region].fork_ns,
		at->timeline->regions[at->region].join_ns, empty_rest);
}

static void put_members(const struct place *at)
{
	const struct span span = span_of(&at->timeline->regions[at->region], at->timeline->team);
	const struct region_record *region = span.region;

	for (unsigned m = 0; m < span.team; m++) {
		const struct member_record *member = &region->members[m];
		put_phase(at, m, "fork", region->fork_ns, member->start_ns, empty_rest);
		put_work(at, m, member);
		put_units(at, m, member);
		put_phase(at, m, "wait", member->complete_ns, span.last_ns, empty_rest);
		put_phase(at, m, "join", span.last_ns, region->join_ns, empty_rest);
	}
}

int timeline_print_csv(const struct timeline *timeline, FILE *to)
{
	fputs("region,cold,member,phase,unit,begin_ns,end_ns,cpu_start,cpu_complete,core,units,"
	      "kept,body_ns,allocated_bytes,touched_bytes,node,node_bytes,name\n",
		to);
	for (size_t r = 0; r < timeline->count; r++)
		put_region(&(struct place) { timeline, r, to });
	for (size_t r = 0; r < timeline->count; r++)
		put_members(&(struct place) { timeline, r, to });
	return ferror(to) ? -EIO : 0;
}
