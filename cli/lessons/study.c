#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lessons/lesson.h"

enum { PYTHON_LAUNCHES = 14 };

static const double python_share = 0.25; /* of a lesson's time, at most */

static int measure_python(
	struct study *study, const struct options *o, double *budget_s, struct message *why)
{
	const double share_s = python_share * *budget_s;
	const unsigned launches = o->launches ? o->launches : PYTHON_LAUNCHES;

	if (!study->lesson->python)
		return 0;
	*budget_s -= share_s;
	return python_measure(&study->python, experiment_threads(study->topology, TEAM_PAIR),
		launches, share_s, why);
}

/* What this machine cannot do is why nothing is known of it. */
static int measure(
	struct study *study, const struct options *o, double budget_s, struct message *why)
{
	size_t count = 0;
	int error = 0;

	while (study->lesson->experiments[count])
		count++;
	for (size_t e = 0; e < count && !error; e++) {
		struct experiment *experiment = &study->experiments[study->experiment_count++];
		error = experiment_begin(experiment, study->lesson->experiments[e], study->topology,
			o, budget_s / (double)count, why);
		if (!error)
			error = experiment_measure(experiment, why);
	}
	if (error != -EINVAL)
		return error;
	study->why = *why;
	return 0;
}

/* What is claimed of a quantity, and the quantity; -ENODATA: it is not claimed here. */
static int state(const struct study *study, const struct statement *statement, struct claim *claim)
{
	*claim = (struct claim) { .least = statement->least, .most = statement->most };
	const int known = *study->why.text ? 0 : statement->find(study, statement, &claim->value);

	claim->known = known > 0;
	return known < 0 ? known : 0;
}

static int judge(struct study *study, struct message *why)
{
	int error = 0;

	for (const struct statement *s = study->lesson->statements; s->what && !error; s++) {
		error = state(study, s, &study->claims[study->claim_count]);
		if (!error)
			study->stated[study->claim_count++] = s;
		error = error == -ENODATA ? 0 : error;
	}
	study->outcome = lesson_judge(
		study->claims, study->claim_count, study->lesson->quorum, &study->deciding);
	return error ? fail(why, error, "no memory for a verdict") : 0;
}

int study_make(struct study *study, const struct options *o, double budget_s, struct message *why)
{
	int error = measure_python(study, o, &budget_s, why);

	if (!error)
		error = measure(study, o, budget_s, why);
	return error ? error : judge(study, why);
}

void study_release(struct study *study)
{
	for (size_t e = 0; e < study->experiment_count; e++)
		experiment_release(&study->experiments[e]);
	free(study->picture);
}
