/*
 * json: what commands print for --format json.
 */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* A number in JSON, or null if it is not known. */
json_t *number_or_null(bool known, double value);

/*
 * Prints a value, which is taken, on stdout. Returns 0, or -ENOMEM for NULL: memory ran out when it
 * was made. What cannot be written, main notices.
 */
int json_print(json_t *json);

/* The same, but elsewhere. */
int json_print_to(json_t *json, FILE *to);

#endif
