/*
 * pictures: files in the test's directory that are read as pictures, or are none.
 */
#ifndef PICTURES_H
#define PICTURES_H

#include "directory.h"
#include "image.h"

enum { FILE_MAX = 1 << 16 };

static inline size_t get(const char *name, uint8_t *data, size_t room)
{
	FILE *file = fopen(at(name), "re");

	cr_assert_not_null(file, "%s", name);
	const size_t bytes = fread(data, 1, room, file);
	cr_assert_lt(bytes, room);
	fclose(file);
	return bytes;
}

static inline struct picture read_picture(const char *name)
{
	struct picture picture;
	struct message why = { "" };

	cr_assert_eq(picture_read(at(name), &picture, &why), 0, "%s", why.text);
	return picture;
}

static inline void expect_shape(
	const struct picture *p, uint32_t width, uint32_t height, uint32_t channels)
{
	cr_assert_eq(p->width, width);
	cr_assert_eq(p->height, height);
	cr_assert_eq(p->channels, channels, "%u channels", p->channels);
}

/* Reading fails with this code and a message that names the file and holds the phrase. */
static inline void expect_refused(const char *name, int code, const char *phrase)
{
	struct picture picture;
	struct message why = { "" };

	const int error = picture_read(at(name), &picture, &why);
	cr_expect_eq(error, code, "%d: %s", error, why.text);
	cr_expect(strstr(why.text, name) && strstr(why.text, phrase), "%s", why.text);
	cr_expect_null(picture.pixels);
}

#endif
