/*
 * launch: what is refused before anything is started.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "launches.h"
#include "team/team.h"

static void expect_check(
	const struct launch_order *order, uint64_t memory_bytes, const char *message)
{
	struct message why = { "" };

	cr_expect_eq(launch_check(&order->spec, memory_bytes, &why), *message ? -EINVAL : 0);
	cr_expect_str_eq(why.text, message);
}

Test(check, takes_the_largest_exact_size)
{
	const struct launch_order order = order_of("collatz", POOL, 2, "static", 12327829502);

	expect_check(&order, 1 << 20, "");
}

Test(check, refuses_one_more_than_is_exact)
{
	const struct launch_order order = order_of("collatz", POOL, 2, "static", 12327829503);

	expect_check(&order, 1 << 20, "--size 12327829503: collatz is exact up to 12327829502");
}

Test(check, takes_what_just_fits_into_memory)
{
	/* three arrays and the reference of one, 36 bytes an element */
	const struct launch_order order = order_of("triad", POOL, 2, "static", 1000000);

	expect_check(&order, 36000000, "");
}

Test(check, refuses_what_just_does_not_fit_into_memory)
{
	const struct launch_order order = order_of("triad", POOL, 2, "static", 1000000);

	expect_check(&order, 35999999,
		"--size 1000000: triad would take 0.036 GB of memory, and 0.036 GB can be had "
		"here");
}

Test(check, counts_all_pixels_of_a_picture)
{
	struct launch_order order = picture_order("pixel_invert", POOL, 10000, 5000);
	const struct kernel *kernel = kernel_find("pixel_invert")->kernel;
	const uint64_t bytes = 50000000 * (kernel->bytes + kernel->bytes / 2);

	cr_assert_gt(kernel->bytes, 0);
	cr_expect_eq(launch_check(&order.spec, bytes, NULL), 0);
	cr_expect_eq(launch_check(&order.spec, bytes - 1, NULL), -EINVAL);
}

static void expect_picture(const char *kernel, uint32_t width, uint32_t height, int error)
{
	struct launch_order order = picture_order(kernel, POOL, width, height);

	cr_expect_eq(launch_check(&order.spec, UINT64_MAX, NULL), error, "%s %ux%u", kernel, width,
		height);
}

Test(check, takes_the_largest_picture_there_can_be)
{
	expect_picture("pixel_invert", 16384, 16384, 0);
	expect_picture("pixel_invert", 1 << 20, 1, 0);
	expect_picture("pixel_invert", 1, 1 << 20, 0);
}

Test(check, refuses_a_picture_with_too_many_pixels)
{
	expect_picture("pixel_invert", 16385, 16384, -EINVAL);
}

Test(check, refuses_a_picture_with_too_long_a_side)
{
	expect_picture("pixel_invert", (1 << 20) + 1, 1, -EINVAL);
	expect_picture("pixel_invert", 1, (1 << 20) + 1, -EINVAL);
}

Test(check, is_not_fooled_by_a_size_that_overflows)
{
	const struct launch_order order = order_of("triad", POOL, 2, "static", (uint64_t)1 << 61);

	expect_check(&order, (uint64_t)1 << 40,
		"--size 2305843009213693952: triad would take 1.84e+10 GB of memory, and 1.1e+03 "
		"GB "
		"can be had here");
}

Test(check, takes_any_size_of_a_kernel_without_memory)
{
	const struct launch_order order = order_of("count_up", POOL, 2, "static", INT64_MAX);

	expect_check(&order, 1 << 20, "");
}
