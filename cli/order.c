#include "order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "execution.h"
#include "recipe.h"
#include "store/case.h"

/* json_pack leaves an optional text out where memory ran out, too. */
static bool has_text(const json_t *json, const char *name, const char *text)
{
	return !text || json_object_get(json, name);
}

/* null if there are none; NULL if memory ran out. */
static json_t *tasks_to_json(const struct launch_order *order)
{
	const uint64_t count = order->tasks ? order->spec.size.n : 0;
	json_t *json = count ? json_array() : json_null();

	for (uint64_t i = 0; i < count; i++)
		json_array_append_new(json,
			json_pack("{ss so}", "kernel", order->tasks[i].kernel, "size",
				size_to_json(order->tasks[i].size)));
	if (json_array_size(json) == count)
		return json;
	json_decref(json);
	return NULL;
}

char *order_to_text(const struct launch_order *order)
{
	json_t *cpus = order->cpus ? json_array() : json_null();

	for (unsigned m = 0; order->cpus && m < order->spec.threads; m++)
		json_array_append_new(cpus, json_integer(order->cpus[m]));
	if (order->cpus && json_array_size(cpus) != order->spec.threads) { /* memory ran out */
		json_decref(cpus);
		return NULL;
	}
	json_t *json = json_pack("{so so so si si sI si si si sb sb sf so ss* ss* ss* so si}",
		"case", case_to_json(&order->spec), "tasks", tasks_to_json(order), "execution",
		execution_to_json(&order->execution), "round", (int)order->round, "samples",
		(int)order->samples, "budget_ns", (json_int_t)order->budget_ns, "traces",
		(int)order->traces, "cold", (int)order->cold, "keep_units", (int)order->keep_units,
		"parts", order->parts, "memory", order->memory, "gamma", order->gamma, "recipe",
		recipe_to_json(&order->recipe), "image", order->image, "output", order->output,
		"output_name", order->output_name, "cpus", cpus, "conductor", (int)getpid());
	const bool whole = json && has_text(json, "image", order->image) &&
		has_text(json, "output", order->output) &&
		has_text(json, "output_name", order->output_name);
	char *text = whole ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	return text;
}

static int cpus_from_json(const json_t *from, unsigned threads, int **into)
{
	if (json_is_null(from))
		return 0;
	if (json_array_size(from) != threads)
		return -EINVAL;
	*into = calloc(threads, sizeof(**into));
	if (!*into)
		return -ENOMEM;
	for (unsigned m = 0; m < threads; m++)
		(*into)[m] = (int)json_integer_value(json_array_get(from, m));
	return 0;
}

static int tasks_from_json(const json_t *from, uint64_t count, struct task_spec **into)
{
	const json_t *one;
	size_t index;

	if (json_is_null(from))
		return 0;
	if (json_array_size(from) != count)
		return -EINVAL;
	*into = calloc(count, sizeof(**into));
	if (!*into)
		return -ENOMEM;
	json_array_foreach (from, index, one) {
		struct task_spec *task = &(*into)[index];
		const char *kernel = json_string_value(json_object_get(one, "kernel"));
		if (!kernel || strlen(kernel) >= sizeof(task->kernel) ||
			size_from_json(json_object_get(one, "size"), &task->size))
			return -EINVAL;
		strcpy(task->kernel, kernel);
	}
	return 0;
}

/* What of an order is no number and no text. */
struct inside {
	const json_t *spec, *tasks, *execution, *recipe, *cpus;
};

static int unpack(
	const json_t *json, struct launch_order *into, struct inside *inside, struct message *why)
{
	json_int_t budget;
	int round, samples, traces, cold, keep_units, parts, memory;
	json_error_t at;

	*into = (struct launch_order) { 0 };
	if (json_unpack_ex((json_t *)json, &at, 0,
		    "{so so so si si sI si si si sb sb sF so s?s s?s s?s so}", "case",
		    &inside->spec, "tasks", &inside->tasks, "execution", &inside->execution,
		    "round", &round, "samples", &samples, "budget_ns", &budget, "traces", &traces,
		    "cold", &cold, "keep_units", &keep_units, "parts", &parts, "memory", &memory,
		    "gamma", &into->gamma, "recipe", &inside->recipe, "image", &into->image,
		    "output", &into->output, "output_name", &into->output_name, "cpus",
		    &inside->cpus))
		return fail(why, -EINVAL, "not an order for a launch: %s", at.text);
	into->round = (unsigned)round;
	into->samples = (unsigned)samples;
	into->budget_ns = (uint64_t)budget;
	into->traces = (unsigned)traces;
	into->cold = (unsigned)cold;
	into->keep_units = (unsigned)keep_units;
	into->parts = parts;
	into->memory = memory;
	into->execution = execution_from_json(inside->execution);
	return case_from_json(inside->spec, &into->spec, why);
}

int order_from_json(const json_t *json, struct launch_order *into, int **cpus,
	struct task_spec **tasks, struct message *why)
{
	struct inside inside;
	int error = unpack(json, into, &inside, why);

	*cpus = NULL;
	*tasks = NULL;
	if (error)
		return error;
	error = cpus_from_json(inside.cpus, into->spec.threads, cpus);
	into->cpus = *cpus;
	if (error)
		return fail(why, error, "not an order for a launch: 'cpus' is wrong");
	error = recipe_from_json(&into->recipe, inside.recipe, why);
	if (error)
		return error;
	error = tasks_from_json(inside.tasks, into->spec.size.n, tasks);
	into->tasks = *tasks;
	return error ? fail(why, error, "not an order for a launch: 'tasks' is wrong") : 0;
}
