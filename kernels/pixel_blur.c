/*
 * pixel_blur: every channel, alpha too, convolved with the 5x5 binomial [1 4 6 4 1]^2 / 256, rounded
 * to nearest; at the border the picture is mirrored without repeating its edge.
 *
 * Element y is row y of the picture. All units cost the same. A stencil: a row reads five. It is
 * separable, so a tile of a row is first summed down its columns, then along. Sums fit 16 bits: they
 * are at most 16 * 255 = 4080 down, and with the rounding 16 * 4080 + 128 = 65408 both ways.
 */
#include "kernel.h"

enum {
	REACH = 2,   /* pixels to either side */
	TILE = 1024, /* pixels: the sums of a tile stay in the first-level cache */
	CHANNELS_MAX = 4
};

struct input {
	struct picture from, to;
	const struct picture *source;
};
struct partial {
	char none;
};

static inline uint16_t binomial(uint16_t a, uint16_t b, uint16_t c, uint16_t d, uint16_t e)
{
	return (uint16_t)(a + e + 4 * (b + d) + 6 * c);
}

/* Sums count bytes down their columns, from byte `at` of the five rows on. */
static inline void sum_down(
	uint16_t *restrict sums, uint8_t *const rows[5], size_t at, size_t count)
{
	const uint8_t *a = rows[0] + at, *b = rows[1] + at, *c = rows[2] + at, *d = rows[3] + at,
		      *e = rows[4] + at;

#pragma omp simd
	for (size_t i = 0; i < count; i++)
		sums[i] = binomial(a[i], b[i], c[i], d[i], e[i]);
}

/* Sums count bytes along; neighbours are `step` apart, and sums begins REACH pixels to the left. */
static inline void sum_along(
	uint8_t *restrict to, const uint16_t *restrict sums, size_t step, size_t count)
{
#pragma omp simd
	for (size_t i = 0; i < count; i++) {
		const uint16_t sum = binomial(sums[i], sums[i + step], sums[i + 2 * step],
			sums[i + 3 * step], sums[i + 4 * step]);
		to[i] = (uint8_t)((uint16_t)(sum + 128) >> 8);
	}
}

/* Pixels [first, end) of a row, of which rows are the five that it reads. */
static inline void blur_tile(
	const struct picture *to, uint8_t *const rows[5], uint64_t y, int64_t first, int64_t end)
{
	const int64_t width = to->width;
	const int64_t left = first - REACH, right = end + REACH; /* with the neighbours */
	const int64_t inner_left = left > 0 ? left : 0, inner_right = right < width ? right : width;
	const size_t step = to->channels;
	uint16_t sums[(TILE + 2 * REACH) * CHANNELS_MAX];

	sum_down(sums + (size_t)(inner_left - left) * step, rows, (size_t)inner_left * step,
		(size_t)(inner_right - inner_left) * step);
	for (int64_t x = left; x < inner_left; x++)
		memcpy(sums + (size_t)(x - left) * step,
			sums + (size_t)(mirror(x, width) - left) * step, step * sizeof(*sums));
	for (int64_t x = inner_right; x < right; x++)
		memcpy(sums + (size_t)(x - left) * step,
			sums + (size_t)(mirror(x, width) - left) * step, step * sizeof(*sums));
	sum_along(row_of(to, y) + (size_t)first * step, sums, step, (size_t)(end - first) * step);
}

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	const struct picture from = in->from, to = in->to;

	(void)into;
	for (uint64_t y = elements.first; y < elements.end; y++) {
		uint8_t *rows[5];
		for (int64_t k = 0; k < 5; k++)
			rows[k] = row_of(
				&from, (uint64_t)mirror((int64_t)y + k - REACH, from.height));
		for (int64_t x = 0; x < from.width; x += TILE)
			blur_tile(&to, rows, y, x, x + TILE < from.width ? x + TILE : from.width);
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
		!picture_alloc(&in->to, p->width, p->height, p->channels))
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

KERNEL(pixel_blur, .what = "5x5 binomial [1 4 6 4 1]^2 / 256, rounded, border mirrored",
	.why = "stencil", .element = "row", .size = { .n = 2048, .width = 4096, .height = 2048 },
	.grain = 1, .bytes = 12,
	.takes_picture =
		true, /* 4 additions each way, a rounding and a shift, 2 bytes wide, of 3 channels */
	.demand = { .operations[BYTE_OPERATION] = 60, .read_bytes = 3, .written_bytes = 3 },
	.regular = true, .setup = setup, .fill = fill, .release = release, .output = output);
