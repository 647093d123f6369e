/*
 * quantity: times, shares, bytes and counts as texts that people read.
 */
#ifndef QUANTITY_H
#define QUANTITY_H

#include <stddef.h>
#include <stdint.h>

/* A unit of time. */
struct time_unit {
	const char *name; /* "ns", "µs", "ms", "s" */
	double ns;
};

/* The largest unit of which a time holds at least one; ns below 1 ns. */
const struct time_unit *time_unit_for(double ns);

/* Digits after the point that leave four in all. */
int time_places(double value);

/*
 * The distance of ticks on an axis of so many ns that is to have at most `most` of them beside 0:
 * 1, 2 or 5 times a power of ten of `unit`, in that unit, and no less than 1 ns. *places is how many
 * digits after the point its multiples need.
 */
double time_step(double ns, unsigned most, const struct time_unit *unit, int *places);

enum { QUANTITY_TEXT = 32 };

/* A time between stamps, "1.234 ms": four significant digits; "123 ns", "1.5 ns". Returns text. */
char *time_print(double ns, char text[QUANTITY_TEXT]);

/* A time that was computed, "1.234 ms", "123.4 ns": four significant digits. Returns text. */
char *seconds_print(double seconds, char text[QUANTITY_TEXT]);

/* The same in a sentence, "17.3 µs", "5 ms": at most three digits. Returns text. */
char *duration_print(double seconds, char text[QUANTITY_TEXT]);

/* A share in a sentence: "38 %", "7.6 %", "-0.4 %". Returns text. */
char *percent_print(double share, char text[QUANTITY_TEXT]);

/* "12.3 MB": three significant digits, powers of 1000. Returns text. */
char *bytes_print(uint64_t bytes, char text[QUANTITY_TEXT]);

/* "123456", or "12.3M" where it has more than six digits. Returns text. */
char *count_print(uint64_t count, char text[QUANTITY_TEXT]);

/* The columns that a text takes on a terminal: none for UTF-8 continuation bytes and colours. */
size_t display_width(const char *text);

#endif
