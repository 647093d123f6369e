#include "analysis/compare.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static const double level = 0.05;

static const char *const verdict_names[VERDICTS] = {
	[VERDICT_CANNOT_TELL] = "cannot tell",
	[VERDICT_FASTER] = "faster",
	[VERDICT_SLOWER] = "slower",
	[VERDICT_SAME] = "same",
};

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

/*
 * Twice the ranks of B and A together, in ascending order of the values; ties share the mean rank,
 * which twice is whole.
 */
struct ranks {
	unsigned *twice;
	size_t count, count_b;
	size_t twice_sum_b;
	double tied; /* sum of t^3 - t over groups of t equal values */
};

/* Gives the equal values [first, end) of the sorted order their rank; order is of B's, then A's. */
static void rank_group(struct ranks *ranks, const size_t *order, size_t first, size_t end)
{
	const double size = (double)(end - first);

	for (size_t i = first; i < end; i++) {
		ranks->twice[i] = (unsigned)(first + end + 1);
		if (order[i] < ranks->count_b)
			ranks->twice_sum_b += ranks->twice[i];
	}
	ranks->tied += size * size * size - size;
}

static int ranks_make(
	struct ranks *ranks, const double *a, size_t count_a, const double *b, size_t count_b)
{
	const size_t count = count_a + count_b;
	double *values = calloc(count, sizeof(*values));
	size_t *order = malloc(count * sizeof(*order));

	*ranks = (struct ranks) { .count = count, .count_b = count_b };
	ranks->twice = malloc(count * sizeof(*ranks->twice));
	if (values && order && ranks->twice) {
		for (size_t i = 0; i < count; i++)
			values[i] = i < count_b ? b[i] : a[i - count_b];
		gsl_sort_index(order, values, 1, count);
		for (size_t i = 0, end; i < count; i = end) {
			for (end = i + 1; end < count && values[order[end]] == values[order[i]];)
				end++;
			rank_group(ranks, order, i, end);
		}
	}
	const int error = values && order && ranks->twice ? 0 : -ENOMEM;
	if (error)
		free(ranks->twice);
	free(values);
	free(order);
	return error;
}

/*
 * In how many ways `chosen` of the ranks have each sum (twice it): an array of count (count + 1)
 * + 1 sums, which the caller frees, or NULL. Each rank in turn either is not chosen, or adds itself
 * to the ways of choosing one fewer.
 */
static uint64_t *ways_of_sums(const unsigned *twice, size_t count, size_t chosen)
{
	const size_t sums = count * (count + 1) + 1;
	uint64_t *ways = calloc((chosen + 1) * sums, sizeof(*ways));
	size_t reach = 0; /* no sum is above it yet; in the end it is the last of sums */

	if (!ways)
		return NULL;
	ways[0] = 1;
	for (size_t i = 0; i < count; i++) {
		reach += twice[i];
		for (size_t j = i < chosen ? i + 1 : chosen; j > 0; j--)
			for (size_t s = twice[i]; s <= reach; s++)
				ways[j * sums + s] += ways[(j - 1) * sums + s - twice[i]];
	}
	for (size_t s = 0; s < sums; s++)
		ways[s] = ways[chosen * sums + s];
	return ways;
}

static int p_exact(const struct ranks *ranks, double *p)
{
	const size_t sums = ranks->count * (ranks->count + 1) + 1;
	uint64_t *ways = ways_of_sums(ranks->twice, ranks->count, ranks->count_b);
	uint64_t below = 0, above = 0, all = 0;

	if (!ways)
		return -ENOMEM;
	for (size_t s = 0; s < sums; s++) {
		all += ways[s];
		below += s <= ranks->twice_sum_b ? ways[s] : 0;
		above += s >= ranks->twice_sum_b ? ways[s] : 0;
	}
	free(ways);
	*p = fmin(1, 2 * (double)(below < above ? below : above) / (double)all);
	return 0;
}

/* U's standard deviation, among ties if `tied` is not 0. */
static double u_deviation(double m, double n, double tied)
{
	return sqrt(m * n / 12 * (m + n + 1 - tied / ((m + n) * (m + n - 1))));
}

static double p_normal(const struct comparison *c, double tied)
{
	const double m = (double)c->count_a, n = (double)c->count_b;
	const double deviation = u_deviation(m, n, tied), off = fabs(c->u - m * n / 2) - 0.5;

	if (!(deviation > 0) || off <= 0)
		return 1;
	return fmin(1, 2 * gsl_cdf_ugaussian_Q(off / deviation));
}

static bool small_enough(const struct comparison *c)
{
	return c->count_a <= COMPARE_EXACT && c->count_b <= COMPARE_EXACT;
}

static int test_ranks(
	struct comparison *c, const double *a, size_t count_a, const double *b, size_t count_b)
{
	struct ranks ranks;
	int error = ranks_make(&ranks, a, count_a, b, count_b);

	if (error)
		return error;
	c->u = 0.5 * ((double)ranks.twice_sum_b - (double)(count_b * (count_b + 1)));
	c->effect = c->u / (double)(count_a * count_b);
	c->exact = small_enough(c);
	if (c->exact)
		error = p_exact(&ranks, &c->p);
	else
		c->p = p_normal(c, ranks.tied);
	free(ranks.twice);
	return error;
}

