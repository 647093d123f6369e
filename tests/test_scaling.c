/*
 * scaling: fits of Amdahl's law and the USL to curves that are known, with and without noise, and
 * their refusals.
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "analysis/scaling.h"
#include "numbers.h"

enum { POINTS = 7, REPETITIONS = 500 };

struct curve {
	double sigma, kappa;
};

/* S(p) of a curve at p = 1, 2, 4, ..., 64, without noise and without errors. */
static void exact_points(struct curve curve, struct scaling_point points[POINTS])
{
	for (unsigned i = 0; i < POINTS; i++)
		points[i] = (struct scaling_point) {
			.threads = 1u << i,
			.speedup = usl_speedup(curve.sigma, curve.kappa, 1u << i),
		};
}

static struct scaling fit(const struct scaling_point *points, size_t count)
{
	struct scaling scaling;

	cr_assert_eq(scaling_fit(&scaling, points, count), 0);
	return scaling;
}

static struct scaling fit_exact(struct curve curve)
{
	struct scaling_point points[POINTS];

	exact_points(curve, points);
	return fit(points, POINTS);
}

/* ---- curves without noise ---- */

Test(scaling, recovers_an_exact_amdahl_curve)
{
	static const double serials[] = { 0, 0.0001, 0.01, 0.1, 0.5, 0.99 };

	for (size_t i = 0; i < COUNT(serials); i++) {
		const struct scaling s = fit_exact((struct curve) { serials[i], 0 });
		const struct scaling_fit *amdahl = &s.fits[SCALING_AMDAHL];
		cr_assert(amdahl->fitted, "%s", amdahl->why.text);
		expect_near(amdahl->parameters[0].value, serials[i], 1e-9, "s");
		cr_expect_lt(amdahl->parameters[0].high - amdahl->parameters[0].low, 1e-8);
		cr_expect_eq(s.best, SCALING_AMDAHL, "s = %g: rounding made it USL", serials[i]);
	}
}

Test(scaling, recovers_an_exact_usl_curve)
{
	static const struct curve curves[] = { { 0.01, 0.00001 }, { 0.05, 0.001 }, { 0.2, 0.01 },
		{ 0, 0.0005 }, { 1.2, 0.1 } };

	for (size_t i = 0; i < COUNT(curves); i++) {
		const struct scaling s = fit_exact(curves[i]);
		const struct scaling_fit *usl = &s.fits[SCALING_USL];
		cr_assert(usl->fitted, "%s", usl->why.text);
		expect_near(usl->parameters[0].value, curves[i].sigma, 1e-8, "sigma");
		expect_near(usl->parameters[1].value, curves[i].kappa, 1e-9, "kappa");
		cr_expect_eq(s.best, SCALING_USL);
		cr_expect(s.compared && s.lead > 10);
	}
}

Test(scaling, takes_amdahls_limit_from_the_serial_share)
{
	const struct scaling s = fit_exact((struct curve) { 0.04, 0 });

	cr_assert(s.fits[SCALING_AMDAHL].has_end);
	expect_near(s.fits[SCALING_AMDAHL].end.value, 25, 1e-6, "1 / s");
}

Test(scaling, finds_the_threads_with_the_highest_speedup)
{
	const struct scaling s = fit_exact((struct curve) { 0.1, 0.001 });
	const struct scaling_fit *usl = &s.fits[SCALING_USL];

	cr_assert(usl->has_end);
	expect_near(usl->end.value, 30, 1e-4, "p*");
	cr_expect_lt(scaling_predict(usl, 29.9), scaling_predict(usl, 30));
	cr_expect_lt(scaling_predict(usl, 30.1), scaling_predict(usl, 30));
}

