#include "trace/draw.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is being made, from which regions. */
struct making {
	struct drawn *drawn;
	const struct traced *process;
	const struct trace_region **chosen;
	size_t count;
	size_t members_used, units_used;
};

/* ---- times ---- */

static uint64_t ns_of(const struct making *m, uint64_t ticks)
{
	const uint64_t begin = m->process->source.head->begin;
	const double tick_ns = m->process->source.seconds_per_tick * 1e9;

	return ticks > begin ? (uint64_t)((double)(ticks - begin) * tick_ns + 0.5) : 0;
}

/* ---- members and their chunks ---- */

static uint32_t slots_of(const struct trace_region *region)
{
	return region->team < region->room ? region->team : region->room;
}

static const struct trace_chunk *chunks_of(
	const struct making *m, const struct trace_member *member)
{
	return member->kept ? tracefile_at(m->process->file, member->chunks_at,
				      member->kept * sizeof(struct trace_chunk))
			    : NULL;
}

static void add_chunks(
	struct making *m, struct member_record *into, const struct trace_member *member)
{
	const struct trace_chunk *chunks = chunks_of(m, member);

	into->units = member->chunks;
	into->kept_units = m->drawn->units + m->units_used;
	for (uint32_t c = 0; chunks && c < member->kept; c++) {
		const struct trace_chunk *chunk = &chunks[c];
		const uint64_t end = chunk->end >= chunk->begin ? chunk->end : chunk->begin;
		into->kept_units[into->kept++] = (struct unit_record) { chunk->number,
			ns_of(m, chunk->begin), ns_of(m, end) };
	}
	m->units_used += into->kept;
	if (!into->kept)
		into->kept_units = NULL;
}

static void add_member(struct making *m, struct member_record *into,
	const struct trace_region *region, uint32_t number)
{
	const struct trace_member *member = &region->members[number];

	into->cpu_start = into->cpu_complete = -1;
	if (member->start < region->fork || member->complete < member->start)
		return;
	into->start_ns = ns_of(m, member->start);
	into->complete_ns = ns_of(m, member->complete);
	into->cpu_start = member->cpu_start;
	into->cpu_complete = member->cpu_complete;
	const uint64_t idle = member->waited + member->dispatch;
	const uint64_t span = member->complete - member->start;
	into->body_ns = span > idle ? ns_of(m, m->process->source.head->begin + span - idle) : 0;
	add_chunks(m, into, member);
}

static void add_region(struct making *m, struct region_record *into,
	const struct trace_region *region, unsigned team)
{
	into->fork_ns = ns_of(m, region->fork);
	into->join_ns = ns_of(m, region->join);
	into->sample_ns = (double)(into->join_ns - into->fork_ns);
	into->members = m->drawn->members + m->members_used;
	m->members_used += team;
	for (uint32_t i = 0; i < team; i++)
		if (i < slots_of(region))
			add_member(m, &into->members[i], region, i);
		else
			into->members[i].cpu_start = into->members[i].cpu_complete = -1;
}

/* ---- names ---- */

/* Formats put names between quotes. */
static char *plain(const char *text)
{
	char *copy = strdup(text);

	for (char *c = copy; c && *c; c++)
		if (*c == '"' || *c == '\\' || (unsigned char)*c < ' ')
			*c = '?';
	return copy;
}

static bool add_places(struct making *m, const struct report *report)
{
	const struct profile *profile = &m->process->profile;
	char text[PLACE_TEXT];

	m->drawn->places = calloc(profile->site_count + 1, sizeof(*m->drawn->places));
	for (size_t s = 0; m->drawn->places && s < profile->site_count; s++) {
		m->drawn->places[s] = plain(symbols_place(
			report->symbols, m->process->source.head, profile->sites[s].raw, text));
		if (!m->drawn->places[s])
			return false;
		m->drawn->timeline.place_count++;
	}
	return m->drawn->places;
}

