/*
 * kernels, pictures: each pixel against an independent reference.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>

#include "problems.h"
#include "reference.h"

struct shape {
	uint32_t width, height;
};

/* Around the edges of what is done at a time: 4 rows, tiles of up to 1280 bytes; WIDTHS has vectors. */
static const struct shape shapes[] = {
	{ 1, 1 },
	{ 1, 7 },
	{ 7, 1 },
	{ 2, 2 },
	{ 3, 2 },
	{ 2, 3 },
	{ 5, 3 },
	{ 64, 1 },
	{ 17, 31 },
	{ 31, 4 },
	{ 32, 4 },
	{ 33, 4 },
	{ 255, 2 },
	{ 256, 3 },
	{ 257, 3 },
	{ 258, 2 },
	{ 1025, 2 },
	{ 320, 8 },
	{ 427, 5 },
	{ 853, 4 },
	{ 1281, 6 },
};

static struct computed compute_picture(const char *name, const struct picture *source)
{
	const struct problem problem = problem_of(source->height, source->width, source);
	struct computed got = compute_sequentially(find(name), &problem);

	cr_assert_not_null(got.picture.pixels, "%s makes no picture", name);
	cr_assert_eq(got.picture.width, source->width);
	cr_assert_eq(got.picture.height, source->height);
	cr_assert_eq(got.bytes, row_bytes(&got.picture) * got.picture.height);
	return got;
}

/* What a pixel kernel should make of one channel of one pixel. */
typedef uint8_t pixel_fn(const struct picture *source, int x, int y, int channel);

static void expect_pixels(const char *name, const struct picture *source, pixel_fn *expected)
{
	struct computed got = compute_picture(name, source);
	const int channels = (int)got.picture.channels;
	const uint8_t *pixel = got.picture.pixels;

	for (int y = 0; y < (int)source->height; y++)
		for (int x = 0; x < (int)source->width; x++)
			for (int c = 0; c < channels; c++, pixel++)
				cr_assert_eq(*pixel, expected(source, x, y, c),
					"%s of %ux%u x %u channels: (%d, %d) channel %d is %d, "
					"expected %d",
					name, source->width, source->height, source->channels, x, y,
					c, *pixel, expected(source, x, y, c));
	computed_release(&got);
}

/* The shapes, then each of WIDTHS, four rows and one more high. */
static struct picture noise_of(size_t i, uint32_t channels)
{
	return i < LENGTH(shapes) ? noise(shapes[i].width, shapes[i].height, channels)
				  : noise((uint32_t)(i - LENGTH(shapes) + 1), 5, channels);
}

static void expect_every_shape(const char *name, pixel_fn *expected)
{
	for (uint32_t channels = 1; channels <= 4; channels++)
		for (size_t i = 0; i < LENGTH(shapes) + WIDTHS; i++) {
			struct picture source = noise_of(i, channels);
			expect_pixels(name, &source, expected);
			free(source.pixels);
		}
}

static uint8_t gamma_22(const struct picture *source, int x, int y, int channel)
{
	return reference_gamma(source, x, y, channel, test_gamma);
}

static uint8_t sobel(const struct picture *source, int x, int y, int channel)
{
	(void)channel;
	return reference_sobel(source, x, y);
}

static uint8_t mandelbrot(const struct picture *source, int x, int y, int channel)
{
	(void)channel;
	return reference_mandelbrot((uint32_t)x, (uint32_t)y, source->width, source->height);
}

Test(kernels, pixel_invert_is_the_formula)
{
	expect_every_shape("pixel_invert", reference_invert);
}

Test(kernels, pixel_gray_is_the_formula)
{
	expect_every_shape("pixel_gray", reference_gray);
}

Test(kernels, pixel_gamma_is_the_formula)
{
	expect_every_shape("pixel_gamma", gamma_22);
}

Test(kernels, pixel_blur_is_the_plain_25_taps)
{
	expect_every_shape("pixel_blur", reference_blur);
}

Test(kernels, pixel_sobel_is_the_plain_convolution)
{
	expect_every_shape("pixel_sobel", sobel);
}

/* The sums of a white picture are the largest there are. */
Test(kernels, pixel_blur_keeps_white_white)
{
	struct picture white = noise(67, 5, 4);

	memset(white.pixels, 255, row_bytes(&white) * white.height);
	struct computed got = compute_picture("pixel_blur", &white);
	cr_assert_arr_eq(got.data, white.pixels, got.bytes);
	computed_release(&got);
	free(white.pixels);
}

static uint32_t channels_made(const char *name, uint32_t channels)
{
	struct picture source = noise(2, 2, channels);
	struct computed got = compute_picture(name, &source);
	const uint32_t made = got.picture.channels;

	computed_release(&got);
	free(source.pixels);
	return made;
}

Test(kernels, channels_of_the_output)
{
	static const struct {
		const char *name;
		uint32_t made[5]; /* of that many */
	} expected[] = {
		{ "pixel_invert", { 0, 1, 2, 3, 4 } },
		{ "pixel_gray", { 0, 1, 2, 1, 2 } },
		{ "pixel_gamma", { 0, 1, 2, 3, 4 } },
		{ "pixel_blur", { 0, 1, 2, 3, 4 } },
		{ "pixel_sobel", { 0, 1, 1, 1, 1 } },
	};

	for (size_t i = 0; i < LENGTH(expected); i++)
		for (uint32_t channels = 1; channels <= 4; channels++)
			cr_assert_eq(channels_made(expected[i].name, channels),
				expected[i].made[channels], "%s of %u channels", expected[i].name,
				channels);
}

Test(kernels, pixel_gamma_refuses_what_is_no_gamma)
{
	const struct kernel *kernel = find("pixel_gamma")->kernel;
	static const double wrong[] = { 0, -1, NAN };
	struct picture source = noise(2, 2, 3);

	for (size_t i = 0; i < LENGTH(wrong); i++) {
		struct problem problem = problem_of(2, 2, &source);
		struct input *input = calloc(1, kernel->input_bytes);
		problem.gamma = wrong[i];
		cr_assert_eq(kernel->setup(input, &problem), -EINVAL, "gamma %g", wrong[i]);
		free(input);
	}
	free(source.pixels);
}

Test(kernels, mandelbrot_is_the_plain_loop)
{
	static const struct shape sizes[] = {
		{ 1, 1 },
		{ 1, 7 },
		{ 7, 1 },
		{ 31, 3 },
		{ 32, 3 },
		{ 33, 3 },
		{ 100, 71 },
	};

	for (size_t i = 0; i < LENGTH(sizes); i++) {
		const struct picture shape = {
			.width = sizes[i].width, .height = sizes[i].height, .channels = 1
		};
		expect_pixels("mandelbrot", &shape, mandelbrot);
	}
}
