/*
 * image: pictures from and to files.
 *
 * Read are PNG of every colour type with at most 8 bits a channel, interlaced or not, and binary
 * PPM and PGM (P6, P5) of maxval 1 to 255, which is stretched to 255. The content tells what a file
 * is, not its name. Channels stay as they are; a palette becomes RGB, transparency a channel.
 *
 * Written are .png, .ppm and .pgm, told by the name. What a format cannot hold is refused: alpha in
 * a .ppm or .pgm, colour in a .pgm. Gray in a .ppm becomes three equal channels.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdint.h>

#include "kernel.h"
#include "message.h"

/* A file that claims more is refused before memory is taken for it. */
enum {
	PICTURE_SIDE_MAX = 1 << 20,  /* pixels in a row or a column */
	PICTURE_PIXELS_MAX = 1 << 28 /* pixels in all: 16384 x 16384 */
};

/*
 * Reads a picture; the caller gives it back with picture_release. Returns 0, or with a message
 * -EINVAL for a file that is no picture or a damaged one, -ENOTSUP for one that we do not read,
 * -EFBIG for one that is too large, or what opening and reading gave (-ENOENT, -EACCES, -EISDIR).
 * On failure the picture is empty.
 */
int picture_read(const char *path, struct picture *into, struct message *why);

/* Whether the name's ending, in any case, is one that we write. Returns 0 or -EINVAL. */
int picture_format_check(const char *name, struct message *why);

/* Whether a picture of so many channels can be written under the name. Returns 0 or -EINVAL. */
int picture_channels_check(const char *name, uint32_t channels, struct message *why);

/*
 * Writes a picture to path, in the format that name asks for; path may be a temporary file that
 * the caller renames. Messages speak of name. A disk that is full is noticed, be it as late as
 * close. Returns 0 or a negative errno; then the caller removes what may lie at path.
 */
int picture_write(
	const char *path, const char *name, const struct picture *picture, struct message *why);

/*
 * Makes a picture whose pixels are not yet set; messages speak of name. Returns 0, -EINVAL for one
 * without pixels, -EFBIG or -ENOMEM.
 */
int picture_make(struct picture *into, const char *name, uint32_t width, uint32_t height,
	uint32_t channels, struct message *why);

/* Frees the pixels and leaves an empty picture. */
void picture_release(struct picture *picture);

#endif
