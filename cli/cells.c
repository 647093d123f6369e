#include "cells.h"

#include "quantity.h"

const char none[] = "–";

void grid_add_unknown(struct grid *grid, size_t cells)
{
	while (cells--)
		grid_add(grid, "%s", none);
}

void grid_add_seconds(struct grid *grid, double seconds)
{
	char text[QUANTITY_TEXT];

	grid_add(grid, "%s", seconds_print(seconds, text));
}

void grid_add_interval(struct grid *grid, const struct estimate *e, double scale, int digits)
{
	if (e->interval)
		grid_add(grid, "%.*f – %.*f", digits, e->low / scale, digits, e->high / scale);
	else
		grid_add(grid, "too few");
}

void grid_add_time(struct grid *grid, const struct estimate *seconds, const char *mark)
{
	const double median_ns = 1e9 * seconds->median, unit_ns = time_unit_for(median_ns)->ns;
	char text[QUANTITY_TEXT];

	grid_add(grid, "%s%s", seconds_print(seconds->median, text), mark);
	grid_add_interval(grid, seconds, 1e-9 * unit_ns, time_places(median_ns / unit_ns));
}
