#include "machine/check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Values that others set are shown, but do not steer the terminal. */
static void tidy(char *text)
{
	for (char *at = text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 127)
			*at = '?';
}

/* Half a command is worse than none. */
void mend_with(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (vsnprintf(finding->mend, FINDING_TEXT, format, args) >= FINDING_TEXT)
		finding->mend[0] = 0;
	va_end(args);
	tidy(finding->mend);
}

bool found(struct finding *finding, enum severity severity, const char *why, const char *mend,
	const char *what, ...)
{
	va_list args;

	finding->severity = severity;
	finding->why = why;
	mend_with(finding, "%s", mend ? mend : "");
	va_start(args, what);
	vsnprintf(finding->what, FINDING_TEXT, what, args);
	va_end(args);
	tidy(finding->what);
	return true;
}

const char *known_text(const json_t *machine, const char *key)
{
	return json_string_value(json_object_get(machine, key));
}

const char *variable_of(const json_t *machine, const char *name)
{
	return known_text(json_object_get(machine, "environment"), name);
}

bool known_number(const json_t *machine, const char *key, double *number)
{
	const json_t *value = json_object_get(machine, key);

	*number = json_number_value(value);
	return json_is_number(value);
}

bool variable_number(const json_t *machine, const char *name, long *number)
{
	const char *text = variable_of(machine, name);
	char *end;

	if (!text)
		return false;
	errno = 0;
	*number = strtol(text, &end, 10);
	return end != text && !end[strspn(end, " \t")] && !errno;
}

unsigned our_threads(const json_t *machine)
{
	double threads;

	if (json_is_true(json_object_get(machine, "synthetic")) ||
		!known_number(machine, "hardware_threads", &threads))
		return 0;
	return (unsigned)threads;
}

/* How many a list such as "0-3,8" names; 0 for what is none. */
static unsigned list_count(const char *list)
{
	unsigned count = 0;

	for (const char *at = list; at && *at; at += strcspn(at, ",")) {
		unsigned first, last;
		at += *at == ',';
		const int read = sscanf(at, "%u-%u", &first, &last);
		if (read < 1 || (read == 2 && last < first))
			return 0;
		count += read == 2 ? last - first + 1 : 1;
	}
	return count;
}

unsigned threads_online(const json_t *machine)
{
	return list_count(known_text(machine, "cpus_online"));
}
