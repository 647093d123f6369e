/*
 * report: a traced command in words and tables.
 */
#ifndef TRACE_REPORT_H
#define TRACE_REPORT_H

#include <stdio.h>

#include "analysis/profile.h"
#include "store/tracefile.h"
#include "trace/symbols.h"

/* One process of the command. */
struct traced {
	const struct tracefile *file;
	struct profile_source source;
	struct profile profile; /* owned */
};

/* What is told of the command as a whole. */
struct report {
	const char *command; /* as it was given */
	int status;          /* as of waitpid */
	double wall;         /* seconds */
	const struct traced *processes;
	size_t count;
	struct symbols *symbols; /* NULL: none */
};

/* "gm: 3 regions ...", the places, the members, the advice, and what could not be seen. */
void report_print(const struct report *report, FILE *to);

/* A row a place, seconds in full precision. */
void report_print_csv(const struct report *report, FILE *to);

#endif
