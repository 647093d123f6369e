#include "image.h"

#include <errno.h>
#include <inttypes.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	PNG_SIGNATURE_BYTES = 8,
	NUMBER_MAX = 1000000000 /* in the header of a PPM; larger ones are not told apart */
};

/* A picture's file and where to complain about it. */
struct file {
	FILE *stream;
	const char *name;
	struct message *why;
};

/* ---- what every format needs ---- */

static int check_size(const char *name, uint64_t width, uint64_t height, struct message *why)
{
	if (!width || !height)
		return fail(why, -EINVAL, "%s has no pixels: %" PRIu64 " x %" PRIu64, name, width,
			height);
	if (width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX ||
		width * height > PICTURE_PIXELS_MAX)
		return fail(why, -EFBIG,
			"%s is too large, %" PRIu64 " x %" PRIu64
			" pixels: %d a side and %d in all are the most",
			name, width, height, PICTURE_SIDE_MAX, PICTURE_PIXELS_MAX);
	return 0;
}

int picture_make(struct picture *into, const char *name, uint32_t width, uint32_t height,
	uint32_t channels, struct message *why)
{
	int error = check_size(name, width, height, why);

	if (error)
		return error;
	*into = (struct picture) { width, height, channels, NULL };
	into->pixels = kernel_alloc((uint64_t)width * height, channels);
	if (!into->pixels)
		return fail(why, -ENOMEM, "%s: no memory for %" PRIu32 " x %" PRIu32 " pixels",
			name, width, height);
	return 0;
}

/* Why fewer bytes could be read than were due. */
static int short_read(const struct file *file)
{
	if (ferror(file->stream))
		return fail(file->why, -errno, "cannot read %s: %s", file->name, strerror(errno));
	return fail(file->why, -EINVAL, "%s is cut short", file->name);
}

static int short_write(const struct file *file)
{
	return fail(file->why, -errno, "cannot write %s: %s", file->name, strerror(errno));
}

void picture_release(struct picture *picture)
{
	free(picture->pixels);
	*picture = (struct picture) { 0 };
}

/* ---- PNG ---- */

/*
 * libpng leaves by longjmp, to the function that called it. All that must outlive that jump is in
 * here, and here is not a local of that function.
 */
struct png_job {
	const struct file *file;
	png_structp png;
	png_infop info;
	struct picture picture;
	char warning[96]; /* libpng warns of details, then gives up with a general error */
	int error;
};

static _Noreturn void png_gives_up(png_structp png, png_const_charp text)
{
	struct png_job *job = png_get_error_ptr(png);

	if (!job->error)
		job->error = fail(job->file->why, -EINVAL, "%s is damaged: libpng says '%s%s%s'",
			job->file->name, text, *job->warning ? ", " : "", job->warning);
	png_longjmp(png, 1);
}

static void png_warns(png_structp png, png_const_charp text)
{
	struct png_job *job = png_get_error_ptr(png);

	snprintf(job->warning, sizeof(job->warning), "%s", text);
}

static void png_reads(png_structp png, png_bytep data, size_t bytes)
{
	struct png_job *job = png_get_io_ptr(png);

	if (fread(data, 1, bytes, job->file->stream) == bytes)
		return;
	job->error = short_read(job->file);
	png_error(png, "short read");
}

static void png_writes(png_structp png, png_bytep data, size_t bytes)
{
	struct png_job *job = png_get_io_ptr(png);

	if (fwrite(data, 1, bytes, job->file->stream) == bytes)
		return;
	job->error = short_write(job->file);
	png_error(png, "short write");
}

static void png_flushes(png_structp png)
{
	(void)png;
}

