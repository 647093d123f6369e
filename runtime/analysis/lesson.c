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

enum outcome lesson_judge(const struct claim *claims, size_t count, size_t *deciding)
{
	enum outcome all = count ? OUTCOME_SHOWN : OUTCOME_CANNOT_TELL;

	*deciding = count;
	for (size_t c = 0; c < count; c++) {
		const enum outcome one = claim_judge(&claims[c]);
		if (one == OUTCOME_SHOWN || all == OUTCOME_NOT_SHOWN ||
			(one == OUTCOME_CANNOT_TELL && all == OUTCOME_CANNOT_TELL))
			continue;
		all = one;
		*deciding = c;
	}
	return all;
}