Test(scaling, shows_no_end_where_the_points_do_not)
{
	/* kappa is 0 within its interval, and so is s */
	const struct scaling_point linear[] = { { 1, 1, 0 }, { 2, 2.02, 0 }, { 4, 3.97, 0 },
		{ 8, 8.05, 0 }, { 16, 15.9, 0 }, { 32, 32.1, 0 } };
	const struct scaling s = fit(linear, COUNT(linear));

	cr_assert(s.fits[SCALING_AMDAHL].fitted && s.fits[SCALING_USL].fitted);
	cr_expect_not(s.fits[SCALING_AMDAHL].has_end);
	cr_expect_not(s.fits[SCALING_USL].has_end);
}

Test(scaling, reports_a_negative_estimate_as_it_is)
{
	const struct scaling s = fit_exact((struct curve) { -0.005, 0 });
	const struct scaling_fit *amdahl = &s.fits[SCALING_AMDAHL];

	expect_near(amdahl->parameters[0].value, -0.005, 1e-9, "s");
	cr_expect(amdahl->negative);
	cr_expect_not(amdahl->has_end);
	cr_expect_not(fit_exact((struct curve) { 0.1, 0 }).fits[SCALING_AMDAHL].negative);
}

Test(scaling, predicts_the_curve_that_it_fitted)
{
	const struct curve curve = { 0.03, 0.0004 };
	const struct scaling s = fit_exact(curve);

	for (unsigned p = 1; p <= 100; p++)
		expect_near(scaling_predict(&s.fits[SCALING_USL], p),
			usl_speedup(curve.sigma, curve.kappa, p), 1e-6, "S(p)");
	expect_near(amdahl_speedup(0.1, 10), 1 / (0.1 + 0.9 / 10), 1e-12, "Amdahl's S(10)");
	expect_near(usl_speedup(0.1, 0.01, 10), 10 / (1 + 0.9 + 0.9), 1e-12, "USL's S(10)");
}

/* ---- which points count, and how much ---- */

Test(scaling, gives_one_thread_no_part)
{
	struct scaling_point points[POINTS];

	exact_points((struct curve) { 0.05, 0.001 }, points);
	points[0].speedup = 0.8;
	const struct scaling s = fit(points, POINTS);
	cr_expect_eq(s.fits[SCALING_USL].points, POINTS - 1);
	expect_near(s.fits[SCALING_USL].parameters[0].value, 0.05, 1e-8, "sigma");
}

Test(scaling, weighs_points_by_their_errors)
{
	struct scaling_point points[POINTS];

	exact_points((struct curve) { 0.05, 0 }, points);
	points[5].speedup *= 0.7;
	const double equal = fit(points, POINTS).fits[SCALING_AMDAHL].parameters[0].value;
	for (size_t i = 0; i < POINTS; i++)
		points[i].error = i == 5 ? 0.3 : 0.001;
	const double weighted = fit(points, POINTS).fits[SCALING_AMDAHL].parameters[0].value;
	cr_expect_gt(fabs(equal - 0.05), 0.005);
	expect_near(weighted, 0.05, 1e-5, "s");
}

Test(scaling, weighs_all_the_same_if_one_error_is_not_known)
{
	struct scaling_point points[POINTS];

	exact_points((struct curve) { 0.05, 0 }, points);
	points[5].speedup *= 0.7;
	const double equal = fit(points, POINTS).fits[SCALING_AMDAHL].parameters[0].value;
	for (size_t i = 0; i < POINTS; i++)
		points[i].error = i == 2 ? 0 : 0.001 * (double)(i + 1);
	expect_near(
		fit(points, POINTS).fits[SCALING_AMDAHL].parameters[0].value, equal, 1e-12, "s");
}

Test(scaling, does_not_mind_the_order_of_points)
{
	struct scaling_point points[POINTS], reversed[POINTS];

	exact_points((struct curve) { 0.05, 0.001 }, points);
	points[3].speedup *= 1.05;
	for (size_t i = 0; i < POINTS; i++)
		reversed[i] = points[POINTS - 1 - i];
	expect_near(fit(reversed, POINTS).fits[SCALING_USL].parameters[1].value,
		fit(points, POINTS).fits[SCALING_USL].parameters[1].value, 1e-9, "kappa");
}

