#include "nearest.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MAX_COMPARED = 63 };

static size_t least(size_t a, size_t b, size_t c)
{
	const size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein's distance: insertions, deletions and replacements, one row of the table at a time. */
static size_t distance(const char *a, const char *b)
{
	const size_t la = strlen(a), lb = strlen(b);
	size_t row[NAME_MAX_COMPARED + 1];

	if (la > NAME_MAX_COMPARED || lb > NAME_MAX_COMPARED)
		return NAME_MAX_COMPARED;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			const size_t above = row[j];
			row[j] =
				least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[lb];
}

const char *nearest(const char *to, name_at_fn *name_at, const void *context, size_t count)
{
	const char *best = NULL;
	size_t best_distance = strlen(to) / 2 + 2; /* farther is no likeness */

	for (size_t i = 0; i < count; i++) {
		const char *name = name_at(context, i);
		const size_t d = name ? distance(to, name) : best_distance;
		if (d >= best_distance)
			continue;
		best = name;
		best_distance = d;
	}
	return best;
}

const char *nearest_hint(char text[HINT_TEXT], const char *to, name_at_fn *name_at,
	const void *context, size_t count)
{
	const char *near = nearest(to, name_at, context, count);

	text[0] = 0;
	if (near)
		snprintf(text, HINT_TEXT, " (did you mean '%.60s'?)", near);
	return text;
}
