#include "analysis/stats.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

double stats_median(double *values, size_t count)
{
	gsl_sort(values, 1, count);
	return gsl_stats_median_from_sorted_data(values, 1, count);
}

/* The largest k with P(Binomial(count, 1/2) < k) <= 2.5 %; 0 if there is none. */
static size_t rank_of_low(size_t count)
{
	size_t k = 0;

	while (gsl_cdf_binomial_P((unsigned)k, 0.5, (unsigned)count) <= 0.025)
		k++;
	return k;
}

struct estimate stats_estimate(double *values, size_t count)
{
	struct estimate e = { .median = stats_median(values, count), .min = values[0] };
	const size_t k = rank_of_low(count);

	e.interval = k > 0;
	if (e.interval) {
		e.low = values[k - 1];
		e.high = values[count - k];
	}
	return e;
}

double estimate_half_width(const struct estimate *e)
{
	return e->interval ? (e->high - e->low) / 2 / e->median : INFINITY;
}

bool stats_may_look(size_t launches)
{
	size_t look = 6;

	while (look < launches)
		look += (look + 1) / 2;
	return look == launches;
}