/* Checks the header and makes room. 16 bits are not rounded: a user should know of the loss. */
static int accept_png(struct png_job *job)
{
	const struct file *file = job->file;
	const uint32_t width = png_get_image_width(job->png, job->info);
	const uint32_t height = png_get_image_height(job->png, job->info);
	int error = check_size(file->name, width, height, file->why);

	if (error)
		return error;
	if (png_get_bit_depth(job->png, job->info) > 8)
		return fail(file->why, -ENOTSUP, "%s has 16 bits a channel: convert it to 8",
			file->name);
	png_set_expand(job->png);
	png_set_interlace_handling(job->png);
	png_read_update_info(job->png, job->info);
	return picture_make(&job->picture, file->name, width, height,
		png_get_channels(job->png, job->info), file->why);
}

static void decode_png(struct png_job *job)
{
	if (setjmp(png_jmpbuf(job->png)))
		return;
	png_set_read_fn(job->png, job, png_reads);
	png_set_sig_bytes(job->png, PNG_SIGNATURE_BYTES);
	png_set_user_limits(job->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* ours are lower */
	png_read_info(job->png, job->info);
	job->error = accept_png(job);
	if (job->error)
		return;
	const bool interlaced = png_get_interlace_type(job->png, job->info) != PNG_INTERLACE_NONE;
	const int passes = interlaced ? PNG_INTERLACE_ADAM7_PASSES : 1;
	for (int pass = 0; pass < passes; pass++)
		for (uint32_t y = 0; y < job->picture.height; y++)
			png_read_row(job->png, row_of(&job->picture, y), NULL);
	png_read_end(job->png, NULL);
}

/* Reads what follows the signature. */
static int read_png(const struct file *file, struct picture *into)
{
	struct png_job job = { .file = file };

	job.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &job, png_gives_up, png_warns);
	job.info = job.png ? png_create_info_struct(job.png) : NULL;
	if (job.info)
		decode_png(&job);
	else
		job.error = fail(
			file->why, -ENOMEM, "cannot read %s: libpng does not start", file->name);
	png_destroy_read_struct(&job.png, &job.info, NULL);
	if (job.error)
		picture_release(&job.picture);
	*into = job.picture;
	return job.error;
}

