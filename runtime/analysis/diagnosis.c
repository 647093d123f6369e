#include "analysis/diagnosis.h"

#include <math.h>

static const double little = 0.05, stable = 0.75, dispatch_wanted = 0.01, shortest_chunk = 2e-6,
		    gain_told = 0.01;

enum { BALANCING_CHUNKS = 64, FEWEST_CHUNKS = 16 };

/* ---- what was lost ---- */

/* How much of p E each toll took; none is below 0. */
static void count_tolls(const struct losses *l, double tolls[TOLLS])
{
	const double *parts = l->parts;

	tolls[TOLL_BODY] = parts[LOSS_INFLATION];
	tolls[TOLL_DISPATCH] = parts[LOSS_DISPATCH];
	tolls[TOLL_ASIDE] = parts[LOSS_LOCK] + parts[LOSS_YIELD];
	tolls[TOLL_WAIT] = parts[LOSS_WAIT];
	tolls[TOLL_REGION] = parts[LOSS_FORK] + parts[LOSS_JOIN];
	for (int t = 0; t < TOLLS; t++)
		tolls[t] = tolls[t] > 0 ? tolls[t] / l->total : 0;
}

static void find_worst(struct diagnosis *d, const struct losses *l)
{
	double tolls[TOLLS];

	count_tolls(l, tolls);
	for (int t = 0; t < TOLLS; t++) {
		d->lost += tolls[t];
		if (tolls[t] > tolls[d->worst])
			d->worst = t;
	}
	d->gained = l->parts[LOSS_INFLATION] < 0 ? -l->parts[LOSS_INFLATION] / l->total : 0;
	d->little = d->lost < little;
	if (!d->little)
		d->worst_share = tolls[d->worst] / d->lost;
}

/* ---- who is waited for ---- */

static struct member_mean mean_of(const struct losses *l)
{
	struct member_mean mean = { 0 };

	for (unsigned m = 0; m < l->team; m++) {
		mean.fork += l->members[m].fork / l->team;
		mean.busy += l->members[m].busy / l->team;
		mean.aside += l->members[m].aside / l->team;
		mean.units += l->members[m].units / l->team;
	}
	return mean;
}

/*
 * A member completes later than the mean by (fork - mean fork) + (busy - mean busy), and the second
 * is (aside - mean aside), (units - mean units) at the mean cost, and its units at (cost - mean cost).
 */
static void explain_last(struct diagnosis *d, const struct losses *l)
{
	const struct member_mean mean = mean_of(l), *late = &l->members[d->last];
	const double start = late->fork - mean.fork, aside = late->aside - mean.aside;
	const double mean_cost = mean.units > 0 ? (mean.busy - mean.aside) / mean.units : 0;
	const double cost = late->units > 0 ? (late->busy - late->aside) / late->units : mean_cost;
	const double by_units = (late->units - mean.units) * mean_cost;
	const double by_cost = late->units * (cost - mean_cost);

	if (aside > fmax(start, fmax(by_units, by_cost))) {
		d->why_last = LATE_ASIDE;
		d->excess = aside;
	} else if (start >= by_units && start >= by_cost) {
		d->why_last = LATE_START;
		d->excess = start;
	} else if (by_units >= by_cost) {
		d->why_last = LATE_MORE_UNITS;
		d->excess = late->units / mean.units - 1;
	} else {
		d->why_last = LATE_DEARER_UNITS;
		d->excess = cost / mean_cost - 1;
	}
}

static void find_last(struct diagnosis *d, const struct losses *l)
{
	for (unsigned m = 1; m < l->team; m++)
		if (l->members[m].last > l->members[d->last].last)
			d->last = m;
	d->one_member = l->team > 1 && l->members[d->last].last >= stable;
	if (d->one_member)
		explain_last(d, l);
	d->one_member &= d->excess > 0;
}

/* ---- what to try ---- */

/* The largest power of two that is at most this; 0 below 1. */
static double power_below(double value)
{
	return value >= 1 ? exp2(floor(log2(value))) : 0;
}

static uint32_t as_chunk(double units)
{
	return units < SCHEDULE_CHUNK_MAX ? (uint32_t)units : SCHEDULE_CHUNK_MAX;
}

static void try_schedule(struct diagnosis *d, struct schedule schedule)
{
	d->remedy = REMEDY_SCHEDULE;
	d->schedule = schedule;
}

static bool asks(struct schedule schedule)
{
	return schedule.kind == SCHEDULE_DYNAMIC || schedule.kind == SCHEDULE_GUIDED;
}

/* The units that a member takes at a time at least. */
static uint32_t least_chunk(struct schedule schedule)
{
	return schedule.chunk ? schedule.chunk : 1;
}

/* A chunk that balances, but is no shorter than is worth asking for. */
static double balancing_chunk(const struct losses *l)
{
	const double units = losses_units(l), each = l->busy / units;

	return fmax(power_below(units / l->team / BALANCING_CHUNKS),
		exp2(ceil(log2(fmax(shortest_chunk / each, 1)))));
}

/* Units that still take as long as is worth asking for, if possible so many that they balance. */
static uint64_t balancing_grain(const struct losses *l, uint64_t grain)
{
	const double units = losses_units(l), each = l->busy / units;
	const double smaller = power_below(
		(double)grain * fmax(units / l->team / BALANCING_CHUNKS, shortest_chunk / each));

	return smaller > 1 ? (uint64_t)smaller : 1;
}

/*
 * To take units in chunks that balance; if there are too few for that, in smaller units. A region too
 * short for either needs more work.
 */
