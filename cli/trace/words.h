/*
 * words: what is told of a place and of the advice on it.
 */
#ifndef TRACE_WORDS_H
#define TRACE_WORDS_H

#include <stdio.h>

#include "analysis/counsel.h"

enum { SEEN_TEXT = 200 };

/* "dynamic, critical": the constructs that were seen in a place's regions; "–": none. Returns text. */
char *seen_print(unsigned seen, char text[SEEN_TEXT]);

/* One piece of advice, a line; `place` is the site's name. gnu: the runtime is libgomp. */
void counsel_print(const struct counsel *counsel, const struct profile *profile, const char *place,
	bool gnu, FILE *to);

#endif
