#include "analysis/losses.h"

#include <errno.h>
#include <stdlib.h>

#include <gsl/gsl_sort.h>

#include "analysis/summary.h"

static const double ns = 1e-9;

const char *loss_name(enum loss kind)
{
	static const char *const names[LOSS_KINDS] = {
		[LOSS_INFLATION] = "inflation",
		[LOSS_FORK] = "fork",
		[LOSS_DISPATCH] = "dispatch",
		[LOSS_LOCK] = "lock",
		[LOSS_YIELD] = "yield",
		[LOSS_WAIT] = "wait",
		[LOSS_JOIN] = "join",
	};

	return names[kind];
}

/* ---- one region ---- */

static unsigned last_to_complete(const struct region_record *region, unsigned team)
{
	unsigned last = 0;

	for (unsigned m = 1; m < team; m++)
		if (region->members[m].complete_ns > region->members[last].complete_ns)
			last = m;
	return last;
}

/* Signed, since clocks of different CPUs may differ. */
static int64_t between(uint64_t from, uint64_t to)
{
	return (int64_t)(to - from);
}

struct region_budget region_budget(const struct region_record *region, unsigned team)
{
	struct region_budget b = { .last = last_to_complete(region, team) };
	const uint64_t end_ns = region->members[b.last].complete_ns;

	b.total_ns = between(region->fork_ns, region->join_ns) * team;
	b.join_ns = between(end_ns, region->join_ns) * team;
	for (unsigned m = 0; m < team; m++) {
		const struct member_record *member = &region->members[m];
		const int64_t busy_ns = between(member->start_ns, member->complete_ns);
		b.fork_ns += between(region->fork_ns, member->start_ns);
		b.busy_ns += busy_ns;
		b.wait_ns += between(member->complete_ns, end_ns);
		b.aside_ns += (int64_t)member->aside_ns;
		b.body_ns += (int64_t)member->body_ns;
		if (!m || busy_ns > b.busiest_ns)
			b.busiest_ns = busy_ns;
	}
	return b;
}

/* ---- the mean of many ---- */

/* The middle half of a launch's regions, in the order of E. */
struct middle {
	const struct region_record **regions; /* owned */
	size_t count;
	double elapsed_ns; /* their mean */
};

struct mean {
	double total, fork, busy, aside, body, wait, join, busiest; /* seconds */
	struct member_mean *members; /* team of them; NULL: not asked for */
};

static bool all_ran(const struct region_record *region, unsigned team)
{
	for (unsigned m = 0; m < team; m++)
		if (!region->members[m].complete_ns)
			return false;
	return true;
}

/* How many are left out at each end. */
static size_t quarter(size_t count)
{
	return count / 4;
}

static void fill_middle(struct middle *into, const struct region_record **all, size_t count,
	const double *elapsed_ns, size_t *order)
{
	const size_t ends = quarter(count);

	gsl_sort_index(order, elapsed_ns, 1, count);
	into->count = count - 2 * ends;
	for (size_t i = 0; i < into->count; i++) {
		into->regions[i] = all[order[ends + i]];
		into->elapsed_ns += elapsed_ns[order[ends + i]] / (double)into->count;
	}
}

/* Takes the middle half of those regions in which all ran; of none, if there are none. */
static int middle_make(
	struct middle *into, const struct region_record *regions, size_t room, unsigned team)
{
	const struct region_record **all = calloc(room + 1, sizeof(*all));
	double *elapsed_ns = calloc(room + 1, sizeof(*elapsed_ns));
	size_t *order = calloc(room + 1, sizeof(*order)), count = 0;

	*into = (struct middle) { .regions = calloc(room + 1, sizeof(*into->regions)) };
	const bool have = all && elapsed_ns && order && into->regions;
	for (size_t r = 0; have && r < room; r++)
		if (all_ran(&regions[r], team)) {
			elapsed_ns[count] = (double)between(regions[r].fork_ns, regions[r].join_ns);
			all[count++] = &regions[r];
		}
	if (have)
		fill_middle(into, all, count, elapsed_ns, order);
	free(order);
	free(elapsed_ns);
	free(all);
	return have ? 0 : -ENOMEM;
}

