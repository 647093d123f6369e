#include "schedule.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[SCHEDULE_KINDS] = {
	[SCHEDULE_NONE] = "none",
	[SCHEDULE_STATIC] = "static",
	[SCHEDULE_DYNAMIC] = "dynamic",
	[SCHEDULE_GUIDED] = "guided",
	[SCHEDULE_AUTO] = "auto",
};

const char *schedule_kind_name(enum schedule_kind kind)
{
	return kind_names[kind];
}

char *schedule_print(struct schedule schedule, char text[SCHEDULE_TEXT])
{
	const char *kind = schedule_kind_name(schedule.kind);

	if (schedule.chunk)
		snprintf(text, SCHEDULE_TEXT, "%s,%u", kind, (unsigned)schedule.chunk);
	else
		snprintf(text, SCHEDULE_TEXT, "%s", kind);
	return text;
}

static enum schedule_kind kind_of(const char *text, size_t length)
{
	for (int kind = SCHEDULE_STATIC; kind < SCHEDULE_KINDS; kind++)
		if (strlen(kind_names[kind]) == length && !strncmp(kind_names[kind], text, length))
			return kind;
	return SCHEDULE_NONE;
}

int schedule_parse(const char *text, struct schedule *into, struct message *why)
{
	const size_t length = strcspn(text, ",");
	const char *comma = text[length] ? text + length : NULL;
	struct schedule read = { .kind = kind_of(text, length) };

	if (read.kind == SCHEDULE_NONE)
		return fail(why, -EINVAL,
			"'%s' is no schedule: it is static, dynamic, guided or auto, "
			"with a chunk if need be: dynamic,16",
			text);
	if (comma) {
		char *end;
		errno = 0;
		const long long chunk = strtoll(comma + 1, &end, 10);
		if (comma[1] < '0' || comma[1] > '9' || *end || errno || chunk < 1 ||
			chunk > SCHEDULE_CHUNK_MAX)
			return fail(why, -EINVAL,
				"'%s': a chunk is a whole number of units from 1 to %d", text,
				SCHEDULE_CHUNK_MAX);
		if (read.kind == SCHEDULE_AUTO)
			return fail(why, -EINVAL, "'%s': auto takes no chunk", text);
		read.chunk = (uint32_t)chunk;
	}
	*into = read;
	return 0;
}
