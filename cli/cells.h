/*
 * cells: what tables for people show alike: times, intervals, and what is not known.
 */
#ifndef CELLS_H
#define CELLS_H

#include <stddef.h>

#include "analysis/stats.h"
#include "grid.h"

/* The dash in place of what is not known, or does not apply. */
extern const char none[];

/* So many of them. */
void grid_add_unknown(struct grid *grid, size_t cells);

/* "1.234 ms" */
void grid_add_seconds(struct grid *grid, double seconds);

/* "1.23 – 1.25": divided by scale, with so many digits after the point; "too few" without one. */
void grid_add_interval(struct grid *grid, const struct estimate *e, double scale, int digits);

/* Two cells: the median, a mark behind it, and the interval in the unit of the median. */
void grid_add_time(struct grid *grid, const struct estimate *seconds, const char *mark);

#endif
