#include "analysis/interval.h"

#include <gsl/gsl_cdf.h>

/* P(Binomial(count, 1/2) < k): how often the median lies below the k-th smallest value */
static double tail(size_t k, size_t count)
{
	return k ? gsl_cdf_binomial_P((unsigned)(k - 1), 0.5, (unsigned)count) : 0;
}

struct estimate interval_estimate(double *values, size_t count)
{
	struct estimate e = { .median = stats_median(values, count), .min = values[0] };
	const double miss = 0.025, n = (double)count;
	size_t k = 0;

	while (tail(k + 1, count) <= miss)
		k++;
	e.interval = k > 0;
	if (!e.interval)
		return e;
	/* share: how far from rank k to k + 1, were coverage linear in between; then their formula */
	const double share = (miss - tail(k, count)) / (tail(k + 1, count) - tail(k, count));
	const double weight = (n - (double)k) * share / ((double)k + (n - 2 * (double)k) * share);
	e.low = (1 - weight) * values[k - 1] + weight * values[k];
	e.high = (1 - weight) * values[count - k] + weight * values[count - k - 1];
	return e;
}