static void add_members(struct member_mean *members, const struct region_record *region,
	unsigned team, unsigned last, double weight)
{
	const uint64_t end_ns = region->members[last].complete_ns;

	for (unsigned m = 0; m < team; m++) {
		const struct member_record *from = &region->members[m];
		struct member_mean *into = &members[m];
		into->fork += weight * ns * (double)between(region->fork_ns, from->start_ns);
		into->busy += weight * ns * (double)between(from->start_ns, from->complete_ns);
		into->aside += weight * ns * (double)from->aside_ns;
		into->wait += weight * ns * (double)between(from->complete_ns, end_ns);
		into->units += weight * (double)from->units;
	}
	members[last].last += weight;
}

static void add_region(
	struct mean *into, const struct region_record *region, unsigned team, double weight)
{
	const struct region_budget b = region_budget(region, team);

	into->total += weight * ns * (double)b.total_ns;
	into->fork += weight * ns * (double)b.fork_ns;
	into->busy += weight * ns * (double)b.busy_ns;
	into->aside += weight * ns * (double)b.aside_ns;
	into->body += weight * ns * (double)b.body_ns;
	into->wait += weight * ns * (double)b.wait_ns;
	into->join += weight * ns * (double)b.join_ns;
	into->busiest += weight * ns * (double)b.busiest_ns;
	if (into->members)
		add_members(into->members, region, team, b.last, weight);
}

/* The mean of the middle half of the launches. */
static int average(struct mean *into, const struct middle *launches, size_t count, unsigned team)
{
	double *elapsed_ns = calloc(count + 1, sizeof(*elapsed_ns));
	size_t *order = calloc(count + 1, sizeof(*order));
	const size_t ends = quarter(count);
	const bool have = elapsed_ns && order;

	for (size_t l = 0; have && l < count; l++)
		elapsed_ns[l] = launches[l].elapsed_ns;
	if (have)
		gsl_sort_index(order, elapsed_ns, 1, count);
	for (size_t l = ends; have && l < count - ends; l++) {
		const struct middle *one = &launches[order[l]];
		const double weight = 1 / (double)(count - 2 * ends) / (double)one->count;
		for (size_t r = 0; r < one->count; r++)
			add_region(into, one->regions[r], team, weight);
	}
	free(order);
	free(elapsed_ns);
	return have ? 0 : -ENOMEM;
}

/* ---- a case ---- */

static bool counts(const struct launch_record *launch, const struct case_spec *spec)
{
	return launch_counts(launch) && launch->team && case_same(&launch->spec, spec);
}

/* The team of most launches, the smallest of several; 0 if there is no launch. */
static int usual_team(unsigned *team, const struct case_spec *spec,
	const struct launch_record *launches, size_t count, unsigned *others)
{
	size_t *launches_of = calloc(THREADS_MAX + 1, sizeof(*launches_of)), all = 0;

	*team = *others = 0;
	if (!launches_of)
		return -ENOMEM;
	for (size_t l = 0; l < count; l++)
		if (counts(&launches[l], spec)) {
			launches_of[launches[l].team]++;
			all++;
		}
	for (unsigned t = 1; t <= THREADS_MAX; t++)
		if (launches_of[t] > launches_of[*team])
			*team = t;
	*others = (unsigned)(all - launches_of[*team]);
	free(launches_of);
	return 0;
}

/*
 * The mean over the case's launches of this team, of their timed or their traced regions; the number
 * of launches that had any.
 */
static int average_case(struct mean *into, size_t *used, const struct case_spec *spec,
	const struct launch_record *launches, size_t count, unsigned team, bool traced)
{
	struct middle *middles = calloc(count + 1, sizeof(*middles));
	int error = middles ? 0 : -ENOMEM;

	*used = 0;
	for (size_t l = 0; l < count && !error; l++) {
		const struct launch_record *launch = &launches[l];
		if (!counts(launch, spec) || launch->team != team)
			continue;
		struct middle *middle = &middles[*used];
		error = traced ? middle_make(middle, launch->traced, launch->traces, team)
			       : middle_make(middle, launch->regions, launch->samples, team);
		if (!error && middle->count)
			++*used;
		else
			free(middle->regions);
	}
	if (!error)
		error = average(into, middles, *used, team);
	for (size_t l = 0; l < *used; l++)
		free(middles[l].regions);
	free(middles);
	return error;
}

