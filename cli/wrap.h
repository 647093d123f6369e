/*
 * wrap: text in lines.
 */
#ifndef WRAP_H
#define WRAP_H

#include <stddef.h>
#include <stdio.h>

/*
 * Prints a text in lines of up to 80 columns, words unbroken, and those after the first indented by so
 * many more, where the first one begins.
 */
void wrap_print(const char *text, size_t indent, FILE *to);

#endif
