/*
 * kernels: numbers, and arrays of them, against formulas or independent references.
 */
#include <criterion/criterion.h>

#include "problems.h"
#include "reference.h"

static void expect_number(const char *name, uint64_t n, uint64_t expected)
{
	const struct problem problem = problem_of(n, 0, NULL);
	struct computed got = compute_sequentially(find(name), &problem);
	char text[RESULT_BYTES];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)expected);
	cr_assert_str_eq(got.text, text, "%s of n=%llu is %s, expected %s", name,
		(unsigned long long)n, got.text, text);
	computed_release(&got);
}

static const uint64_t lengths[] = { 1, 2, 3, 7, 64, 1009, 65536, 1000003 };

Test(kernels, sum_squares_is_the_formula)
{
	for (size_t i = 0; i < LENGTH(lengths); i++)
		expect_number("sum_squares", lengths[i], reference_sum_squares(lengths[i]));
}

Test(kernels, sum_squares_wraps_at_64_bits)
{
	const uint64_t n = 5000000;

	cr_assert_gt((double)n * (double)n * (double)n / 3, 0x1p64, "this n does not wrap");
	expect_number("sum_squares", n, reference_sum_squares(n));
}

Test(kernels, count_up_is_the_formula)
{
	for (size_t i = 0; i < LENGTH(lengths); i++)
		expect_number("count_up", lengths[i], reference_count(lengths[i]));
}

Test(kernels, count_down_is_the_formula)
{
	for (size_t i = 0; i < LENGTH(lengths); i++)
		expect_number("count_down", lengths[i], reference_count(lengths[i]));
}

Test(kernels, triangle_is_the_plain_double_loop)
{
	static const uint64_t rows[] = { 1, 2, 3, 8, 64, 1009 };

	for (size_t i = 0; i < LENGTH(rows); i++)
		expect_number("triangle", rows[i], reference_triangle(rows[i]));
}

Test(kernels, triad_is_the_plain_expression)
{
	for (size_t i = 0; i < LENGTH(lengths); i++) {
		const struct problem problem = problem_of(lengths[i], 0, NULL);
		struct computed got = compute_sequentially(find("triad"), &problem);
		const double *a = got.data;
		cr_assert_eq(got.bytes, lengths[i] * sizeof(*a));
		for (uint64_t e = 0; e < lengths[i]; e++)
			cr_assert_eq(a[e], reference_triad(e), "a[%llu] is %.17g, expected %.17g",
				(unsigned long long)e, a[e], reference_triad(e));
		computed_release(&got);
	}
}

Test(kernels, primes_are_those_of_a_sieve)
{
	static const uint64_t ends[] = { 1, 2, 3, 4, 5, 9, 10, 25, 26, 49, 50, 121, 1009, 1010,
		65536 };

	for (size_t i = 0; i < LENGTH(ends); i++)
		expect_number("primes", ends[i], reference_primes(ends[i]));
}

Test(kernels, primes_below_a_million_are_78498)
{
	expect_number("primes", 1000000, 78498);
}

Test(kernels, queens_are_those_of_the_plain_search)
{
	for (int n = 1; n <= 8; n++) {
		int columns[8];
		expect_number("queens", (uint64_t)n, reference_queens(n, 0, columns));
	}
}

Test(kernels, queens_are_as_many_as_is_known)
{
	expect_number("queens", 8, 92);
	expect_number("queens", 10, 724);
	expect_number("queens", 12, 14200);
}

static const uint64_t seeds[] = { 0, 1, 4294967295 };

