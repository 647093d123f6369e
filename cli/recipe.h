/*
 * recipe: by what kernels make up their input: --shape, --mean-ns, --scale, --input and --seed.
 */
#ifndef RECIPE_H
#define RECIPE_H

#include <jansson.h>

#include "kernel.h"
#include "message.h"
#include "options.h"

/*
 * What the options say. Returns 0, or a negative errno with nothing to release: -EINVAL if none of the
 * kernels they name takes a shape, a mean, a scale or files, one does not know this shape, or there is
 * no such file.
 */
int recipe_of_options(struct recipe *into, const struct options *options, struct message *why);

/* A copy, with strings of its own. Returns 0, or -ENOMEM with nothing to release. */
int recipe_copy(struct recipe *into, const struct recipe *from, struct message *why);
void recipe_release(struct recipe *recipe);

/* As plans and orders keep it: without what was not given. NULL if there is no memory. */
json_t *recipe_to_json(const struct recipe *recipe);

/* Back; `json` may be NULL: nothing was given. Returns 0, or -ENOMEM with nothing to release. */
int recipe_from_json(struct recipe *into, const json_t *json, struct message *why);

#endif
