#include "quantity.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const struct time_unit *time_unit_for(double ns)
{
	static const struct time_unit units[] = { { "s", 1e9 }, { "ms", 1e6 }, { "µs", 1e3 },
		{ "ns", 1 } };
	const struct time_unit *unit = units;

	while (ns < unit->ns && unit->ns > 1)
		unit++;
	return unit;
}

double time_step(double ns, unsigned most, const struct time_unit *unit, int *places)
{
	const double least = fmax(ns / most, 1) / unit->ns;
	const double ten = pow(10, floor(log10(least)));
	/* a hair less is as good: 10^k is not always exact */
	const double times = least / ten * (1 - 1e-9);
	const double step = (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10) * ten;

	*places = step < 0.99 ? (int)ceil(-log10(step) - 1e-9) : 0;
	return step;
}

int time_places(double value)
{
	return value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
}

static char *print_time(double value, int places, const struct time_unit *unit, char *text)
{
	snprintf(text, QUANTITY_TEXT, "%.*f %s", places, value, unit->name);
	return text;
}

char *time_print(double ns, char text[QUANTITY_TEXT])
{
	const struct time_unit *unit = time_unit_for(ns);
	const double value = ns / unit->ns;
	const int places = unit->ns > 1 ? time_places(value) : value < 10 && value > 0;

	return print_time(value, places, unit, text);
}

char *seconds_print(double seconds, char text[QUANTITY_TEXT])
{
	const struct time_unit *unit = time_unit_for(1e9 * seconds);
	const double value = 1e9 * seconds / unit->ns;

	return print_time(value, time_places(value), unit, text);
}

char *duration_print(double seconds, char text[QUANTITY_TEXT])
{
	/* what would be rounded up to 1000 is 1 of the next unit */
	const struct time_unit *unit = time_unit_for(1e9 * fabs(seconds) / 0.9995);

	snprintf(text, QUANTITY_TEXT, "%.3g %s", 1e9 * seconds / unit->ns, unit->name);
	return text;
}

char *percent_print(double share, char text[QUANTITY_TEXT])
{
	snprintf(text, QUANTITY_TEXT, "%.*f %%", fabs(share) < 0.0995 ? 1 : 0, 100 * share);
	return text;
}

/* Three significant digits of a value of 1 or more, and its power of 1000 as one of the prefixes. */
static void print_scaled(
	double value, const char *prefixes, const char *between, const char *unit, char *text)
{
	size_t power = 0;

	/* what would be rounded up to 1000 is 1.00 of the next */
	while (value >= 999.5 && prefixes[power + 1]) {
		value /= 1000;
		power++;
	}
	const int places = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
	snprintf(text, QUANTITY_TEXT, "%.*f%s%c%s", places, value, between, prefixes[power], unit);
}

char *bytes_print(uint64_t bytes, char text[QUANTITY_TEXT])
{
	if (bytes < 1000)
		snprintf(text, QUANTITY_TEXT, "%" PRIu64 " B", bytes);
	else
		print_scaled((double)bytes / 1000, "kMGTPE", " ", "B", text);
	return text;
}

char *count_print(uint64_t count, char text[QUANTITY_TEXT])
{
	if (count < 1000000)
		snprintf(text, QUANTITY_TEXT, "%" PRIu64, count);
	else
		print_scaled((double)count / 1000000, "MGTPE", "", "", text);
	return text;
}

size_t display_width(const char *text)
{
	size_t width = 0;

	while (*text) {
		if (*text == '\033') {
			text += strcspn(text, "m");
			text += *text == 'm';
		} else {
			width += ((unsigned char)*text++ & 0xc0) != 0x80;
		}
	}
	return width;
}
