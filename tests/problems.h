/*
 * problems: kernels by their names, and problems that suit them.
 */
#ifndef PROBLEMS_H
#define PROBLEMS_H

#include "harness.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const double test_gamma = 2.2;

/* Pictures of each width up to this are tried: two vectors of 64 bytes and more. */
enum { WIDTHS = 140 };

static inline const struct kernel_entry *find(const char *name)
{
	const struct kernel_entry *entry = kernel_find(name);

	cr_assert_not_null(entry, "there is no kernel %s", name);
	return entry;
}

static inline bool makes_picture(const struct kernel *kernel)
{
	return kernel->size.width != 0;
}

/* n elements, or if there is a width, a picture's n rows. */
static inline struct problem problem_of(uint64_t n, uint32_t width, const struct picture *picture)
{
	return (struct problem) {
		.size = { .n = n, .width = width, .height = width ? (uint32_t)n : 0 },
		.picture = picture,
		.gamma = test_gamma,
		.recipe = { .scale = soon_answered },
	};
}

/* One that suits the kernel: of the picture's size, or 1009 elements at most. */
static inline struct problem small_problem(
	const struct kernel *kernel, const struct picture *picture)
{
	if (makes_picture(kernel))
		return problem_of(picture->height, picture->width, picture);
	return problem_of(soon(kernel, 1009), 0, NULL);
}

#endif
