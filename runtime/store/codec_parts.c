#include "store/codec_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

json_t *memory_to_json(const struct launch_record *launch)
{
	json_t *all = launch->memory ? json_array() : json_null();

	for (unsigned m = 0; launch->memory && m < launch->team; m++) {
		const struct member_memory *one = &launch->memory[m];
		json_array_append_new(all,
			json_pack("[I I I i]", (json_int_t)one->allocated_bytes,
				(json_int_t)one->touched_bytes, (json_int_t)one->node_bytes,
				one->node));
	}
	if (!launch->memory || json_array_size(all) == launch->team)
		return all;
	json_decref(all);
	return NULL;
}

int memory_from_json(const json_t *from, struct launch_record *into)
{
	json_int_t allocated, touched, on_node;
	const json_t *one;
	size_t index;
	int node;

	if (!from || json_is_null(from))
		return 0;
	if (json_array_size(from) != into->team)
		return -EINVAL;
	into->memory = calloc(into->team, sizeof(*into->memory));
	if (!into->memory)
		return -ENOMEM;
	json_array_foreach (from, index, one) {
		if (json_unpack(
			    (json_t *)one, "[I I I i]", &allocated, &touched, &on_node, &node) ||
			allocated < 0 || touched < 0 || on_node < 0 || on_node > touched ||
			node < -1)
			return -EINVAL;
		into->memory[index] = (struct member_memory) { (uint64_t)allocated,
			(uint64_t)touched, (uint64_t)on_node, node };
	}
	return 0;
}

json_t *task_results_to_json(const struct launch_record *launch)
{
	json_t *all = launch->tasks ? json_array() : json_null();

	for (size_t i = 0; i < launch->tasks; i++)
		json_array_append_new(all, json_string(launch->task_results[i]));
	if (!launch->tasks || json_array_size(all) == launch->tasks)
		return all;
	json_decref(all);
	return NULL;
}

int task_results_from_json(const json_t *from, struct launch_record *into)
{
	const json_t *one;
	size_t index;

	if (!json_array_size(from))
		return from && !json_is_null(from) ? -EINVAL : 0;
	into->task_results = calloc(json_array_size(from), sizeof(*into->task_results));
	if (!into->task_results)
		return -ENOMEM;
	into->tasks = json_array_size(from);
	json_array_foreach (from, index, one) {
		const char *text = json_string_value(one);
		if (!text || strlen(text) >= RESULT_BYTES)
			return -EINVAL;
		strcpy(into->task_results[index], text);
	}
	return 0;
}

json_t *parts_to_json(const struct parts_record *parts)
{
	json_t *passes = parts ? json_array() : NULL;

	if (!parts)
		return json_null();
	for (unsigned m = 0; m < parts->passes; m++)
		json_array_append_new(passes, json_real(parts->pass_ns[m]));
	if (json_array_size(passes) == parts->passes)
		return json_pack("{sf sf so}", "stamp_ns", parts->stamp_ns, "barrier_ns",
			parts->barrier_ns, "pass_ns", passes);
	json_decref(passes); /* memory ran out */
	return NULL;
}

static bool is_time(const json_t *number)
{
	return json_is_number(number) && json_number_value(number) >= 0;
}

int parts_from_json(const json_t *from, unsigned team, struct parts_record **into)
{
	const json_t *stamp = json_object_get(from, "stamp_ns");
	const json_t *barrier = json_object_get(from, "barrier_ns");
	const json_t *passes = json_object_get(from, "pass_ns"), *one;
	const size_t count = json_array_size(passes);
	size_t index;

	*into = NULL;
	if (!from || json_is_null(from))
		return 0;
	if (!is_time(stamp) || !is_time(barrier) || !json_is_array(passes) ||
		(count && count != team - 1))
		return -EINVAL;
	*into = calloc(1, sizeof(**into) + count * sizeof((*into)->pass_ns[0]));
	if (!*into)
		return -ENOMEM;
	(*into)->stamp_ns = json_number_value(stamp);
	(*into)->barrier_ns = json_number_value(barrier);
	(*into)->passes = (unsigned)count;
	json_array_foreach (passes, index, one) {
		if (!is_time(one))
			return -EINVAL;
		(*into)->pass_ns[index] = json_number_value(one);
	}
	return 0;
}
