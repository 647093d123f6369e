/*
 * execution: how variants go about it (--keep, --switch-interval), and which variants a command takes.
 */
#ifndef EXECUTION_H
#define EXECUTION_H

#include <jansson.h>

#include "message.h"
#include "options.h"
#include "team/variant.h"

/* What the options say. -EINVAL if none of the variants they name is told anything by one of them. */
int execution_of_options(
	struct execution *into, const struct options *options, struct message *why);

/* As plans and orders keep it: without what was not given. NULL if there is no memory. */
json_t *execution_to_json(const struct execution *execution);

/* Back; `json` may be NULL: nothing was given. */
struct execution execution_from_json(const json_t *json);

/* -EINVAL if the options name a variant, but sequential, whose members never compute at once. */
int execution_check_parallel(const struct options *options, struct message *why);

#endif
