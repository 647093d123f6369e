/*
 * roof: rates by round, their ratios, and which need binds; then the ceilings themselves, which are
 * kernels: each right under every variant, and none folded away.
 */
#include <criterion/criterion.h>

#include "analysis/roof.h"
#include "clock.h"
#include "harness.h"

/* ---- rates ---- */

static const struct case_spec one = { .kernel = "count_up", .threads = 1, .size = { .n = 10 } };
static const struct case_spec other = { .kernel = "triad", .threads = 1, .size = { .n = 10 } };

enum { ROUNDS = 6 };

/* Launches of a case, one a round, of one sample each; 0 seconds: a launch that failed. */
static void add_launches(struct launch_record *into, const struct case_spec *spec,
	struct region_record *regions, const double seconds[ROUNDS])
{
	for (unsigned r = 0; r < ROUNDS; r++) {
		regions[r] = (struct region_record) { .sample_ns = 1e9 * seconds[r] };
		into[r] = (struct launch_record) {
			.spec = *spec,
			.round = r,
			.status = seconds[r] > 0 ? LAUNCH_OK : LAUNCH_FAILED,
			.samples = 1,
			.regions = &regions[r],
		};
		if (seconds[r] <= 0)
			strcpy(into[r].why, "it failed");
	}
}

static struct rates rates_of(
	const struct case_spec *spec, const double seconds[ROUNDS], double work)
{
	struct launch_record launches[ROUNDS];
	struct region_record regions[ROUNDS];
	struct rates rates;

	add_launches(launches, spec, regions, seconds);
	cr_assert_eq(rates_make(&rates, spec, work, launches, ROUNDS), 0);
	return rates;
}

Test(rates, are_work_over_time)
{
	static const double seconds[ROUNDS] = { 2, 2, 2, 2, 2, 2 };
	struct rates rates = rates_of(&one, seconds, 10);

	cr_assert(rates.known);
	cr_expect_eq(rates.per_second.median, 5);
	rates_release(&rates);
}

Test(rates, have_an_interval_of_six_launches)
{
	static const double seconds[ROUNDS] = { 1, 2, 4, 5, 8, 10 };
	struct rates rates = rates_of(&one, seconds, 40);

	cr_assert(rates.per_second.interval);
	cr_expect_eq(rates.per_second.low, 4);
	cr_expect_eq(rates.per_second.high, 40);
	rates_release(&rates);
}

Test(rates, leave_out_launches_that_failed)
{
	static const double seconds[ROUNDS] = { 0, 2, 0, 2, 2, 2 };
	struct rates rates = rates_of(&one, seconds, 10);

	cr_expect_eq(rates.per_second.median, 5);
	cr_expect(!rates.per_second.interval);
	rates_release(&rates);
}

Test(rates, say_why_a_launch_failed)
{
	static const double seconds[ROUNDS] = { 0, 2, 0, 2, 2, 2 };
	struct rates rates = rates_of(&one, seconds, 10);

	cr_expect_str_eq(rates.why, "it failed");
	rates_release(&rates);
}

Test(rates, of_no_launch_are_not_known)
{
	static const double seconds[ROUNDS] = { 0 };
	struct rates rates = rates_of(&one, seconds, 10);

	cr_expect(!rates.known);
	rates_release(&rates);
}

Test(rates, of_another_case_are_left_out)
{
	static const double seconds[ROUNDS] = { 2, 2, 2, 2, 2, 2 };
	struct launch_record launches[ROUNDS];
	struct region_record regions[ROUNDS];
	struct rates rates;

	add_launches(launches, &other, regions, seconds);
	cr_assert_eq(rates_make(&rates, &one, 10, launches, ROUNDS), 0);
	cr_expect(!rates.known);
	rates_release(&rates);
}

/* The machine slows down round by round; both do, and the ratio stays. */
Test(rates, ratios_are_taken_within_rounds)
{
	static const double a[ROUNDS] = { 1, 2, 4, 8, 16, 32 }, b[ROUNDS] = { 2, 4, 8, 16, 32, 64 };
	struct rates of_a = rates_of(&one, a, 1), of_b = rates_of(&other, b, 1);
	struct estimate ratio;
	bool known;

	cr_assert_eq(rates_ratio(&of_a, &of_b, 3, &ratio, &known), 0);
	cr_assert(known);
	cr_expect_eq(ratio.low, 6);
	cr_expect_eq(ratio.high, 6);
	rates_release(&of_a);
	rates_release(&of_b);
}

