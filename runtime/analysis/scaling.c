#include "analysis/scaling.h"

#include <errno.h>
#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>
#include <stdlib.h>

/* A relative scatter below this is rounding, and must not decide between laws. */
#define ROUNDING 1e-12

static const struct law {
	const char *name;
	size_t parameters;
} laws[SCALING_LAWS] = {
	[SCALING_AMDAHL] = { "Amdahl's law", 1 },
	[SCALING_USL] = { "Universal Scalability Law", 2 },
};

/* What the fit works on: the points above one thread. */
struct data {
	const struct scaling_point *points;
	size_t count, parameters;
};

const char *scaling_law_name(enum scaling_law law)
{
	return laws[law].name;
}

/*
 * Both laws say p / S = 1 + sum over k of parameter k * column k, with p - 1 the column of s and of
 * sigma, and p (p - 1) that of kappa. It can be <= 0 for parameters below 0.
 */
static double column(size_t k, double p)
{
	return k ? p * (p - 1) : p - 1;
}

double usl_speedup(double sigma, double kappa, double threads)
{
	return threads / (1 + sigma * column(0, threads) + kappa * column(1, threads));
}

double amdahl_speedup(double serial, double threads)
{
	return usl_speedup(serial, 0, threads);
}

double scaling_predict(const struct scaling_fit *fit, double threads)
{
	return usl_speedup(fit->parameters[0].value, fit->parameters[1].value, threads);
}

bool karp_flatt(unsigned threads, double speedup, double *fraction)
{
	if (threads < 2)
		return false;
	*fraction = (1 / speedup - 1.0 / threads) / (1 - 1.0 / threads);
	return true;
}

static double loss_factor(const struct data *data, const gsl_vector *x, double p)
{
	double sum = 1;

	for (size_t k = 0; k < data->parameters; k++)
		sum += gsl_vector_get(x, k) * column(k, p);
	return sum;
}

static int residuals(const gsl_vector *x, void *params, gsl_vector *f)
{
	const struct data *data = params;
	/* where a law has no speedup: far worse than anything, so that no step leads there */
	const double nowhere = 1e6;

	for (size_t i = 0; i < data->count; i++) {
		const double p = data->points[i].threads;
		const double factor = loss_factor(data, x, p);
		gsl_vector_set(f, i,
			factor > 0 ? log(factor) - log(p / data->points[i].speedup) : nowhere);
	}
	return GSL_SUCCESS;
}

static int jacobian(const gsl_vector *x, void *params, gsl_matrix *j)
{
	const struct data *data = params;

	for (size_t i = 0; i < data->count; i++) {
		const double p = data->points[i].threads;
		for (size_t k = 0; k < data->parameters; k++)
			gsl_matrix_set(j, i, k, column(k, p) / loss_factor(data, x, p));
	}
	return GSL_SUCCESS;
}

/* 1 / error^2, scaled to a mean of 1; all 1 unless every point has an error. */
static void fill_weights(gsl_vector *weights, const struct data *data)
{
	double sum = 0;

	gsl_vector_set_all(weights, 1);
	for (size_t i = 0; i < data->count; i++)
		if (!(data->points[i].error > 0))
			return;
	for (size_t i = 0; i < data->count; i++) {
		const double weight = pow(data->points[i].error, -2);
		gsl_vector_set(weights, i, weight);
		sum += weight;
	}
	gsl_vector_scale(weights, (double)data->count / sum);
}

/* value -+ t * error */
static struct parameter interval(double value, double error, size_t freedom)
{
	const double reach = gsl_cdf_tdist_Pinv(0.975, (double)freedom) * error;

	return (struct parameter) { value, value - reach, value + reach };
}

static void set_aicc(struct scaling_fit *fit, double rss, size_t parameters)
{
	const double n = (double)fit->points, k = (double)parameters + 1;

	fit->has_aicc = n > k + 1;
	if (fit->has_aicc)
		fit->aicc = n * log(fmax(rss / n, ROUNDING * ROUNDING)) + 2 * k +
			2 * k * (k + 1) / (n - k - 1);
}

static void set_limit(struct scaling_fit *fit)
{
	const struct parameter s = fit->parameters[0];

	fit->has_end = s.low > 0;
	if (fit->has_end)
		fit->end = (struct parameter) { 1 / s.value, 1 / s.high, 1 / s.low };
}

/* The gradient of ln p* is -1 / (2 (1 - sigma)), -1 / (2 kappa). */
static void set_peak(
	struct scaling_fit *fit, const gsl_matrix *covariance, double variance, size_t freedom)
{
	const double sigma = fit->parameters[0].value, kappa = fit->parameters[1].value;

	fit->has_end = fit->parameters[1].low > 0 && sigma < 1;
	if (!fit->has_end)
		return;
	const double a = -0.5 / (1 - sigma), b = -0.5 / kappa;
	const double spread = a * a * gsl_matrix_get(covariance, 0, 0) +
		b * b * gsl_matrix_get(covariance, 1, 1) +
		2 * a * b * gsl_matrix_get(covariance, 0, 1);
	const struct parameter log_peak =
		interval(0.5 * log((1 - sigma) / kappa), sqrt(variance * spread), freedom);
	fit->end =
		(struct parameter) { exp(log_peak.value), exp(log_peak.low), exp(log_peak.high) };
}

