#include "store/case.h"

#include <errno.h>
#include <string.h>

#include "store/lack.h"

json_t *size_to_json(struct size size)
{
	char text[SIZE_TEXT];

	if (size.width)
		return json_string(size_print(size, text));
	return json_integer((json_int_t)size.n);
}

/* Digits alone, from 1 to UINT32_MAX, up to `end`; NULL if there is something else. */
static const char *read_side(const char *text, char end, uint32_t *into)
{
	uint64_t value = 0;

	for (; *text >= '0' && *text <= '9' && value <= UINT32_MAX; text++)
		value = 10 * value + (uint64_t)(*text - '0');
	*into = (uint32_t)value;
	return value && value <= UINT32_MAX && *text == end ? text : NULL;
}

int size_from_json(const json_t *from, struct size *into)
{
	*into = (struct size) { 0 };
	if (json_is_integer(from) && json_integer_value(from) > 0) {
		into->n = (uint64_t)json_integer_value(from);
		return 0;
	}
	const char *cross =
		json_is_string(from) ? read_side(json_string_value(from), 'x', &into->width) : NULL;
	if (!cross || !read_side(cross + 1, 0, &into->height))
		return -EINVAL;
	into->n = into->height;
	return 0;
}

json_t *case_to_json(const struct case_spec *spec)
{
	char id[CASE_ID_MAX];
	const json_int_t chunk = spec->schedule.chunk;

	return json_pack("{ss ss ss si ss so so sI sb}", "case", case_print(spec, id), "kernel",
		spec->kernel, "variant", variant_name(spec->variant), "threads", (int)spec->threads,
		"schedule", schedule_kind_name(spec->schedule.kind), "chunk",
		chunk ? json_integer(chunk) : json_null(), "size", size_to_json(spec->size),
		"grain", (json_int_t)spec->grain, "default_grain", spec->grain_is_default);
}

static int schedule_from_json(const char *kind, const json_t *chunk, struct schedule *into)
{
	*into = (struct schedule) { .kind = SCHEDULE_NONE };
	if (strcmp(kind, schedule_kind_name(SCHEDULE_NONE)) && schedule_parse(kind, into, NULL))
		return -EINVAL;
	if (json_is_null(chunk))
		return 0;
	if (into->kind == SCHEDULE_NONE || into->kind == SCHEDULE_AUTO)
		return -EINVAL;
	const json_int_t value = json_integer_value(chunk);
	if (value < 1 || value > SCHEDULE_CHUNK_MAX)
		return -EINVAL;
	into->chunk = (uint32_t)value;
	return 0;
}

static int read_case(const json_t *from, struct case_spec *into, struct message *why)
{
	const char *kernel, *variant, *schedule;
	const json_t *chunk, *size;
	json_int_t threads, grain;
	int default_grain;
	json_error_t error;

	memset(into, 0, sizeof(*into));
	if (json_unpack_ex((json_t *)from, &error, 0, "{ss ss sI ss so so sI sb}", "kernel",
		    &kernel, "variant", &variant, "threads", &threads, "schedule", &schedule,
		    "chunk", &chunk, "size", &size, "grain", &grain, "default_grain",
		    &default_grain))
		return fail(why, -EINVAL, "not a case: %s", error.text);
	if (strlen(kernel) >= sizeof(into->kernel))
		return fail(why, -EINVAL, "'kernel' is too long");
	memcpy(into->kernel, kernel, strlen(kernel) + 1);
	if (variant_parse(variant, &into->variant))
		return fail(why, -EINVAL, "'variant': there is no %s", variant);
	if (threads < 1 || threads > THREADS_MAX)
		return fail(why, -EINVAL, "'threads' is out of range");
	if (schedule_from_json(schedule, chunk, &into->schedule))
		return fail(why, -EINVAL, "'schedule' or 'chunk' is wrong");
	if (size_from_json(size, &into->size))
		return fail(why, -EINVAL, "'size' is wrong");
	if (grain < 1)
		return fail(why, -EINVAL, "'grain' is out of range");
	into->threads = (unsigned)threads;
	into->grain = (uint64_t)grain;
	into->grain_is_default = default_grain;
	return 0;
}

int case_from_json(const json_t *from, struct case_spec *into, struct message *why)
{
	errno = 0;
	return lack_or(read_case(from, into, why), why);
}
