/*
 * clock: its step, its rate, and differences of stamps.
 */
#include <criterion/criterion.h>

#include "clock.h"

static const struct clock monotonic = { .tsc = false, .ns_per_tick = 1 };

Test(step, is_at_least_a_nanosecond)
{
	const struct clock clock = clock_calibrate();

	cr_expect_geq(clock_step_ns(&clock), 1);
}

Test(step, is_at_least_a_nanosecond_if_ticks_are_finer)
{
	const struct clock fine = { .tsc = false, .ns_per_tick = 1e-6 };

	cr_expect_eq(clock_step_ns(&fine), 1);
}

Test(step, is_in_nanoseconds_whatever_a_tick_is)
{
	/* the same clock, as if its ticks were a thousand times as long */
	const struct clock slow = { .tsc = false, .ns_per_tick = 1000 };

	cr_expect_geq(clock_step_ns(&slow), 1000);
}

Test(rate, is_that_of_the_system)
{
	const struct clock clock = clock_calibrate();
	const uint64_t before = clock_monotonic_ns(), first = clock_ticks(&clock);

	while (clock_monotonic_ns() - before < 20000000)
		;
	const uint64_t last = clock_ticks(&clock), after = clock_monotonic_ns();
	const double ns = (double)clock_ns_between(&clock, first, last);
	cr_expect_leq(ns, (double)(after - before) * 1.001);
	cr_expect_geq(ns, 20000000 * 0.999);
}

Test(difference, of_stamps_the_other_way_round_is_0)
{
	cr_expect_eq(clock_ns_between(&monotonic, 5, 4), 0);
	cr_expect_eq(clock_ns_between(&monotonic, 5, 5), 0);
}

Test(difference, is_rounded_to_the_nearest)
{
	const struct clock clock = { .ns_per_tick = 0.4 };

	cr_expect_eq(clock_ns_between(&clock, 0, 4), 2);
	cr_expect_eq(clock_ns_between(&clock, 0, 3), 1);
}
