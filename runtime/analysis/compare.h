/*
 * compare: is B slower than A? One case measured in two runs, then a word for each of many cases.
 *
 * What is compared are launch medians, one number a launch: samples of one launch resemble one
 * another more than those of two launches do, and would feign a precision that is not there.
 *
 * Four things are said about a case, none of which assumes a distribution:
 *
 *	ratio     B / A: the median of all pairwise ratios B_j / A_i, Hodges and Lehmann's estimate on
 *	          logarithms. Where B is distributed as c * A, it estimates c, and so the ratio of
 *	          medians; otherwise it is what it says, the median ratio of two launches. Swapping A
 *	          and B gives exactly 1 / ratio.
 *	interval  95 %, from order statistics of the same pairwise ratios, at the ranks which Mann
 *	          and Whitney's distribution gives. It is the set of factors c for which the test does
 *	          not reject "B is c * A", so that it excludes 1 just when p <= 0.05 (without ties).
 *	p         Mann and Whitney's U test, two-sided. For up to COMPARE_EXACT launches each from the
 *	          exact distribution, which counts the ways of dealing these ranks to A and B, shared
 *	          ranks (ties) included; beyond, a normal approximation corrected for ties and for
 *	          continuity, which is close around 0.05 and too large, so safe, far below.
 *	effect    Vargha and Delaney's A: the share of pairs (i, j) in which B_j is slower than A_i, a
 *	          tie counting half. 0.5: neither; 1: every launch of B is slower. (Cliff's delta is
 *	          2 A - 1.) It says how far the launches overlap; the ratio says how much it matters.
 *
 * Among many cases some p fall below 0.05 by chance alone, one in twenty. Holm's correction holds
 * the probability that any case of the same program is called faster or slower to 5 % for the whole
 * comparison, however the cases depend on one another.
 *
 *	slower, faster   p after Holm's correction is below 0.05, and the whole interval lies beyond
 *	                 the margin: above 1 + margin, or below 1 / (1 + margin)
 *	same             the whole interval lies within the margin: not merely "no difference seen",
 *	                 but "none larger than that"
 *	cannot tell      else; `why` says what it would take
 *
 * The margin is there because no machine is the same twice. Between two sweeps of one build, half a
 * minute apart on a virtual machine, 20 launches a case were enough to find "significant" changes of
 * around 1 % in a third of the cases: true of the machine, and no news of the program. With many
 * launches any difference becomes significant; what matters is whether it is larger than those.
 * Same is stated of each case with 95 % of its own, uncorrected: among many cases whose true ratio
 * lies right at the margin, one in forty is called same.
 *
 * What this costs: m + n launches have C(m + n, m) arrangements, so that p is never below
 * 2 / C(m + n, m): 0.0022 for 6 and 6, which after the correction for 24 cases or more can never
 * fall below 0.05. compare_launches() says how many launches a number of cases takes: 8 for 144.
 * Fewer than 4 and 4 (3 and 5, 2 and 8) have no interval at all, and their cases are not counted
 * as tested.
 *
 * What this cannot see: U takes the launches of each run as drawn at random from what the machine
 * does. If it did something else throughout one of the runs (clocked lower, placed memory
 * otherwise, had a busy neighbour) by more than the margin, that is called slower just as a slower
 * program is. Only runs whose launches are interleaved in time are free of this. A drift that both
 * runs share only widens the intervals.
 *
 * Sources: Mann and Whitney, Annals of Mathematical Statistics 18(1), 1947; Hodges and Lehmann,
 * ibid. 34(2), 1963; Holm, Scandinavian Journal of Statistics 6(2), 1979; Vargha and Delaney,
 * Journal of Educational and Behavioral Statistics 25(2), 2000; for the exact distribution with
 * ties, Streitberg and Roehmel, Statistical Software Newsletter 12(1), 1986.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "message.h"

enum { COMPARE_EXACT = 30 }; /* counts of ways fit 64 bits up to here: C(60, 30) < 2^57 */

enum verdict {
	VERDICT_CANNOT_TELL,
	VERDICT_FASTER, /* B is */
	VERDICT_SLOWER,
	VERDICT_SAME,
	VERDICTS
};

/* One case, in two runs. All of it but the last three is set by comparison_make. */
struct comparison {
	size_t count_a, count_b; /* launches */
	double ratio;            /* B / A; 0 if either has no launch */
	double low, high;        /* meaningful only if there is an interval */
	bool interval;           /* false: too few launches; then there is no test either */
	double u;                /* pairs in which B is slower; a tie counts half */
	double p;                /* two-sided; 1 if either has no launch */
	bool exact;              /* p is from the exact distribution */
	double effect;           /* Vargha and Delaney's A = u / (count_a * count_b) */

	double p_holm;
	enum verdict verdict;
	struct message why; /* of cannot tell: one sentence; else "" */
};

/*
 * Compares the launch medians of one case, in seconds, all positive. Leaves the verdict open: that
 * depends on the other cases. Returns 0, -ENOMEM, or -EINVAL for a value that is not positive and
 * finite.
 */
int comparison_make(
	struct comparison *into, const double *a, size_t count_a, const double *b, size_t count_b);

/*
 * Corrects for one another and gives the words to all cases of one comparison. `margin` is relative
 * and >= 0: 0.01 calls same what lies within 1 %, and different what lies beyond it. Returns 0 or -ENOMEM.
 */
int comparisons_judge(struct comparison *all, size_t count, double margin);

/*
 * "Slower by more than `by`, with significance": it is called slower, and its ratio is above
 * 1 + by. Significance is that of slower; the excess over `by` is the estimate's. The stricter
 * reading, that the excess itself is beyond doubt, is low > 1 + by; a gate that used it would
 * let most slowdowns just above its limit pass.
 */
bool comparison_exceeds(const struct comparison *c, double by);

/* The words of the table above: "slower", "cannot tell". */
const char *verdict_name(enum verdict verdict);

/* The fewest launches of each run with which one case among `cases` can be called different. */
size_t compare_launches(size_t cases);

/* Holm's correction: adjusted[i] is what to hold against 0.05. Returns 0 or -ENOMEM. */
int holm(const double *p, size_t count, double *adjusted);

#endif
