#include "values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int read_whole(const char *text, uint64_t least, uint64_t most, uint64_t *into)
{
	char *end;

	errno = 0;
	const unsigned long long value = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno || value < least || value > most)
		return -EINVAL;
	*into = value;
	return 0;
}

/* A number with a unit behind it, or none. */
static int read_scaled(const char *text, const char *const *units, const double *scales,
	size_t count, double *into)
{
	char *end;
	const double value = strtod(text, &end);

	if (end == text || !(value > 0) || value > 1e9)
		return -EINVAL;
	for (size_t u = 0; u < count; u++) {
		if (strcmp(end, units[u]) != 0)
			continue;
		*into = value * scales[u];
		return 0;
	}
	return -EINVAL;
}

int read_percent(
	double *into, const char *option, const char *what, const char *text, struct message *why)
{
	static const char *const units[] = { "%", "" };
	static const double scales[] = { 0.01, 0.01 };

	if (read_scaled(text, units, scales, 2, into) || *into > 1)
		return fail(why, -EINVAL, "%s %s: give %s in percent, over 0 to 100: 1%%", option,
			text, what);
	return 0;
}

enum { SECONDS_MOST = 1000000000 }; /* 31 years: in nanoseconds 64 bits hold more */

int read_seconds(double *into, const char *option, const char *text, struct message *why)
{
	static const char *const units[] = { "s", "", "m", "h", "ms", "us" };
	static const double scales[] = { 1, 1, 60, 3600, 1e-3, 1e-6 };

	if (read_scaled(text, units, scales, 6, into) || *into < 1e-9 || *into > SECONDS_MOST)
		return fail(why, -EINVAL, "%s %s: give a time over 0, such as 90s, 5m or 2h",
			option, text);
	return 0;
}
