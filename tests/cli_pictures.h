/*
 * cli_pictures: pictures that tests give to tine, and those that it makes.
 */
#ifndef CLI_PICTURES_H
#define CLI_PICTURES_H

#include <png.h>

#include "cli.h"

/* Writes 8-bit pixels as PNG; format is libpng's PNG_FORMAT_RGB and so on. */
static inline void put_png(
	const char *path, unsigned width, unsigned height, unsigned format, const void *pixels)
{
	png_image image = {
		.version = PNG_IMAGE_VERSION, .width = width, .height = height, .format = format
	};

	cr_assert(png_image_write_to_file(&image, path, 0, pixels, 0, NULL), "%s", image.message);
}

/* Reads it back; fails unless it has the shape. */
static inline void get_png(
	const char *path, unsigned width, unsigned height, unsigned format, void *pixels)
{
	png_image image = { .version = PNG_IMAGE_VERSION };

	cr_assert(png_image_begin_read_from_file(&image, path), "%s: %s", path, image.message);
	cr_assert_eq(image.width, width);
	cr_assert_eq(image.height, height);
	cr_assert_eq(image.format, format, "%s: format %u", path, image.format);
	cr_assert(png_image_finish_read(&image, NULL, pixels, 0, NULL), "%s", image.message);
}

/* gnuplot draws what is no image. */
static inline void need_gnuplot(void)
{
	if (system("gnuplot --version >/dev/null 2>&1"))
		skip("there is no gnuplot");
}

#endif
