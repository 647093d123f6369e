/*
 * lesson: what the word for a claim is, by where its interval lies; that for several claims together; and
 * how often it is wrong, by simulation.
 */
#include <criterion/criterion.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>

#include "analysis/lesson.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static struct claim claim_of(double low, double high, double least, double most)
{
	return (struct claim) {
		.known = true,
		.value = { .median = (low + high) / 2, .low = low, .high = high, .interval = true },
		.least = least,
		.most = most,
	};
}

static void expect_outcome(double low, double high, enum outcome outcome)
{
	const struct claim claim = claim_of(low, high, 0.9, 1.1);

	cr_expect_eq(claim_judge(&claim), outcome, "%g to %g: %s", low, high,
		outcome_name(claim_judge(&claim)));
}

/* ---- one claim ---- */

Test(lesson, claim_is_shown_by_an_interval_within_its_bounds)
{
	expect_outcome(0.95, 1.05, OUTCOME_SHOWN);
}

Test(lesson, bounds_themselves_are_within)
{
	expect_outcome(0.9, 1.1, OUTCOME_SHOWN);
}

Test(lesson, claim_is_not_shown_by_an_interval_above_its_bounds)
{
	expect_outcome(1.2, 1.3, OUTCOME_NOT_SHOWN);
}

Test(lesson, claim_is_not_shown_by_an_interval_below_its_bounds)
{
	expect_outcome(0.5, 0.8, OUTCOME_NOT_SHOWN);
}

Test(lesson, claim_cannot_be_told_by_an_interval_across_the_upper_bound)
{
	expect_outcome(1.05, 1.15, OUTCOME_CANNOT_TELL);
}

Test(lesson, claim_cannot_be_told_by_an_interval_across_the_lower_bound)
{
	expect_outcome(0.85, 0.95, OUTCOME_CANNOT_TELL);
}

Test(lesson, claim_cannot_be_told_by_an_interval_across_both_bounds)
{
	expect_outcome(0.5, 1.5, OUTCOME_CANNOT_TELL);
}

Test(lesson, an_end_of_the_interval_at_the_bound_is_not_beyond_it)
{
	expect_outcome(1.1, 1.3, OUTCOME_CANNOT_TELL);
}

/* A median within the bounds says nothing without an interval. */
Test(lesson, claim_without_an_interval_cannot_be_told)
{
	struct claim claim = claim_of(0.99, 1.01, 0.9, 1.1);

	claim.value.interval = false;
	cr_expect_eq(claim_judge(&claim), OUTCOME_CANNOT_TELL);
}

Test(lesson, claim_of_what_is_not_known_cannot_be_told)
{
	struct claim claim = claim_of(0.99, 1.01, 0.9, 1.1);

	claim.known = false;
	cr_expect_eq(claim_judge(&claim), OUTCOME_CANNOT_TELL);
}

Test(lesson, a_bound_may_be_infinite)
{
	const struct claim claim = claim_of(1e6, 1e9, 1.25, INFINITY);

	cr_expect_eq(claim_judge(&claim), OUTCOME_SHOWN);
}

/* ---- a lesson ---- */

/* Claims of each outcome. */
static struct claim yes, no, maybe;

static void make_claims(void)
{
	yes = claim_of(0.95, 1.05, 0.9, 1.1);
	no = claim_of(1.2, 1.3, 0.9, 1.1);
	maybe = claim_of(1.05, 1.15, 0.9, 1.1);
}

static void expect_lesson(const struct claim *claims, size_t count, enum quorum quorum,
	enum outcome outcome, size_t deciding)
{
	size_t which;
	const enum outcome said = lesson_judge(claims, count, quorum, &which);

	cr_expect_eq(said, outcome, "%s", outcome_name(said));
	cr_expect_eq(which, deciding, "%zu instead of %zu", which, deciding);
}

#define LESSON(quorum, outcome, deciding, ...)                                                     \
	expect_lesson((const struct claim[]) { __VA_ARGS__ },                                      \
		LENGTH(((const struct claim[]) { __VA_ARGS__ })), quorum, outcome, deciding)

Test(lesson, of_claims_that_are_all_shown_is_shown, .init = make_claims)
{
	LESSON(QUORUM_ALL, OUTCOME_SHOWN, 0, yes, yes, yes);
}

