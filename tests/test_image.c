/*
 * image: pictures that libpng writes in every colour type, and PPM and PGM by hand, must come back
 * pixel by pixel; files that are no pictures must be refused with a message that helps.
 */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <png.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image.h"
#include "pattern.h"

/* ---- a directory that is removed again ---- */

static char directory[64];

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status, (void)type, (void)walk;
	return remove(path);
}

static void make_directory(void)
{
	strcpy(directory, "/tmp/test_image.XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
}

static void remove_directory(void)
{
	nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

TestSuite(png, .init = make_directory, .fini = remove_directory);
TestSuite(pnm, .init = make_directory, .fini = remove_directory);
TestSuite(refuses, .init = make_directory, .fini = remove_directory);
TestSuite(writes, .init = make_directory, .fini = remove_directory);

/* The path of a name in the directory, for a few calls. */
static const char *at(const char *name)
{
	static char paths[4][PATH_MAX];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, PATH_MAX, "%s/%s", directory, name);
	return path;
}

static void put(const char *name, const void *data, size_t bytes)
{
	FILE *file = fopen(at(name), "we");

	cr_assert_not_null(file);
	cr_assert_eq(fwrite(data, 1, bytes, file), bytes);
	cr_assert_eq(fclose(file), 0);
}

static size_t get(const char *name, uint8_t *data, size_t room)
{
	FILE *file = fopen(at(name), "re");

	cr_assert_not_null(file, "%s", name);
	const size_t bytes = fread(data, 1, room, file);
	cr_assert_lt(bytes, room);
	fclose(file);
	return bytes;
}

static struct picture read_picture(const char *name)
{
	struct picture picture;
	struct message why = { "" };

	cr_assert_eq(picture_read(at(name), &picture, &why), 0, "%s", why.text);
	return picture;
}

static void expect_shape(
	const struct picture *p, uint32_t width, uint32_t height, uint32_t channels)
{
	cr_assert_eq(p->width, width);
	cr_assert_eq(p->height, height);
	cr_assert_eq(p->channels, channels, "%u channels", p->channels);
}

/* Reading fails with this code and a message that names the file and holds the phrase. */
static void expect_refused(const char *name, int code, const char *phrase)
{
	struct picture picture;
	struct message why = { "" };

	const int error = picture_read(at(name), &picture, &why);
	cr_expect_eq(error, code, "%d: %s", error, why.text);
	cr_expect(strstr(why.text, name) && strstr(why.text, phrase), "%s", why.text);
	cr_expect_null(picture.pixels);
}

/* ---- PNG files, made here ---- */

enum { WIDTH = 21, HEIGHT = 13, KEY = 1 };

/* How a PNG is made: TRANSPARENT are the value or colour KEY, or palette entries each as much. */
enum { PLAIN = 0, INTERLACED = 1, TRANSPARENT = 2 };

struct png_kind {
	int colour_type, depth, how;
};

static int samples_of(int colour_type)
{
	if (colour_type == PNG_COLOR_TYPE_PALETTE)
		return 1;
	return 1 + 2 * !!(colour_type & PNG_COLOR_MASK_COLOR) +
		!!(colour_type & PNG_COLOR_MASK_ALPHA);
}

/* What is stored at a place; some pixels have KEY in all samples. */
static unsigned stored(const struct png_kind *kind, uint32_t x, uint32_t y, int sample)
{
	const unsigned value = x % 5 == 4 ? KEY : x * 7 + y * 29 + (unsigned)sample * 71;

	return value & ((1u << kind->depth) - 1);
}

static png_color palette_colour(unsigned entry)
{
	return (png_color) { (uint8_t)(entry * 3 + 1), (uint8_t)(255 - entry),
		(uint8_t)(entry * 5) };
}

static uint8_t palette_alpha(unsigned entry)
{
	return (uint8_t)(entry * 11);
}

static void put_palette(png_structp png, png_infop info, const struct png_kind *kind)
{
	const int entries = 1 << kind->depth;
	png_color colours[256];
	png_byte alphas[256];

	for (int i = 0; i < entries; i++) {
		colours[i] = palette_colour((unsigned)i);
		alphas[i] = palette_alpha((unsigned)i);
	}
	png_set_PLTE(png, info, colours, entries);
	if (kind->how & TRANSPARENT)
		png_set_tRNS(png, info, alphas, entries, NULL);
}

static void put_header(png_structp png, png_infop info, const struct png_kind *kind)
{
	png_color_16 key = { .gray = KEY, .red = KEY, .green = KEY, .blue = KEY };

	png_set_IHDR(png, info, WIDTH, HEIGHT, kind->depth, kind->colour_type,
		kind->how & INTERLACED ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
		PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	if (kind->colour_type == PNG_COLOR_TYPE_PALETTE)
		put_palette(png, info, kind);
	else if (kind->how & TRANSPARENT)
		png_set_tRNS(png, info, NULL, 0, &key);
	png_write_info(png, info);
}

static void put_png(const char *name, const struct png_kind *kind)
{
	const int samples = samples_of(kind->colour_type);
	FILE *file = fopen(at(name), "we");
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	uint8_t row[WIDTH * 8] = { 0 };

	cr_assert_not_null(file);
	png_init_io(png, file);
	put_header(png, info, kind);
	png_set_packing(png);
	const int passes = png_set_interlace_handling(png);
	for (int pass = 0; pass < passes; pass++)
		for (uint32_t y = 0; y < HEIGHT; y++) {
			for (uint32_t x = 0; kind->depth <= 8 && x < WIDTH; x++)
				for (int s = 0; s < samples; s++)
					row[x * (uint32_t)samples + (uint32_t)s] =
						(uint8_t)stored(kind, x, y, s);
			png_write_row(png, row);
		}
	png_write_end(png, NULL);
	png_destroy_write_struct(&png, &info);
	cr_assert_eq(fclose(file), 0);
}

/* What reading must give for a pixel of such a file. Returns the channels. */
static uint32_t expected_pixel(const struct png_kind *kind, uint32_t x, uint32_t y, uint8_t into[8])
{
	const unsigned most = (1u << kind->depth) - 1, first = stored(kind, x, y, 0);
	uint32_t channels = 0;
	bool key = true;

	if (kind->colour_type == PNG_COLOR_TYPE_PALETTE) {
		const png_color colour = palette_colour(first);
		into[channels++] = colour.red;
		into[channels++] = colour.green;
		into[channels++] = colour.blue;
		if (kind->how & TRANSPARENT)
			into[channels++] = palette_alpha(first);
		return channels;
	}
	for (int s = 0; s < samples_of(kind->colour_type); s++) {
		into[channels++] = (uint8_t)(stored(kind, x, y, s) * 255 / most);
		key = key && stored(kind, x, y, s) == KEY;
	}
	if (kind->how & TRANSPARENT)
		into[channels++] = key ? 0 : 255;
	return channels;
}

static void expect_png(int colour_type, int depth, int how)
{
	const struct png_kind *kind = &(struct png_kind) { colour_type, depth, how };
	uint8_t expected[8] = { 0 };

	put_png("a.png", kind);
	struct picture picture = read_picture("a.png");
	expect_shape(&picture, WIDTH, HEIGHT, expected_pixel(kind, 0, 0, expected));
	for (uint32_t y = 0; y < HEIGHT; y++)
		for (uint32_t x = 0; x < WIDTH; x++) {
			const uint32_t channels = expected_pixel(kind, x, y, expected);
			cr_assert_arr_eq(row_of(&picture, y) + x * channels, expected, channels,
				"pixel %u, %u", x, y);
		}
	picture_release(&picture);
}

#define READS(name, colour, bits, how)                                                             \
	Test(png, reads_##name)                                                                    \
	{                                                                                          \
		expect_png(colour, bits, how);                                                     \
	}

READS(gray_of_1_bit, PNG_COLOR_TYPE_GRAY, 1, PLAIN)
READS(gray_of_2_bits, PNG_COLOR_TYPE_GRAY, 2, PLAIN)
READS(gray_of_4_bits, PNG_COLOR_TYPE_GRAY, 4, PLAIN)
READS(gray_of_8_bits, PNG_COLOR_TYPE_GRAY, 8, PLAIN)
READS(gray_of_1_bit_with_a_transparent_value, PNG_COLOR_TYPE_GRAY, 1, TRANSPARENT)
READS(gray_of_4_bits_with_a_transparent_value, PNG_COLOR_TYPE_GRAY, 4, TRANSPARENT)
READS(gray_of_8_bits_with_a_transparent_value, PNG_COLOR_TYPE_GRAY, 8, TRANSPARENT)
READS(gray_with_alpha, PNG_COLOR_TYPE_GRAY_ALPHA, 8, PLAIN)
READS(rgb, PNG_COLOR_TYPE_RGB, 8, PLAIN)
READS(rgb_with_a_transparent_colour, PNG_COLOR_TYPE_RGB, 8, TRANSPARENT)
READS(rgb_with_alpha, PNG_COLOR_TYPE_RGB_ALPHA, 8, PLAIN)
READS(a_palette_of_1_bit, PNG_COLOR_TYPE_PALETTE, 1, PLAIN)
READS(a_palette_of_2_bits, PNG_COLOR_TYPE_PALETTE, 2, PLAIN)
READS(a_palette_of_4_bits, PNG_COLOR_TYPE_PALETTE, 4, PLAIN)
READS(a_palette_of_8_bits, PNG_COLOR_TYPE_PALETTE, 8, PLAIN)
READS(a_palette_of_2_bits_with_alpha, PNG_COLOR_TYPE_PALETTE, 2, TRANSPARENT)
READS(a_palette_of_8_bits_with_alpha, PNG_COLOR_TYPE_PALETTE, 8, TRANSPARENT)
READS(interlaced_gray_of_1_bit, PNG_COLOR_TYPE_GRAY, 1, INTERLACED)
READS(interlaced_gray_of_8_bits, PNG_COLOR_TYPE_GRAY, 8, INTERLACED)
READS(an_interlaced_palette_with_alpha, PNG_COLOR_TYPE_PALETTE, 4, INTERLACED | TRANSPARENT)
READS(interlaced_rgb, PNG_COLOR_TYPE_RGB, 8, INTERLACED)
READS(interlaced_rgb_with_alpha, PNG_COLOR_TYPE_RGB_ALPHA, 8, INTERLACED)

static const struct png_kind plain = { PNG_COLOR_TYPE_RGB, 8, PLAIN };

Test(png, is_told_by_content_and_not_by_name)
{
	put_png("a.ppm", &plain);
	struct picture picture = read_picture("a.ppm");
	expect_shape(&picture, WIDTH, HEIGHT, 3);
	picture_release(&picture);
}

/* The remainder of a PNG chunk's type and data, as the format's appendix computes it. */
static uint32_t crc_of(const uint8_t *data, size_t bytes)
{
	uint32_t crc = ~0u;

	for (size_t i = 0; i < bytes; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/* A PNG that ends where the pixels would begin that its header promises. */
static void put_png_header(const char *name, uint32_t width, uint32_t height, uint8_t depth)
{
	uint8_t png[41] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";

	png_save_uint_32(png + 16, width);
	png_save_uint_32(png + 20, height);
	png[24] = depth;
	png[25] = PNG_COLOR_TYPE_RGB;
	png_save_uint_32(png + 29, crc_of(png + 12, 17));
	memcpy(png + 33, "\0\0\1\0IDAT", 8);
	put(name, png, sizeof(png));
}

enum { FILE_MAX = 1 << 16 };

/* Writes a good PNG with one byte changed, counted from a chunk's type. */
static void put_png_with_a_wrong_byte(const char *name, const char *chunk, ptrdiff_t offset)
{
	static uint8_t data[FILE_MAX];

	put_png("good.png", &plain);
	const size_t bytes = get("good.png", data, sizeof(data));
	uint8_t *type = memmem(data, bytes, chunk, 4);
	cr_assert_not_null(type);
	type[offset] ^= 0x55;
	put(name, data, bytes);
}

Test(png, refuses_16_bits)
{
	put_png("deep.png", &(struct png_kind) { PNG_COLOR_TYPE_RGB, 16, PLAIN });
	expect_refused("deep.png", -ENOTSUP, "16 bits a channel: convert it to 8");
}

Test(png, refuses_interlaced_16_bits)
{
	put_png("deep.png", &(struct png_kind) { PNG_COLOR_TYPE_GRAY, 16, INTERLACED });
	expect_refused("deep.png", -ENOTSUP, "16 bits a channel: convert it to 8");
}

Test(png, refuses_a_width_of_0)
{
	put_png_header("flat.png", 0, 5, 8);
	expect_refused("flat.png", -EINVAL, "width is zero");
}

Test(png, refuses_a_height_of_0)
{
	put_png_header("flat.png", 5, 0, 8);
	expect_refused("flat.png", -EINVAL, "height is zero");
}

Test(png, refuses_a_million_by_a_million)
{
	put_png_header("big.png", 1000000, 1000000, 8);
	expect_refused("big.png", -EFBIG, "1000000 x 1000000");
}

Test(png, refuses_a_side_that_is_too_long)
{
	put_png_header("long.png", PICTURE_SIDE_MAX + 1, 1, 8);
	expect_refused("long.png", -EFBIG, "1048576 a side");
}

Test(png, refuses_a_header_with_a_wrong_checksum)
{
	put_png_with_a_wrong_byte("a.png", "IHDR", 17);
	expect_refused("a.png", -EINVAL, "damaged");
}

Test(png, refuses_pixels_with_a_wrong_checksum)
{
	put_png_with_a_wrong_byte("a.png", "IEND", -8);
	expect_refused("a.png", -EINVAL, "IDAT: CRC error");
}

Test(png, refuses_a_damaged_end)
{
	put_png_with_a_wrong_byte("a.png", "IEND", 4);
	expect_refused("a.png", -EINVAL, "damaged");
}

Test(png, lets_libpng_print_nothing)
{
	struct picture picture;

	put_png_header("flat.png", 0, 5, 8); /* libpng warns, then fails */
	cr_redirect_stderr();
	picture_read(at("flat.png"), &picture, NULL);
	fputs("end\n", stderr);
	fflush(stderr);
	cr_expect_stderr_eq_str("end\n");
}

Test(png, refuses_whatever_is_cut_short_wherever)
{
	static uint8_t data[FILE_MAX];
	put_png("whole.png",
		&(struct png_kind) { PNG_COLOR_TYPE_PALETTE, 4, INTERLACED | TRANSPARENT });
	const size_t bytes = get("whole.png", data, sizeof(data));

	for (size_t cut = 1; cut < bytes; cut++) {
		put("cut.png", data, cut);
		expect_refused("cut.png", -EINVAL, "cut short");
	}
}

/* ---- PPM and PGM ---- */

/* Writes a header, as text, and the pixels after it. */
static void put_pnm(const char *name, const char *header, const void *pixels, size_t bytes)
{
	uint8_t file[256];
	const size_t length = strlen(header);

	cr_assert_leq(length + bytes, sizeof(file));
	memcpy(file, header, length);
	memcpy(file + length, pixels, bytes);
	put(name, file, length + bytes);
}

static const uint8_t twelve[12] = { 10, 32, 35, 0, 255, 1, 2, 3, 100, 50, 49, 127 };

static void expect_twelve(const char *header, uint32_t width, uint32_t height, uint32_t channels)
{
	put_pnm("a.pnm", header, twelve, sizeof(twelve));
	struct picture picture = read_picture("a.pnm");
	expect_shape(&picture, width, height, channels);
	cr_expect_arr_eq(picture.pixels, twelve, sizeof(twelve));
	picture_release(&picture);
}

Test(pnm, reads_a_ppm)
{
	expect_twelve("P6\n2 2\n255\n", 2, 2, 3);
}

Test(pnm, reads_a_pgm)
{
	expect_twelve("P5\n4 3\n255\n", 4, 3, 1);
}

Test(pnm, reads_a_header_with_comments)
{
	expect_twelve("P6 # by hand\n# 7 7\n2#wide\n 2\n#\n255\n", 2, 2, 3);
}

Test(pnm, reads_a_header_that_a_comment_ends)
{
	expect_twelve("P6 2 2 255# the most\n", 2, 2, 3);
}

Test(pnm, reads_a_header_with_blanks_of_all_kinds)
{
	expect_twelve("P6\r\n\t2\v\f2 \r\n255\r", 2, 2, 3);
}

static void expect_stretched(const char *header, const void *from, const void *to, size_t bytes)
{
	put_pnm("a.pgm", header, from, bytes);
	struct picture picture = read_picture("a.pgm");
	cr_expect_arr_eq(picture.pixels, to, bytes);
	picture_release(&picture);
}

Test(pnm, stretches_a_smaller_maxval_and_rounds)
{
	expect_stretched("P5 5 1 100\n", (uint8_t[]) { 0, 1, 33, 50, 100 },
		(uint8_t[]) { 0, 3, 84, 128, 255 }, 5);
}

Test(pnm, stretches_a_maxval_of_1)
{
	expect_stretched("P5 2 1 1\n", (uint8_t[]) { 0, 1 }, (uint8_t[]) { 0, 255 }, 2);
}

Test(pnm, refuses_a_value_over_maxval)
{
	put_pnm("a.pgm", "P5 1 2 100\n", (uint8_t[]) { 100, 101 }, 2);
	expect_refused("a.pgm", -EINVAL, "row 1 has the value 101, but its maxval is 100");
}

Test(pnm, refuses_a_maxval_of_0)
{
	put_pnm("a.pgm", "P5 1 2 0\n", "\0", 2);
	expect_refused("a.pgm", -EINVAL, "maxval is not one of 1 to 255");
}

Test(pnm, refuses_a_maxval_that_no_pnm_has)
{
	put_pnm("a.pgm", "P5 1 2 65536\n", twelve, 2);
	expect_refused("a.pgm", -EINVAL, "maxval is not one of 1 to 255");
}

Test(pnm, refuses_16_bits)
{
	put_pnm("a.pgm", "P5 1 1 65535\n", twelve, 2);
	expect_refused("a.pgm", -ENOTSUP, "16 bits a channel (maxval 65535): convert it to 8");
}

Test(pnm, refuses_a_width_that_is_no_number)
{
	put_pnm("a.ppm", "P6 wide 2 255\n", twelve, sizeof(twelve));
	expect_refused("a.ppm", -EINVAL, "its width is no number");
}

Test(pnm, refuses_a_height_that_goes_on_after_its_digits)
{
	put_pnm("a.ppm", "P6 2 2x 255\n", twelve, sizeof(twelve));
	expect_refused("a.ppm", -EINVAL, "its height is no number");
}

Test(pnm, refuses_a_negative_width)
{
	put_pnm("a.ppm", "P6 -2 2 255\n", twelve, sizeof(twelve));
	expect_refused("a.ppm", -EINVAL, "its width is no number");
}

Test(pnm, refuses_0_pixels)
{
	put_pnm("a.ppm", "P6 0 2 255\n", twelve, sizeof(twelve));
	expect_refused("a.ppm", -EINVAL, "no pixels: 0 x 2");
}

Test(pnm, refuses_a_million_by_a_million)
{
	put_pnm("a.ppm", "P6 1000000 1000000 255\n", twelve, sizeof(twelve));
	expect_refused("a.ppm", -EFBIG, "1000000 x 1000000");
}

Test(pnm, refuses_one_pixel_too_many)
{
	put_pnm("a.ppm", "P6 16384 16385 255\n", twelve, sizeof(twelve));
	expect_refused("a.ppm", -EFBIG, "268435456 in all");
}

Test(pnm, refuses_a_width_that_overflows)
{
	put_pnm("a.ppm", "P6 18446744073709551617 1 255\n", twelve, sizeof(twelve));
	expect_refused("a.ppm", -EFBIG, "too large");
}

Test(pnm, refuses_whatever_is_cut_short_wherever)
{
	static const uint8_t whole[] = "P6 # x\n2 2\n255\n0123456789ab";

	for (size_t cut = 2; cut < sizeof(whole) - 1; cut++) {
		put("cut.ppm", whole, cut);
		expect_refused("cut.ppm", -EINVAL, "cut short");
	}
}

/* ---- what is no picture ---- */

static void expect_refused_text(const char *text, int code, const char *phrase)
{
	put("file.png", text, strlen(text));
	expect_refused("file.png", code, phrase);
}

Test(refuses, a_missing_file)
{
	expect_refused("none.png", -ENOENT, strerror(ENOENT));
}

Test(refuses, a_directory)
{
	mkdir(at("dir.png"), 0700);
	expect_refused("dir.png", -EISDIR, "is a directory");
}

Test(refuses, a_file_that_may_not_be_read)
{
	put("secret.png", "x", 1);
	chmod(at("secret.png"), 0);
	const bool root = !geteuid();
	if (root) /* whom nothing is forbidden */
		cr_assert_eq(seteuid(65534), 0);
	expect_refused("secret.png", -EACCES, strerror(EACCES));
	if (root)
		cr_assert_eq(seteuid(0), 0);
}

Test(refuses, an_empty_file)
{
	expect_refused_text("", -EINVAL, "is empty");
}

Test(refuses, a_file_of_one_byte)
{
	expect_refused_text("x", -EINVAL, "no picture");
}

Test(refuses, text)
{
	expect_refused_text("Dear picture,\n", -EINVAL, "PNG and binary PPM and PGM can be read");
}

Test(refuses, a_jpeg_and_says_so)
{
	expect_refused_text("\xff\xd8\xff\xe0JFIF", -ENOTSUP, "is a JPEG: convert it to PNG");
}

Test(refuses, a_ppm_in_ascii_and_says_so)
{
	expect_refused_text("P3\n1 1\n255\n0 0 0\n", -ENOTSUP, "is a PPM in ASCII");
}

Test(refuses, without_being_asked_why)
{
	struct picture picture;

	cr_expect_eq(picture_read(at("none.png"), &picture, NULL), -ENOENT);
}

/* ---- writing ---- */

static uint8_t some_pixels[6 * 4 * 4];

/* A picture of 6 x 4. Owns nothing. */
static struct picture some_picture(uint32_t channels)
{
	for (size_t i = 0; i < sizeof(some_pixels); i++)
		some_pixels[i] = (uint8_t)(i * 37);
	return (struct picture) { 6, 4, channels, some_pixels };
}

static void expect_round_trip(const char *name, uint32_t channels)
{
	const struct picture before = some_picture(channels);
	struct message why = { "" };

	cr_assert_eq(picture_write(at(name), name, &before, &why), 0, "%s", why.text);
	struct picture after = read_picture(name);
	expect_shape(&after, 6, 4, channels);
	cr_expect_arr_eq(after.pixels, before.pixels, 4 * row_bytes(&before));
	picture_release(&after);
}

Test(writes, gray_as_png)
{
	expect_round_trip("a.png", 1);
}

Test(writes, gray_with_alpha_as_png)
{
	expect_round_trip("a.png", 2);
}

Test(writes, rgb_as_png)
{
	expect_round_trip("a.png", 3);
}

Test(writes, rgb_with_alpha_as_png)
{
	expect_round_trip("a.png", 4);
}

Test(writes, rgb_as_ppm)
{
	expect_round_trip("a.ppm", 3);
}

Test(writes, gray_as_pgm)
{
	expect_round_trip("a.pgm", 1);
}

Test(writes, names_in_capitals)
{
	expect_round_trip("A.PNG", 3);
}

Test(writes, gray_as_three_equal_channels_of_a_ppm)
{
	const struct picture before = some_picture(1);

	cr_assert_eq(picture_write(at("a.ppm"), "a.ppm", &before, NULL), 0);
	struct picture after = read_picture("a.ppm");
	expect_shape(&after, 6, 4, 3);
	for (size_t i = 0; i < 6 * 4 * 3; i++)
		cr_assert_eq(after.pixels[i], before.pixels[i / 3]);
	picture_release(&after);
}

static void expect_format(const char *name, const char *head)
{
	const struct picture picture = some_picture(1);
	uint8_t data[FILE_MAX];

	cr_assert_eq(picture_write(at("temporary"), name, &picture, NULL), 0);
	cr_assert_geq(get("temporary", data, sizeof(data)), strlen(head));
	cr_expect_arr_eq(data, head, strlen(head));
}

Test(writes, png_where_the_name_says_so_be_the_path_what_it_may)
{
	expect_format("a.png", "\x89PNG");
}

Test(writes, ppm_where_the_name_says_so)
{
	expect_format("a.ppm", "P6\n6 4\n255\n");
}

Test(writes, pgm_where_the_name_says_so)
{
	expect_format("a.pgm", "P5\n6 4\n255\n");
}

Test(writes, over_a_longer_file)
{
	put("a.pgm", "P5 a longer file, of which nothing may stay behind", 50);
	const struct picture picture = some_picture(1);
	uint8_t data[FILE_MAX];

	cr_assert_eq(picture_write(at("a.pgm"), "a.pgm", &picture, NULL), 0);
	cr_expect_eq(get("a.pgm", data, sizeof(data)), 11 + 24);
}

/* Writing fails with this code and a message that names the file and holds the phrase. */
static void expect_not_written(
	const char *path, const char *name, uint32_t channels, int code, const char *phrase)
{
	const struct picture picture = some_picture(channels);
	struct message why = { "" };

	cr_expect_eq(picture_write(path, name, &picture, &why), code);
	cr_expect(strstr(why.text, name) && strstr(why.text, phrase), "%s", why.text);
}

Test(writes, no_alpha_to_a_ppm)
{
	expect_not_written(at("a.ppm"), "a.ppm", 4, -EINVAL, "alpha");
}

Test(writes, no_alpha_to_a_pgm)
{
	expect_not_written(at("a.pgm"), "a.pgm", 2, -EINVAL, "write a .png");
}

Test(writes, no_colour_to_a_pgm)
{
	expect_not_written(at("a.pgm"), "a.pgm", 3, -EINVAL, "colour");
}

Test(writes, no_file_that_it_refuses)
{
	expect_not_written(at("a.pgm"), "a.pgm", 3, -EINVAL, "colour");
	cr_expect_eq(access(at("a.pgm"), F_OK), -1);
}

Test(writes, no_other_formats)
{
	expect_not_written(at("a.jpg"), "a.jpg", 3, -EINVAL, ".png, .ppm or .pgm");
}

Test(writes, nothing_into_a_directory_that_is_not_there)
{
	expect_not_written(at("no/a.png"), "no/a.png", 3, -ENOENT, strerror(ENOENT));
}

Test(writes, no_png_to_a_full_disk)
{
	expect_not_written("/dev/full", "a.png", 3, -ENOSPC, strerror(ENOSPC));
}

Test(writes, no_small_ppm_to_a_disk_that_is_found_full_at_close)
{
	expect_not_written("/dev/full", "a.ppm", 3, -ENOSPC, strerror(ENOSPC));
}

Test(writes, no_large_ppm_to_a_full_disk)
{
	struct picture picture;
	struct message why = { "" };

	cr_assert_eq(picture_generate(640, 480, &picture, NULL), 0);
	cr_expect_eq(picture_write("/dev/full", "a.ppm", &picture, &why), -ENOSPC);
	cr_expect(strstr(why.text, strerror(ENOSPC)), "%s", why.text);
	picture_release(&picture);
}

/* ---- names and channels, checked before anything is computed ---- */

Test(names, with_an_ending_that_can_be_written_are_right)
{
	static const char *const right[] = { "a.png", "dir.jpg/a.ppm", "a.b.pgm", "A.PnG" };

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		cr_expect_eq(picture_format_check(right[i], NULL), 0, "%s", right[i]);
}

Test(names, with_another_ending_or_none_are_wrong)
{
	static const char *const wrong[] = { "", "png", ".png", "a.jpg", "a.png.gz", "apng",
		"a.png/" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect_eq(picture_format_check(wrong[i], NULL), -EINVAL, "%s", wrong[i]);
}

Test(names, are_checked_with_the_channels_they_must_hold)
{
	/* by channels, from 1 */
	static const struct {
		const char *name;
		bool holds[4];
	} rows[] = {
		{ "a.png", { true, true, true, true } },
		{ "a.ppm", { true, false, true, false } },
		{ "a.pgm", { true, false, false, false } },
		{ "a.jpg", { false, false, false, false } },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (uint32_t channels = 1; channels <= 4; channels++)
			cr_expect_eq(!picture_channels_check(rows[i].name, channels, NULL),
				rows[i].holds[channels - 1], "%s, %u", rows[i].name, channels);
}

/* ---- a picture of our own ---- */

/* FNV-1a. */
static uint64_t hash_of(const struct picture *picture)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < picture->height * row_bytes(picture); i++)
		hash = (hash ^ picture->pixels[i]) * 0x100000001b3u;
	return hash;
}

Test(generated, is_the_same_everywhere)
{
	struct picture picture;

	cr_assert_eq(picture_generate(64, 48, &picture, NULL), 0);
	expect_shape(&picture, 64, 48, 3);
	cr_expect_eq(hash_of(&picture), UINT64_C(0x4fe75810b5eeb7fa), "%016lx", hash_of(&picture));
	picture_release(&picture);
}

Test(generated, has_every_value_in_every_channel)
{
	bool seen[3][256] = { { false } };
	struct picture picture;

	cr_assert_eq(picture_generate(640, 480, &picture, NULL), 0);
	for (size_t i = 0; i < 640 * 480 * 3; i++)
		seen[i % 3][picture.pixels[i]] = true;
	for (size_t i = 0; i < 3 * 256; i++)
		cr_expect(seen[i / 256][i % 256], "value %zu of channel %zu", i % 256, i / 256);
	picture_release(&picture);
}

Test(generated, is_one_pixel_if_asked_for)
{
	struct picture picture;

	cr_assert_eq(picture_generate(1, 1, &picture, NULL), 0);
	expect_shape(&picture, 1, 1, 3);
	picture_release(&picture);
}

Test(generated, is_refused_without_pixels)
{
	struct picture picture;
	struct message why = { "" };

	cr_expect_eq(picture_generate(0, 480, &picture, &why), -EINVAL);
	cr_expect(strstr(why.text, "0 x 480"), "%s", why.text);
	cr_expect_null(picture.pixels);
}

Test(generated, is_refused_when_too_large)
{
	struct picture picture;

	cr_expect_eq(picture_generate(1 << 20, 1 << 20, &picture, NULL), -EFBIG);
	cr_expect_null(picture.pixels);
}

Test(released, can_be_released_again)
{
	struct picture picture;

	cr_assert_eq(picture_generate(2, 2, &picture, NULL), 0);
	picture_release(&picture);
	picture_release(&picture);
	cr_expect_eq(picture.width, 0);
}
