/*
 * advice: which schedule to take, how to write it, and why, in words.
 */
#ifndef ADVICE_H
#define ADVICE_H

#include <stdio.h>

#include "choices.h"

/* The reason, in one sentence without a full stop, in memory of the caller's. */
char *advice_reason(const struct choice_group *group);

/* The schedule and the reason, in one sentence. */
void advice_print_sentence(const struct choice_group *group, FILE *to);

/* The variant and that sentence; then what to write to get the schedule. */
void advice_print(const struct choice_group *group, enum format format, FILE *to);

#endif
