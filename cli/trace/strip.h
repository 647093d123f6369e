/*
 * strip: a whole run: how much of it was in regions, and how many members were at work; on a line, and
 * as what plots/trace.gp draws.
 */
#ifndef TRACE_STRIP_H
#define TRACE_STRIP_H

#include "trace/report.h"

/* Prints nothing if there was no region. */
void strip_print(const struct traced *process, FILE *to);

/* A csv_printer (plot.h) of a struct traced that had regions. */
int strip_print_csv(const void *process, FILE *to);

#endif