static void balance_better(
	struct diagnosis *d, const struct losses *l, const struct case_spec *spec)
{
	const bool asks_already = spec->schedule.kind == SCHEDULE_DYNAMIC;
	const bool uneven = d->one_member && d->why_last == LATE_MORE_UNITS;
	const double per_member = losses_units(l) / l->team, chunk = balancing_chunk(l);

	if (l->busy / l->team < 2 * FEWEST_CHUNKS * shortest_chunk) {
		d->remedy = REMEDY_MORE_WORK;
	} else if (per_member < 2 || (per_member < FEWEST_CHUNKS && (asks_already || uneven))) {
		d->remedy = spec->grain > 1 ? REMEDY_GRAIN : REMEDY_NONE;
		d->grain = balancing_grain(l, spec->grain);
	} else if (!asks_already || least_chunk(spec->schedule) >= 2 * chunk) {
		try_schedule(d, (struct schedule) { SCHEDULE_DYNAMIC, as_chunk(chunk) });
	}
}

/* To make units so many times larger, if that leaves enough of them. */
static void enlarge_units(
	struct diagnosis *d, const struct losses *l, const struct case_spec *spec, double times)
{
	const double factor = exp2(ceil(log2(times)));

	if (times > 1 && losses_units(l) / l->team >= FEWEST_CHUNKS * factor) {
		d->remedy = REMEDY_GRAIN;
		d->grain = spec->grain * (uint64_t)factor;
	}
}

/* To ask less often for more units, or to make them larger. */
static void dispatch_less(struct diagnosis *d, const struct losses *l, const struct case_spec *spec)
{
	const double times = l->parts[LOSS_DISPATCH] / l->busy / dispatch_wanted;
	const double wanted = least_chunk(spec->schedule) * exp2(ceil(log2(times)));
	const double most = power_below(losses_units(l) / l->team / FEWEST_CHUNKS);
	const double chunk = fmin(wanted, most);

	if (l->recording * l->busy > l->parts[LOSS_DISPATCH] / 2)
		return; /* what recording cost may be most of it */
	if (!asks(spec->schedule))
		enlarge_units(d, l, spec, times);
	else if (chunk > least_chunk(spec->schedule))
		try_schedule(d, (struct schedule) { spec->schedule.kind, as_chunk(chunk) });
}

/* Units that are so short lose what the compiler makes of long loops. */
static void loop_longer(struct diagnosis *d, const struct losses *l, const struct case_spec *spec)
{
	enlarge_units(d, l, spec, shortest_chunk / (l->busy / losses_units(l)));
}

static void advise(struct diagnosis *d, const struct losses *l, const struct case_spec *spec)
{
	const bool late_start = d->worst == TOLL_WAIT && d->one_member && d->why_last == LATE_START;

	if (l->team > 1 && !variant_is_parallel(spec->variant))
		d->remedy = REMEDY_PARALLEL;
	else if (l->crowded)
		d->remedy = REMEDY_FEWER_THREADS;
	else if (d->worst == TOLL_REGION || late_start)
		d->remedy = variant_creates(spec->variant) && l->team > 1 ? REMEDY_POOL
									  : REMEDY_MORE_WORK;
	else if (losses_units(l) <= 0 || l->busy <= 0)
		d->remedy = REMEDY_NONE;
	else if (d->worst == TOLL_WAIT)
		balance_better(d, l, spec);
	else if (d->worst == TOLL_DISPATCH)
		dispatch_less(d, l, spec);
	else
		loop_longer(d, l, spec);
}

/* ---- what was measured ---- */

/* Whether a row is this case under another schedule. */
static bool other_schedule(const struct summary *other, const struct summary *row)
{
	return other != row && other->launches && other->spec.variant == row->spec.variant &&
		other->spec.threads == row->spec.threads &&
		case_same_work(&other->spec, &row->spec);
}

static bool faster(const struct summary *other, const struct summary *row)
{
	return other->seconds.interval && row->seconds.interval &&
		other->seconds.high < row->seconds.low;
}

/*
 * What the run itself knows of other schedules goes before advice: one that was faster is named, and
 * none is advised of a kind that was tried and was not.
 */
static void look_around(struct diagnosis *d, const struct summary *row, const struct summaries *all)
{
	const struct summary *best = NULL;
	bool tried = false;

	for (size_t i = 0; i < all->count; i++) {
		const struct summary *other = &all->rows[i];
		if (!other_schedule(other, row))
			continue;
		tried |= other->spec.schedule.kind == d->schedule.kind;
		if (faster(other, row) && (!best || other->seconds.median < best->seconds.median))
			best = other;
	}
	const double less = best ? 1 - best->seconds.median / row->seconds.median : 0;
	if (less >= gain_told) {
		d->remedy = REMEDY_MEASURED;
		d->schedule = best->spec.schedule;
		d->less = less;
	} else if (d->remedy == REMEDY_SCHEDULE && tried) {
		d->remedy = REMEDY_NONE;
	}
}

struct diagnosis diagnosis_of(
	const struct losses *losses, const struct summary *row, const struct summaries *all)
{
	struct diagnosis d = { 0 };

	find_worst(&d, losses);
	if (d.little)
		return d;
	find_last(&d, losses);
	advise(&d, losses, &row->spec);
	if (d.remedy != REMEDY_PARALLEL && d.remedy != REMEDY_FEWER_THREADS &&
		d.worst != TOLL_REGION)
		look_around(&d, row, all);
	return d;
}