Test(lesson, with_a_claim_that_cannot_be_told_cannot_be_told, .init = make_claims)
{
	LESSON(QUORUM_ALL, OUTCOME_CANNOT_TELL, 1, yes, maybe, yes);
}

Test(lesson, with_a_claim_that_is_not_shown_is_not_shown, .init = make_claims)
{
	LESSON(QUORUM_ALL, OUTCOME_NOT_SHOWN, 2, yes, yes, no);
}

Test(lesson, what_is_not_shown_outweighs_what_cannot_be_told, .init = make_claims)
{
	LESSON(QUORUM_ALL, OUTCOME_NOT_SHOWN, 1, maybe, no, maybe);
}

Test(lesson, the_first_of_several_decides, .init = make_claims)
{
	LESSON(QUORUM_ALL, OUTCOME_NOT_SHOWN, 0, no, no);
	LESSON(QUORUM_ALL, OUTCOME_CANNOT_TELL, 1, yes, maybe, maybe);
}

Test(lesson, one_counter_example_is_enough_where_any_will_do, .init = make_claims)
{
	LESSON(QUORUM_ANY, OUTCOME_SHOWN, 2, no, maybe, yes);
}

Test(lesson, without_a_counter_example_one_may_yet_be_untold, .init = make_claims)
{
	LESSON(QUORUM_ANY, OUTCOME_CANNOT_TELL, 1, no, maybe);
}

Test(lesson, of_which_no_counter_example_is_shown_is_not_shown, .init = make_claims)
{
	LESSON(QUORUM_ANY, OUTCOME_NOT_SHOWN, 0, no, no);
}

Test(lesson, without_claims_cannot_be_told)
{
	expect_lesson(NULL, 0, QUORUM_ALL, OUTCOME_CANNOT_TELL, 0);
	expect_lesson(NULL, 0, QUORUM_ANY, OUTCOME_CANNOT_TELL, 0);
}

Test(lesson, outcomes_have_names)
{
	cr_expect_str_eq(outcome_name(OUTCOME_SHOWN), "shown");
	cr_expect_str_eq(outcome_name(OUTCOME_NOT_SHOWN), "not shown");
	cr_expect_str_eq(outcome_name(OUTCOME_CANNOT_TELL), "cannot tell");
}

/* ---- how often it is wrong ---- */

enum { LESSONS = 4000, CLAIMS = 4, LAUNCHES = 9 };

/* A quantity whose true median is `truth`, from so many launches that scatter unevenly. */
static struct claim simulated(gsl_rng *rng, double truth, double most)
{
	double values[LAUNCHES];
	struct claim claim = { .known = true, .most = most };

	for (size_t l = 0; l < LAUNCHES; l++)
		values[l] = truth * exp(gsl_ran_cauchy(rng, 0.01));
	claim.value = stats_estimate(values, LAUNCHES);
	return claim;
}

/* In how many lessons of which the first claim has that truth, all others being true beyond doubt. */
static unsigned count_outcomes(double truth, enum outcome outcome)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned count = 0;

	for (unsigned i = 0; i < LESSONS; i++) {
		struct claim claims[CLAIMS];
		size_t deciding;
		for (size_t c = 0; c < CLAIMS; c++)
			claims[c] = simulated(rng, c ? 0.01 : truth, 1.1);
		count += lesson_judge(claims, CLAIMS, QUORUM_ALL, &deciding) == outcome;
	}
	gsl_rng_free(rng);
	return count;
}

/* 2.5 % and three standard deviations of a simulation of so many. */
static const unsigned error_most = LESSONS * (0.025 + 3 * 0.0025);

/* Just beyond the bound, where it is hardest to tell. */
Test(lesson, of_which_a_claim_is_false_is_hardly_ever_shown)
{
	const unsigned wrong = count_outcomes(1.1 * 1.000001, OUTCOME_SHOWN);

	cr_expect_leq(wrong, error_most, "%u of %d", wrong, LESSONS);
	cr_expect_gt(wrong, 0, "the simulation tests nothing");
}

Test(lesson, of_which_all_claims_are_true_is_hardly_ever_not_shown)
{
	const unsigned wrong = count_outcomes(1.1 / 1.000001, OUTCOME_NOT_SHOWN);

	cr_expect_leq(wrong, error_most, "%u of %d", wrong, LESSONS);
	cr_expect_gt(wrong, 0, "the simulation tests nothing");
}