/* ---- noise ---- */

/* Counts how often an interval held the truth. */
struct tally {
	unsigned held, all;
};

static void count_in(struct tally *tally, const struct parameter *p, double truth)
{
	tally->held += p->low <= truth && truth <= p->high;
	tally->all++;
}

static void expect_coverage(const struct tally *tally, const char *what)
{
	const double percent = 100.0 * tally->held / tally->all;

	cr_log_info("%s: %.2f %% of %u intervals hold it", what, percent, tally->all);
	cr_expect(percent >= 92 && percent <= 98, "%s: %.2f %% of %u intervals hold it", what,
		percent, tally->all);
}

/* A curve with relative noise; with errors, the noise differs from point to point. */
static void noisy_points(gsl_rng *random, struct curve curve, double noise, bool errors,
	struct scaling_point points[POINTS])
{
	exact_points(curve, points);
	for (size_t i = 0; i < POINTS; i++) {
		const double spread = errors ? noise * (1 + (double)(i * 3 % 7)) : noise;
		points[i].speedup *= exp(gsl_ran_gaussian(random, spread));
		points[i].error = errors ? 2 * spread : 0; /* only ratios of errors matter */
	}
}

static const struct curve amdahl_curves[] = { { 0, 0 }, { 0.001, 0 }, { 0.02, 0 }, { 0.1, 0 },
	{ 0.5, 0 } };
static const struct curve usl_curves[] = { { 0.01, 0.0002 }, { 0.05, 0.001 }, { 0.2, 0.01 },
	{ 0.02, 0.003 }, { 0, 0.0005 } };
static const double noises[] = { 0.002, 0.01, 0.03 };

static void cover_amdahl(gsl_rng *random, bool errors)
{
	struct scaling_point points[POINTS];
	struct tally s = { 0 };

	for (size_t c = 0; c < COUNT(amdahl_curves); c++)
		for (size_t n = 0; n < COUNT(noises); n++)
			for (unsigned r = 0; r < REPETITIONS; r++) {
				noisy_points(random, amdahl_curves[c], noises[n], errors, points);
				const struct scaling f = fit(points, POINTS);
				cr_assert(f.fits[SCALING_AMDAHL].fitted);
				count_in(&s, &f.fits[SCALING_AMDAHL].parameters[0],
					amdahl_curves[c].sigma);
			}
	expect_coverage(&s, errors ? "Amdahl's s, weighed" : "Amdahl's s");
}

static void cover_usl(gsl_rng *random, bool errors)
{
	struct scaling_point points[POINTS];
	struct tally sigma = { 0 }, kappa = { 0 };

	for (size_t c = 0; c < COUNT(usl_curves); c++)
		for (size_t n = 0; n < COUNT(noises); n++)
			for (unsigned r = 0; r < REPETITIONS; r++) {
				noisy_points(random, usl_curves[c], noises[n], errors, points);
				const struct scaling f = fit(points, POINTS);
				cr_assert(f.fits[SCALING_USL].fitted);
				count_in(&sigma, &f.fits[SCALING_USL].parameters[0],
					usl_curves[c].sigma);
				count_in(&kappa, &f.fits[SCALING_USL].parameters[1],
					usl_curves[c].kappa);
			}
	expect_coverage(&sigma, errors ? "USL's sigma, weighed" : "USL's sigma");
	expect_coverage(&kappa, errors ? "USL's kappa, weighed" : "USL's kappa");
}

Test(scaling, holds_the_serial_share_in_its_interval)
{
	gsl_rng *random = seeded(1);

	cover_amdahl(random, false);
	cover_amdahl(random, true);
	gsl_rng_free(random);
}

