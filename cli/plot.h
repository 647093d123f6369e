/*
 * plot: one picture, drawn by a script of plots/ into one file.
 */
#ifndef PLOT_H
#define PLOT_H

#include <stdio.h>

#include "message.h"

/* "svg" or "png" if a name ends so, in any case; else NULL. */
const char *plot_format(const char *name);

/* Prints a CSV of something. Returns 0 or a negative errno. */
typedef int csv_printer(const void *of, FILE *to);

/* A file to draw into, what its user calls it, and a format that plot_format gave. */
struct plot_target {
	const char *path, *name, *format;
};

/*
 * Draws what `print` prints of it with plots/SCRIPT; `what` as in gnuplot.h, whose errors it returns.
 */
int plot_to_file(const struct plot_target *to, const char *script, const char *what,
	csv_printer *print, const void *of, struct message *why);

/*
 * The same into BASE.svg and BASE.png, beside BASE.csv, from which they are drawn; none of the three is
 * left if it fails.
 */
int plot_beside_csv(const char *base, const char *script, const char *what, csv_printer *print,
	const void *of, struct message *why);

/* Removes all three, those that there are. */
void plot_remove(const char *base);

/* The same for --output: what was there stays if it fails. */
int plot_to_output(const char *output, const char *script, const char *what, csv_printer *print,
	const void *of, struct message *why);

#endif
