#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "execution.h"
#include "plan.h"
#include "recipe.h"
#include "store/case.h"

json_t *plan_map(const struct plan *plan)
{
	const unsigned count = plan->topology.hardware_threads;
	json_t *map = json_array();
	size_t bound = 0;
	int *cpus;

	if (topology_bind(&plan->topology, plan->bind, count, &cpus, NULL)) {
		json_decref(map);
		return NULL;
	}
	for (; cpus && bound < count; bound++)
		json_array_append_new(map, json_integer(cpus[bound]));
	free(cpus);
	if (map && json_array_size(map) == bound)
		return map;
	json_decref(map); /* memory ran out */
	return NULL;
}

json_t *plan_to_json(const struct plan *plan)
{
	json_t *cases = json_array();

	for (size_t i = 0; i < plan->count; i++)
		json_array_append_new(cases, case_to_json(&plan->cases[i]));
	if (json_array_size(cases) != plan->count) { /* memory ran out */
		json_decref(cases);
		return NULL;
	}
	json_t *json = json_pack("{si si sf sI sb sI si sI sI sf so so ss* ss* ss ss* so so}",
		"launches_least", (int)plan->launches_least, "launches_most",
		(int)plan->launches_most, "precision", plan->precision, "budget_ns",
		(json_int_t)plan->budget_ns, "budget_is_hard", plan->budget_is_hard, "limit_ns",
		(json_int_t)plan->limit_ns, "samples", (int)plan->samples, "sample_budget_ns",
		(json_int_t)plan->sample_budget_ns, "seed", (json_int_t)plan->seed, "gamma",
		plan->gamma, "recipe", recipe_to_json(&plan->recipe), "execution",
		execution_to_json(&plan->execution), "image", plan->image, "turns",
		plan->turns_file, "bind", bind_name(plan->bind), "wait", wait_name(plan->wait),
		"map", plan_map(plan), "cases", cases);
	/* an optional text is left out where memory ran out, too */
	if ((!plan->image || json_object_get(json, "image")) &&
		(!plan->turns_file || json_object_get(json, "turns")))
		return json;
	json_decref(json);
	return NULL;
}

static int cases_from_json(struct plan *plan, const json_t *array, struct message *why)
{
	const json_t *one;
	size_t index;

	if (!json_array_size(array))
		return fail(why, -EINVAL, "the plan has no cases");
	plan->cases = calloc(json_array_size(array), sizeof(*plan->cases));
	if (!plan->cases)
		return fail(why, -ENOMEM, "no memory for the plan");
	plan->count = json_array_size(array);
	json_array_foreach (array, index, one) {
		struct message inner;
		const int error = case_from_json(one, &plan->cases[index], &inner);
		if (error)
			return fail(why, error, "case %zu of the plan: %s", index, inner.text);
	}
	return 0;
}

int plan_from_json(struct plan *plan, const json_t *json, struct message *why)
{
	json_int_t budget, limit, sample_budget, seed;
	int least, most, hard, samples, error = 0;
	const char *image = NULL, *turns = NULL, *bind, *wait = NULL;
	const json_t *recipe = NULL, *execution = NULL, *cases;
	json_error_t at;

	*plan = (struct plan) { 0 };
	errno = 0;
	if (json_unpack_ex((json_t *)json, &at, 0,
		    "{si si sF sI sb sI si sI sI sF s?o s?o s?s s?s ss s?s so}", "launches_least",
		    &least, "launches_most", &most, "precision", &plan->precision, "budget_ns",
		    &budget, "budget_is_hard", &hard, "limit_ns", &limit, "samples", &samples,
		    "sample_budget_ns", &sample_budget, "seed", &seed, "gamma", &plan->gamma,
		    "recipe", &recipe, "execution", &execution, "image", &image, "turns", &turns,
		    "bind", &bind, "wait", &wait, "cases", &cases))
		return fail(why, errno == ENOMEM ? -ENOMEM : -EINVAL, "no plan: %s", at.text);
	plan->launches_least = (unsigned)least;
	plan->launches_most = (unsigned)most;
	plan->budget_ns = (uint64_t)budget;
	plan->budget_is_hard = hard;
	plan->limit_ns = (uint64_t)limit;
	plan->samples = (unsigned)samples;
	plan->sample_budget_ns = (uint64_t)sample_budget;
	plan->seed = (uint64_t)seed;
	plan->execution = execution_from_json(execution);
	error = bind_parse(bind, &plan->bind, why);
	if (!error && wait && wait_parse(wait, &plan->wait))
		error = fail(why, -EINVAL, "'wait': there is no %s", wait);
	if (!error)
		error = cases_from_json(plan, cases, why);
	if (!error)
		error = recipe_from_json(&plan->recipe, recipe, why);
	plan->image = image ? strdup(image) : NULL;
	plan->turns_file = turns ? strdup(turns) : NULL;
	if (!error && ((image && !plan->image) || (turns && !plan->turns_file)))
		error = fail(why, -ENOMEM, "no memory for a path");
	if (error)
		plan_release(plan);
	return error;
}

int plan_of_run(struct plan *plan, const struct run *run, struct message *why)
{
	struct message inner;
	int error = plan_from_json(plan, json_object_get(run->about, "plan"), &inner);

	if (error)
		return fail(why, error, "%s/run.json: %s", run->path, inner.text);
	for (size_t l = 0; l < run->count; l++) {
		if (plan_has(plan, &run->launches[l].spec))
			continue;
		plan_release(plan);
		return fail(why, -EINVAL, "%s/launches.jsonl:%zu: its case is not in the plan",
			run->path, l + 1);
	}
	return 0;
}
