#include "analysis/summary.h"

#include "analysis/scaling.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { STEAL_SHARE = 10 };

/* The medians of one case's launches, with the round of each. */
struct series {
	double *seconds;
	unsigned *rounds;
	size_t count;
};

int launch_seconds(const struct launch_record *launch, double *seconds)
{
	double *values = malloc(launch->samples * sizeof(*values));

	if (!values)
		return -ENOMEM;
	for (size_t s = 0; s < launch->samples; s++)
		values[s] = 1e-9 * launch->regions[s].sample_ns;
	*seconds = stats_median(values, launch->samples);
	free(values);
	return 0;
}

bool launch_is_disturbed(const struct launch_record *launch)
{
	return launch->throttled || STEAL_SHARE * launch->steal_ns > launch->took_ns ||
		(!launch->crowded && 2 * launch->preempted >= launch->samples);
}

bool launch_counts(const struct launch_record *launch)
{
	return launch->status == LAUNCH_OK && !launch_is_disturbed(launch);
}

/* Adds a launch to the case's series and row. */
static int take_in(struct summary *row, struct series *series, const struct launch_record *launch)
{
	if (launch->status != LAUNCH_OK) {
		if (!row->failed++)
			memcpy(row->why, launch->why, sizeof(row->why));
		row->verified = false;
		return 0;
	}
	if (!row->team || launch->team < row->team)
		row->team = launch->team;
	memcpy(row->result, launch->result, sizeof(row->result));
	if (launch_is_disturbed(launch)) {
		row->disturbed++;
		return 0;
	}
	row->launches++;
	row->samples += launch->samples;
	series->rounds[series->count] = launch->round;
	return launch_seconds(launch, &series->seconds[series->count++]);
}

static int take_all(struct summary *row, struct series *series,
	const struct launch_record *launches, size_t launch_count)
{
	int error = 0;

	for (size_t l = 0; l < launch_count && !error; l++)
		if (case_same(&launches[l].spec, &row->spec))
			error = take_in(row, series, &launches[l]);
	return error;
}

static int series_init(struct series *series, size_t room)
{
	series->count = 0;
	series->seconds = calloc(room + 1, sizeof(*series->seconds));
	series->rounds = calloc(room + 1, sizeof(*series->rounds));
	return series->seconds && series->rounds ? 0 : -ENOMEM;
}

static void series_release(struct series *series)
{
	free(series->seconds);
	free(series->rounds);
}

/* Fills ratios with base / other for the rounds that both have; returns how many. */
static size_t ratios_by_round(const struct series *base, const struct series *other, double *ratios)
{
	size_t count = 0;

	for (size_t i = 0; i < other->count; i++)
		for (size_t j = 0; j < base->count; j++)
			if (base->rounds[j] == other->rounds[i])
				ratios[count++] = base->seconds[j] / other->seconds[i];
	return count;
}

const struct summary *summary_baseline(const struct summaries *all, const struct summary *row)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->rows[i].spec.variant == SEQUENTIAL &&
			case_same_work(&all->rows[i].spec, &row->spec))
			return &all->rows[i];
	return NULL;
}

/* Returns whether there is a round that both have; or -ENOMEM. */
static int ratio_of(const struct series *base, const struct series *other, struct estimate *into)
{
	double *ratios = calloc(base->count * other->count + 1, sizeof(*ratios));

	if (!ratios)
		return -ENOMEM;
	const size_t count = ratios_by_round(base, other, ratios);
	if (count)
		*into = stats_estimate(ratios, count);
	free(ratios);
	return count > 0;
}

static int add_speedup(struct summaries *all, struct series *series, size_t index)
{
	struct summary *row = &all->rows[index];
	const struct summary *base = summary_baseline(all, row);

	if (!base || !row->launches)
		return 0;
	const int known = ratio_of(&series[base - all->rows], &series[index], &row->speedup);
	if (known < 0)
		return known;
	row->has_speedup = known;
	if (row->has_speedup) {
		row->efficiency = row->speedup.median / row->team;
		row->has_serial = karp_flatt(row->team, row->speedup.median, &row->serial_fraction);
	}
	return 0;
}

static int fill_rows(struct summaries *all, struct series *series,
	const struct launch_record *launches, size_t launch_count)
{
	int error = 0;

	for (size_t i = 0; i < all->count && !error; i++)
		error = take_all(&all->rows[i], &series[i], launches, launch_count);
	for (size_t i = 0; i < all->count && !error; i++)
		error = add_speedup(all, series, i);
	/* last, since it sorts what speedups need in the order of rounds */
	for (size_t i = 0; i < all->count && !error; i++)
		if (series[i].count)
			all->rows[i].seconds = stats_estimate(series[i].seconds, series[i].count);
	return error;
}

static int make_rows(struct summaries *into, const struct case_spec *cases, size_t case_count)
{
	into->count = 0;
	into->rows = calloc(case_count + 1, sizeof(*into->rows));
	if (!into->rows)
		return -ENOMEM;
	for (size_t c = 0; c < case_count; c++) {
		size_t i = 0;
		while (i < into->count && !case_same(&into->rows[i].spec, &cases[c]))
			i++;
		if (i == into->count)
			into->rows[into->count++] =
				(struct summary) { .spec = cases[c], .verified = true };
	}
	return 0;
}

int summaries_make(struct summaries *into, const struct case_spec *cases, size_t case_count,
	const struct launch_record *launches, size_t launch_count)
{
	int error = make_rows(into, cases, case_count);
	struct series *series = error ? NULL : calloc(into->count + 1, sizeof(*series));

	if (!series) {
		free(into->rows);
		return -ENOMEM;
	}
	for (size_t i = 0; i < into->count && !error; i++)
		error = series_init(&series[i], launch_count);
	if (!error)
		error = fill_rows(into, series, launches, launch_count);
	for (size_t i = 0; i < into->count; i++) {
		series_release(&series[i]);
		into->rows[i].verified &= into->rows[i].team > 0;
	}
	free(series);
	if (error)
		summaries_release(into);
	return error;
}

int summary_ratio(const struct case_spec *a, const struct case_spec *b,
	const struct launch_record *launches, size_t launch_count, struct estimate *into)
{
	struct summary rows[] = { { .spec = *a }, { .spec = *b } };
	struct series series[2] = { { NULL, NULL, 0 }, { NULL, NULL, 0 } };
	int error = 0;

	for (size_t i = 0; i < 2 && !error; i++) {
		error = series_init(&series[i], launch_count);
		if (!error)
			error = take_all(&rows[i], &series[i], launches, launch_count);
	}
	if (!error)
		error = ratio_of(&series[0], &series[1], into);
	series_release(&series[0]);
	series_release(&series[1]);
	return error;
}

void summaries_release(struct summaries *summaries)
{
	free(summaries->rows);
	*summaries = (struct summaries) { 0 };
}

bool summary_is_precise(const struct summary *row, double precision)
{
	return row->launches && estimate_half_width(&row->seconds) <= precision &&
		(!row->has_speedup || estimate_half_width(&row->speedup) <= precision);
}
