#include "analysis/shuffle.h"

#include <errno.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

int shuffle(size_t *order, size_t count, uint64_t seed)
{
	gsl_error_handler_t *before = gsl_set_error_handler_off(); /* it would abort */
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	gsl_set_error_handler(before);
	if (!random)
		return -ENOMEM;
	gsl_rng_set(random, seed);
	for (size_t i = 0; i < count; i++)
		order[i] = i;
	gsl_ran_shuffle(random, order, count, sizeof(*order));
	gsl_rng_free(random);
	return 0;
}
