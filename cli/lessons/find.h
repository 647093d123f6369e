/*
 * find: the quantities of which lessons claim something, in what was measured.
 *
 * Each returns whether the quantity is known, or -ENOMEM.
 */
#ifndef LESSON_FIND_H
#define LESSON_FIND_H

#include "lessons/lesson.h"

/* The time of `over` divided by that of `of`, within rounds: a speedup where `over` is sequential. */
int find_ratio(const struct study *study, const struct statement *statement, struct estimate *into);

/* The same divided by what Amdahl's law allows so many threads with a share of `serial`. */
int find_share_of_law(
	const struct study *study, const struct statement *statement, struct estimate *into);

/* The speedup of the variant of `of` at the smallest size of its curve. */
int find_first_of_curve(
	const struct study *study, const struct statement *statement, struct estimate *into);

/* The speedup of threads under Python; -ENODATA unless it ran, and they shared a global lock. */
int find_python(
	const struct study *study, const struct statement *statement, struct estimate *into);

/* The time under plain static divided by that under the fastest schedule of all. */
int find_static_to_fastest(
	const struct study *study, const struct statement *statement, struct estimate *into);

#endif
