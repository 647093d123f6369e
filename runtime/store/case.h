/*
 * case: cases as JSON, and back; launches (codec.h) and plans have these fields.
 *
 *	{"case": "sum_squares/openmp/t2/static/n500000000", "kernel": "sum_squares",
 *	 "variant": "openmp", "threads": 2, "schedule": "static", "chunk": null,
 *	 "size": 500000000, "grain": 65536, "default_grain": true}
 *
 * size is a number, or "WIDTHxHEIGHT" of a picture. chunk is null where the kind's default is meant.
 */
#ifndef CASE_H
#define CASE_H

#include <jansson.h>

#include "message.h"
#include "record.h"

/* NULL if memory runs out. */
json_t *size_to_json(struct size size);

/* Reads it back. Returns 0 or -EINVAL. */
int size_from_json(const json_t *from, struct size *into);

/* All fields. The caller owns the object; NULL if memory runs out. */
json_t *case_to_json(const struct case_spec *spec);

/* Reads them back. Returns 0, -EINVAL and the field that is wrong, or -ENOMEM. */
int case_from_json(const json_t *from, struct case_spec *into, struct message *why);

#endif