Test(scaling, holds_sigma_and_kappa_in_their_intervals)
{
	gsl_rng *random = seeded(2);

	cover_usl(random, false);
	cover_usl(random, true);
	gsl_rng_free(random);
}

Test(scaling, holds_the_best_thread_count_in_its_interval)
{
	const struct curve curve = { 0.7, 0.01 };
	struct scaling_point points[POINTS];
	gsl_rng *random = seeded(3);
	struct tally peak = { 0 };

	for (unsigned r = 0; r < 4 * REPETITIONS; r++) {
		noisy_points(random, curve, 0.02, false, points);
		const struct scaling f = fit(points, POINTS);
		cr_assert(f.fits[SCALING_USL].has_end);
		count_in(&peak, &f.fits[SCALING_USL].end, sqrt((1 - curve.sigma) / curve.kappa));
	}
	expect_coverage(&peak, "p*");
	cr_expect(fabs(100.0 * peak.held / peak.all - 95) < 1.5, "%u of %u", peak.held, peak.all);
	gsl_rng_free(random);
}

/* How often, of 100 times, the law is chosen for noisy curves. */
static double chosen(const struct curve *curves, size_t count, enum scaling_law law)
{
	struct scaling_point points[POINTS];
	gsl_rng *random = seeded(4);
	unsigned right = 0;

	for (size_t c = 0; c < count; c++)
		for (unsigned r = 0; r < REPETITIONS; r++) {
			noisy_points(random, curves[c], 0.01, false, points);
			right += fit(points, POINTS).best == law;
		}
	gsl_rng_free(random);
	return 100.0 * right / (double)(count * REPETITIONS);
}

Test(scaling, chooses_the_law_that_made_the_curve)
{
	const double amdahl = chosen(amdahl_curves, COUNT(amdahl_curves), SCALING_AMDAHL);
	const double usl = chosen(usl_curves, COUNT(usl_curves), SCALING_USL);

	cr_log_info("chosen rightly: Amdahl %.1f %%, USL %.1f %%", amdahl, usl);
	cr_expect_gt(amdahl, 95);
	cr_expect_gt(usl, 95);
}

/* ---- refusals ---- */

static struct scaling fit_first(size_t count)
{
	struct scaling_point points[POINTS];

	exact_points((struct curve) { 0.05, 0.001 }, points);
	return fit(points, count);
}

static void expect_refused(const struct scaling *s, enum scaling_law law, const char *reason)
{
	cr_expect_not(s->fits[law].fitted);
	cr_expect_not_null(strstr(s->fits[law].why.text, reason), "why: %s", s->fits[law].why.text);
}

Test(scaling, refuses_two_points)
{
	const struct scaling s = fit_first(2);

	expect_refused(&s, SCALING_AMDAHL, "takes 3 thread counts above 1, and there is 1");
	expect_refused(&s, SCALING_USL, "takes 4 thread counts above 1, and there is 1");
	cr_expect_eq(s.best, SCALING_LAWS);
	cr_expect_not(s.compared);
}

Test(scaling, refuses_no_points)
{
	const struct scaling s = fit(NULL, 0);

	expect_refused(&s, SCALING_AMDAHL, "there are 0");
	expect_refused(&s, SCALING_USL, "there are 0");
}

Test(scaling, refuses_two_thread_counts_however_many_points)
{
	struct scaling_point points[10];

	for (unsigned i = 0; i < COUNT(points); i++)
		points[i] = (struct scaling_point) { 2 + 2 * (i % 2), 1.5 + 0.01 * i, 0 };
	const struct scaling s = fit(points, COUNT(points));
	expect_refused(&s, SCALING_AMDAHL, "there are 2");
	expect_refused(&s, SCALING_USL, "there are 2");
}

