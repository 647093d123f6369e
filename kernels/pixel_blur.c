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
	TILE = 256, /* pixels: few, so that reading and writing memory take turns often */
	CHANNELS_MAX = 4,
	ROOM = TILE * CHANNELS_MAX + 4 * VECTOR /* bytes that a tile has sums of, at most */
};

_Static_assert(2 * REACH * CHANNELS_MAX <= VECTOR, "a tile has room for its neighbours");

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

/*
 * The sums down of a tile's bytes. Byte j of them, which is byte `base` + j of the row, has of[j % 2]
 * [j / 2]. Bases are multiples of VECTOR, so that vectors are read and kept aligned where rows are;
 * the first tile's is negative, and leaves room for what is mirrored at its left.
 */
struct sums {
	int64_t base;
	_Alignas(VECTOR) uint16_t of[2][ROOM / 2];
};

/* Of a row's byte, which may lie REACH pixels outside. */
static inline uint16_t *sum_at(struct sums *sums, int64_t byte)
{
	const uint64_t j = (uint64_t)(byte - sums->base);

	return &sums->of[j % 2][j / 2];
}

PIXEL_INLINE vec16 binomial(vec16 a, vec16 b, vec16 c, vec16 d, vec16 e)
{
	const vec16 twice = c + c;

	return a + e + twice + ((b + d + c) << 2);
}

/* Sums a row's bytes from the base, or 0, on down their columns, up to byte `end`, or a little more. */
PIXEL_INLINE void sum_down(struct sums *sums, const struct lines *rows, int64_t end)
{
	for (int64_t at = sums->base > 0 ? sums->base : 0; at < end; at += VECTOR) {
		const vec16 a = load16(rows->from[0] + at), b = load16(rows->from[1] + at),
			    c = load16(rows->from[2] + at), d = load16(rows->from[3] + at),
			    e = load16(rows->from[4] + at);
		keep_loaded();
		const vec16 even = binomial(a & 255, b & 255, c & 255, d & 255, e & 255);
		const vec16 odd = binomial(a >> 8, b >> 8, c >> 8, d >> 8, e >> 8);
		__builtin_prefetch(rows->next_from + at);
		memcpy(sum_at(sums, at), &even, VECTOR);
		memcpy(sum_at(sums, at + 1), &odd, VECTOR);
	}
}

/* The taps of a tile's bytes 0 and 1, among the sums. */
struct taps {
	const uint16_t *even[TAPS], *odd[TAPS];
};

/* Bytes i and on of a tile, `count` of them, VECTOR at most. */
PIXEL_INLINE void blur_bytes(uint8_t *to, const struct taps *taps, size_t i, size_t count)
{
	const size_t k = i / 2;
	const uint16_t *const *even = taps->even, *const *odd = taps->odd;
	const vec16 a = load16(even[0] + k), b = load16(even[1] + k), c = load16(even[2] + k),
		    d = load16(even[3] + k), e = load16(even[4] + k);
	const vec16 v = load16(odd[0] + k), w = load16(odd[1] + k), x = load16(odd[2] + k),
		    y = load16(odd[3] + k), z = load16(odd[4] + k);
	keep_loaded();
	const vec16 low = binomial(a, b, c, d, e) + 128, high = binomial(v, w, x, y, z) + 128;
	const vec16 both = low >> 8 | (high & 0xff00);

	memcpy(to + i, &both, count);
}

/* Sums a row's bytes [first, end) along; neighbours are `step` apart. */
PIXEL_INLINE void sum_along(
	const struct lines *rows, struct sums *sums, int64_t first, int64_t end, int64_t step)
{
	const size_t count = (size_t)(end - first);
	struct taps taps;
	size_t i = 0;

	for (int64_t t = 0; t < TAPS; t++) {
		taps.even[t] = sum_at(sums, first + (t - REACH) * step);
		taps.odd[t] = sum_at(sums, first + (t - REACH) * step + 1);
	}
	for (; count - i >= VECTOR; i += VECTOR) {
		__builtin_prefetch(rows->next_to + first + i, 1);
		blur_bytes(rows->to + first, &taps, i, VECTOR);
	}
	if (i < count)
		blur_bytes(rows->to + first, &taps, i, count - i);
}

/* Mirrors the sums of pixels [first, end), which lie outside a picture. */
static inline void mirror_sums(
	struct sums *sums, int64_t first, int64_t end, int64_t width, int64_t step)
{
	for (int64_t x = first; x < end; x++)
		for (int64_t c = 0; c < step; c++)
			*sum_at(sums, x * step + c) = *sum_at(sums, mirror(x, width) * step + c);
}

/* Pixels [first, end) of a row, of which rows are the lines. */
PIXEL_INLINE void blur_tile(
	const struct lines *rows, int64_t first, int64_t end, int64_t width, int64_t step)
{
	const int64_t left = first - REACH, right = end + REACH; /* with the neighbours */
	struct sums sums;

	sums.base = left < 0 ? -VECTOR : left * step / VECTOR * VECTOR;
	sum_down(&sums, rows, (right < width ? right : width) * step);
	if (left < 0)
		mirror_sums(&sums, left, 0, width, step);
	if (right > width)
		mirror_sums(&sums, width, right, width, step);
	sum_along(rows, &sums, first * step, end * step, step);
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
	const int64_t step = in->to.channels;

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
	.grain = 4, .bytes = 12, .takes_picture = true,
	/* 4 additions each way, a rounding and a shift, 2 bytes wide, of 3 channels */
	.demand = { .operations[BYTE_OPERATION] = 60, .read_bytes = 3, .written_bytes = 3 },
	.regular = true, .setup = setup, .fill = fill, .release = release, .output = output);
