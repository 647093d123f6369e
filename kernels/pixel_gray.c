/*
 * pixel_gray: (9798 R + 19235 G + 3735 B + 16384) >> 15; gray and alpha are kept.
 *
 * The weights are BT.601's in units of 2^-15 (see gray_of), and OpenCV's for RGB2GRAY: the bytes are
 * the same. Element y is row y of the picture. 3 channels become 1, and 4 become 2; pictures that are
 * gray already are copied, which is the same formula, since the weights add up to 2^15. All units
 * cost the same. Bound by memory where the processor picks bytes out of vectors at a stroke.
 *
 * All is done in 16 bits. With each weight w = 256 h + l, the sum is 256 H + L, where H, the sum of
 * the h's products, is at most 255 * 127, and L at most 255 * 256. Then the rounded gray is
 * (H + 64 + (L >> 8)) >> 7, exactly: what L leaves below 256 cannot carry.
 */
#include "pixel.h"

struct input {
	struct picture from, to;
	const struct picture *source;
	uint16_t high[3], low[3]; /* the weights' h and l, of R, G and B */
};
struct partial {
	char none;
};

enum {
	PIXELS = LANES, /* done at a time: one a lane */
	LINE = 64,      /* bytes of a cache */
	AHEAD = 16384   /* bytes that are asked for ahead */
};

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
	vec8 places = { 0 };

#pragma GCC unroll 32
	for (uint32_t i = 0; i < PIXELS; i++) {
		const uint32_t a = channels * i + low, b = channels * i + high;
		places[2 * i] = (uint8_t)(a < VECTOR ? a : a + skipped);
		places[2 * i + 1] = (uint8_t)(b < VECTOR ? b : b + skipped);
	}
	return places;
}

/* A weight in every lane. */
PIXEL_INLINE vec16 in_all_lanes(uint16_t weight)
{
	return (vec16) { 0 } + weight;
}

/*
 * What a row needs in registers. The bytes that make up lanes: red and green, and blue above what
 * comes last, which may be alpha. And the weights, which come from the input, since gcc makes three
 * shifts and sums of a multiplication whose factor it knows, and takes longer.
 */
struct constants {
	vec8 red_green, last_blue;
	vec16 high[3], low[3];
};

PIXEL_INLINE struct constants constants_of(const struct input *in, uint32_t channels)
{
	struct constants made = {
		.red_green = places_of(channels, 0, 1),
		.last_blue = places_of(channels, channels - 1, 2),
	};

	for (int c = 0; c < 3; c++) {
		made.high[c] = in_all_lanes(in->high[c]);
		made.low[c] = in_all_lanes(in->low[c]);
	}
	return made;
}

/* `count` pixels, PIXELS at most. */
PIXEL_INLINE void gray_pixels(uint8_t *to, const uint8_t *from, const struct constants *k,
	uint32_t channels, size_t count)
{
	typedef uint8_t half __attribute__((vector_size(PIXELS)));
	const vec8 first = load8(from), second = load8(from + channels * PIXELS - VECTOR);
	keep_loaded();
	const vec16 red_green = (vec16)pick_of_two(first, second, k->red_green);
	const vec16 last_blue = (vec16)pick_of_two(first, second, k->last_blue);
	const vec16 r = red_green & 255, g = red_green >> 8, b = last_blue >> 8;
	const vec16 high = k->high[0] * r + k->high[1] * g + k->high[2] * b + 64;
	const vec16 low = k->low[0] * r + k->low[1] * g + k->low[2] * b;
	const vec16 gray = (high + (low >> 8)) >> 7;

	if (channels == 4) {
		const vec16 with_alpha = gray | last_blue << 8;
		memcpy(to, &with_alpha, 2 * count);
	} else {
		const half alone = __builtin_convertvector(gray, half);
		memcpy(to, &alone, count);
	}
}

/* 3 or 4 channels. */
PIXEL_INLINE void gray_row(uint8_t *to, const uint8_t *from, const struct constants *k,
	size_t width, uint32_t channels)
{
	const uint32_t grays = gray_channels(channels);
	size_t x = 0;

	for (; width - x >= PIXELS; x += PIXELS) {
		read_soon(from + x * channels, AHEAD);
		if (channels * PIXELS > LINE)
			read_soon(from + x * channels + LINE, AHEAD);
		gray_pixels(to + x * grays, from + x * channels, k, channels, PIXELS);
	}
	if (x < width)
		gray_pixels(to + x * grays, from + x * channels, k, channels, width - x);
}

/* With constant channels all that depends on them folds. */
PIXEL_INLINE void gray_rows(const struct input *in, struct range rows, uint32_t channels)
{
	const struct picture from = in->from, to = in->to;
	const struct constants k = constants_of(in, channels);

	for (uint64_t y = rows.first; y < rows.end; y++)
		gray_row(row_of(&to, y), row_of(&from, y), &k, from.width, channels);
}

static inline void body(const struct input *in, struct range rows, struct partial *into)
{
	(void)into;
	if (in->from.channels == 3)
		gray_rows(in, rows, 3);
	else if (in->from.channels == 4)
		gray_rows(in, rows, 4);
	else
		picture_copy(&in->to, &in->from, rows);
}

static void release(struct input *in)
{
	free(in->from.pixels);
	free(in->to.pixels);
}

static int setup(struct input *in, const struct problem *problem)
{
	static const uint16_t weights[3] = { GRAY_R, GRAY_G, GRAY_B };
	const struct picture *p = in->source = problem->picture;

	for (int c = 0; c < 3; c++) {
		in->high[c] = weights[c] / 256;
		in->low[c] = weights[c] % 256;
	}
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
	.why = "bound by memory", .element = "row",
	.size = { .n = 1536, .width = 16384, .height = 1536 }, .grain = 2, .bytes = 10,
	.takes_picture = true,
	/* 2 picks, 6 multiplications, 6 additions and 6 shifts and masks, 2 bytes wide */
	.demand = { .operations[BYTE_OPERATION] = 40, .read_bytes = 3, .written_bytes = 1 },
	.regular = true, .setup = setup, .fill = fill, .release = release, .output = output);
