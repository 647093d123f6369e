/*
 * pixel_blur: every channel, alpha too, convolved with the 5x5 binomial [1 4 6 4 1]^2 / 256, rounded
 * to nearest; at the border the picture is mirrored without repeating its edge.
 *
 * The same bytes as OpenCV's GaussianBlur of 5x5 with no sigma given. Element y is row y of the
 * picture. All units cost the same. A stencil: a row reads five. It is separable, so a tile of a row is
 * first summed down its columns, then along. Sums fit 16 bits: they are at most 16 * 255 = 4080 down,
 * and with the rounding 16 * 4080 + 128 = 65408 both ways. Sums of even bytes and of odd ones are
 * kept apart, as lanes' halves give them, so that nothing is ever shuffled.
 */
#include "pixel.h"

enum {
	REACH = 2, /* pixels to either side */
	TAPS = 2 * REACH + 1,
	TILE = 256, /* pixels: as few as pay, so that reading and writing memory take turns often */
	CHANNELS_MAX = 4,
	HALF = (TILE + 2 * REACH) * CHANNELS_MAX / 2 + VECTOR /* sums of even bytes, and of odd */
};

struct input {
	struct picture from, to;
	const struct picture *source;
};
struct partial {
	char none;
};

/* A row's work: the rows it reads, the one it writes, and those that are wanted soon. */
struct lines {
	const uint8_t *from[TAPS], *next_from;
	uint8_t *to, *next_to;
};

/* Of a tile's bytes, counted from REACH pixels left of it: byte j's sum is of[j % 2][j / 2]. */
struct sums {
	uint16_t of[2][HALF];
};

static inline uint16_t *sum_at(struct sums *sums, size_t j)
{
	return &sums->of[j % 2][j / 2];
}

PIXEL_INLINE vec16 binomial(vec16 a, vec16 b, vec16 c, vec16 d, vec16 e)
{
	const vec16 twice = c + c;

	return a + e + twice + ((b + d + c) << 2);
}

/* Sums count bytes down their columns, from byte `at` of the rows on; j, the first's place, is even. */
PIXEL_INLINE void sum_down(
	struct sums *sums, size_t j, const struct lines *rows, size_t at, size_t count)
{
	for (size_t i = 0; i < count; i += VECTOR) {
		vec16 v[TAPS];
		for (size_t t = 0; t < TAPS; t++)
			v[t] = load16(rows->from[t] + at + i);
		__builtin_prefetch(rows->next_from + at + i);
		const vec16 even =
			binomial(v[0] & 255, v[1] & 255, v[2] & 255, v[3] & 255, v[4] & 255);
		const vec16 odd = binomial(v[0] >> 8, v[1] >> 8, v[2] >> 8, v[3] >> 8, v[4] >> 8);
		memcpy(sum_at(sums, j + i), &even, VECTOR);
		memcpy(sum_at(sums, j + i + 1), &odd, VECTOR);
	}
}

/* The places of the taps of bytes 0 and 1. */
struct taps {
	const uint16_t *even[TAPS], *odd[TAPS];
};

/* The sums along of every second byte, rounded. */
PIXEL_INLINE vec16 sum_taps(const uint16_t *const taps[TAPS], size_t i)
{
	const vec16 sum = binomial(load16(taps[0] + i), load16(taps[1] + i), load16(taps[2] + i),
		load16(taps[3] + i), load16(taps[4] + i));

	return sum + 128;
}

/* Bytes i and on of a tile, `count` of them, VECTOR at most. */
PIXEL_INLINE void blur_bytes(uint8_t *to, const struct taps *taps, size_t i, size_t count)
{
	const vec16 low = sum_taps(taps->even, i / 2) >> 8;
	const vec16 both = low | (sum_taps(taps->odd, i / 2) & 0xff00);

	memcpy(to + i, &both, count);
}

/* Sums count bytes along; neighbours are `step` apart. */
PIXEL_INLINE void sum_along(
	uint8_t *to, const uint8_t *next_to, struct sums *sums, size_t step, size_t count)
{
	struct taps taps;
	size_t i = 0;

	for (size_t t = 0; t < TAPS; t++) {
		taps.even[t] = sum_at(sums, t * step);
		taps.odd[t] = sum_at(sums, t * step + 1);
	}
	for (; count - i >= VECTOR; i += VECTOR) {
		__builtin_prefetch(next_to + i, 1);
		blur_bytes(to, &taps, i, VECTOR);
	}
	if (i < count)
		blur_bytes(to, &taps, i, count - i);
}

/* Mirrors the sums of pixels [first, end), which lie outside a picture; `left` is pixel 0's place. */
static inline void mirror_sums(
	struct sums *sums, int64_t first, int64_t end, int64_t left, int64_t width, size_t step)
{
	for (int64_t x = first; x < end; x++)
		for (size_t c = 0; c < step; c++)
			*sum_at(sums, (size_t)(x - left) * step + c) =
				*sum_at(sums, (size_t)(mirror(x, width) - left) * step + c);
}

/* Pixels [first, end) of a row, of which rows are the lines. */
PIXEL_INLINE void blur_tile(
	const struct lines *rows, int64_t first, int64_t end, int64_t width, size_t step)
{
	const int64_t left = first - REACH, right = end + REACH; /* with the neighbours */
	const int64_t inner_left = left > 0 ? left : 0, inner_right = right < width ? right : width;
	struct sums sums;

	sum_down(&sums, (size_t)(inner_left - left) * step, rows, (size_t)inner_left * step,
		(size_t)(inner_right - inner_left) * step);
	mirror_sums(&sums, left, inner_left, left, width, step);
	mirror_sums(&sums, inner_right, right, left, width, step);
	sum_along(rows->to + (size_t)first * step, rows->next_to + (size_t)first * step, &sums,
		step, (size_t)(end - first) * step);
}

/* Row y, of a body that goes on to row `end`. */
static inline struct lines lines_of(const struct input *in, uint64_t y, uint64_t end)
{
	const int64_t last = (int64_t)in->from.height - 1, next = (int64_t)y + REACH + 1;
	struct lines rows;

	for (int64_t t = 0; t < TAPS; t++)
		rows.from[t] = row_of(
			&in->from, (uint64_t)mirror((int64_t)y + t - REACH, in->from.height));
	rows.next_from = row_of(&in->from, (uint64_t)(next < last ? next : last));
	rows.to = row_of(&in->to, y);
	/* Never a row that another member might be writing: it would be torn from its cache. */
	rows.next_to = y + 1 < end ? row_of(&in->to, y + 1) : rows.to;
	return rows;
}

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	const int64_t width = in->to.width;
	const size_t step = in->to.channels;

	(void)into;
	for (uint64_t y = elements.first; y < elements.end; y++) {
		const struct lines rows = lines_of(in, y, elements.end);
		for (int64_t x = 0; x < width; x += TILE)
			blur_tile(&rows, x, x + TILE < width ? x + TILE : width, width, step);
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
	.grain = 4, .bytes = 12, .takes_picture = true, .setup = setup, .fill = fill,
	.release = release, .output = output);
