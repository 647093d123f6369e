/*
 * image: what is written must come back pixel by pixel, and a picture of our own is the same everywhere.
 */
#include <criterion/criterion.h>

#include "pattern.h"
#include "pictures.h"

TestSuite(writes, .init = make_directory, .fini = remove_directory);

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
	put_file(at("a.pgm"), "P5 a longer file, of which nothing may stay behind", 50);
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
