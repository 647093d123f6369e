#include "analysis/roof.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary.h"

/* The values that are known, in room for all. */
static size_t known_values(const double *values, size_t count, double *into)
{
	size_t known = 0;

	for (size_t i = 0; i < count; i++)
		if (!isnan(values[i]))
			into[known++] = values[i];
	return known;
}

static int take_in(struct rates *rates, const struct launch_record *launch, double work)
{
	double seconds;

	if (launch->status != LAUNCH_OK && !*rates->why)
		memcpy(rates->why, launch->why, sizeof(rates->why));
	if (!launch_counts(launch))
		return 0;
	const int error = launch_seconds(launch, &seconds);
	if (!error)
		rates->by_round[launch->round] = work / seconds;
	return error;
}

static int estimate(struct rates *rates)
{
	double *values = malloc((rates->rounds + 1) * sizeof(*values));

	if (!values)
		return -ENOMEM;
	const size_t count = known_values(rates->by_round, rates->rounds, values);
	rates->known = count > 0;
	if (count)
		rates->per_second = stats_estimate(values, count);
	free(values);
	return 0;
}

int rates_make(struct rates *into, const struct case_spec *spec, double work,
	const struct launch_record *launches, size_t launch_count)
{
	int error = 0;

	*into = (struct rates) { 0 };
	for (size_t l = 0; l < launch_count; l++)
		if (launches[l].round >= into->rounds)
			into->rounds = launches[l].round + 1;
	into->by_round = malloc((into->rounds + 1) * sizeof(*into->by_round));
	if (!into->by_round)
		return -ENOMEM;
	for (unsigned r = 0; r < into->rounds; r++)
		into->by_round[r] = NAN;
	for (size_t l = 0; l < launch_count && !error; l++)
		if (case_same(&launches[l].spec, spec))
			error = take_in(into, &launches[l], work);
	if (!error)
		error = estimate(into);
	if (error)
		rates_release(into);
	return error;
}

void rates_release(struct rates *rates)
{
	free(rates->by_round);
	*rates = (struct rates) { 0 };
}

int rates_ratio(
	const struct rates *a, const struct rates *b, double by, struct estimate *into, bool *known)
{
	const unsigned rounds = a->rounds < b->rounds ? a->rounds : b->rounds;
	double *ratios = malloc((rounds + 1) * sizeof(*ratios));

	if (!ratios)
		return -ENOMEM;
	for (unsigned r = 0; r < rounds; r++)
		ratios[r] = by * a->by_round[r] / b->by_round[r];
	const size_t count = known_values(ratios, rounds, ratios);
	*known = count > 0;
	if (count)
		*into = stats_estimate(ratios, count);
	free(ratios);
	return 0;
}

size_t roof_binding(const struct need *needs, size_t count)
{
	size_t binding = count;
	double longest = 0;

	for (size_t i = 0; i < count; i++) {
		if (!needs[i].ceiling->known)
			return count;
		const double seconds = needs[i].amount / needs[i].ceiling->per_second.median;
		if (seconds > longest) {
			longest = seconds;
			binding = i;
		}
	}
	return binding;
}
