#include "store/codec.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/case.h"
#include "store/codec_parts.h"
#include "store/lack.h"

static json_t *units_to_json(const struct member_record *member)
{
	json_t *units = json_array();

	for (size_t u = 0; u < member->kept; u++) {
		const struct unit_record *unit = &member->kept_units[u];
		json_array_append_new(units,
			json_pack("[I I I]", (json_int_t)unit->unit, (json_int_t)unit->begin_ns,
				(json_int_t)unit->end_ns));
	}
	if (json_array_size(units) == member->kept)
		return units;
	json_decref(units); /* memory ran out */
	return NULL;
}

static json_t *member_to_json(const struct member_record *member, bool traced)
{
	json_t *json = json_pack("[I I I i i]", (json_int_t)member->start_ns,
		(json_int_t)member->complete_ns, (json_int_t)member->units, member->cpu_start,
		member->cpu_complete);

	if (!traced)
		return json;
	if (!json_array_append_new(json, json_integer((json_int_t)member->body_ns)) &&
		!json_array_append_new(json, units_to_json(member)))
		return json;
	json_decref(json);
	return NULL;
}

/* How long members were aside, in variants in which any was. False if memory ran out. */
static bool add_aside(json_t *to, const struct region_record *region, unsigned team)
{
	uint64_t any = 0;

	for (unsigned m = 0; m < team; m++)
		any |= region->members[m].aside_ns;
	if (!any)
		return true;
	json_t *aside = json_array();
	for (unsigned m = 0; m < team; m++)
		json_array_append_new(aside, json_integer((json_int_t)region->members[m].aside_ns));
	const bool whole = json_array_size(aside) == team;
	return !json_object_set_new(to, "aside", aside) && whole;
}

static json_t *region_to_json(const struct region_record *region, unsigned team, bool traced)
{
	json_t *members = json_array();

	for (unsigned m = 0; m < team; m++)
		json_array_append_new(members, member_to_json(&region->members[m], traced));
	if (json_array_size(members) != team) {
		json_decref(members);
		return NULL;
	}
	json_t *json = json_pack("{sf sI sI so}", "ns", region->sample_ns, "fork",
		(json_int_t)region->fork_ns, "join", (json_int_t)region->join_ns, "members",
		members);
	if (json && add_aside(json, region, team))
		return json;
	json_decref(json);
	return NULL;
}

static json_t *regions_to_json(
	const struct region_record *regions, size_t count, unsigned team, bool traced)
{
	json_t *all = json_array();

	for (size_t r = 0; r < count; r++)
		json_array_append_new(all, region_to_json(&regions[r], team, traced));
	if (json_array_size(all) == count)
		return all;
	json_decref(all);
	return NULL;
}

/* What there is of every launch, measured or not. */
static json_t *outside_to_json(const struct launch_record *launch)
{
	return json_pack("{si ss ss so sI sb sI sI}", "round", (int)launch->round, "status",
		launch_status_name(launch->status), "why", launch->why, "began_ms",
		launch->began_ms ? json_integer((json_int_t)launch->began_ms) : json_null(),
		"took_ns", (json_int_t)launch->took_ns, "crowded", launch->crowded, "throttled",
		(json_int_t)launch->throttled, "steal_ns", (json_int_t)launch->steal_ns);
}

static json_t *inside_to_json(const struct launch_record *launch)
{
	const unsigned team = launch->team;

	return json_pack("{ss ss si sI sI so so sI so so so so}", "result", launch->result, "clock",
		launch->clock, "team", (int)team, "repeats", (json_int_t)launch->repeats,
		"preempted", (json_int_t)launch->preempted, "regions",
		regions_to_json(launch->regions, launch->samples, team, false), "traced",
		regions_to_json(launch->traced, launch->traces, team, true), "cold",
		(json_int_t)launch->cold, "units_cost",
		launch->traces && isfinite(launch->units_cost) ? json_real(launch->units_cost)
							       : json_null(),
		"memory", memory_to_json(launch), "tasks", task_results_to_json(launch), "parts",
		parts_to_json(launch->parts));
}

/* Adds the fields of `more`, which is taken; false if memory ran out. */
static bool add_fields(json_t *to, json_t *more)
{
	const bool added = to && more && !json_object_update(to, more);

	json_decref(more);
	return added;
}

json_t *launch_to_json(const struct launch_record *launch)
{
	json_t *line = case_to_json(&launch->spec);
	bool whole = add_fields(line, outside_to_json(launch));

	if (whole && launch->status != LAUNCH_FAILED)
		whole = add_fields(line, inside_to_json(launch));
	if (whole)
		return line;
	json_decref(line);
	return NULL;
}

