/*
 * bar: what members did in a region, in so many characters.
 */
#ifndef TIMELINE_BAR_H
#define TIMELINE_BAR_H

#include "timeline/phase.h"

/* What one character stands for. */
enum cell {
	CELL_FORK,
	CELL_WORK,    /* also of units that are too narrow to be told apart */
	CELL_OTHER,   /* work, too: every second unit, where units can be told apart */
	CELL_BETWEEN, /* in the work, but in no unit's body */
	CELL_WAIT,
	CELL_JOIN,
	CELL_MIXED, /* several members, not all of them in the same phase */
	CELLS
};

enum { BAR_MAX = 400 };

/* The cells of a bar, from t_fork to t_join. */
struct bar {
	size_t width; /* 1 to BAR_MAX */
	enum cell cells[BAR_MAX];
};

/*
 * Draws one member: each cell is what the largest part of its time went to. units: whether units
 * were recorded; work beyond those that were kept is CELL_WORK.
 */
void bar_draw(struct bar *bar, const struct span *span, unsigned member, bool units);

/* In how many of `width` columns from t_fork on a moment lies; at most in all. */
double bar_position(const struct span *span, size_t width, uint64_t ns);

/* Makes a bar stand for another member, too, drawn in the same width. */
void bar_merge(struct bar *bar, const struct bar *other);

#endif
