#include "execution.h"

#include <errno.h>

static const struct telling {
	const char *option;
	enum variant variant; /* that is told */
} tellings[] = { { "--keep", PROCESS }, { "--switch-interval", GLOBAL_LOCK } };

int execution_of_options(struct execution *into, const struct options *o, struct message *why)
{
	const bool given[] = { o->execution.keep, o->execution.switch_interval_ns };

	*into = o->execution;
	for (size_t i = 0; i < sizeof(tellings) / sizeof(tellings[0]); i++)
		if (given[i] && !(o->variants & 1u << tellings[i].variant))
			return fail(why, -EINVAL, "%s is for --variant %s", tellings[i].option,
				variant_name(tellings[i].variant));
	return 0;
}

json_t *execution_to_json(const struct execution *execution)
{
	const uint64_t interval_ns = execution->switch_interval_ns;
	json_t *json = json_object();
	int error = json ? 0 : -ENOMEM;

	if (!error && execution->keep)
		error = json_object_set_new(json, "keep", json_true());
	if (!error && interval_ns)
		error = json_object_set_new(
			json, "switch_interval_ns", json_integer((json_int_t)interval_ns));
	if (!error)
		return json;
	json_decref(json);
	return NULL;
}

struct execution execution_from_json(const json_t *json)
{
	return (struct execution) {
		.keep = json_is_true(json_object_get(json, "keep")),
		.switch_interval_ns =
			(uint64_t)json_integer_value(json_object_get(json, "switch_interval_ns")),
	};
}

int execution_check_parallel(const struct options *o, struct message *why)
{
	for (int v = SEQUENTIAL + 1; v < VARIANTS; v++)
		if (o->variants & 1u << v && !variant_is_parallel(v))
			return fail(why, -EINVAL,
				"--variant %s: its members never compute at once, so that no "
				"schedule and no number of cores makes it faster",
				variant_name(v));
	return 0;
}
