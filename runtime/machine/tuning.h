/*
 * tuning: what the system is set to, that bears on how fast it runs and how evenly.
 */
#ifndef TUNING_H
#define TUNING_H

#include <jansson.h>

/*
 * A JSON object, which the caller owns, with the rows from clock_source to counters that machine.h
 * describes; NULL if there is no memory for all of it. `cpu` is the one whose frequency settings are
 * read. `root` is as in state.h. Takes some milliseconds: it measures the clock.
 */
json_t *tuning_describe(const char *root, int cpu);

#endif
