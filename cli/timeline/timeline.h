/*
 * timeline: regions as pictures, in the formats of `tine timeline`.
 *
 * All of them show, on one axis of time, the caller's line that forks at t_fork and joins at t_join,
 * and a line a member: the fork latency before t_start, the units inside, the wait after t_complete.
 */
#ifndef TIMELINE_H
#define TIMELINE_H

#include <stdbool.h>
#include <stdio.h>

#include "message.h"
#include "record.h"

struct timeline {
	const struct case_spec *spec;
	const char *element, *host;          /* "row"; the machine's name */
	const struct region_record *regions; /* in the order of time, one after the other */
	size_t count;                        /* of regions, at least 1 */
	unsigned team;                       /* members in each */
	bool cold;                           /* the first is the first fork of its process */
	bool units;                          /* recorded at the `units` level */
	double units_cost; /* of that level: its time over that of the `region` level, - 1; NAN: unknown */
	const int *core_of_cpu;             /* a core's number for each CPU's; -1: unknown */
	size_t cpus;                        /* how many there are in core_of_cpu */
	const struct member_memory *memory; /* team of them; NULL: not taken */
	const char *title;                  /* in place of the case's id; NULL: that */
	const char *const *places;          /* where regions were forked; NULL: they are numbered */
	size_t place_count;
	const uint32_t *place_of; /* each region's */
	bool waits;               /* units do, inside: at work is not all work */
	const struct task_spec
		*tasks; /* what units are, by their numbers; NULL: a kernel's units */
	size_t task_count;
};

/*
 * For a terminal: at most `columns` wide (40 at least), with ANSI colours or without. Fewer lines
 * than members where there are many: then a line stands for several, and says so.
 */
int timeline_print_text(const struct timeline *timeline, unsigned columns, bool colour, FILE *to);

/* Trace Event JSON, for Perfetto, chrome://tracing and speedscope. */
int timeline_print_chrome(const struct timeline *timeline, FILE *to);

/*
 * What plots/timeline.gp draws. First a row a region, then member by member what it did, in the
 * order of time:
 *
 *	phase    begin_ns         end_ns
 *	region   t_fork           t_join                      member is empty
 *	fork     t_fork           its t_start
 *	work     its t_start      its t_complete              and the cells from cpu_start on
 *	unit     of the body      of the body                 unit: its number; all units kept
 *	wait     its t_complete   the last's t_complete
 *	join     the last's       t_join
 *
 * Times count from the process's first fork. `core` is that of cpu_start. What is unknown, or means
 * nothing in a row, is empty: kept and body_ns below the `units` level, memory that was not taken, and of
 * a traced program's regions cold, and units where none was counted. `name` is that of a task.
 */
int timeline_print_csv(const struct timeline *timeline, FILE *to);

/*
 * An OTF2 archive in the new directory `path`, for Vampir and the Score-P tools. -ENOSYS, and which
 * package brings it, if Tine was built without libotf2.
 */
int timeline_write_otf2(const struct timeline *timeline, const char *path, struct message *why);

#endif