Test(scaling, fits_what_there_are_enough_thread_counts_for)
{
	const struct scaling three = fit_first(4), four = fit_first(5), five = fit_first(6);

	cr_expect(three.fits[SCALING_AMDAHL].fitted);
	expect_refused(&three, SCALING_USL, "takes 4 thread counts above 1, and there are 3");
	cr_expect(four.fits[SCALING_USL].fitted);
	cr_expect_not(four.fits[SCALING_USL].has_aicc);
	cr_expect_not(four.compared);
	cr_expect_eq(four.best, SCALING_AMDAHL);
	cr_expect(five.compared);
	cr_expect_eq(five.best, SCALING_USL);
}

Test(scaling, refuses_points_that_are_no_measurement)
{
	static const struct scaling_point bad[] = { { 8, NAN, 0 }, { 8, INFINITY, 0 }, { 8, 0, 0 },
		{ 8, -2, 0 }, { 0, 2, 0 }, { 8, 2, NAN }, { 8, 2, -1 }, { 1, NAN, 0 } };
	struct scaling_point points[POINTS];

	for (size_t i = 0; i < COUNT(bad); i++) {
		exact_points((struct curve) { 0.05, 0.001 }, points);
		points[3] = bad[i];
		const struct scaling s = fit(points, POINTS);
		expect_refused(&s, SCALING_AMDAHL, "no measurement");
		expect_refused(&s, SCALING_USL, "no measurement");
	}
}

Test(scaling, never_reports_numbers_that_are_not_finite)
{
	static const double sizes[] = { 1e-300, 1e-10, 1, 1e10, 1e300 };
	struct scaling_point points[POINTS];

	for (size_t i = 0; i < COUNT(sizes) * COUNT(sizes); i++) {
		exact_points((struct curve) { 0.05, 0.001 }, points);
		points[2].speedup = sizes[i / COUNT(sizes)];
		points[5].speedup = sizes[i % COUNT(sizes)];
		for (size_t j = 0; j < POINTS; j++)
			points[j].error = j == 4 ? sizes[i % COUNT(sizes)] : 0.1;
		const struct scaling s = fit(points, POINTS);
		for (size_t l = 0; l < SCALING_LAWS; l++) {
			const struct scaling_fit *f = &s.fits[l];
			cr_expect_neq(f->fitted, f->why.text[0] != '\0');
			cr_expect(
				isfinite(f->parameters[0].low) && isfinite(f->parameters[1].high));
			cr_expect(isfinite(f->aicc) && isfinite(f->scatter));
			cr_expect(isfinite(f->end.low) && isfinite(f->end.high));
		}
		cr_expect(isfinite(s.lead));
	}
}

static void handler_of_ours(const char *reason, const char *file, int line, int error)
{
	cr_assert(false, "%s:%d: %s (%d)", file, line, reason, error);
}

Test(scaling, leaves_gsls_error_handler_as_it_was)
{
	gsl_set_error_handler(handler_of_ours);
	fit_first(POINTS);
	fit_first(2);
	cr_expect_eq(gsl_set_error_handler(NULL), handler_of_ours);
}

/* ---- Karp and Flatt ---- */

Test(scaling, karp_flatt_gives_back_amdahls_serial_share)
{
	double fraction;

	for (unsigned p = 2; p <= 1024; p *= 2) {
		cr_assert(karp_flatt(p, amdahl_speedup(0.07, p), &fraction));
		expect_near(fraction, 0.07, 1e-12, "e");
	}
	cr_assert(karp_flatt(8, 8, &fraction));
	expect_near(fraction, 0, 1e-15, "e at S = p");
	cr_assert(karp_flatt(8, 1, &fraction));
	expect_near(fraction, 1, 1e-15, "e at S = 1");
	cr_assert(karp_flatt(4, 5, &fraction));
	cr_expect_lt(fraction, 0);
}

Test(scaling, karp_flatt_is_undefined_for_one_thread)
{
	double fraction = 7;

	cr_expect_not(karp_flatt(1, 1, &fraction));
	cr_expect_not(karp_flatt(0, 1, &fraction));
	cr_expect_eq(fraction, 7);
}