static enum loss aside_of(enum variant variant)
{
	return variant == GLOBAL_LOCK ? LOSS_LOCK : variant == EVENT_LOOP ? LOSS_YIELD : LOSS_KINDS;
}

static void fill_budget(struct losses *into, const struct mean *timed, const struct mean *traced)
{
	const double timed_at_it = timed->busy - timed->aside,
		     traced_at_it = traced->busy - traced->aside;
	const double share = into->has_dispatch ? (traced_at_it - traced->body) / traced_at_it : 0;

	into->total = timed->total;
	into->busy = timed->busy;
	into->busiest = timed->busiest;
	into->parts[LOSS_FORK] = timed->fork;
	into->parts[LOSS_DISPATCH] = share * timed_at_it;
	if (into->aside != LOSS_KINDS)
		into->parts[into->aside] = timed->aside;
	into->parts[LOSS_WAIT] = timed->wait;
	into->parts[LOSS_JOIN] = timed->join;
	into->parts[LOSS_INFLATION] = losses_body(into) - into->sequential;
	if (into->has_dispatch)
		into->recording = traced_at_it / timed_at_it - 1;
}

static bool any_crowded(
	const struct case_spec *spec, const struct launch_record *launches, size_t count)
{
	for (size_t l = 0; l < count; l++)
		if (counts(&launches[l], spec) && launches[l].crowded)
			return true;
	return false;
}

int losses_make(struct losses *into, const struct case_spec *spec,
	const struct launch_record *launches, size_t launch_count, double sequential)
{
	struct mean timed = { 0 }, traced = { 0 };
	size_t traced_launches = 0;

	*into = (struct losses) { .sequential = sequential, .aside = aside_of(spec->variant) };
	int error = usual_team(&into->team, spec, launches, launch_count, &into->other_teams);
	if (error || !into->team)
		return error;
	timed.members = into->members = calloc(into->team, sizeof(*into->members));
	if (!into->members)
		return -ENOMEM;
	error = average_case(
		&timed, &into->launches, spec, launches, launch_count, into->team, false);
	if (!error)
		error = average_case(
			&traced, &traced_launches, spec, launches, launch_count, into->team, true);
	if (error) {
		losses_release(into);
		return error;
	}
	into->crowded = any_crowded(spec, launches, launch_count);
	into->has_dispatch =
		traced_launches && traced.busy > traced.aside && timed.busy > timed.aside;
	if (into->launches)
		fill_budget(into, &timed, &traced);
	return 0;
}

void losses_release(struct losses *losses)
{
	free(losses->members);
	*losses = (struct losses) { 0 };
}

double losses_body(const struct losses *losses)
{
	return losses->busy - losses->parts[LOSS_DISPATCH] - losses->parts[LOSS_LOCK] -
		losses->parts[LOSS_YIELD];
}

bool losses_has(const struct losses *losses, enum loss kind)
{
	switch (kind) {
	case LOSS_DISPATCH:
		return losses->has_dispatch;
	case LOSS_LOCK:
	case LOSS_YIELD:
		return losses->aside == kind;
	default:
		return true;
	}
}

double losses_units(const struct losses *losses)
{
	double units = 0;

	for (unsigned m = 0; m < losses->team; m++)
		units += losses->members[m].units;
	return units;
}

double losses_sum(const struct losses *losses)
{
	double sum = losses->sequential;

	for (int k = 0; k < LOSS_KINDS; k++)
		sum += losses->parts[k];
	return sum / losses->total;
}

struct efficiencies efficiencies_of(double members, double elapsed, double mean, double most)
{
	const double balance = most > 0 ? mean / most : 1;

	return (struct efficiencies) {
		.parallel = mean / elapsed,
		.balance = balance,
		.imbalance = members > 1 ? (1 - balance) * members / (members - 1) : 0,
		.talp_serial = 1,
		.talp_balance = (elapsed - most + mean) / elapsed,
		.talp_scheduling = mean / (elapsed - most + mean),
	};
}

struct efficiencies losses_efficiencies(const struct losses *losses)
{
	const double p = losses->team, elapsed = losses->total / p;
	const double share = losses->busy > 0 ? losses_body(losses) / losses->busy : 1;

	return efficiencies_of(p, elapsed, share * losses->busy / p, share * losses->busiest);
}
