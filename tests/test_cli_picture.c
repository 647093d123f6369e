/*
 * cli, picture: --image in, --output out.
 */
#include "cli_calm.h"
#include "cli_pictures.h"

/* A quick run: one launch of one sample. */
#define QUICK "--launches", "1", "--samples", "1"

enum { WIDTH = 61, HEIGHT = 43, CHANNELS = 3, BYTES = WIDTH * HEIGHT * CHANNELS };

static void make_pixels(uint8_t *pixels)
{
	for (unsigned i = 0; i < BYTES; i++)
		pixels[i] = (uint8_t)((i * 2654435761u) >> 24);
}

static void enter_with_picture(void)
{
	uint8_t pixels[BYTES];

	enter_directory();
	make_pixels(pixels);
	put_png("in.png", WIDTH, HEIGHT, PNG_FORMAT_RGB, pixels);
}

TestSuite(picture, .init = enter_with_picture, .fini = leave_directory, .timeout = 60);

#define FROM_IMAGE "--image", "in.png", "--threads", "2", QUICK

Test(picture, png_in_and_out_is_the_pictures_negative)
{
	uint8_t in[BYTES], out[BYTES];
	const struct told told = tine("run", "pixel_invert", FROM_IMAGE, "--output", "out.png");

	expect_code(&told, 0);
	make_pixels(in);
	get_png("out.png", WIDTH, HEIGHT, PNG_FORMAT_RGB, out);
	for (size_t i = 0; i < BYTES; i++)
		cr_assert_eq(out[i], 255 - in[i], "byte %zu", i);
}

Test(picture, its_size_is_that_of_the_cases)
{
	const struct told told = tine("run", "pixel_invert", FROM_IMAGE, "--format", "json");
	json_t *said = json_said(&told);

	cr_expect_not_null(case_with_id(said, "pixel_invert/pool/t2/static/61x43"));
	json_decref(said);
}

Test(picture, ppm_output_has_header_and_pixels)
{
	const char header[] = "P6\n61 43\n255\n";
	uint8_t in[BYTES];
	const struct told told = tine("run", "pixel_invert", FROM_IMAGE, "--output", "out.ppm");

	expect_code(&told, 0);
	make_pixels(in);
	const char *out = file_text("out.ppm");
	cr_assert_eq(strncmp(out, header, strlen(header)), 0);
	cr_expect_eq((uint8_t)out[strlen(header)], 255 - in[0]);
}

Test(picture, pgm_output_holds_the_gray)
{
	const char header[] = "P5\n61 43\n255\n";
	uint8_t in[BYTES];
	const struct told told = tine("run", "pixel_gray", FROM_IMAGE, "--output", "out.pgm");

	expect_code(&told, 0);
	make_pixels(in);
	const char *out = file_text("out.pgm");
	cr_assert_eq(strncmp(out, header, strlen(header)), 0);
	cr_expect_eq((uint8_t)out[strlen(header)],
		(9798 * in[0] + 19235 * in[1] + 3735 * in[2] + 16384) >> 15);
}

Test(picture, ppm_is_read_back_as_it_was_written)
{
	tine("run", "pixel_invert", FROM_IMAGE, "--output", "once.ppm");
	const struct told told =
		tine("run", "pixel_invert", "--image", "once.ppm", QUICK, "--output", "twice.png");
	uint8_t in[BYTES], out[BYTES];

	expect_code(&told, 0);
	make_pixels(in);
	get_png("twice.png", WIDTH, HEIGHT, PNG_FORMAT_RGB, out);
	cr_expect_arr_eq(in, out, BYTES);
}

Test(picture, gamma_of_one_changes_nothing)
{
	uint8_t in[BYTES], out[BYTES];
	const struct told told =
		tine("run", "pixel_gamma", FROM_IMAGE, "--gamma", "1", "--output", "out.png");

	expect_code(&told, 0);
	make_pixels(in);
	get_png("out.png", WIDTH, HEIGHT, PNG_FORMAT_RGB, out);
	cr_expect_arr_eq(in, out, BYTES);
}

Test(picture, output_replaces_an_existing_file)
{
	uint8_t out[BYTES];

	put_text("out.png", "something else");
	const struct told told = tine("run", "pixel_invert", FROM_IMAGE, "--output", "out.png");
	expect_code(&told, 0);
	get_png("out.png", WIDTH, HEIGHT, PNG_FORMAT_RGB, out);
}

Test(picture, output_over_the_input_is_right)
{
	uint8_t in[BYTES], out[BYTES];
	const struct told told = tine("run", "pixel_invert", FROM_IMAGE, "--output", "in.png");

	expect_code(&told, 0);
	make_pixels(in);
	get_png("in.png", WIDTH, HEIGHT, PNG_FORMAT_RGB, out);
	cr_expect_eq(out[0], 255 - in[0]);
}

/* What pool's result is over in.png as it was, with --output over it. */
static json_t *invert_in_place(void)
{
	uint8_t pixels[BYTES];

	make_pixels(pixels);
	for (const time_t until = calm_until(); time(NULL) < until;) {
		put_png("in.png", WIDTH, HEIGHT, PNG_FORMAT_RGB, pixels);
		const struct told told = tine("run", "pixel_invert", FROM_IMAGE, "--format", "json",
			"--output", "in.png");
		json_t *said = json_said(&told);
		if (all_count(said, 1))
			return said;
		json_decref(said);
	}
	skip("other load disturbs every launch");
}

/* Every case measures the picture that was given, not one that --output has made of it. */
Test(picture, output_over_the_input_does_not_change_what_is_measured)
{
	json_t *wanted = calm_json(1, "run", "pixel_invert", FROM_IMAGE), *got = invert_in_place();

	cr_expect_str_eq(json_string_value(json_object_get(case_of(got, "pool"), "result")),
		json_string_value(json_object_get(case_of(wanted, "pool"), "result")));
	json_decref(wanted);
	json_decref(got);
}

Test(picture, nothing_else_is_left_beside_the_output)
{
	const struct told told = tine("run", "pixel_invert", FROM_IMAGE, "--output", "out.png");

	expect_code(&told, 0);
	cr_expect_str_eq(listing("."), "in.png\nout.png\n");
}

Test(picture, output_honours_the_umask)
{
	struct stat status;

	umask(077);
	const struct told told = tine("run", "pixel_invert", FROM_IMAGE, "--output", "out.png");
	expect_code(&told, 0);
	cr_assert_eq(stat("out.png", &status), 0);
	cr_expect_eq(status.st_mode & 0777, 0600, "mode %o", status.st_mode & 0777);
}

Test(picture, run_without_output_writes_nothing)
{
	const struct told told = tine("run", "pixel_invert", FROM_IMAGE);

	expect_code(&told, 0);
	cr_expect_str_eq(listing("."), "in.png\n");
}
