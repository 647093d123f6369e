/*
 * pixel_gray: (9798 R + 19235 G + 3735 B + 16384) >> 15; gray and alpha are kept.
 *
 * The weights are BT.601's in units of 2^-15 (see gray_of), and OpenCV's for RGB2GRAY: the bytes are
 * the same. Element y is row y of the picture. 3 channels become 1, and 4 become 2; pictures that are
 * gray already are copied, which is the same formula, since the weights add up to 2^15. All units
 * cost the same. Bound by memory where bytes are picked out of vectors quickly, else by that.
 *
 * All is done in 16 bits. With each weight w = 256 h + l, the sum is 256 H + L, where H, the sum of
 * the h's products, is at most 255 * 127, and L at most 255 * 256. Then the rounded gray is
 * (H + 64 + (L >> 8)) >> 7, exactly: what L leaves below 256 cannot carry.
 */
#include "pixel.h"

struct input {
	struct picture from, to;
	const struct picture *source;
};
struct partial {
	char none;
};

enum { PIXELS = VECTOR / 2 }; /* done at a time: one a lane */

/* Gray, and alpha if there was one. */
static inline uint32_t gray_channels(uint32_t channels)
{
	return channels % 2 ? 1 : 2;
}

/*
 * Where PIXELS pixels have their channels `low` and `high`, to be the lower and upper halves of lanes:
 * in the vector at their first byte, or in the one that ends with their last.
 */
PIXEL_INLINE vec8 places_of(uint32_t channels, uint32_t low, uint32_t high)
{
	const uint32_t skipped = 2 * VECTOR - channels * PIXELS;
	vec8 places;

#pragma GCC unroll 32
	for (uint32_t i = 0; i < PIXELS; i++) {
		const uint32_t a = channels * i + low, b = channels * i + high;
		places[2 * i] = (uint8_t)(a < VECTOR ? a : a + skipped);
		places[2 * i + 1] = (uint8_t)(b < VECTOR ? b : b + skipped);
	}
	return places;
}

PIXEL_INLINE vec16 gray_of_lanes(vec16 r, vec16 g, vec16 b)
{
	const vec16 high = GRAY_R / 256 * r + GRAY_G / 256 * g + GRAY_B / 256 * b;
	const vec16 low = GRAY_R % 256 * r + GRAY_G % 256 * g + GRAY_B % 256 * b;

	return (high + 64 + (low >> 8)) >> 7;
}

/* Which bytes make up lanes: red and green, and blue above what comes last, which may be alpha. */
struct places {
	vec8 red_green, last_blue;
};

/* `count` pixels, PIXELS at most. */
PIXEL_INLINE void gray_pixels(
	uint8_t *to, const uint8_t *from, struct places at, uint32_t channels, size_t count)
{
	typedef uint8_t half __attribute__((vector_size(PIXELS)));
	const vec8 a = load8(from), b = load8(from + channels * PIXELS - VECTOR);
	keep_loaded();
	const vec16 red_green = (vec16)pick_of_two(a, b, at.red_green);
	const vec16 last_blue = (vec16)pick_of_two(a, b, at.last_blue);
	const vec16 gray = gray_of_lanes(red_green & 255, red_green >> 8, last_blue >> 8);

	if (channels == 4) {
		const vec16 with_alpha = gray | last_blue << 8;
		memcpy(to, &with_alpha, 2 * count);
	} else {
		const half alone = __builtin_convertvector(gray, half);
		memcpy(to, &alone, count);
	}
}

/* 3 or 4 channels. */
PIXEL_INLINE void gray_row(uint8_t *to, const uint8_t *from, size_t width, uint32_t channels)
{
	const struct places at = { places_of(channels, 0, 1),
		places_of(channels, channels - 1, 2) };
	const uint32_t grays = gray_channels(channels);
	size_t x = 0;

	for (; width - x >= PIXELS; x += PIXELS)
		gray_pixels(to + x * grays, from + x * channels, at, channels, PIXELS);
	if (x < width)
		gray_pixels(to + x * grays, from + x * channels, at, channels, width - x);
}

static inline void body(const struct input *in, struct range rows, struct partial *into)
{
	const struct picture from = in->from, to = in->to;

	(void)into;
	for (uint64_t y = rows.first; y < rows.end; y++) {
		if (from.channels == 3)
			gray_row(row_of(&to, y), row_of(&from, y), from.width, 3);
		else if (from.channels == 4)
			gray_row(row_of(&to, y), row_of(&from, y), from.width, 4);
		else
			memcpy(row_of(&to, y), row_of(&from, y), row_bytes(&from));
	}
}

static void release(struct input *in)
{
	free(in->from.pixels);
	free(in->to.pixels);
}

static int setup(struct input *in, const struct problem *problem)
{
	const struct picture *p = in->source = problem->picture;

	if (!picture_alloc(&in->from, p->width, p->height, p->channels) &&
		!picture_alloc(&in->to, p->width, p->height, gray_channels(p->channels)))
		return 0;
	release(in);
	return -ENOMEM;
}

static void fill(const struct input *in, struct range rows)
{
	picture_copy(&in->from, in->source, rows);
	picture_clear(&in->to, rows);
}

static struct output output(const struct input *in)
{
	return picture_output(&in->to);
}

KERNEL(pixel_gray, .what = "(9798 R + 19235 G + 3735 B + 16384) >> 15, alpha kept",
	.why = "compute-bound, regular", .element = "row",
	.size = { .n = 1024, .width = 16384, .height = 1024 }, .grain = 2, .bytes = 10,
	.takes_picture = true, .setup = setup, .fill = fill, .release = release, .output = output);