/* A unit that was left and gone on with counts once. */
static size_t units_among(const struct member_record *member)
{
	size_t count = 0;

	for (size_t u = 0; u < member->kept; u++)
		count += !u || member->kept_units[u].unit != member->kept_units[u - 1].unit;
	return count;
}

/* body_ns, and the units that were kept, whose memory is `units`. */
static int trace_from_json(
	const json_t *from, struct member_record *into, struct unit_record *units)
{
	const json_t *body = json_array_get(from, 5), *kept = json_array_get(from, 6), *one;
	json_int_t unit, begin, end;
	size_t index;

	if (!json_is_integer(body) || json_integer_value(body) < 0 || !json_is_array(kept))
		return -EINVAL;
	into->body_ns = (uint64_t)json_integer_value(body);
	into->kept = json_array_size(kept);
	into->kept_units = into->kept ? units : NULL;
	json_array_foreach (kept, index, one) {
		if (json_unpack((json_t *)one, "[I I I]", &unit, &begin, &end) || unit < 0 ||
			begin < 0 || end < begin)
			return -EINVAL;
		units[index] =
			(struct unit_record) { (uint64_t)unit, (uint64_t)begin, (uint64_t)end };
	}
	return units_among(into) <= into->units ? 0 : -EINVAL;
}

static int member_from_json(const json_t *from, struct member_record *into)
{
	json_int_t start, complete, units;

	if (json_unpack((json_t *)from, "[I I I i i]", &start, &complete, &units, &into->cpu_start,
		    &into->cpu_complete) ||
		start < 0 || complete < start || units < 0)
		return -EINVAL;
	into->start_ns = (uint64_t)start;
	into->complete_ns = (uint64_t)complete;
	into->units = (uint64_t)units;
	return 0;
}

/* Within the time between start and completion. */
static int aside_from_json(const json_t *from, struct region_record *into, unsigned team)
{
	const json_t *one;
	size_t index;

	if (!from)
		return 0;
	if (json_array_size(from) != team)
		return -EINVAL;
	json_array_foreach (from, index, one) {
		struct member_record *member = &into->members[index];
		const json_int_t aside = json_integer_value(one);
		if (!json_is_integer(one) || aside < 0 ||
			(uint64_t)aside > member->complete_ns - member->start_ns)
			return -EINVAL;
		member->aside_ns = (uint64_t)aside;
	}
	return 0;
}

static size_t count_kept(const json_t *members)
{
	const json_t *member;
	size_t index, count = 0;

	json_array_foreach (members, index, member)
		count += json_array_size(json_array_get(member, 6));
	return count;
}

static int region_from_json(
	const json_t *from, struct region_record *into, unsigned team, bool traced)
{
	const json_t *members, *member;
	json_int_t fork, join;
	size_t index, kept = 0;

	if (json_unpack((json_t *)from, "{sF sI sI so}", "ns", &into->sample_ns, "fork", &fork,
		    "join", &join, "members", &members) ||
		!(into->sample_ns >= 0) || json_array_size(members) != team || fork < 0 ||
		join < fork)
		return -EINVAL;
	into->fork_ns = (uint64_t)fork;
	into->join_ns = (uint64_t)join;
	if (traced && count_kept(members)) {
		into->units = calloc(count_kept(members), sizeof(*into->units));
		if (!into->units)
			return -ENOMEM;
	}
	json_array_foreach (members, index, member) {
		struct member_record *to = &into->members[index];
		int error = member_from_json(member, to);
		if (!error && traced)
			error = trace_from_json(member, to, into->units + kept);
		if (error)
			return error;
		kept += to->kept;
	}
	return aside_from_json(json_object_get(from, "aside"), into, team);
}

static int fill_regions(
	const json_t *from, struct region_record *regions, unsigned team, bool traced)
{
	const json_t *region;
	size_t index;

	json_array_foreach (from, index, region) {
		const int error = region_from_json(region, &regions[index], team, traced);
		if (error)
			return error;
	}
	return 0;
}

/* Runs of before there were traces have none. */
static int traces_from_json(const json_t *from, struct launch_record *into)
{
	const json_t *traced = NULL, *cost = NULL;
	json_int_t cold = 0;

	if (json_unpack((json_t *)from, "{s?o s?I s?o}", "traced", &traced, "cold", &cold,
		    "units_cost", &cost) ||
		(traced && !json_is_array(traced)) ||
		(cost && !json_is_null(cost) && !json_is_number(cost)))
		return -EINVAL;
	const size_t count = json_array_size(traced);
	if (json_is_number(cost))
		into->units_cost = json_number_value(cost);
	if (cold < 0 || (size_t)cold > count)
		return -EINVAL;
	into->cold = (size_t)cold;
	if (!count)
		return 0;
	if (launch_reserve_traces(into, count))
		return -ENOMEM;
	return fill_regions(traced, into->traced, into->team, true);
}

