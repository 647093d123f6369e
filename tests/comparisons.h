/*
 * comparisons: launches of two runs, made up, and compared.
 */
#ifndef COMPARISONS_H
#define COMPARISONS_H

#include <gsl/gsl_randist.h>

#include "analysis/compare.h"
#include "numbers.h"

enum { LAUNCHES_MAX = 64, CASES = 144 };

static inline struct comparison compare(
	const double *a, size_t count_a, const double *b, size_t count_b)
{
	struct comparison c;

	cr_assert_eq(comparison_make(&c, a, count_a, b, count_b), 0);
	return c;
}

/* Launches of some 20 ms. */
static inline void fill_lognormal(gsl_rng *random, double *values, size_t count, double noise)
{
	for (size_t i = 0; i < count; i++)
		values[i] = 0.02 * exp(gsl_ran_gaussian(random, noise));
}

#endif
