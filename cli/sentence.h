/*
 * sentence: a case's losses in one sentence.
 */
#ifndef SENTENCE_H
#define SENTENCE_H

#include "analysis/diagnosis.h"

enum { SENTENCE_TEXT = 400 };

/* losses->launches > 0. Returns text. */
char *sentence_print(const struct losses *losses, const struct diagnosis *diagnosis,
	const struct case_spec *spec, char text[SENTENCE_TEXT]);

#endif
