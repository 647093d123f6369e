#include "values.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
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

/* The same, or with an exponent: "1e8", "15e7". */
static int read_power(const char *text, uint64_t most, uint64_t *into)
{
	const char *e = strchr(text, 'e');
	char digits[24];
	uint64_t value, exponent;

	if (!e)
		return read_whole(text, 1, most, into);
	snprintf(digits, sizeof(digits), "%.*s", (int)(e - text), text);
	if (e - text >= (ptrdiff_t)sizeof(digits) || read_whole(digits, 1, most, &value) ||
		read_whole(e + 1, 0, 18, &exponent))
		return -EINVAL;
	for (; exponent; exponent--)
		if (__builtin_mul_overflow(value, 10, &value) || value > most)
			return -EINVAL;
	*into = value;
	return 0;
}

int read_extent(struct size *into, const char *text, struct message *why)
{
	const char *cross = strchr(text, 'x');
	char width[24];
	uint64_t w, h;

	if (!cross) {
		*into = (struct size) { 0 };
		if (read_power(text, INT64_MAX, &into->n))
			return fail(why, -EINVAL,
				"give a whole number from 1 to %" PRId64
				", such as 1e8, or WIDTHxHEIGHT for a picture",
				INT64_MAX);
		return 0;
	}
	snprintf(width, sizeof(width), "%.*s", (int)(cross - text), text);
	if (cross - text >= (ptrdiff_t)sizeof(width) || read_whole(width, 1, INT32_MAX, &w) ||
		read_whole(cross + 1, 1, INT32_MAX, &h))
		return fail(why, -EINVAL, "give WIDTHxHEIGHT in whole pixels, such as 1920x1080");
	*into = (struct size) { .n = h, .width = (uint32_t)w, .height = (uint32_t)h };
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