Test(rates, without_a_round_in_common_there_is_no_ratio)
{
	static const double a[ROUNDS] = { 1, 1, 1, 0, 0, 0 }, b[ROUNDS] = { 0, 0, 0, 1, 1, 1 };
	struct rates of_a = rates_of(&one, a, 1), of_b = rates_of(&other, b, 1);
	struct estimate ratio;
	bool known;

	cr_assert_eq(rates_ratio(&of_a, &of_b, 1, &ratio, &known), 0);
	cr_expect(!known);
	rates_release(&of_a);
	rates_release(&of_b);
}

/* ---- what binds ---- */

static const struct rates fast = { .known = true, .per_second = { .median = 100 } },
			  slow = { .known = true, .per_second = { .median = 10 } }, unknown;

Test(roof_binding, is_the_need_that_takes_the_longest)
{
	const struct need needs[] = { { 1, &slow }, { 20, &fast } };

	cr_expect_eq(roof_binding(needs, 2), 1);
}

Test(roof_binding, is_not_known_where_a_ceiling_is_not)
{
	const struct need needs[] = { { 1, &slow }, { 20, &unknown } };

	cr_expect_eq(roof_binding(needs, 2), 2);
}

Test(roof_binding, is_nothing_where_nothing_is_needed)
{
	cr_expect_eq(roof_binding(NULL, 0), 0);
}

/* ---- ceilings are kernels ---- */

static struct computed computed_by(
	const struct kernel_entry *entry, enum variant variant, unsigned threads, uint64_t n)
{
	const struct problem problem = { .size = { .n = n } };
	const struct how how = { variant, threads, { SCHEDULE_STATIC, 0 }, 2, .regions = 1 };

	return compute(entry, &how, &problem);
}

Test(ceilings, give_the_same_however_they_are_dealt_out)
{
	for (unsigned c = 0; c < ceiling_count; c++)
		for (int v = SEQUENTIAL + 1; v < VARIANTS; v++) {
			const struct kernel_entry *entry = &ceiling_table[c];
			struct computed expected = computed_by(entry, SEQUENTIAL, 1, 13);
			struct computed got = computed_by(entry, v, 3, 13);
			cr_expect(computed_equal(&got, &expected), "%s %s: %s instead of %s",
				entry->kernel->name, variant_name(v), got.text, expected.text);
			computed_release(&got);
			computed_release(&expected);
		}
}

Test(ceilings, each_needs_one_thing_alone)
{
	for (unsigned c = 0; c < ceiling_count; c++) {
		const struct demand *demand = &ceiling_table[c].kernel->demand;
		unsigned needs = demand->read_bytes + demand->written_bytes > 0;
		for (int o = 0; o < OPERATIONS; o++)
			needs += demand->operations[o] > 0;
		cr_expect_eq(needs, 1, "%s needs %u", ceiling_table[c].kernel->name, needs);
	}
}

Test(ceilings, there_is_one_of_each_operation)
{
	for (int o = 0; o < OPERATIONS; o++) {
		unsigned found = 0;
		for (unsigned c = 0; c < ceiling_count; c++)
			found += ceiling_table[c].kernel->demand.operations[o] > 0;
		cr_expect_eq(found, 1, "%u of operation %d", found, o);
	}
}

Test(ceilings, are_found_by_name)
{
	for (unsigned c = 0; c < ceiling_count; c++)
		cr_expect_eq(kernel_find(ceiling_table[c].kernel->name), &ceiling_table[c]);
}

Test(ceilings, small_arrays_are_gone_over_again)
{
	const struct kernel *kernel = kernel_find("bytes_read")->kernel;

	cr_expect_eq(kernel->passes(1 << 20), 1);
	cr_expect_gt(kernel->passes(1024), 10);
}

/* Of the fastest of some regions, in ns. */
static double fastest_ns(const struct kernel_entry *entry, uint64_t n)
{
	const struct problem problem = { .size = { .n = n } };
	const struct how how = { .variant = SEQUENTIAL, .threads = 1, .grain = 1 };
	double least = 1e18;

	for (unsigned attempt = 0; attempt < 9; attempt++) {
		const uint64_t begin_ns = clock_monotonic_ns();
		struct computed computed = compute(entry, &how, &problem);
		const double ns = (double)(clock_monotonic_ns() - begin_ns);
		least = ns < least ? ns : least;
		computed_release(&computed);
	}
	return least;
}

/* Compilers fold no element away: eight times as many take at least four times as long. */
Test(ceilings, of_operations_take_time_for_each_element)
{
	for (unsigned c = 0; c < ceiling_count; c++) {
		const struct kernel_entry *entry = &ceiling_table[c];
		const uint64_t n = entry->kernel->size.n / 4;
		if (entry->kernel->bytes)
			continue;
		const double ratio = fastest_ns(entry, 8 * n) / fastest_ns(entry, n);
		cr_expect_gt(ratio, 4, "%s: %g", entry->kernel->name, ratio);
	}
}
