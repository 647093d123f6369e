/*
 * quantity: how times, shares, bytes and counts are written.
 */
#include <criterion/criterion.h>

#include "quantity.h"

static char text[QUANTITY_TEXT];

Test(quantity, of_time_between_stamps_has_four_digits)
{
	cr_expect_str_eq(time_print(1234567, text), "1.235 ms");
	cr_expect_str_eq(time_print(17250, text), "17.25 µs");
	cr_expect_str_eq(time_print(123456e6, text), "123.5 s");
}

Test(quantity, of_time_between_stamps_is_in_whole_ns)
{
	cr_expect_str_eq(time_print(123, text), "123 ns");
	cr_expect_str_eq(time_print(0, text), "0 ns");
}

Test(quantity, of_a_computed_time_has_four_digits_of_ns_too)
{
	cr_expect_str_eq(seconds_print(1.2346e-7, text), "123.5 ns");
	cr_expect_str_eq(seconds_print(0.0025, text), "2.500 ms");
}

Test(quantity, of_time_in_a_sentence_has_three_digits_at_most)
{
	cr_expect_str_eq(duration_print(17.3456e-6, text), "17.3 µs");
	cr_expect_str_eq(duration_print(5e-3, text), "5 ms");
	cr_expect_str_eq(duration_print(-2.5e-3, text), "-2.5 ms");
}

Test(quantity, of_time_in_a_sentence_is_not_1000_of_a_unit)
{
	cr_expect_str_eq(duration_print(0.9994, text), "999 ms");
	cr_expect_str_eq(duration_print(0.9996, text), "1 s");
}

Test(quantity, of_a_share_has_a_digit_more_below_10_per_cent)
{
	cr_expect_str_eq(percent_print(0.384, text), "38 %");
	cr_expect_str_eq(percent_print(0.0761, text), "7.6 %");
	cr_expect_str_eq(percent_print(0.0996, text), "10 %");
	cr_expect_str_eq(percent_print(-0.004, text), "-0.4 %");
}

Test(quantity, of_bytes_and_counts_has_three_digits_of_a_power_of_1000)
{
	cr_expect_str_eq(bytes_print(999, text), "999 B");
	cr_expect_str_eq(bytes_print(999999, text), "1.00 MB");
	cr_expect_str_eq(count_print(999999, text), "999999");
	cr_expect_str_eq(count_print(12345678, text), "12.3M");
}

Test(quantity, takes_no_columns_for_colours_and_continuation_bytes)
{
	cr_expect_eq(display_width("\033[1m5 µs\033[0m"), 4);
}
