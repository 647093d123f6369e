/*
 * plotted: what the scripts of plots/ make of CSV, for suites that run in the repository's root and
 * have a directory of their own.
 */
#ifndef PLOTTED_H
#define PLOTTED_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "directory.h"

/* Criterion does not call .fini for a test that is skipped. */
static inline void skip_without_gnuplot(void)
{
	if (!system("gnuplot --version >/dev/null 2>&1"))
		return;
	remove_directory();
	cr_skip_test("there is no gnuplot");
}

/* gnuplot's svg of DIRECTORY/csv, as text. */
static inline const char *plotted(const char *script, const char *title)
{
	char command[256];

	snprintf(command, sizeof(command),
		"gnuplot -c plots/%s.gp %s/csv '%s' %s/picture 2>%s/said", script, own_directory,
		title, own_directory, own_directory);
	cr_assert_eq(system(command), 0, "%s", command);
	const char *svg = file_text(at("picture.svg"));
	cr_assert_str_not_empty(svg);
	return svg;
}

/* How often a part is in a text. */
static inline unsigned count(const char *text, const char *part)
{
	unsigned times = 0;

	for (text = strstr(text, part); text; text = strstr(text + 1, part))
		times++;
	return times;
}

#endif
