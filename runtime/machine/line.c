#include "machine/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool line_read(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "re");

	text[0] = 0;
	if (!file)
		return false;
	if (fgets(text, (int)size, file))
		text[strcspn(text, "\n")] = 0;
	fclose(file);
	return text[0] != 0;
}

/* The value in "key<blanks>: value\n", or NULL if the line has another key. Ends it there. */
static const char *value_of(char *line, const char *key)
{
	const size_t length = strlen(key);
	char *colon = strchr(line, ':');

	if (!colon || strncmp(line, key, length) ||
		line + length + strspn(line + length, " \t") != colon)
		return NULL;
	colon[strcspn(colon, "\n")] = 0;
	return colon + 1 + strspn(colon + 1, " \t");
}

bool line_value(const char *path, const char *key, char *text, size_t size)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t line_size = 0;
	const char *value = NULL;

	text[0] = 0;
	if (!file)
		return false;
	while (!value && getline(&line, &line_size, file) > 0)
		value = value_of(line, key);
	if (value)
		snprintf(text, size, "%s", value);
	free(line);
	fclose(file);
	return text[0] != 0;
}
