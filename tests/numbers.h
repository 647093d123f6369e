/*
 * numbers: what is computed, and random numbers that are the same each time.
 */
#ifndef NUMBERS_H
#define NUMBERS_H

#include <criterion/criterion.h>
#include <gsl/gsl_rng.h>
#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static inline void expect_near(double value, double expected, double within, const char *what)
{
	cr_expect(fabs(value - expected) <= within, "%s: %.12g, not %.12g", what, value, expected);
}

/* The caller gives it back with gsl_rng_free. */
static inline gsl_rng *seeded(unsigned long seed)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	cr_assert_not_null(random);
	gsl_rng_set(random, seed);
	return random;
}

#endif
