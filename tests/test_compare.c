/*
 * compare: Mann and Whitney's test against tables and brute force, the interval of the ratio,
 * Holm's correction, the words.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "comparisons.h"

/* ---- the test ---- */

/* Values without ties in which B is the slower in u of the m * n pairs. */
static struct comparison with_u(size_t m, size_t n, size_t u)
{
	double a[LAUNCHES_MAX], b[LAUNCHES_MAX];

	for (size_t i = 0; i < m; i++)
		a[i] = (double)(i + 1);
	for (size_t j = 0; j < n; j++) {
		const size_t beaten = u < m ? u : m;
		b[j] = (double)beaten + 0.5 + 0.001 * (double)j;
		u -= beaten;
	}
	return compare(a, m, b, n);
}

Test(compare, p_is_that_of_the_exact_distribution)
{
	/* ways to have U <= u, by hand, of the ways to choose n of m + n; two-sided */
	static const struct {
		size_t m, n, u;
		double p;
	} known[] = { { 4, 4, 0, 2.0 / 70 }, { 5, 5, 0, 2.0 / 252 }, { 5, 5, 2, 8.0 / 252 },
		{ 5, 5, 23, 8.0 / 252 }, { 4, 6, 2, 8.0 / 210 }, { 4, 6, 3, 14.0 / 210 },
		{ 6, 4, 3, 14.0 / 210 }, { 6, 6, 0, 2.0 / 924 }, { 6, 6, 18, 1 },
		{ 3, 5, 0, 2.0 / 56 }, { 1, 1, 0, 1 }, { 10, 10, 0, 2.0 / 184756 } };

	for (size_t i = 0; i < COUNT(known); i++) {
		const struct comparison c = with_u(known[i].m, known[i].n, known[i].u);
		cr_expect(c.exact);
		cr_expect_eq(c.u, (double)known[i].u);
		expect_near(c.p, known[i].p, 1e-12, "p");
	}
}

Test(compare, p_agrees_with_the_published_critical_values)
{
	/* the largest U that is significant at 5 %, two-sided, as statistics textbooks print them */
	static const size_t critical[][3] = { { 4, 4, 0 }, { 5, 5, 2 }, { 4, 6, 2 }, { 6, 6, 5 },
		{ 7, 7, 8 }, { 5, 8, 6 }, { 8, 8, 13 }, { 9, 9, 17 }, { 10, 10, 23 },
		{ 12, 12, 37 }, { 15, 15, 64 }, { 10, 20, 55 }, { 20, 20, 127 } };

	for (size_t i = 0; i < COUNT(critical); i++) {
		const size_t m = critical[i][0], n = critical[i][1], u = critical[i][2];
		cr_expect_leq(with_u(m, n, u).p, 0.05, "%zu, %zu: U = %zu", m, n, u);
		cr_expect_gt(with_u(m, n, u + 1).p, 0.05, "%zu, %zu: U = %zu", m, n, u + 1);
	}
}

static double u_of(const double *values, size_t count, unsigned chosen)
{
	double u = 0;

	for (size_t j = 0; j < count; j++)
		for (size_t i = 0; i < count; i++)
			if ((chosen >> j & 1) && !(chosen >> i & 1))
				u += values[j] > values[i] ? 1 : values[j] == values[i] ? 0.5 : 0;
	return u;
}

/* Two-sided p by going through all ways to deal the values. */
static double p_by_force(const double *values, size_t count, unsigned b)
{
	const double u = u_of(values, count, b);
	unsigned below = 0, above = 0, all = 0;

	for (unsigned deal = 0; deal < 1u << count; deal++) {
		if (__builtin_popcount(deal) != __builtin_popcount(b))
			continue;
		const double other = u_of(values, count, deal);
		below += other <= u;
		above += other >= u;
		all++;
	}
	return fmin(1, 2.0 * (below < above ? below : above) / all);
}

Test(compare, p_is_exact_among_ties)
{
	gsl_rng *random = seeded(1);

	for (unsigned r = 0; r < 200; r++) {
		double values[10], a[10], b[10];
		const unsigned chosen = 1 + (unsigned)gsl_rng_uniform_int(random, 1022);
		size_t m = 0, n = 0;
		for (size_t i = 0; i < COUNT(values); i++) {
			values[i] = 1 + (double)gsl_rng_uniform_int(random, 5);
			if (chosen >> i & 1)
				b[n++] = values[i];
			else
				a[m++] = values[i];
		}
		const struct comparison c = compare(a, m, b, n);
		expect_near(c.p, p_by_force(values, COUNT(values), chosen), 1e-12, "p");
		expect_near(c.u, u_of(values, COUNT(values), chosen), 0, "U");
	}
	gsl_rng_free(random);
}