static int regions_from_json(const json_t *from, struct launch_record *into, json_int_t team)
{
	if (team < 1 || team > THREADS_MAX || !json_array_size(from))
		return -EINVAL;
	if (launch_reserve(into, json_array_size(from), (unsigned)team))
		return -ENOMEM;
	return fill_regions(from, into->regions, into->team, false);
}

static int status_from_name(const char *name, enum launch_status *into)
{
	for (int s = 0; s < LAUNCH_STATUSES; s++) {
		if (strcmp(name, launch_status_name(s)))
			continue;
		*into = s;
		return 0;
	}
	return -EINVAL;
}

/* Runs of before it was recorded do not have it. */
static int began_from_json(const json_t *from, uint64_t *into)
{
	const json_t *began = json_object_get(from, "began_ms");

	*into = 0;
	if (!began || json_is_null(began))
		return 0;
	if (json_integer_value(began) < 1)
		return -EINVAL;
	*into = (uint64_t)json_integer_value(began);
	return 0;
}

static int outside_from_json(const json_t *from, struct launch_record *into, struct message *why)
{
	const char *status, *sentence;
	int crowded;
	json_int_t round, took, throttled, steal;
	json_error_t error;

	if (json_unpack_ex((json_t *)from, &error, 0, "{sI ss ss sI sb sI sI}", "round", &round,
		    "status", &status, "why", &sentence, "took_ns", &took, "crowded", &crowded,
		    "throttled", &throttled, "steal_ns", &steal))
		return fail(why, -EINVAL, "not a launch: %s", error.text);
	if (status_from_name(status, &into->status))
		return fail(why, -EINVAL, "'status': there is no %s", status);
	if (round < 0 || round > INT32_MAX)
		return fail(why, -EINVAL, "'round' is out of range");
	if (took < 0 || throttled < 0 || steal < 0)
		return fail(why, -EINVAL, "'took_ns', 'throttled' or 'steal_ns' is below 0");
	if (began_from_json(from, &into->began_ms))
		return fail(why, -EINVAL, "'began_ms' is no time");
	into->round = (unsigned)round;
	into->crowded = crowded;
	into->took_ns = (uint64_t)took;
	into->throttled = (uint64_t)throttled;
	into->steal_ns = (uint64_t)steal;
	snprintf(into->why, sizeof(into->why), "%s", sentence);
	return 0;
}

/* The arrays of a launch, which it then owns. */
static int arrays_from_json(const json_t *from, const json_t *regions, json_int_t team,
	struct launch_record *into, struct message *why)
{
	int error = regions_from_json(regions, into, team);

	if (error)
		return fail(why, error, "'regions' or 'team' is wrong");
	error = traces_from_json(from, into);
	if (error)
		return fail(why, error, "'traced' or 'cold' is wrong");
	error = memory_from_json(json_object_get(from, "memory"), into);
	if (error)
		return fail(why, error, "'memory' is wrong");
	error = task_results_from_json(json_object_get(from, "tasks"), into);
	if (error)
		return fail(why, error, "'tasks' is wrong");
	error = parts_from_json(json_object_get(from, "parts"), into->team, &into->parts);
	return error ? fail(why, error, "'parts' is wrong") : 0;
}

static int inside_from_json(const json_t *from, struct launch_record *into, struct message *why)
{
	const char *result, *clock;
	const json_t *regions;
	json_int_t team, repeats, preempted;
	json_error_t at;

	if (json_unpack_ex((json_t *)from, &at, 0, "{ss ss sI sI sI so}", "result", &result,
		    "clock", &clock, "team", &team, "repeats", &repeats, "preempted", &preempted,
		    "regions", &regions))
		return fail(why, -EINVAL, "not a launch: %s", at.text);
	if (repeats < 1 || repeats > UINT32_MAX || preempted < 0)
		return fail(why, -EINVAL, "'repeats' or 'preempted' is out of range");
	into->repeats = (unsigned)repeats;
	into->preempted = (size_t)preempted;
	snprintf(into->result, sizeof(into->result), "%s", result);
	snprintf(into->clock, sizeof(into->clock), "%s", clock);
	const int error = arrays_from_json(from, regions, team, into, why);
	if (error)
		launch_release(into);
	return error;
}

static int read_launch(const json_t *from, struct launch_record *into, struct message *why)
{
	*into = (struct launch_record) { .units_cost = NAN };
	int error = case_from_json(from, &into->spec, why);

	if (!error)
		error = outside_from_json(from, into, why);
	if (!error && into->status != LAUNCH_FAILED)
		error = inside_from_json(from, into, why);
	return error;
}

int launch_from_json(const json_t *from, struct launch_record *into, struct message *why)
{
	errno = 0;
	return lack_or(read_launch(from, into, why), why);
}
