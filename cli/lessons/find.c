#include "lessons/find.h"

#include <errno.h>

#include "analysis/choice.h"
#include "analysis/scaling.h"

static const struct case_spec *case_of(
	const struct study *study, const struct experiment *e, const struct who *who)
{
	const unsigned threads = who->variant == SEQUENTIAL ? 1
		: who->threads                              ? who->threads
			       : experiment_threads(study->topology, who->team);

	return experiment_case(e, who->variant, threads);
}

int find_ratio(const struct study *study, const struct statement *s, struct estimate *into)
{
	const struct experiment *e = &study->experiments[s->experiment];
	const struct case_spec *of = case_of(study, e, &s->of), *over = case_of(study, e, &s->over);

	if (!of || !over)
		return 0;
	return summary_ratio(over, of, e->run.launches, e->run.count, into);
}

static void divide(struct estimate *e, double by)
{
	e->median /= by;
	e->min /= by;
	e->low /= by;
	e->high /= by;
}

int find_share_of_law(const struct study *study, const struct statement *s, struct estimate *into)
{
	const int known = find_ratio(study, s, into);

	if (known > 0)
		divide(into,
			amdahl_speedup(s->serial, experiment_threads(study->topology, s->of.team)));
	return known;
}

int find_first_of_curve(const struct study *study, const struct statement *s, struct estimate *into)
{
	const struct ladder *ladder = &study->experiments[s->experiment].ladder;

	for (const struct curve *c = ladder->curves; c < ladder->curves + ladder->count; c++) {
		const struct reading *first = curve_first(c);
		if (c->variant != s->of.variant || !first)
			continue;
		*into = first->ratio;
		return 1;
	}
	return 0;
}

int find_python(const struct study *study, const struct statement *s, struct estimate *into)
{
	const struct python *python = &study->python;

	(void)s;
	if (!python->known || python->lock != LOCK_GLOBAL)
		return -ENODATA;
	*into = python->speedup;
	return 1;
}

static int static_to_fastest(const struct trials *trials, struct estimate *into)
{
	const size_t plain = trials_static(trials);
	struct choice choice;
	int known = choice_make(&choice, trials);

	if (known)
		return known;
	if (plain < trials->count && choice.fastest < trials->count) {
		known = choice.rows[plain].to_fastest.known;
		*into = choice.rows[plain].to_fastest.ratio;
	}
	choice_release(&choice);
	return known;
}

int find_static_to_fastest(
	const struct study *study, const struct statement *s, struct estimate *into)
{
	const struct experiment *e = &study->experiments[s->experiment];
	const struct case_spec *like = case_of(study, e, &s->of);
	struct trials trials;

	if (!like)
		return 0;
	int known = trials_make(
		&trials, like, e->plan.cases, e->plan.count, e->run.launches, e->run.count);
	if (known)
		return known;
	known = static_to_fastest(&trials, into);
	trials_release(&trials);
	return known;
}
