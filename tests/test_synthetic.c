/*
 * synthetic: what its elements cost, by shape, mean and seed; and that their chains are that long.
 *
 * Includes the kernel itself, so as to see the steps of each element.
 */
#include <criterion/criterion.h>

#define the_file_is_named_synthetic 1
#include "synthetic.c"

#include "harness.h"
#include "reference.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct problem problem_of(const char *shape, uint64_t n, uint64_t mean_ns, uint64_t seed)
{
	return (struct problem) { .size = { .n = n },
		.recipe = { .shape = shape, .mean_ns = mean_ns, .seed = seed } };
}

static struct input input_of(const char *shape, uint64_t n, uint64_t mean_ns, uint64_t seed)
{
	const struct problem problem = problem_of(shape, n, mean_ns, seed);
	struct input input = { 0 };

	cr_assert_eq(setup(&input, &problem), 0, "%s", shape);
	fill(&input, (struct range) { 0, n });
	return input;
}

static double mean_of(const struct input *in)
{
	double sum = 0;

	for (uint64_t i = 0; i < in->n; i++)
		sum += (double)in->steps[i];
	return sum / (double)in->n;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Sorts the steps, so that step [n * share] is a quantile. */
static struct input sorted(const char *shape, uint64_t n, uint64_t mean_ns)
{
	struct input input = input_of(shape, n, mean_ns, 1);

	qsort(input.steps, n, sizeof(*input.steps), by_size);
	return input;
}

/* Within a share of what is expected. */
static void expect_near(double got, double expected, double share, const char *what)
{
	cr_expect(fabs(got - expected) <= share * expected, "%s is %g, expected %g", what, got,
		expected);
}

/* ---- all shapes ---- */

/* Each is rounded, and in some shapes all in the same direction. */
static void expect_mean(const char *shape, uint64_t n, uint64_t mean_ns, uint64_t seed)
{
	struct input input = input_of(shape, n, mean_ns, seed);

	cr_expect(fabs(mean_of(&input) - (double)mean_ns) <= 0.5,
		"%s of %d, seed %d: %.9g instead of %d", shape, (int)n, (int)seed, mean_of(&input),
		(int)mean_ns);
	release(&input);
}

Test(synthetic, mean_is_what_was_asked_for)
{
	static const uint64_t counts[] = { 1, 2, 3, 4, 5, 10007 };
	static const uint64_t means[] = { 1, 100, 2000, 1000000 };

	for (unsigned s = 0; s < SHAPES; s++)
		for (size_t c = 0; c < COUNT(counts); c++)
			for (size_t m = 0; m < COUNT(means); m++)
				for (uint64_t seed = 0; seed < 3; seed++)
					expect_mean(shapes[s], counts[c], means[m], seed);
}

Test(synthetic, mean_is_2000_unless_given)
{
	struct input input = input_of("constant", 10, 0, 0);

	cr_expect_eq(mean_of(&input), 2000);
	release(&input);
}

Test(synthetic, constant_is_the_first_shape_and_taken_unless_given)
{
	struct input input = input_of(NULL, 100, 0, 3);

	cr_expect_str_eq(shapes[0], "constant");
	for (uint64_t i = 0; i < 100; i++)
		cr_expect_eq(input.steps[i], 2000);
	release(&input);
}

Test(synthetic, refuses_a_shape_that_there_is_not)
{
	const struct problem problem = problem_of("risen", 10, 0, 0);
	struct input input = { 0 };

	cr_expect_eq(setup(&input, &problem), -EINVAL);
}

static bool same_steps(const char *shape, uint64_t seed, uint64_t other)
{
	struct input a = input_of(shape, 1000, 0, seed), b = input_of(shape, 1000, 0, other);
	const bool same = !memcmp(a.steps, b.steps, 1000 * sizeof(*a.steps));

	release(&a);
	release(&b);
	return same;
}

Test(synthetic, steps_are_the_same_for_the_same_seed)
{
	for (unsigned s = 0; s < SHAPES; s++)
		cr_expect(same_steps(shapes[s], 5, 5), "%s", shapes[s]);
}

Test(synthetic, steps_of_random_shapes_differ_by_seed)
{
	for (unsigned s = 0; s < SHAPES; s++)
		cr_expect_eq(same_steps(shapes[s], 5, 6), s <= FALLING, "%s", shapes[s]);
}

/* ---- each shape ---- */

Test(synthetic, constant_elements_are_all_alike)
{
	struct input input = input_of("constant", 999, 1234, 5);

	for (uint64_t i = 0; i < 999; i++)
		cr_expect_eq(input.steps[i], 1234);
	release(&input);
}

Test(synthetic, rising_elements_rise_from_nothing_to_twice_the_mean)
{
	struct input input = input_of("rising", 1000, 10000, 0);

	for (uint64_t i = 0; i < 1000; i++)
		cr_expect_eq(input.steps[i], 20 * i + 10, "%d", (int)i);
	release(&input);
}

Test(synthetic, falling_elements_are_rising_ones_from_the_end)
{
	struct input rising = input_of("rising", 777, 3000, 0);
	struct input falling = input_of("falling", 777, 3000, 0);

	for (uint64_t i = 0; i < 777; i++)
		cr_expect_eq(falling.steps[i], rising.steps[776 - i], "%d", (int)i);
	release(&rising);
	release(&falling);
}

/* P(X <= x) = 1 - exp(-x / mean). */
Test(synthetic, exponential_elements_have_the_quantiles_of_the_distribution)
{
	const uint64_t n = 100000;
	struct input input = sorted("exponential", n, 1000000);

	expect_near((double)input.steps[n / 10], -1e6 * log(0.9), 0.03, "the 10 % quantile");
	expect_near((double)input.steps[n / 2], -1e6 * log(0.5), 0.03, "the median");
	expect_near((double)input.steps[n / 100 * 99], -1e6 * log(0.01), 0.03, "the 99 % quantile");
	release(&input);
}

Test(synthetic, bimodal_elements_are_of_two_sizes_a_tenth_of_them_ten_times_the_other)
{
	const uint64_t n = 100000;
	struct input input = sorted("bimodal", n, 1000000);
	uint64_t few = 0;

	for (uint64_t i = 0; i < n; i++) {
		cr_expect(input.steps[i] == input.steps[0] || input.steps[i] == input.steps[n - 1]);
		few += input.steps[i] == input.steps[n - 1];
	}
	expect_near((double)few, 0.1 * (double)n, 0.03, "the number of large ones");
	expect_near((double)input.steps[n - 1], 10 * (double)input.steps[0], 1e-4, "a large one");
	release(&input);
}

/* P(X > x) = (x^-a - h^-a) / (1 - h^-a) between 1 and h; in units of the smallest. */
static double pareto_quantile(double p)
{
	const double a = 1.1, tail = pow(1e4, -a);

	return pow((1 - p) * (1 - tail) + tail, -1 / a);
}

Test(synthetic, heavy_tailed_elements_have_the_quantiles_of_the_distribution)
{
	const uint64_t n = 100000;
	struct input input = sorted("heavy-tailed", n, 1000000);
	const double least = (double)input.steps[0];

	expect_near((double)input.steps[n / 2], least * pareto_quantile(0.5), 0.03, "the median");
	expect_near((double)input.steps[n / 100 * 99], least * pareto_quantile(0.99), 0.1,
		"the 99 % quantile");
	cr_expect_leq((double)input.steps[n - 1], 1.001e4 * least);
	cr_expect_geq((double)input.steps[n - 1], 1e3 * least);
	release(&input);
}

Test(synthetic, giant_has_half_of_all_steps_in_one_element)
{
	struct input input = sorted("giant", 1001, 1000);

	cr_expect_eq(input.steps[1000], 500500);
	for (uint64_t i = 0; i < 1000; i++)
		cr_expect(input.steps[i] == 500 || input.steps[i] == 501);
	release(&input);
}

Test(synthetic, giant_is_anywhere)
{
	bool early = false, late = false;

	for (uint64_t seed = 0; seed < 20; seed++) {
		struct input input = input_of("giant", 1000, 1000, seed);
		for (uint64_t i = 0; i < 1000; i++) {
			early |= input.steps[i] > 1000 && i < 250;
			late |= input.steps[i] > 1000 && i >= 750;
		}
		release(&input);
	}
	cr_expect(early && late);
}

/* ---- the chains ---- */

static void expect_sum(const char *shape, uint64_t n, uint64_t seed)
{
	const struct problem problem = problem_of(shape, n, 20, seed);
	struct input input = input_of(shape, n, 20, seed);
	struct computed got = compute_sequentially(kernel_find("synthetic"), &problem);
	char expected[RESULT_BYTES];
	uint64_t sum = 0;

	for (uint64_t i = 0; i < n; i++)
		sum += reference_chain(seed, i, input.steps[i]);
	snprintf(expected, sizeof(expected), "%llu", (unsigned long long)sum);
	cr_expect_str_eq(got.text, expected, "%s of %d, seed %d: %s, expected %s", shape, (int)n,
		(int)seed, got.text, expected);
	computed_release(&got);
	release(&input);
}

Test(synthetic, result_is_the_sum_of_the_plain_chains)
{
	static const uint64_t counts[] = { 1, 2, 3, 1009 };

	for (unsigned s = 0; s < SHAPES; s++)
		for (size_t c = 0; c < COUNT(counts); c++)
			for (uint64_t seed = 0; seed < 3; seed++)
				expect_sum(shapes[s], counts[c], seed);
}

/* So that none can begin before the one before it has ended. */
Test(synthetic, result_does_not_depend_on_how_elements_are_grouped)
{
	struct input input = input_of("exponential", 100, 50, 2);
	struct partial whole = { 0 }, parts = { 0 };

	body(&input, (struct range) { 0, 100 }, &whole);
	for (uint64_t i = 0; i < 100; i++)
		body(&input, (struct range) { i, i + 1 }, &parts);
	cr_expect_eq(whole.sum, parts.sum);
	release(&input);
}