/* The largest k with P(U < k) <= 2.5 %, without ties; 0 if there is none. */
static int rank_exact(size_t count_a, size_t count_b, size_t *rank)
{
	const size_t count = count_a + count_b, least = count_b * (count_b + 1);
	unsigned twice[2 * COMPARE_EXACT];
	double all = 0, below = 0;

	for (size_t i = 0; i < count; i++)
		twice[i] = (unsigned)(2 * (i + 1));
	uint64_t *ways = ways_of_sums(twice, count, count_b);
	if (!ways)
		return -ENOMEM;
	for (size_t s = 0; s <= count * (count + 1); s++)
		all += (double)ways[s];
	*rank = 0;
	while ((below += (double)ways[least + 2 * *rank]) <= all * level / 2)
		++*rank;
	free(ways);
	return 0;
}

static size_t rank_normal(double m, double n)
{
	const double z = gsl_cdf_ugaussian_Qinv(level / 2);
	const double rank = m * n / 2 - z * u_deviation(m, n, 0) + 0.5;

	return rank > 0 ? (size_t)rank : 0;
}

/* The pairs' ratios are sorted as logarithms, which B / A and A / B treat alike. */
static int estimate_ratio(
	struct comparison *c, const double *a, size_t count_a, const double *b, size_t count_b)
{
	const size_t pairs = count_a * count_b;
	double *logs = malloc(pairs * sizeof(*logs));
	size_t rank = rank_normal((double)count_a, (double)count_b);
	const int error = small_enough(c) ? rank_exact(count_a, count_b, &rank) : 0;

	if (!logs || error) {
		free(logs);
		return -ENOMEM;
	}
	for (size_t i = 0; i < pairs; i++)
		logs[i] = log(b[i / count_a]) - log(a[i % count_a]);
	gsl_sort(logs, 1, pairs);
	c->ratio = exp(gsl_stats_median_from_sorted_data(logs, 1, pairs));
	c->interval = rank > 0;
	if (c->interval) {
		c->low = exp(logs[rank - 1]);
		c->high = exp(logs[pairs - rank]);
	}
	free(logs);
	return 0;
}

static bool all_positive(const double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!(values[i] > 0) || !isfinite(values[i]))
			return false;
	return true;
}

int comparison_make(
	struct comparison *into, const double *a, size_t count_a, const double *b, size_t count_b)
{
	*into = (struct comparison) { .count_a = count_a, .count_b = count_b, .p = 1, .p_holm = 1 };
	if (!all_positive(a, count_a) || !all_positive(b, count_b))
		return -EINVAL;
	if (!count_a || !count_b)
		return 0;
	const int error = test_ranks(into, a, count_a, b, count_b);
	return error ? error : estimate_ratio(into, a, count_a, b, count_b);
}

int holm(const double *p, size_t count, double *adjusted)
{
	size_t *order = malloc((count + 1) * sizeof(*order));
	double largest = 0;

	if (!order)
		return -ENOMEM;
	gsl_sort_index(order, p, 1, count);
	for (size_t i = 0; i < count; i++) {
		largest = fmax(largest, fmin(1, p[order[i]] * (double)(count - i)));
		adjusted[order[i]] = largest;
	}
	free(order);
	return 0;
}

/* No arrangement of m and n launches has a p below this. */
static double least_p(size_t m, size_t n)
{
	double arrangements = 1;

	for (size_t i = 1; i <= n; i++)
		arrangements *= (double)(m + i) / (double)i;
	return fmin(1, 2 / arrangements);
}

size_t compare_launches(size_t cases)
{
	size_t launches = 4; /* fewer have no interval */

	while (least_p(launches, launches) * (double)cases >= level)
		launches++;
	return launches;
}

static void explain(struct comparison *c, size_t tested)
{
	if (!c->interval)
		fail(&c->why, 0, "%zu and %zu launches are too few: it takes 4 of each run",
			c->count_a, c->count_b);
	else if (least_p(c->count_a, c->count_b) * (double)tested >= level)
		fail(&c->why, 0,
			"%zu and %zu launches are too few for %zu cases: it takes %zu of each run",
			c->count_a, c->count_b, tested, compare_launches(tested));
	else if (c->p_holm < level)
		fail(&c->why, 0, "it differs, but perhaps by no more than the margin");
	else
		fail(&c->why, 0,
			"the launches differ too much from one another: more of them may tell");
}

static enum verdict judge(const struct comparison *c, double margin)
{
	if (!c->interval)
		return VERDICT_CANNOT_TELL;
	if (c->p_holm < level && c->low > 1 + margin)
		return VERDICT_SLOWER;
	if (c->p_holm < level && c->high < 1 / (1 + margin))
		return VERDICT_FASTER;
	if (c->low >= 1 / (1 + margin) && c->high <= 1 + margin)
		return VERDICT_SAME;
	return VERDICT_CANNOT_TELL;
}

int comparisons_judge(struct comparison *all, size_t count, double margin)
{
	double *p = calloc(count + 1, sizeof(*p));
	size_t tested = 0;
	int error = p ? 0 : -ENOMEM;

	for (size_t i = 0; i < count && !error; i++)
		if (all[i].interval)
			p[tested++] = all[i].p;
	error = error ? error : holm(p, tested, p);
	for (size_t i = 0, t = 0; i < count && !error; i++) {
		all[i].p_holm = all[i].interval ? p[t++] : 1;
		all[i].verdict = judge(&all[i], margin);
		all[i].why.text[0] = '\0';
		if (all[i].verdict == VERDICT_CANNOT_TELL)
			explain(&all[i], tested);
	}
	free(p);
	return error;
}

bool comparison_exceeds(const struct comparison *c, double by)
{
	return c->verdict == VERDICT_SLOWER && c->ratio > 1 + by;
}