Test(kernels, histogram_is_the_plain_count)
{
	static const uint64_t sizes[] = { 1, 7, 8, 9, 255, 4096, 30011, 70001 };

	for (size_t i = 0; i < LENGTH(sizes) * LENGTH(seeds); i++) {
		struct problem problem = problem_of(sizes[i / LENGTH(seeds)], 0, NULL);
		char expected[RESULT_BYTES];
		problem.recipe.seed = seeds[i % LENGTH(seeds)];
		struct computed got = compute_sequentially(find("histogram"), &problem);
		reference_histogram(problem.size.n, problem.recipe.seed, expected);
		cr_assert_str_eq(got.text, expected, "n=%llu, seed %llu: %s, expected %s",
			(unsigned long long)problem.size.n, (unsigned long long)problem.recipe.seed,
			got.text, expected);
		computed_release(&got);
	}
}

Test(kernels, stencil_is_the_plain_average)
{
	static const int rows[] = { 1, 2, 3, 17 };

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct problem problem = problem_of((uint64_t)rows[i], 0, NULL);
		struct computed got = compute_sequentially(find("stencil"), &problem);
		const double *to = got.data;
		cr_assert_eq(got.bytes, (size_t)rows[i] * 1024 * sizeof(*to));
		for (int y = 0; y < rows[i]; y++)
			for (int x = 0; x < 1024; x++, to++)
				cr_assert_eq(*to, reference_stencil(x, y, rows[i]),
					"(%d, %d) of %d rows is %.17g, expected %.17g", x, y,
					rows[i], *to, reference_stencil(x, y, rows[i]));
		computed_release(&got);
	}
}

/* SplitMix64's first numbers from 0, as other programs print them. */
Test(kernels, random_numbers_are_SplitMix64)
{
	static const uint64_t known[] = { 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4,
		0x06c45d188009454f };

	for (size_t i = 0; i < LENGTH(known); i++)
		cr_expect_eq(random_of(0, i), known[i], "%zu", i);
	for (size_t i = 0; i < 100; i++)
		cr_expect_eq(random_of(12345, i), reference_random(12345, i), "%zu", i);
}

/* ---- collatz ---- */

static void expect_collatz(uint64_t n, const char *expected)
{
	const struct problem problem = problem_of(n, 0, NULL);
	struct computed got = compute_sequentially(find("collatz"), &problem);

	cr_assert_str_eq(got.text, expected, "collatz of n=%llu is %s, expected %s",
		(unsigned long long)n, got.text, expected);
	computed_release(&got);
}

Test(kernels, collatz_is_the_plain_walk)
{
	static const uint64_t starts[] = { 1, 2, 3, 9, 27, 64, 1009, 30011 };

	for (size_t i = 0; i < LENGTH(starts); i++) {
		char expected[RESULT_BYTES];
		reference_collatz(starts[i], expected);
		expect_collatz(starts[i], expected);
	}
}

Test(kernels, collatz_finds_the_known_longest_below_a_million)
{
	expect_collatz(1000000, "524:837799:131434424");
}

Test(kernels, collatz_takes_the_smaller_of_two_starts)
{
	/* 12 and 13 both take 9 steps. */
	const struct kernel *collatz = find("collatz")->kernel;
	const struct {
		uint64_t steps, start, total;
	} later = { 9, 13, 9 }, sooner = { 9, 12, 9 };
	char either_way[2][RESULT_BYTES];

	cr_assert_eq(collatz->partial_bytes, sizeof(later), "the test knows the partial's layout");
	for (int swap = 0; swap < 2; swap++) {
		uint64_t total[3] = { 0 };
		collatz->combine((void *)total, (const void *)(swap ? &later : &sooner));
		collatz->combine((void *)total, (const void *)(swap ? &sooner : &later));
		collatz->result((const void *)total, either_way[swap]);
		cr_assert_str_eq(either_way[swap], "9:12:18");
	}
}

Test(kernels, collatz_leaves_64_bits_just_after_its_limit)
{
	const uint64_t limit = find("collatz")->kernel->limit;

	cr_assert_neq(reference_collatz_steps(limit), UINT64_MAX);
	cr_assert_eq(reference_collatz_steps(limit + 1), UINT64_MAX);
}
