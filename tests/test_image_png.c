/*
 * image, PNG: pictures that libpng writes in every colour type must be read pixel by pixel; what is
 * damaged or out of bounds must be refused with a message that helps.
 */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <png.h>

#include "pictures.h"

TestSuite(png, .init = make_directory, .fini = remove_directory);

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
	put_file(at(name), png, sizeof(png));
}

/* Writes a good PNG with one byte changed, counted from a chunk's type. */
static void put_png_with_a_wrong_byte(const char *name, const char *chunk, ptrdiff_t offset)
{
	static uint8_t data[FILE_MAX];

	put_png("good.png", &plain);
	const size_t bytes = get("good.png", data, sizeof(data));
	uint8_t *type = memmem(data, bytes, chunk, 4);
	cr_assert_not_null(type);
	type[offset] ^= 0x55;
	put_file(at(name), data, bytes);
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
		put_file(at("cut.png"), data, cut);
		expect_refused("cut.png", -EINVAL, "cut short");
	}
}
