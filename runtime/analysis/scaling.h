/*
 * scaling: what law a speedup curve follows.
 *
 *	Amdahl's law                    S(p) = 1 / (s + (1 - s) / p)
 *	Universal Scalability Law, USL  S(p) = p / (1 + sigma (p - 1) + kappa p (p - 1))
 *
 * s is the serial share of the sequential run's time. sigma is contention: what waits its turn.
 * kappa is the cost of coherence: what each member must hear from each other one. USL with
 * kappa = 0 is Amdahl's law with s = sigma: the laws are nested, and kappa is what there is to
 * choose about.
 *
 * How a fit is made: nonlinear least squares (Levenberg and Marquardt's, by GSL) on ln S, so that
 * equal relative errors weigh the same. Where every point comes with an error, a point weighs 1 /
 * error^2; only the ratios of the errors matter, since the scatter about the curve sets the scale.
 * The intervals are value -+ t * standard error, with Student's t of the residual degrees of
 * freedom.
 *
 * What the intervals do not account for: a law that does not hold; the error of the baseline, which
 * all speedups share, so that it moves the whole curve and leaves no scatter; and that errors are
 * themselves estimates. Weighed with errors from 10 launches a point, they cover about 93.5 %, not
 * 95 %; without errors, 95 %. Give errors where they differ much, say by more than a factor of 3.
 *
 * A point at p = 1 takes no part: both laws say S(1) = 1 whatever the parameters, so that it can
 * teach nothing about them, and a speedup that is 1 by definition would feign precision. A fit
 * takes parameters + 2 distinct thread counts above 1: 3 for Amdahl's law, 4 for USL. The points
 * should be of teams with a core to each member: neither law knows of shared cores.
 *
 * Signs: s, sigma and kappa are shares and costs, and physically >= 0. The fit does not hold them
 * there: an estimate slightly below 0 is what noise makes of a true 0, and moving it to 0 would
 * bias it and spoil its interval. It is reported as it is, and `negative` says so. If the whole
 * interval lies below 0, the speedup is superlinear (more caches, or a baseline that is too slow):
 * then the law does not describe this program.
 *
 * The choice is by AICc, Akaike's criterion for small samples,
 *
 *	n ln(RSS / n) + 2k + 2k (k + 1) / (n - k - 1)
 *
 * where k counts the parameters and the variance. It has no value unless n > k + 1, so that USL can
 * be chosen from 5 points on; with fewer, Amdahl's law stands, unchallenged. A lead below 2 means
 * that both laws describe the points about equally well (Burnham and Anderson).
 *
 * Sources: Amdahl, AFIPS 1967; Gunther, Guerrilla Capacity Planning, 2007, chapters 4 to 6; Karp
 * and Flatt, CACM 33(5), 1990; Hurvich and Tsai, Biometrika 76(2), 1989 (AICc); Burnham and
 * Anderson, Model Selection and Multimodel Inference, 2002, 2.6.
 */
#ifndef SCALING_H
#define SCALING_H

#include <stdbool.h>
#include <stddef.h>

#include "message.h"

struct scaling_point {
	unsigned threads; /* that ran */
	double speedup;
	double error; /* relative: standard error or half-width of an interval; 0: not known */
};

enum scaling_law { SCALING_AMDAHL, SCALING_USL, SCALING_LAWS };

enum { SCALING_PARAMETERS = 2 };

/* A value with its 95 % interval. */
struct parameter {
	double value, low, high;
};

/* One law's fit. Without `fitted`, only `why` has a meaning. */
struct scaling_fit {
	bool fitted;
	struct message why;                              /* why not: one sentence */
	size_t points;                                   /* that took part */
	struct parameter parameters[SCALING_PARAMETERS]; /* s; or sigma, kappa. The rest is 0. */
	bool negative;                                   /* an estimate is below 0: see above */
	double scatter; /* residual standard deviation, relative: 0.01 is 1 % */
	bool has_aicc;  /* there are enough points for it */
	double aicc;
	/*
	 * Amdahl's limit 1 / s, as p grows without end; or USL's p* = sqrt((1 - sigma) / kappa), the
	 * threads with the highest speedup (its interval is made on ln p*, by the delta method).
	 * There is one only where the interval of s, or of kappa, lies above 0, and sigma below 1:
	 * else the points do not show that the curve ends. The limit is then still above 1 / s.high.
	 * Where kappa is hardly above 0, those p* that are shown at all are too small. One beyond the
	 * largest thread count is an extrapolation, as any limit is.
	 */
	bool has_end;
	struct parameter end;
};

struct scaling {
	struct scaling_fit fits[SCALING_LAWS];
	enum scaling_law best; /* SCALING_LAWS if no law could be fitted */
	bool compared;         /* both have an AICc */
	double lead;           /* then: the other law's AICc less that of the best */
};

/*
 * Fits both laws and chooses. Points may come in any order and share thread counts. What cannot be
 * fitted (too few thread counts, no convergence, a point that is not a positive number) is no
 * error: the fit says why. Returns 0 or -ENOMEM.
 *
 * GSL's error handler, which aborts, is off during the call, and the one before is restored on
 * return. The handler is the process's: do not call while another thread uses GSL.
 */
int scaling_fit(struct scaling *into, const struct scaling_point *points, size_t count);

/* "Amdahl's law", "Universal Scalability Law". */
const char *scaling_law_name(enum scaling_law law);

/* The laws. `threads` need not be whole, for smooth curves. */
double amdahl_speedup(double serial, double threads);
double usl_speedup(double sigma, double kappa, double threads);

/* The speedup that a fit predicts. */
double scaling_predict(const struct scaling_fit *fit, double threads);

/*
 * Karp and Flatt's experimentally determined serial fraction, (1/S - 1/p) / (1 - 1/p): the s with
 * which Amdahl's law gives this one speedup. One that grows with p shows overhead that grows with
 * p; one below 0, a superlinear speedup. Undefined, and false, for one thread.
 */
bool karp_flatt(unsigned threads, double speedup, double *fraction);

#endif
