/*
 * told: what is told of a command that was watched: in words, and for programs.
 */
#ifndef ADVISE_TOLD_H
#define ADVISE_TOLD_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/nature.h"

struct advised {
	char *const *arguments; /* the command */
	size_t argument_count;
	int status; /* as of waitpid */
	struct observation seen;
	struct binding binding;
};

/* What it is, what would help, and why, in sentences that the caller frees; NULL: no memory. */
char *told_why(const struct advised *advised);

/* "timers": what threads waited for most, besides one another; NULL: they did not wait. */
const char *told_main_reason(const struct observation *seen);

/* "timers": what threads wait for. */
const char *told_reason(enum reason reason);

/* The report. Returns 0 or -ENOMEM. */
int told_print(const struct advised *advised, FILE *to);

/*
 * The contract of --format json, in seconds, bytes and counts; observation.h and nature.h say what each
 * is; null where it is not known. The caller owns it; NULL if memory runs out.
 */
json_t *told_to_json(const struct advised *advised);

#endif
