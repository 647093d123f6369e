#include "analysis/profile.h"

#include <errno.h>
#include <stdlib.h>

static double seconds(const struct profile_source *source, uint64_t ticks)
{
	return (double)ticks * source->seconds_per_tick;
}

/* The names people know, of regions that are no samples of one case. */
static struct efficiencies efficiencies_of(const struct profile_site *site)
{
	const struct losses losses = {
		.team = site->members > 1 && site->members < 2 ? 2
							       : (unsigned)(site->members + 0.5),
		.launches = 1,
		.total = site->total,
		.busy = site->body,
		.busiest = site->busiest,
	};

	return losses_efficiencies(&losses);
}

static void add_times(struct profile_site *site, const struct profile_source *source)
{
	const struct trace_site *raw = site->raw;

	site->elapsed = seconds(source, raw->elapsed);
	site->total = seconds(source, raw->total);
	site->body = seconds(source, raw->busy);
	site->dispatch = seconds(source, raw->dispatch);
	site->sync = seconds(source, raw->waits);
	site->fork = seconds(source, raw->fork);
	site->wait = seconds(source, raw->tail);
	site->join = seconds(source, raw->join);
	site->busiest = seconds(source, raw->busiest);
	site->least = seconds(source, raw->elapsed_least);
	site->most = seconds(source, raw->elapsed_most);
	site->overhead_least = seconds(source, raw->overhead_least);
}

static struct profile_site site_of(
	const struct profile_source *source, const struct trace_site *raw)
{
	struct profile_site site = { .raw = raw, .count = (double)raw->count };

	add_times(&site, source);
	site.mean = site.elapsed / site.count;
	site.members = site.elapsed > 0 ? site.total / site.elapsed : raw->team_most;
	site.regular = raw->count > 1 ? (double)raw->last_same / (site.count - 1) : 0;
	if (site.total > 0)
		site.efficiencies = efficiencies_of(&site);
	return site;
}

static int by_time(const void *a, const void *b)
{
	const struct profile_site *x = a, *y = b;

	return (x->elapsed < y->elapsed) - (x->elapsed > y->elapsed);
}

static void add_sites(struct profile *into, const struct profile_source *source)
{
	for (size_t s = 0; s < TRACE_SITES; s++)
		if (source->sites[s].count)
			into->sites[into->site_count++] = site_of(source, &source->sites[s]);
	qsort(into->sites, into->site_count, sizeof(*into->sites), by_time);
	for (size_t s = 0; s < into->site_count; s++) {
		struct profile_site *site = &into->sites[s];
		site->share = into->wall > 0 ? site->elapsed / into->wall : 0;
		into->regions += site->count;
	}
}

static void add_lanes(struct profile *into, const struct profile_source *source)
{
	for (size_t l = 0; l < source->lane_count; l++) {
		const struct trace_lane *lane = source->lanes[l];
		into->work += seconds(source, lane->busy);
		into->migrations += lane->migrations;
		into->preempted += lane->preempted;
	}
}

/* Regions that are open at the end have been so until then. */
static uint64_t inside_of(const struct profile_source *source)
{
	const struct trace_head *head = source->head;
	const bool open = head->open && source->end > head->open_since;

	return head->covered + (open ? source->end - head->open_since : 0);
}

int profile_make(struct profile *into, const struct profile_source *source)
{
	const struct trace_head *head = source->head;

	*into = (struct profile) { .sites = calloc(TRACE_SITES, sizeof(*into->sites)) };
	if (!into->sites)
		return -ENOMEM;
	into->wall = seconds(source, source->end - head->begin);
	into->inside = seconds(source, inside_of(source));
	into->serial = into->wall > into->inside ? into->wall - into->inside : 0;
	into->lost = (double)(head->lost_memory + head->lost_depth + head->lost_busy +
		head->lost_signal);
	if (source->sites)
		add_sites(into, source);
	add_lanes(into, source);
	into->one_core = into->serial + into->work;
	into->cores = into->inside > 0 ? into->work / into->inside : 0;
	into->bound = into->serial > 0 ? into->one_core / into->serial : 0;
	return 0;
}

void profile_release(struct profile *profile)
{
	free(profile->sites);
	*profile = (struct profile) { 0 };
}