/* Reads the fit out of a workspace that has converged. */
static void take_fit(struct scaling_fit *fit, gsl_multifit_nlinear_workspace *work,
	gsl_matrix *covariance, const struct data *data)
{
	const gsl_vector *x = gsl_multifit_nlinear_position(work);
	const double norm = gsl_blas_dnrm2(gsl_multifit_nlinear_residual(work)), rss = norm * norm;
	const size_t freedom = data->count - data->parameters;
	const double variance = rss / (double)freedom;

	gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(work), 0, covariance);
	for (size_t k = 0; k < data->parameters; k++) {
		const double error = sqrt(variance * gsl_matrix_get(covariance, k, k));
		fit->parameters[k] = interval(gsl_vector_get(x, k), error, freedom);
		fit->negative |= fit->parameters[k].value < 0;
		fit->fitted &= isfinite(fit->parameters[k].low + fit->parameters[k].high);
	}
	fit->points = data->count;
	fit->scatter = sqrt(variance);
	set_aicc(fit, rss, data->parameters);
	if (data->parameters == 1)
		set_limit(fit);
	else
		set_peak(fit, covariance, variance, freedom);
}

static bool converges(gsl_multifit_nlinear_workspace *work)
{
	const double small = 1e-10;
	int info;

	/* a start that happens to be the minimum is "no progress" to the driver: look at the slope */
	return !gsl_multifit_nlinear_driver(200, small, small, 0, NULL, NULL, &info, work) ||
		!gsl_multifit_nlinear_test(0, small, 0, &info, work);
}

static int fit_law(struct scaling_fit *fit, const struct law *law, struct data *data)
{
	const gsl_multifit_nlinear_parameters options = gsl_multifit_nlinear_default_parameters();
	double start[SCALING_PARAMETERS] = { 0.01, 0.0001 };
	int error = -ENOMEM;

	data->parameters = law->parameters;
	gsl_multifit_nlinear_fdf model = { .f = residuals,
		.df = jacobian,
		.n = data->count,
		.p = law->parameters,
		.params = data };
	const gsl_vector_view x = gsl_vector_view_array(start, law->parameters);
	gsl_vector *weights = gsl_vector_alloc(data->count);
	gsl_matrix *covariance = gsl_matrix_alloc(law->parameters, law->parameters);
	gsl_multifit_nlinear_workspace *work = gsl_multifit_nlinear_alloc(
		gsl_multifit_nlinear_trust, &options, data->count, law->parameters);
	if (!weights || !covariance || !work)
		goto release;
	error = 0;
	fill_weights(weights, data);
	fit->fitted =
		!gsl_multifit_nlinear_winit(&x.vector, weights, &model, work) && converges(work);
	if (fit->fitted)
		take_fit(fit, work, covariance, data);
	if (!fit->fitted) {
		*fit = (struct scaling_fit) { 0 };
		fail(&fit->why, 0, "%s was not fitted: the fit did not converge", law->name);
	}
release:
	gsl_vector_free(weights);
	gsl_matrix_free(covariance);
	gsl_multifit_nlinear_free(work);
	return error;
}

static size_t distinct_threads(const struct data *data)
{
	size_t distinct = 0;

	for (size_t i = 0; i < data->count; i++) {
		size_t j = 0;
		while (data->points[j].threads != data->points[i].threads)
			j++;
		distinct += j == i;
	}
	return distinct;
}

/* The first point that is no measurement, or NULL. */
static const struct scaling_point *bad_point(const struct scaling_point *points, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!points[i].threads || !isfinite(points[i].speedup) ||
			!(points[i].speedup > 0) || !isfinite(points[i].error) ||
			points[i].error < 0)
			return &points[i];
	return NULL;
}

static int fit_or_refuse(struct scaling_fit *fit, const struct law *law, struct data *data,
	const struct scaling_point *bad)
{
	const size_t distinct = distinct_threads(data), needed = law->parameters + 2;

	if (bad)
		return fail(&fit->why, 0,
			"%s was not fitted: a speedup of %g with error %g on %u threads is no "
			"measurement",
			law->name, bad->speedup, bad->error, bad->threads);
	if (distinct < needed)
		return fail(&fit->why, 0,
			"%s was not fitted: it takes %zu thread counts above 1, and there %s %zu",
			law->name, needed, distinct == 1 ? "is" : "are", distinct);
	return fit_law(fit, law, data);
}

static void choose(struct scaling *scaling)
{
	const struct scaling_fit *amdahl = &scaling->fits[SCALING_AMDAHL];
	const struct scaling_fit *usl = &scaling->fits[SCALING_USL];

	scaling->compared = amdahl->has_aicc && usl->has_aicc;
	if (amdahl->fitted)
		scaling->best = SCALING_AMDAHL;
	else if (usl->fitted)
		scaling->best = SCALING_USL;
	if (!scaling->compared)
		return;
	if (usl->aicc < amdahl->aicc)
		scaling->best = SCALING_USL;
	scaling->lead = fabs(usl->aicc - amdahl->aicc);
}

int scaling_fit(struct scaling *into, const struct scaling_point *points, size_t count)
{
	struct scaling_point *above_one = malloc((count + 1) * sizeof(*above_one));
	const struct scaling_point *bad = bad_point(points, count);
	struct data data = { .points = above_one };
	int error = 0;

	*into = (struct scaling) { .best = SCALING_LAWS };
	if (!above_one)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (points[i].threads > 1)
			above_one[data.count++] = points[i];
	gsl_error_handler_t *before = gsl_set_error_handler_off();
	for (size_t l = 0; l < SCALING_LAWS && !error; l++)
		error = fit_or_refuse(&into->fits[l], &laws[l], &data, bad);
	gsl_set_error_handler(before);
	free(above_one);
	choose(into);
	return error;
}
