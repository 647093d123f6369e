/*
 * grid: a table of texts, printed aligned, as Markdown or as CSV.
 */
#ifndef GRID_H
#define GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct column {
	const char *name;
	bool right; /* aligned: numbers */
};

struct grid {
	const struct column *columns;
	size_t column_count;
	char **cells; /* row by row; owned */
	size_t cell_count;
};

/* Says that there is no memory for something, and exits with EXIT_ENVIRONMENT. */
_Noreturn void no_memory(const char *what);

/* columns outlive the grid. */
void grid_init(struct grid *grid, const struct column *columns, size_t column_count);

/* Adds the next cell; a row is full after column_count of them. */
void grid_add(struct grid *grid, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for a number, in full precision; an empty cell if it is not known. */
void grid_add_number(struct grid *grid, bool known, double value);

void grid_print_text(const struct grid *grid, FILE *to);
void grid_print_markdown(const struct grid *grid, FILE *to);
void grid_print_csv(const struct grid *grid, FILE *to);

void grid_release(struct grid *grid);

#endif
