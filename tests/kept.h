/*
 * kept: memory that lives as long as the test, for Criterion suites, whose tests are processes.
 */
#ifndef KEPT_H
#define KEPT_H

#include <criterion/criterion.h>

enum { KEPT_MOST = 256 };

static void *kept[KEPT_MOST];

/* Leak checkers find it here. */
static inline void *keep(void *memory)
{
	static size_t count;

	cr_assert_not_null(memory);
	cr_assert_lt(count, KEPT_MOST);
	return kept[count++] = memory;
}

#endif
