#include "analysis/calibration.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/stats.h"
#include "analysis/summary.h"

enum { FAN_OUT = 4 }; /* of the pool: team/crew.c */

/* ---- units ---- */

static bool usable(const struct launch_record *launch, const struct case_spec *spec)
{
	return launch_counts(launch) && case_same(&launch->spec, spec);
}

/* Whether a trace's only member kept all units. */
static bool is_whole(const struct region_record *trace)
{
	return trace->members[0].kept && trace->members[0].kept == trace->members[0].units;
}

/* All whole traces of the usable launches; the caller frees. */
static const struct region_record **find_traces(const struct case_spec *spec,
	const struct launch_record *launches, size_t count, size_t *found)
{
	size_t most = 1;

	for (size_t l = 0; l < count; l++)
		most += launches[l].traces;
	const struct region_record **traces = calloc(most, sizeof(*traces));
	*found = 0;
	for (size_t l = 0; traces && l < count; l++)
		for (size_t t = launches[l].cold; usable(&launches[l], spec) &&
			launches[l].team == 1 && t < launches[l].traces;
			t++)
			if (is_whole(&launches[l].traced[t]))
				traces[(*found)++] = &launches[l].traced[t];
	return traces;
}

static double busy_in(const struct region_record *region, unsigned team)
{
	double ns = 0;

	for (unsigned m = 0; m < team; m++)
		ns += (double)(region->members[m].complete_ns - region->members[m].start_ns);
	return ns;
}

static int busy_of_launch(double *ns, const struct launch_record *launch)
{
	double *busy = calloc(launch->samples + 1, sizeof(*busy));

	if (!busy)
		return -ENOMEM;
	for (size_t r = 0; r < launch->samples; r++)
		busy[r] = busy_in(&launch->regions[r], launch->team);
	*ns = stats_median(busy, launch->samples);
	free(busy);
	return 0;
}

int busy_measure(double *ns, const struct case_spec *spec, const struct launch_record *launches,
	size_t count)
{
	double *medians = calloc(count + 1, sizeof(*medians));
	size_t used = 0;
	int error = medians ? 0 : -ENOMEM;

	for (size_t l = 0; l < count && !error; l++)
		if (usable(&launches[l], spec))
			error = busy_of_launch(&medians[used++], &launches[l]);
	if (!error)
		*ns = used ? stats_median(medians, used) : NAN;
	free(medians);
	return error;
}

/* Each unit's median over the traces; unit by unit, since a trace's are in the order of its doing. */
static int unit_medians(const struct region_record **traces, size_t count, double *unit_ns,
	size_t units, struct message *why)
{
	double *all = calloc(units * count, sizeof(*all));

	if (!all)
		return fail(why, -ENOMEM, "no memory for %zu units", units);
	for (size_t t = 0; t < count; t++) {
		const struct member_record *member = &traces[t]->members[0];
		for (size_t u = 0; u < units; u++) {
			const struct unit_record *unit = &member->kept_units[u];
			if (unit->unit < units)
				all[unit->unit * count + t] =
					(double)(unit->end_ns - unit->begin_ns);
		}
	}
	for (size_t u = 0; u < units; u++)
		unit_ns[u] = stats_median(&all[u * count], count);
	free(all);
	return 0;
}

static void scale_to(double *unit_ns, size_t units, double total_ns)
{
	double sum = 0;

	for (size_t u = 0; u < units; u++)
		sum += unit_ns[u];
	for (size_t u = 0; sum > 0 && u < units; u++)
		unit_ns[u] *= total_ns / sum;
}

static int measure_from(struct unit_costs *into, const struct region_record **traces, size_t found,
	double total_ns, struct message *why)
{
	const size_t units = traces[0]->members[0].kept;
	double *unit_ns = calloc(units, sizeof(*unit_ns));
	int error = unit_ns ? unit_medians(traces, found, unit_ns, units, why)
			    : fail(why, -ENOMEM, "no memory for %zu units", units);

	if (!error) {
		scale_to(unit_ns, units, total_ns);
		error = unit_costs_init(into, unit_ns, units);
		if (error)
			fail(why, error, "the units' costs make no sense");
	}
	free(unit_ns);
	return error;
}

