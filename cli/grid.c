#include "grid.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "quantity.h"

void no_memory(const char *what)
{
	fprintf(stderr, "tine: no memory for %s\n", what);
	exit(EXIT_ENVIRONMENT);
}

void grid_init(struct grid *grid, const struct column *columns, size_t column_count)
{
	*grid = (struct grid) { .columns = columns, .column_count = column_count };
}

void grid_add(struct grid *grid, const char *format, ...)
{
	va_list args;
	char *text;
	/* room doubles at powers of two */
	const size_t count = grid->cell_count;
	const bool full = !(count & (count - 1));
	char **more =
		full ? realloc(grid->cells, (count ? 2 * count : 1) * sizeof(*more)) : grid->cells;

	if (!more)
		no_memory("a table");
	grid->cells = more;
	va_start(args, format);
	const int length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0)
		no_memory("a table");
	grid->cells[grid->cell_count++] = text;
}

void grid_add_number(struct grid *grid, bool known, double value)
{
	if (known)
		grid_add(grid, "%.9g", value);
	else
		grid_add(grid, "%s", "");
}

static const char *cell(const struct grid *grid, size_t row, size_t column)
{
	return grid->cells[row * grid->column_count + column];
}

static size_t rows_of(const struct grid *grid)
{
	return grid->cell_count / grid->column_count;
}

static size_t column_width(const struct grid *grid, size_t column)
{
	size_t width = display_width(grid->columns[column].name);

	for (size_t r = 0; r < rows_of(grid); r++)
		if (display_width(cell(grid, r, column)) > width)
			width = display_width(cell(grid, r, column));
	return width;
}

static void print_padded(const char *text, size_t width, bool right, bool last, FILE *to)
{
	const size_t pad = width - display_width(text);

	if (right)
		fprintf(to, "%*s%s", (int)pad, "", text);
	else
		fprintf(to, "%s%*s", text, last ? 0 : (int)pad, "");
}

static void print_text_row(const struct grid *grid, size_t row, bool header, FILE *to)
{
	for (size_t c = 0; c < grid->column_count; c++) {
		const struct column *column = &grid->columns[c];
		fputs("  ", to);
		print_padded(header ? column->name : cell(grid, row, c), column_width(grid, c),
			column->right, c + 1 == grid->column_count, to);
	}
	fputc('\n', to);
}

void grid_print_text(const struct grid *grid, FILE *to)
{
	print_text_row(grid, 0, true, to);
	for (size_t r = 0; r < rows_of(grid); r++)
		print_text_row(grid, r, false, to);
}

/* A stroke would end the cell. */
static void print_markdown_cell(const char *text, FILE *to)
{
	fputs("| ", to);
	for (; *text; text++)
		fprintf(to, "%s%c", *text == '|' ? "\\" : "", *text);
	fputc(' ', to);
}

void grid_print_markdown(const struct grid *grid, FILE *to)
{
	for (size_t c = 0; c < grid->column_count; c++)
		print_markdown_cell(grid->columns[c].name, to);
	fputs("|\n", to);
	for (size_t c = 0; c < grid->column_count; c++)
		fputs(grid->columns[c].right ? "| ---: " : "| --- ", to);
	fputs("|\n", to);
	for (size_t r = 0; r < rows_of(grid); r++) {
		for (size_t c = 0; c < grid->column_count; c++)
			print_markdown_cell(cell(grid, r, c), to);
		fputs("|\n", to);
	}
}

/* RFC 4180: quoted where a comma, a quote or a line break makes it necessary. */
static void print_csv_cell(const char *text, FILE *to)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, to);
		return;
	}
	fputc('"', to);
	for (; *text; text++)
		fprintf(to, "%s%c", *text == '"' ? "\"" : "", *text);
	fputc('"', to);
}

void grid_print_csv(const struct grid *grid, FILE *to)
{
	for (size_t c = 0; c < grid->column_count; c++)
		fprintf(to, "%s%s", c ? "," : "", grid->columns[c].name);
	fputc('\n', to);
	for (size_t r = 0; r < rows_of(grid); r++)
		for (size_t c = 0; c < grid->column_count; c++) {
			print_csv_cell(cell(grid, r, c), to);
			fputc(c + 1 == grid->column_count ? '\n' : ',', to);
		}
}

void grid_release(struct grid *grid)
{
	for (size_t i = 0; i < grid->cell_count; i++)
		free(grid->cells[i]);
	free(grid->cells);
	*grid = (struct grid) { 0 };
}
