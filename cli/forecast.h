/*
 * forecast: what an oracle predicted, as tables and as data.
 */
#ifndef FORECAST_H
#define FORECAST_H

#include <jansson.h>
#include <stdio.h>

#include "oracle.h"

/* As text or Markdown: a row a team and schedule, and what they rest on. */
void forecast_print(const struct oracle *oracle, enum format format, FILE *to);

/* The same in full precision, empty where unknown. */
void forecast_print_csv(const struct oracle *oracle, FILE *to);

/* The contract of --format json. The caller owns the object; NULL if memory runs out. */
json_t *forecast_to_json(const struct oracle *oracle);

#endif
