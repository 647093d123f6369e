#include <math.h>
#include <stdlib.h>

#include "grain.h"
#include "lessons/lesson.h"
#include "json.h"
#include "tables.h"

static json_t *experiment_to_json(const struct experiment *e)
{
	return json_pack("{ss so}", "command", e->command, e->is_ladder ? "curves" : "cases",
		e->is_ladder ? grain_curves_to_json(&e->ladder)
			     : tables_cases_to_json(&e->all, e->options.precision));
}

static json_t *claim_to_json(const struct study *study, size_t at)
{
	const struct claim *claim = &study->claims[at];

	return json_pack("{ss so sf so ss}", "what", study->stated[at]->what, "value",
		estimate_to_json(claim->known, &claim->value), "least", claim->least, "most",
		number_or_null(!isinf(claim->most), claim->most), "outcome",
		outcome_name(claim_judge(claim)));
}

static json_t *python_to_json(const struct python *python)
{
	if (!python->known)
		return json_null();
	return json_pack("{ss so si si si so so so}", "name", python->name, "global_lock",
		python->lock == LOCK_UNKNOWN ? json_null()
					     : json_boolean(python->lock == LOCK_GLOBAL),
		"squares", PYTHON_SQUARES, "threads", (int)python->threads, "launches",
		(int)python->launches, "sequential_seconds",
		estimate_to_json(true, &python->sequential_s), "threads_seconds",
		estimate_to_json(true, &python->threads_s), "speedup",
		estimate_to_json(true, &python->speedup));
}

static json_t *picture_to_json(const char *picture)
{
	if (!picture)
		return json_null();
	return json_pack("{s:s+, s:s+, s:s+}", "svg", picture, ".svg", "png", picture, ".png",
		"csv", picture, ".csv");
}

json_t *study_to_json(const struct study *study)
{
	json_t *experiments = json_array(), *claims = json_array();
	char *sentence = study_sentence(study);

	for (size_t e = 0; e < study->experiment_count; e++)
		json_array_append_new(experiments, experiment_to_json(&study->experiments[e]));
	for (size_t c = 0; c < study->claim_count; c++)
		json_array_append_new(claims, claim_to_json(study, c));
	json_t *json = json_pack("{si ss ss ss so so so so}", "number", (int)study->number,
		"belief", study->lesson->belief, "outcome", outcome_name(study->outcome),
		"sentence", sentence, "claims", claims, "experiments", experiments, "python",
		python_to_json(&study->python), "picture", picture_to_json(study->picture));
	free(sentence);
	return json;
}