int unit_costs_measure(struct unit_costs *into, const struct case_spec *spec,
	const struct launch_record *launches, size_t count, struct message *why)
{
	size_t found;
	double total_ns;
	const struct region_record **traces = find_traces(spec, launches, count, &found);
	int error = traces ? 0 : fail(why, -ENOMEM, "no memory for the units' costs");

	if (!error && !found)
		error = fail(why, -ENODATA,
			"no launch told what its units cost: all were disturbed by other load, or "
			"there are too many units to keep");
	if (!error) {
		error = busy_measure(&total_ns, spec, launches, count);
		if (error)
			fail(why, error, "no memory for the units' costs");
	}
	if (!error)
		error = measure_from(into, traces, found, total_ns, why);
	free(traces);
	return error;
}

/* ---- contention ---- */

struct contention contention_fit(const struct contenders *c)
{
	const double slowdown = c->team > 1 ? fmax(1, c->together_ns / c->alone_ns) : 1;
	const bool saturated = c->bytes > 0 && slowdown > CONTENTION_MEMORY * fmax(1, c->computing);
	struct contention into = { .slowdown = saturated ? fmax(1, c->computing) : slowdown };

	if (c->bytes > 0) {
		const double rate = 1e9 * c->bytes / c->alone_ns,
			     attained = c->team * rate / slowdown;
		into.memory = (struct memory_limit) { 1, rate / into.slowdown,
			saturated ? attained : fmax(attained, c->bytes_a_second) };
	}
	return into;
}

/* ---- latencies ---- */

static unsigned level_of(unsigned member, unsigned fan_out)
{
	unsigned level = 0;

	for (; member; member = (member - 1) / fan_out)
		level++;
	return level;
}

unsigned pool_levels(unsigned team)
{
	return level_of(team - 1, FAN_OUT);
}

static double positive_ns(double seconds)
{
	return fmax(0, 1e9 * seconds);
}

/* The mean over members but 0 of what a level adds. */
static struct latency tree_fit(const struct losses *empty, unsigned fan_out)
{
	struct latency fork = { LATENCY_TREE, positive_ns(empty->members[0].fork), 0, fan_out };

	for (unsigned m = 1; m < empty->team; m++) {
		const unsigned level = fan_out ? level_of(m, fan_out) : 1;
		fork.step_ns +=
			(1e9 * empty->members[m].fork - fork.base_ns) / level / (empty->team - 1);
	}
	fork.step_ns = fmax(0, fork.step_ns);
	return fork;
}

static struct latency in_turn_fit(const struct losses *empty)
{
	const double step_ns = positive_ns(empty->members[0].fork) / (empty->team - 1);

	return (struct latency) { LATENCY_IN_TURN, fmax(0, 1e9 * empty->members[1].fork - step_ns),
		step_ns, 0 };
}

void latencies_fit(struct overheads *into, enum variant variant, const struct losses *empty)
{
	const unsigned fan_out = variant == POOL ? FAN_OUT : 0;
	const double join_ns = positive_ns(empty->parts[LOSS_JOIN] / empty->team);

	into->join = (struct latency) { LATENCY_TREE, join_ns, 0, fan_out };
	into->fork =
		(struct latency) { LATENCY_TREE, positive_ns(empty->members[0].fork), 0, fan_out };
	if (empty->team == 1)
		return;
	if (variant_creates(variant)) {
		into->fork = in_turn_fit(empty);
		into->join =
			(struct latency) { LATENCY_IN_TURN, 0, join_ns / (empty->team - 1), 0 };
		return;
	}
	into->fork = tree_fit(empty, fan_out);
	if (variant == POOL) {
		into->join.base_ns = 0;
		into->join.step_ns = join_ns / pool_levels(empty->team);
	}
}
