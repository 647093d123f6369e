#include "analysis/lesson.h"

static const char *const outcome_names[OUTCOMES] = {
	[OUTCOME_SHOWN] = "shown",
	[OUTCOME_NOT_SHOWN] = "not shown",
	[OUTCOME_CANNOT_TELL] = "cannot tell",
};

const char *outcome_name(enum outcome outcome)
{
	return outcome_names[outcome];
}

enum outcome claim_judge(const struct claim *claim)
{
	const struct estimate *value = &claim->value;

	if (!claim->known || !value->interval)
		return OUTCOME_CANNOT_TELL;
	if (value->low >= claim->least && value->high <= claim->most)
		return OUTCOME_SHOWN;
	if (value->high < claim->least || value->low > claim->most)
		return OUTCOME_NOT_SHOWN;
	return OUTCOME_CANNOT_TELL;
}

/* Whether any claim has the outcome; *first is the first such, or count. */
static bool any(const struct claim *claims, size_t count, enum outcome outcome, size_t *first)
{
	for (*first = 0; *first < count; ++*first)
		if (claim_judge(&claims[*first]) == outcome)
			return true;
	return false;
}

enum outcome lesson_judge(
	const struct claim *claims, size_t count, enum quorum quorum, size_t *deciding)
{
	static const enum outcome strongest_first[][OUTCOMES] = {
		[QUORUM_ALL] = { OUTCOME_NOT_SHOWN, OUTCOME_CANNOT_TELL, OUTCOME_SHOWN },
		[QUORUM_ANY] = { OUTCOME_SHOWN, OUTCOME_CANNOT_TELL, OUTCOME_NOT_SHOWN },
	};

	for (size_t o = 0; o < OUTCOMES; o++)
		if (any(claims, count, strongest_first[quorum][o], deciding))
			return strongest_first[quorum][o];
	return OUTCOME_CANNOT_TELL;
}