Test(compare, p_of_equal_values_is_1)
{
	double same[40];

	for (size_t i = 0; i < COUNT(same); i++)
		same[i] = 0.25;
	cr_expect_eq(compare(same, 6, same, 6).p, 1);
	cr_expect_eq(compare(same, 40, same, 40).p, 1);
	cr_expect_eq(compare(same, 6, same, 6).effect, 0.5);
	cr_expect_eq(compare(same, 6, same, 6).ratio, 1);
}

Test(compare, the_approximation_for_many_launches_continues_the_exact_p)
{
	/* as many standard deviations from the middle, just within and just beyond the exact range */
	for (double z = 0.5; z < 3.6; z += 0.5) {
		const double sd30 = sqrt(30 * 30 * 61 / 12.0), sd31 = sqrt(31 * 31 * 63 / 12.0);
		const struct comparison exact = with_u(30, 30, (size_t)lround(450 - z * sd30));
		const struct comparison normal = with_u(31, 31, (size_t)lround(480.5 - z * sd31));
		const double ratio = normal.p / exact.p;
		cr_expect(exact.exact && !normal.exact);
		/* the normal's tail is the heavier one */
		cr_expect(ratio > 0.95 && ratio < (z < 3 ? 1.1 : 1.5), "z %g: %g", z, ratio);
	}
}

Test(compare, the_approximation_is_corrected_for_continuity_and_ties)
{
	/* 62 times, all different */
	const double z = (480.5 - 300 - 0.5) / sqrt(31 * 31 * 63 / 12.0);
	expect_near(with_u(31, 31, 300).p, erfc(z / sqrt(2)), 1e-12, "p");

	/* two times, 62 launches: 20 and 11 of A against 10 and 21 of B */
	double a[31], b[31];
	for (size_t i = 0; i < 31; i++) {
		a[i] = i < 20 ? 1 : 2;
		b[i] = i < 10 ? 1 : 2;
	}
	const struct comparison c = compare(a, 31, b, 31);
	const double u = 21 * 20 + (10 * 20 + 21 * 11) / 2.0;
	const double ties = (30.0 * 30 * 30 - 30 + 32.0 * 32 * 32 - 32) / (62 * 61);
	const double tied_z = (u - 480.5 - 0.5) / sqrt(31 * 31 / 12.0 * (63 - ties));
	expect_near(c.u, u, 0, "U");
	expect_near(c.p, erfc(tied_z / sqrt(2)), 1e-12, "p");
}

/* ---- the estimates ---- */

Test(compare, effect_is_the_share_of_pairs_in_which_b_is_slower)
{
	const double a[] = { 1, 2, 3, 4 }, b[] = { 2.5, 3, 5, 6 };

	/* 2.5 beats 2; 3 beats 2 and ties with 1; 5 and 6 beat all 4 */
	expect_near(compare(a, 4, b, 4).effect, (2 + 2.5 + 4 + 4) / 16, 1e-12, "A");
}

Test(compare, ratio_is_the_median_of_pairwise_ratios)
{
	const double a[] = { 1, 2, 4 }, b[] = { 3, 6, 12 }, c[] = { 1, 3 };

	/* b / a: 0.75 1.5 1.5 3 3 3 6 6 12 */
	expect_near(compare(a, 3, b, 3).ratio, 3, 1e-12, "ratio");
	/* c / a: 0.25 0.5 0.75 1 1.5 3; the middle of two is their geometric mean */
	expect_near(compare(a, 3, c, 2).ratio, sqrt(0.75), 1e-12, "ratio");
}

Test(compare, swapping_the_runs_mirrors_everything)
{
	gsl_rng *random = seeded(2);
	double a[9], b[7];

	fill_lognormal(random, a, 9, 0.02);
	fill_lognormal(random, b, 7, 0.02);
	const struct comparison ab = compare(a, 9, b, 7), ba = compare(b, 7, a, 9);
	expect_near(ab.p, ba.p, 1e-12, "p");
	expect_near(ab.ratio, 1 / ba.ratio, 1e-12, "ratio");
	expect_near(ab.low, 1 / ba.high, 1e-12, "low");
	expect_near(ab.high, 1 / ba.low, 1e-12, "high");
	expect_near(ab.effect, 1 - ba.effect, 1e-12, "effect");
	gsl_rng_free(random);
}