static void encode_png(struct png_job *job)
{
	static const int colour_types[] = { 0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA,
		PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA };
	const struct picture *p = &job->picture;

	if (setjmp(png_jmpbuf(job->png)))
		return;
	png_set_write_fn(job->png, job, png_writes, png_flushes);
	png_set_user_limits(job->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
	png_set_IHDR(job->png, job->info, p->width, p->height, 8, colour_types[p->channels],
		PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(job->png, job->info);
	for (uint32_t y = 0; y < p->height; y++)
		png_write_row(job->png, row_of(p, y));
	png_write_end(job->png, NULL);
}

static int write_png(const struct file *file, const struct picture *picture, bool colour)
{
	struct png_job job = { .file = file, .picture = *picture };

	(void)colour;
	job.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &job, png_gives_up, png_warns);
	job.info = job.png ? png_create_info_struct(job.png) : NULL;
	if (job.info)
		encode_png(&job);
	else
		job.error = fail(
			file->why, -ENOMEM, "cannot write %s: libpng does not start", file->name);
	png_destroy_write_struct(&job.png, &job.info);
	return job.error;
}

/* ---- PPM and PGM ---- */

static bool is_blank(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The header's next character; a comment counts as the newline that ends it. */
static int header_char(FILE *stream)
{
	int c = getc(stream);

	if (c == '#')
		while (c != '\n' && c != EOF)
			c = getc(stream);
	return c;
}

/* Reads a number of the header and the one blank that ends it. */
static int header_number(const struct file *file, const char *what, uint32_t *into)
{
	uint32_t number = 0;
	int c;

	do
		c = header_char(file->stream);
	while (is_blank(c));
	if (c == EOF)
		return short_read(file);
	if (c < '0' || c > '9')
		return fail(
			file->why, -EINVAL, "%s is damaged: its %s is no number", file->name, what);
	for (; c >= '0' && c <= '9'; c = header_char(file->stream))
		if (number < NUMBER_MAX / 10)
			number = 10 * number + (uint32_t)(c - '0');
		else
			number = NUMBER_MAX;
	if (c == EOF)
		return short_read(file);
	if (!is_blank(c))
		return fail(
			file->why, -EINVAL, "%s is damaged: its %s is no number", file->name, what);
	*into = number;
	return 0;
}

static int check_maxval(const struct file *file, uint32_t maxval)
{
	if (maxval < 1 || maxval > 65535)
		return fail(file->why, -EINVAL, "%s is damaged: its maxval is not one of 1 to 255",
			file->name);
	if (maxval > 255)
		return fail(file->why, -ENOTSUP,
			"%s has 16 bits a channel (maxval %" PRIu32 "): convert it to 8",
			file->name, maxval);
	return 0;
}

/* Reads all rows and stretches values of 0 to maxval to 0 to 255, rounding to the nearest. */
static int read_rows(const struct file *file, uint32_t maxval, const struct picture *picture)
{
	const size_t bytes = row_bytes(picture);

	for (uint32_t y = 0; y < picture->height; y++) {
		uint8_t *row = row_of(picture, y);
		if (fread(row, 1, bytes, file->stream) != bytes)
			return short_read(file);
		for (size_t i = 0; maxval < 255 && i < bytes; i++) {
			if (row[i] > maxval)
				return fail(file->why, -EINVAL,
					"%s is damaged: row %" PRIu32 " has the value %d, but its "
					"maxval is %" PRIu32,
					file->name, y, row[i], maxval);
			row[i] = (uint8_t)((row[i] * 255u + maxval / 2) / maxval);
		}
	}
	return 0;
}

/* Reads what follows the "P5" or "P6". */
static int read_pnm(const struct file *file, uint32_t channels, struct picture *into)
{
	uint32_t width = 0, height = 0, maxval = 0;
	int error = header_number(file, "width", &width);

	if (!error)
		error = header_number(file, "height", &height);
	if (!error)
		error = header_number(file, "maxval", &maxval);
	if (!error)
		error = check_maxval(file, maxval);
	if (!error)
		error = picture_make(into, file->name, width, height, channels, file->why);
	if (!error)
		error = read_rows(file, maxval, into);
	if (error)
		picture_release(into);
	return error;
}

static bool put_gray_as_rgb(const uint8_t *row, uint32_t width, FILE *stream)
{
	for (uint32_t x = 0; x < width; x++)
		for (int channel = 0; channel < 3; channel++)
			if (putc(row[x], stream) == EOF)
				return false;
	return true;
}

static int write_pnm(const struct file *file, const struct picture *picture, bool colour)
{
	const size_t bytes = row_bytes(picture);
	bool written = fprintf(file->stream, "P%c\n%" PRIu32 " %" PRIu32 "\n255\n",
			       colour ? '6' : '5', picture->width, picture->height) > 0;

	for (uint32_t y = 0; written && y < picture->height; y++) {
		const uint8_t *row = row_of(picture, y);
		if (colour && picture->channels == 1)
			written = put_gray_as_rgb(row, picture->width, file->stream);
		else
			written = fwrite(row, 1, bytes, file->stream) == bytes;
	}
	return written ? 0 : short_write(file);
}

/* ---- files of any format ---- */

/* What a file is that is none of ours. */
static int not_ours(const struct file *file, const char *head, size_t bytes)
{
	static const struct {
		const char *head, *what;
	} known[] = {
		{ "\xff\xd8\xff", "a JPEG" },
		{ "GIF8", "a GIF" },
		{ "RIFF", "a WebP or other RIFF file" },
		{ "II*", "a TIFF" },
		{ "MM", "a TIFF" },
		{ "BM", "a BMP" },
		{ "P1", "a PBM" },
		{ "P2", "a PGM in ASCII" },
		{ "P3", "a PPM in ASCII" },
		{ "P4", "a PBM" },
		{ "P7", "a PAM" },
	};

	for (size_t i = 0; i < COUNT(known); i++)
		if (bytes >= strlen(known[i].head) &&
			!memcmp(head, known[i].head, strlen(known[i].head)))
			return fail(file->why, -ENOTSUP,
				"%s is %s: convert it to PNG, or to binary PPM or PGM", file->name,
				known[i].what);
	return fail(file->why, -EINVAL, "%s is no picture: PNG and binary PPM and PGM can be read",
		file->name);
}

static int read_any(const struct file *file, struct picture *into)
{
	char head[PNG_SIGNATURE_BYTES];
	size_t bytes = fread(head, 1, 2, file->stream);

	if (!bytes && !ferror(file->stream))
		return fail(file->why, -EINVAL, "%s is empty", file->name);
	if (bytes == 2 && !memcmp(head, "P5", 2))
		return read_pnm(file, 1, into);
	if (bytes == 2 && !memcmp(head, "P6", 2))
		return read_pnm(file, 3, into);
	bytes += fread(head + bytes, 1, sizeof(head) - bytes, file->stream);
	if (ferror(file->stream))
		return short_read(file);
	if (png_sig_cmp((png_const_bytep)head, 0, bytes))
		return not_ours(file, head, bytes);
	return read_png(file, into);
}

int picture_read(const char *path, struct picture *into, struct message *why)
{
	const struct file file = { fopen(path, "re"), path, why };
	struct stat status;
	int error;

	*into = (struct picture) { 0 };
	if (!file.stream)
		return fail(why, -errno, "cannot read %s: %s", path, strerror(errno));
	if (!fstat(fileno(file.stream), &status) && S_ISDIR(status.st_mode))
		error = fail(why, -EISDIR, "%s is a directory, not a picture", path);
	else
		error = read_any(&file, into);
	fclose(file.stream);
	return error;
}

static const struct format {
	const char *ending;
	bool colour, alpha; /* whether it can hold them */
	int (*write)(const struct file *file, const struct picture *picture, bool colour);
} formats[] = {
	{ ".png", true, true, write_png },
	{ ".ppm", true, false, write_pnm },
	{ ".pgm", false, false, write_pnm },
};

static const struct format *format_of(const char *name)
{
	const size_t length = strlen(name);

	for (size_t i = 0; i < COUNT(formats); i++) {
		const size_t ending = strlen(formats[i].ending);
		if (length > ending && !strcasecmp(name + length - ending, formats[i].ending))
			return &formats[i];
	}
	return NULL;
}

int picture_format_check(const char *name, struct message *why)
{
	if (format_of(name))
		return 0;
	return fail(why, -EINVAL,
		"'%s' names no format: a picture's name ends in .png, .ppm or .pgm", name);
}

int picture_channels_check(const char *name, uint32_t channels, struct message *why)
{
	const struct format *format = format_of(name);

	if (!format)
		return picture_format_check(name, why);
	if (channels % 2 == 0 && !format->alpha)
		return fail(why, -EINVAL,
			"'%s': the picture has alpha, which a %s cannot hold: write a .png", name,
			format->ending);
	if (channels > 2 && !format->colour)
		return fail(why, -EINVAL,
			"'%s': the picture has colour, which a %s cannot hold: write a .ppm or a "
			".png",
			name, format->ending);
	return 0;
}

int picture_write(
	const char *path, const char *name, const struct picture *picture, struct message *why)
{
	const struct format *format = format_of(name);
	int error = picture_channels_check(name, picture->channels, why);

	if (error)
		return error;
	const struct file file = { fopen(path, "we"), name, why };
	if (!file.stream)
		return short_write(&file);
	error = format->write(&file, picture, format->colour);
	if (fclose(file.stream) && !error)
		error = short_write(&file);
	return error;
}
