/*
 * variant: the ways to execute a kernel.
 */
#ifndef VARIANT_H
#define VARIANT_H

#include "message.h"

enum variant {
	SEQUENTIAL, /* the baseline: the body over all elements in one call, no threads */
	OPENMP,     /* omp parallel, omp for schedule(runtime) over units */
	PTHREAD,    /* threads created and joined in every region */
	POOL,       /* threads that persist and wait */
	VARIANTS
};

const char *variant_name(enum variant variant);

/* One line on how the variant executes a kernel. */
const char *variant_what(enum variant variant);

/* Finds a variant by name. Returns 0 or -EINVAL. */
int variant_parse(const char *name, enum variant *into);

#endif
