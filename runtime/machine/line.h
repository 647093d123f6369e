/*
 * line: the small text files of /proc, /sys and control groups.
 */
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stddef.h>

/* Reads a file's first line, without its newline. False, and text empty, if there is none. */
bool line_read(const char *path, char *text, size_t size);

/*
 * Reads the value of the first line "key : value" with exactly this key, as in /proc/cpuinfo.
 * False, and text empty, if there is none.
 */
bool line_value(const char *path, const char *key, char *text, size_t size);

#endif
