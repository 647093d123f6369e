/*
 * nearest: which of a list of names a user may have meant.
 */
#ifndef NEAREST_H
#define NEAREST_H

#include <stddef.h>

/* The nearest name by edit distance, or NULL if none is near. name_at(i) for i < count. */
const char *nearest(const char *to, const char *(*name_at)(size_t index), size_t count);

enum { HINT_TEXT = 96 };

/* " (did you mean 'NAME'?)", or "" if none is near. Returns text. */
const char *nearest_hint(
	char text[HINT_TEXT], const char *to, const char *(*name_at)(size_t index), size_t count);

#endif
