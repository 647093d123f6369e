/*
 * output: where a trace goes: the report to standard error, which leaves the command's own output
 * alone, and with --output to a directory, beside timelines.
 *
 *	report.txt   what is printed
 *	places.csv   a row a place
 *	             of the process that spent most time in regions, by --format:
 *	text         worst-1.txt, worst-2.txt, ... the worst region of each of the worst places
 *	svg, png     worst-1.svg, worst-2.svg, ... the same; and run.svg, the whole run
 *	chrome       run.json, all outermost regions of the main thread that were kept
 *	otf2         run.otf2, the same
 *
 * In timelines a member's work is its whole part, waits inside of it included.
 */
#ifndef TRACE_OUTPUT_H
#define TRACE_OUTPUT_H

#include "options.h"
#include "trace/report.h"

/* Whether what is asked for can be done; before the command runs. Makes the directory. */
int output_check(const struct options *options, struct message *why);

int output_write(const struct report *report, const struct options *options, struct message *why);

#endif
