#include "launch/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "team/children.h"

/* Runs one region; the partials are then combined in the first seat's. */
static int run_region_fn(struct session *s, region_fn *region, struct message *why)
{
	struct team *team = &s->team;

	team_reset(team);
	task_set_reset(&s->tasks);
	const int error = region(team);
	if (error && team->children)
		return children_tell(team->children, why);
	if (error)
		return fail(why, error, "cannot create the threads of a team of %u: %s",
			team->threads, strerror(-error));
	for (unsigned m = 1; s->entry->kernel->combine && m < team->threads; m++)
		s->entry->kernel->combine(team->seats[0].partial, team->seats[m].partial);
	return 0;
}

int run_region(struct session *s, enum variant variant, struct message *why)
{
	return run_region_fn(s, s->entry->region[variant], why);
}

bool has_units(const struct session *s)
{
	return s->order->tasks || s->order->spec.variant != SEQUENTIAL;
}

/* The sequential variant does all tasks in one call; but each was a region of its own. */
static void stamp_tasks(struct session *s)
{
	struct seat *seat = &s->team.seats[0];

	for (uint64_t i = 0; i < s->tasks.count; i++) {
		const struct seat *task = &s->tasks.tasks[i].team.seats[0];
		seat->body += task->complete - task->start;
		if (seat->kept < seat->room)
			seat->stamps[seat->kept++] =
				(struct unit_stamp) { i, task->start, task->complete };
	}
}

int run_region_units(struct session *s, struct message *why)
{
	const enum variant variant = s->order->spec.variant;
	const int error = run_region_fn(s, s->entry->region_units[variant], why);

	if (!error && variant == SEQUENTIAL)
		stamp_tasks(s);
	return error;
}

/* Clocks of CPUs may differ, and threads move from one to another: what ends begins no later. */
static uint64_t at_least(uint64_t value, uint64_t least)
{
	return value > least ? value : least;
}

double region_ns(const struct session *s)
{
	const uint64_t fork = s->team.fork, join = at_least(s->team.join, fork);

	return (double)(join - fork) * s->clock.ns_per_tick;
}

static uint64_t ns_since_origin(const struct session *s, uint64_t ticks)
{
	return clock_ns_between(&s->clock, s->origin, ticks);
}

/* A sum of differences, which may be less than nothing, all in all. */
static uint64_t ns_of(const struct session *s, uint64_t ticks)
{
	return ticks > INT64_MAX ? 0 : clock_ns_between(&s->clock, 0, ticks);
}

static struct member_record member_of(const struct session *s, const struct seat *seat)
{
	const uint64_t start_ns = ns_since_origin(s, seat->start);
	const uint64_t complete_ns = at_least(ns_since_origin(s, seat->complete), start_ns);
	const uint64_t aside_ns = ns_of(s, seat->aside), most_ns = complete_ns - start_ns;

	return (struct member_record) {
		.start_ns = start_ns,
		.complete_ns = complete_ns,
		.units = seat->units,
		.cpu_start = seat->cpu_start,
		.cpu_complete = seat->cpu_complete,
		.aside_ns = aside_ns < most_ns ? aside_ns : most_ns, /* but for rounding */
		.body_ns = ns_of(s, seat->body),
		.kept = seat->kept,
	};
}

/* Of the members that ran. */
void keep_region(struct session *s, struct region_record *region, double sample_ns)
{
	const struct team *team = &s->team;
	unsigned ran = 0;

	if (!s->origin)
		s->origin = team->fork;
	region->sample_ns = sample_ns;
	region->fork_ns = ns_since_origin(s, team->fork);
	region->join_ns = at_least(ns_since_origin(s, team->join), region->fork_ns);
	for (unsigned m = 0; m < team->threads; m++)
		if (team->seats[m].start)
			region->members[ran++] = member_of(s, &team->seats[m]);
	if (ran > s->record->team)
		s->record->team = ran;
}

static struct unit_record unit_of(const struct session *s, const struct unit_stamp *stamp)
{
	const uint64_t begin_ns = ns_since_origin(s, stamp->begin);

	return (struct unit_record) {
		.unit = stamp->unit,
		.begin_ns = begin_ns,
		.end_ns = at_least(ns_since_origin(s, stamp->end), begin_ns),
	};
}

/* The same, and the units they kept. */
int keep_trace(struct session *s, struct region_record *region)
{
	const struct team *team = &s->team;
	size_t count = 0, kept = 0;
	unsigned ran = 0;

	keep_region(s, region, region_ns(s));
	for (unsigned m = 0; m < team->threads; m++)
		count += team->seats[m].kept;
	region->units = count ? calloc(count, sizeof(*region->units)) : NULL;
	if (count && !region->units)
		return -ENOMEM;
	for (unsigned m = 0; m < team->threads; m++) {
		const struct seat *seat = &team->seats[m];
		if (!seat->start)
			continue;
		if (seat->kept)
			region->members[ran].kept_units = region->units + kept;
		ran++;
		for (size_t u = 0; u < seat->kept; u++)
			region->units[kept++] = unit_of(s, &seat->stamps[u]);
	}
	return 0;
}
