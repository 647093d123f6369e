/*
 * image, PPM and PGM: those written by hand must be read pixel by pixel; what is wrong in them, and
 * files that are no pictures, must be refused with a message that helps.
 */
#include <criterion/criterion.h>

#include "pictures.h"

TestSuite(pnm, .init = make_directory, .fini = remove_directory);
TestSuite(refuses, .init = make_directory, .fini = remove_directory);

/* ---- PPM and PGM ---- */

/* Writes a header, as text, and the pixels after it. */
static void put_pnm(const char *name, const char *header, const void *pixels, size_t bytes)
{
	uint8_t file[256];
	const size_t length = strlen(header);

	cr_assert_leq(length + bytes, sizeof(file));
	memcpy(file, header, length);
	memcpy(file + length, pixels, bytes);
	put_file(at(name), file, length + bytes);
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

static void expect_refused_header(const char *header, int code, const char *phrase)
{
	put_pnm("a.ppm", header, twelve, sizeof(twelve));
	expect_refused("a.ppm", code, phrase);
}

Test(pnm, refuses_a_width_that_is_no_number)
{
	expect_refused_header("P6 wide 2 255\n", -EINVAL, "its width is no number");
}

Test(pnm, refuses_a_height_that_goes_on_after_its_digits)
{
	expect_refused_header("P6 2 2x 255\n", -EINVAL, "its height is no number");
}

Test(pnm, refuses_a_negative_width)
{
	expect_refused_header("P6 -2 2 255\n", -EINVAL, "its width is no number");
}

Test(pnm, refuses_0_pixels)
{
	expect_refused_header("P6 0 2 255\n", -EINVAL, "no pixels: 0 x 2");
}

Test(pnm, refuses_a_million_by_a_million)
{
	expect_refused_header("P6 1000000 1000000 255\n", -EFBIG, "1000000 x 1000000");
}

Test(pnm, refuses_one_pixel_too_many)
{
	expect_refused_header("P6 16384 16385 255\n", -EFBIG, "268435456 in all");
}

Test(pnm, refuses_a_width_that_overflows)
{
	expect_refused_header("P6 18446744073709551617 1 255\n", -EFBIG, "too large");
}

Test(pnm, refuses_whatever_is_cut_short_wherever)
{
	static const uint8_t whole[] = "P6 # x\n2 2\n255\n0123456789ab";

	for (size_t cut = 2; cut < sizeof(whole) - 1; cut++) {
		put_file(at("cut.ppm"), whole, cut);
		expect_refused("cut.ppm", -EINVAL, "cut short");
	}
}

/* ---- what is no picture ---- */

static void expect_refused_text(const char *text, int code, const char *phrase)
{
	put_file(at("file.png"), text, strlen(text));
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
	put_file(at("secret.png"), "x", 1);
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
