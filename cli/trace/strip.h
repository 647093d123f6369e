/*
 * strip: a whole run on one line: how much of it was in regions, and how many members were at work.
 */
#ifndef TRACE_STRIP_H
#define TRACE_STRIP_H

#include "trace/report.h"

/* Prints nothing if there was no region. */
void strip_print(const struct traced *process, FILE *to);

#endif
