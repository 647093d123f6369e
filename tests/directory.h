/*
 * directory: a directory of a test's own, which is removed afterwards, and files.
 *
 * For Criterion suites, which use `make_directory` and `remove_directory` as .init and .fini. What
 * these functions return lives until the test ends, unless they say otherwise.
 */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kept.h"

static char own_directory[] = "/tmp/tine-test-XXXXXX";

static inline void make_directory(void)
{
	cr_assert_not_null(mkdtemp(own_directory));
}

static inline int remove_entry(
	const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

static inline void remove_directory(void)
{
	nftw(own_directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* The path of a name in the directory, until the next call but three. */
static inline const char *at(const char *name)
{
	static char paths[4][PATH_MAX];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	snprintf(path, PATH_MAX, "%s/%s", own_directory, name);
	return path;
}

/* ---- files anywhere ---- */

static inline char *text_of(int fd)
{
	const off_t size = lseek(fd, 0, SEEK_END);
	char *text = keep(calloc((size_t)size + 1, 1));

	cr_assert_eq(pread(fd, text, (size_t)size, 0), size);
	return text;
}

static inline char *file_text(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	cr_assert_geq(fd, 0, "%s: %s", path, strerror(errno));
	char *text = text_of(fd);
	close(fd);
	return text;
}

static inline void put_file(const char *path, const void *data, size_t bytes)
{
	FILE *file = fopen(path, "we");

	cr_assert_not_null(file, "%s", path);
	cr_assert_eq(fwrite(data, 1, bytes, file), bytes);
	cr_assert_eq(fclose(file), 0);
}

static inline void put_text(const char *path, const char *text)
{
	put_file(path, text, strlen(text));
}

static inline void append_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "ae");

	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
}

/* The names in a directory, sorted, a line each. */
static inline char *listing(const char *path)
{
	struct dirent **entries;
	const int count = scandir(path, &entries, NULL, alphasort);
	char *text;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	cr_assert_geq(count, 0, "%s", path);
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.' || strlen(entries[i]->d_name) > 2)
			fprintf(to, "%s\n", entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	fclose(to);
	return keep(text);
}

/* ---- files of a machine that is made up in the directory ---- */

/* Writes a file below the directory, whose own directories are made if need be. */
static inline void put_below(const char *name, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static inline void put_below(const char *name, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;

	snprintf(path, sizeof(path), "%s/%s", own_directory, name);
	for (char *slash = path + strlen(own_directory) + 1; (slash = strchr(slash, '/'));
		slash++) {
		*slash = 0;
		mkdir(path, 0700);
		*slash = '/';
	}
	FILE *file = fopen(path, "we");
	cr_assert_not_null(file, "%s", path);
	va_start(args, format);
	vfprintf(file, format, args);
	va_end(args);
	cr_assert_eq(fclose(file), 0);
}

#endif