static uint32_t place_of(const struct making *m, const struct trace_region *region)
{
	const struct trace_site *raw = &m->process->source.sites[region->site];
	const struct profile *profile = &m->process->profile;

	for (size_t s = 0; s < profile->site_count; s++)
		if (profile->sites[s].raw == raw)
			return (uint32_t)s;
	return 0;
}

/* ---- all of it ---- */

static bool reserve(struct making *m, unsigned team)
{
	struct drawn *d = m->drawn;
	size_t units = 0;

	for (size_t r = 0; r < m->count; r++)
		for (uint32_t i = 0; i < slots_of(m->chosen[r]); i++)
			units += m->chosen[r]->members[i].kept;
	d->regions = calloc(m->count, sizeof(*d->regions));
	d->members = calloc(m->count * team, sizeof(*d->members));
	d->units = calloc(units + 1, sizeof(*d->units));
	d->place_of = calloc(m->count, sizeof(*d->place_of));
	return d->regions && d->members && d->units && d->place_of;
}

static void fill_timeline(struct drawn *d, const struct making *m, unsigned team)
{
	struct timeline *t = &d->timeline;

	d->spec = (struct case_spec) { .variant = OPENMP, .threads = team };
	t->spec = &d->spec;
	t->title = d->title;
	t->places = (const char *const *)d->places;
	t->place_of = d->place_of;
	t->element = "chunk";
	t->host = d->host;
	t->regions = d->regions;
	t->count = m->count;
	t->team = team;
	t->units = m->process->source.head->flags & TRACE_CHUNKS;
	t->units_cost = NAN;
}

static int make(struct making *m, const struct report *report)
{
	unsigned team = 1;

	for (size_t r = 0; r < m->count; r++)
		if (slots_of(m->chosen[r]) > team)
			team = slots_of(m->chosen[r]);
	m->drawn->title = plain(report->command);
	gethostname(m->drawn->host, sizeof(m->drawn->host) - 1);
	if (!m->drawn->title || !add_places(m, report) || !reserve(m, team)) {
		drawn_release(m->drawn);
		return -ENOMEM;
	}
	for (size_t r = 0; r < m->count; r++) {
		add_region(m, &m->drawn->regions[r], m->chosen[r], team);
		m->drawn->place_of[r] = place_of(m, m->chosen[r]);
	}
	fill_timeline(m->drawn, m, team);
	return 0;
}

/* The lane of the first outermost region: that of the main thread, but in the rarest programs. */
static void choose(struct making *m)
{
	const struct tracefile *file = m->process->file;
	int lane = -1;

	for (size_t r = 0; r < file->region_count; r++) {
		const struct trace_region *region = file->regions[r];
		if (region->level || !slots_of(region))
			continue;
		if (lane < 0)
			lane = region->lane;
		if (region->lane == lane)
			m->chosen[m->count++] = region;
		else
			m->drawn->others++;
	}
}

int drawn_run(struct drawn *into, const struct report *report, const struct traced *process)
{
	struct making m = { .drawn = into, .process = process };

	*into = (struct drawn) { 0 };
	m.chosen = calloc(process->file->region_count + 1, sizeof(*m.chosen));
	if (!m.chosen)
		return -ENOMEM;
	choose(&m);
	const int error = m.count ? make(&m, report) : -ENODATA;
	free(m.chosen);
	return error;
}

int drawn_worst(struct drawn *into, const struct report *report, const struct traced *process,
	const struct profile_site *site)
{
	const struct trace_region *worst = tracefile_worst(process->file, site->raw);
	struct making m = { .drawn = into, .process = process, .chosen = &worst, .count = 1 };

	*into = (struct drawn) { 0 };
	return worst && slots_of(worst) ? make(&m, report) : -ENODATA;
}

void drawn_release(struct drawn *drawn)
{
	for (size_t p = 0; drawn->places && p < drawn->timeline.place_count; p++)
		free(drawn->places[p]);
	free(drawn->places);
	free(drawn->place_of);
	free(drawn->title);
	free(drawn->units);
	free(drawn->members);
	free(drawn->regions);
	*drawn = (struct drawn) { 0 };
}
