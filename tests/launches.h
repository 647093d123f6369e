/*
 * launches: orders for suites that measure, and the records that come of them.
 */
#ifndef LAUNCHES_H
#define LAUNCHES_H

#include <criterion/criterion.h>
#include <stdio.h>

#include "cpus.h"
#include "launch.h"

/* What gamma makes of tests/kernels/wrong.c. */
enum {
	WRONG_RESULT,
	WRONG_ARRAY,
	WRONG_FOURTH_CALL,
	WRONG_IN_TIME,
	WRONG_IN_TRACES,
	WRONG_AFTER_TRACES
};

static const uint64_t no_time = 0, much_time = (uint64_t)3600 * 1000000000;

/* Two samples in units of 10 elements. */
static inline struct launch_order order_of(const char *kernel, enum variant variant,
	unsigned threads, const char *schedule, uint64_t n)
{
	struct launch_order order = {
		.spec = { .variant = variant, .threads = threads, .size = { .n = n }, .grain = 10 },
		.round = 3,
		.samples = 2,
		.gamma = 2.2
	};

	snprintf(order.spec.kernel, sizeof(order.spec.kernel), "%s", kernel);
	if (variant == SEQUENTIAL)
		order.spec.threads = 1;
	else
		cr_assert_eq(schedule_parse(schedule, &order.spec.schedule, NULL), 0);
	return order;
}

static inline struct launch_order picture_order(
	const char *kernel, enum variant variant, uint32_t width, uint32_t height)
{
	struct launch_order order = order_of(kernel, variant, 3, "dynamic", height);

	order.spec.size.width = width;
	order.spec.size.height = height;
	order.spec.grain = 1;
	return order;
}

/* The caller releases it. */
static inline struct launch_record measure(const struct launch_order *order)
{
	struct launch_record record;
	struct message why = { "" };

	cr_assert_eq(launch_measure(order, &record, &why), 0, "%s", why.text);
	return record;
}

static inline void expect_no_launch(
	const struct launch_order *order, int error, const char *message)
{
	struct launch_record record;
	struct message why = { "" };

	cr_assert_eq(launch_measure(order, &record, &why), error, "%s", why.text);
	cr_expect_str_eq(why.text, message);
	cr_expect_null(record.regions, "something is left to release");
}

#endif