Test(compare, the_interval_excludes_1_just_when_the_test_rejects)
{
	static const size_t counts[][2] = { { 4, 4 }, { 5, 7 }, { 6, 6 }, { 10, 10 }, { 20, 13 },
		{ 35, 40 } };
	gsl_rng *random = seeded(3);
	double a[LAUNCHES_MAX], b[LAUNCHES_MAX];

	for (size_t i = 0; i < COUNT(counts); i++)
		for (unsigned r = 0, rejected = 0; r < 300 || !rejected; r++) {
			fill_lognormal(random, a, counts[i][0], 0.01);
			fill_lognormal(random, b, counts[i][1], 0.01);
			for (size_t j = 0; j < counts[i][1]; j++)
				b[j] *= 1.007;
			const struct comparison c = compare(a, counts[i][0], b, counts[i][1]);
			cr_assert(c.interval);
			cr_expect_eq(c.p <= 0.05, c.low > 1 || c.high < 1, "p %g, but %g to %g",
				c.p, c.low, c.high);
			cr_expect(c.low <= c.ratio && c.ratio <= c.high);
			rejected += c.p <= 0.05;
		}
	gsl_rng_free(random);
}

Test(compare, three_launches_each_have_no_interval)
{
	const double a[] = { 1, 2, 3, 4 }, b[] = { 5, 6, 7, 8, 9, 10, 11, 12 };

	cr_expect_not(compare(a, 3, b, 3).interval);
	cr_expect_not(compare(a, 3, b, 4).interval);
	cr_expect_not(compare(a, 1, b, 8).interval);
	cr_expect(compare(a, 4, b, 4).interval);
	cr_expect(compare(a, 2, b, 8).interval);
}

Test(compare, takes_runs_without_launches)
{
	const double a[] = { 1, 2, 3, 4 };
	struct comparison c[] = { compare(a, 4, NULL, 0), compare(NULL, 0, a, 4) };

	cr_assert_eq(comparisons_judge(c, 2, 0.01), 0);
	for (size_t i = 0; i < 2; i++) {
		cr_expect_eq(c[i].p, 1);
		cr_expect_eq(c[i].ratio, 0);
		cr_expect_eq(c[i].verdict, VERDICT_CANNOT_TELL);
	}
}

Test(compare, refuses_times_that_are_not_positive)
{
	static const double bad[] = { 0, -1, NAN, INFINITY };
	const double good[] = { 1, 2, 3, 4 };
	struct comparison c;

	for (size_t i = 0; i < COUNT(bad); i++) {
		const double values[] = { 1, 2, bad[i], 4 };
		cr_expect_eq(comparison_make(&c, values, 4, good, 4), -EINVAL);
		cr_expect_eq(comparison_make(&c, good, 4, values, 4), -EINVAL);
	}
}

/* ---- Holm's correction and the words ---- */

Test(compare, holm_adjusts_step_by_step)
{
	const double p[] = { 0.01, 0.04, 0.03, 0.005, 0.5 };
	const double expected[] = { 0.04, 0.09, 0.09, 0.025, 0.5 };
	double adjusted[COUNT(p)];

	cr_assert_eq(holm(p, COUNT(p), adjusted), 0);
	for (size_t i = 0; i < COUNT(p); i++)
		expect_near(adjusted[i], expected[i], 1e-12, "adjusted p");
	const double certain[] = { 0.9, 0.8 };
	cr_assert_eq(holm(certain, 2, adjusted), 0);
	cr_expect_eq(adjusted[0], 1);
	cr_expect_eq(holm(NULL, 0, NULL), 0);
}

/* Evenly spread launches around a time, by a relative spread; ties with no other time. */
static struct comparison spread_apart(size_t launches, double factor, double spread)
{
	double a[LAUNCHES_MAX], b[LAUNCHES_MAX];

	for (size_t i = 0; i < launches; i++) {
		const double at = 2 * (double)i / (double)(launches - 1) - 1;
		a[i] = 0.02 * (1 + spread * at);
		b[i] = 0.02 * (1 + spread * at * 0.99 + spread * 0.001) * factor;
	}
	return compare(a, launches, b, launches);
}

static struct comparison judged(struct comparison c, double margin)
{
	cr_assert_eq(comparisons_judge(&c, 1, margin), 0);
	return c;
}

Test(compare, says_slower_faster_same_or_cannot_tell)
{
	const struct comparison slower = judged(spread_apart(10, 1.03, 0.005), 0.01);
	const struct comparison faster = judged(spread_apart(10, 1 / 1.03, 0.005), 0.01);
	const struct comparison same = judged(spread_apart(10, 1, 0.001), 0.01);
	const struct comparison noisy = judged(spread_apart(10, 1, 0.1), 0.01);

	cr_expect_str_eq(verdict_name(slower.verdict), "slower");
	cr_expect_str_eq(verdict_name(faster.verdict), "faster");
	cr_expect_str_eq(verdict_name(same.verdict), "same");
	cr_expect_str_eq(verdict_name(noisy.verdict), "cannot tell");
	cr_expect_str_eq(slower.why.text, "");
	cr_expect_not_null(strstr(noisy.why.text, "differ too much"));
}

