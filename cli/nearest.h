/*
 * nearest: which of a list of names a user may have meant.
 */
#ifndef NEAREST_H
#define NEAREST_H

#include <stddef.h>

/* The name at an index; NULL: none that counts. */
typedef const char *name_at_fn(const void *context, size_t index);

/* The nearest name by edit distance, or NULL if none is near. name_at(context, i) for i < count. */
const char *nearest(const char *to, name_at_fn *name_at, const void *context, size_t count);

enum { HINT_TEXT = 96 };

/* " (did you mean 'NAME'?)", or "" if none is near. Returns text. */
const char *nearest_hint(char text[HINT_TEXT], const char *to, name_at_fn *name_at,
	const void *context, size_t count);

#endif