Test(compare, says_same_only_within_the_margin)
{
	cr_expect_eq(judged(spread_apart(10, 1, 0.001), 0).verdict, VERDICT_CANNOT_TELL);
	cr_expect_eq(judged(spread_apart(10, 1.004, 0.01), 0.005).verdict, VERDICT_CANNOT_TELL);
	cr_expect_eq(judged(spread_apart(10, 1.004, 0.01), 0.02).verdict, VERDICT_SAME);
	const struct comparison faster = judged(spread_apart(10, 0.995, 0.02), 0.01);
	cr_expect(faster.low < 0.99 && faster.high < 1.01 && faster.high > 1);
	cr_expect_eq(faster.verdict, VERDICT_CANNOT_TELL);
	/* known to be slower, if by little: that is no more than machines change by themselves */
	cr_expect_eq(judged(spread_apart(10, 1.004, 0.001), 0.02).verdict, VERDICT_SAME);
}

Test(compare, says_slower_only_beyond_the_margin)
{
	const struct comparison little = judged(spread_apart(10, 1.012, 0.005), 0.01);

	cr_assert_lt(little.p_holm, 0.05);
	cr_assert(little.low > 1 && little.low < 1.01 && little.high > 1.01);
	cr_expect_eq(little.verdict, VERDICT_CANNOT_TELL);
	cr_expect_not_null(strstr(little.why.text, "the margin"), "%s", little.why.text);
	cr_expect_eq(judged(spread_apart(10, 1.012, 0.005), 0).verdict, VERDICT_SLOWER);
	cr_expect_eq(judged(spread_apart(10, 1 / 1.012, 0.005), 0.01).verdict, VERDICT_CANNOT_TELL);
	cr_expect_eq(judged(spread_apart(10, 1 / 1.012, 0.005), 0).verdict, VERDICT_FASTER);
}

Test(compare, says_how_many_launches_it_takes)
{
	struct comparison many[CASES];

	for (size_t i = 0; i < CASES; i++)
		many[i] = spread_apart(6, 1.03, 0.005);
	cr_assert_eq(comparisons_judge(many, CASES, 0.01), 0);
	cr_expect_eq(many[0].verdict, VERDICT_CANNOT_TELL);
	cr_expect_not_null(
		strstr(many[0].why.text, "it takes 8 of each run"), "%s", many[0].why.text);
	const struct comparison few = judged(spread_apart(3, 1.03, 0.005), 0.01);
	cr_expect_not_null(strstr(few.why.text, "it takes 4 of each run"), "%s", few.why.text);
	cr_expect_eq(compare_launches(1), 4);
	cr_expect_eq(compare_launches(23), 6);
	cr_expect_eq(compare_launches(24), 7);
	cr_expect_eq(compare_launches(144), 8);
}

Test(compare, corrects_only_for_cases_that_were_tested)
{
	struct comparison cases[30];

	for (size_t i = 0; i < COUNT(cases); i++)
		cases[i] = spread_apart(i ? 3 : 6, 1.03, 0.005);
	cr_assert_eq(comparisons_judge(cases, COUNT(cases), 0.01), 0);
	cr_expect_eq(cases[0].verdict, VERDICT_SLOWER);
	expect_near(cases[0].p_holm, cases[0].p, 1e-15, "p");
	cr_expect_eq(cases[1].verdict, VERDICT_CANNOT_TELL);
}

Test(compare, exceeds_only_if_slower_by_more)
{
	const struct comparison slower = judged(spread_apart(10, 1.03, 0.005), 0.01);
	const struct comparison faster = judged(spread_apart(10, 0.9, 0.005), 0.01);
	const struct comparison noisy = judged(spread_apart(10, 1.03, 0.5), 0.01);

	cr_expect(comparison_exceeds(&slower, 0.02));
	cr_expect(comparison_exceeds(&slower, 0));
	cr_expect_not(comparison_exceeds(&slower, 0.05));
	/* the estimate counts, not the end of the interval */
	cr_expect(comparison_exceeds(&slower, (slower.low + slower.ratio) / 2 - 1));
	cr_expect_not(comparison_exceeds(&faster, 0.02));
	cr_expect_gt(noisy.ratio, 1.02);
	cr_expect_not(comparison_exceeds(&noisy, 0.02));
}
