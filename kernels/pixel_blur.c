/*
 * pixel_blur: every channel, alpha too, convolved with the 5x5 binomial [1 4 6 4 1]^2 / 256, rounded
 * to nearest; at the border the picture is mirrored without repeating its edge.
 *
 * The same bytes as OpenCV's GaussianBlur of 5x5 with no sigma given. Element y is row y of the
 * picture. All units cost the same. A stencil: a row reads five. It is separable, so a tile of a row is
 * first summed down its columns, then along. Sums fit 16 bits: they are at most 16 * 255 = 4080 down,
 * and with the rounding 16 * 4080 + 128 = 65408 both ways. Sums of even bytes and of odd ones are
 * kept apart, as lanes' halves give them, and neighbours come from vectors that have been read:
 * loads that cross cache lines take longer than it takes to pick lanes.
 */
#include "pixel.h"

enum {
	REACH = 2, /* pixels to either side */
	TAPS = 2 * REACH + 1,
	TILE = 512, /* pixels: few, so that reading and writing memory take turns often */
	CHANNELS_MAX = 4,
	ROOM = TILE * CHANNELS_MAX + 4 * VECTOR /* bytes that a tile has sums of, at most */
};

_Static_assert(2 * REACH * CHANNELS_MAX <= VECTOR, "a tile has room for its neighbours");
_Static_assert(TILE % VECTOR == 0, "tiles begin where vectors do");

struct input {
	struct picture from, to;
	const struct picture *source;
};
struct partial {
	char none;
};

/* A row's work: the rows it reads, the one it writes, and where its member's rows end. */
struct lines {
	const uint8_t *from[TAPS];
	uint8_t *to;
	const uint8_t *end;
};

/*
 * The sums down of a tile's bytes. Byte j of them, which is byte `base` + j of the row, has of[j % 2]
 * [j / 2]. The base is a vector before the tile; the first tile's is negative, and leaves room for
 * what is mirrored at its left.
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
	int64_t at = sums->base > 0 ? sums->base : 0;
	uint16_t *evens = sum_at(sums, at), *odds = sum_at(sums, at + 1);

	for (; at < end; at += VECTOR, evens += LANES, odds += LANES) {
		const vec16 a = load16(rows->from[0] + at), b = load16(rows->from[1] + at),
			    c = load16(rows->from[2] + at), d = load16(rows->from[3] + at),
			    e = load16(rows->from[4] + at);
		keep_loaded();
		const vec16 even = binomial(a & 255, b & 255, c & 255, d & 255, e & 255);
		const vec16 odd = binomial(a >> 8, b >> 8, c >> 8, d >> 8, e >> 8);
		read_soon(rows->from[TAPS - 1] + at);
		memcpy(evens, &even, VECTOR);
		memcpy(odds, &odd, VECTOR);
	}
}

/* Sums of even bytes, or of odd ones: of the vector at hand and those on both sides. */
struct window {
	vec16 before, here, after;
};

/* Of windows of both, the sums of a byte that is so far off, and of the second after it, and so on. */
PIXEL_INLINE vec16 tap(const struct window of[2], int byte)
{
	const struct window *window = &of[byte & 1];
	const int lane = byte >> 1;

	if (lane < 0)
		return lanes_from(window->before, window->here, (uint32_t)(LANES + lane));
	return lane ? lanes_from(window->here, window->after, (uint32_t)lane) : window->here;
}

/* Sums along the even bytes, byte = 0, or the odd ones, byte = 1; neighbours are `step` apart. */
PIXEL_INLINE vec16 sum_taps(const struct window of[2], int byte, int step)
{
	return binomial(tap(of, byte - 2 * step), tap(of, byte - step), tap(of, byte),
		tap(of, byte + step), tap(of, byte + 2 * step));
}

/* Goes on to the next vector, and blurs `count` bytes there, VECTOR at most. */
PIXEL_INLINE void blur_bytes(
	uint8_t *to, struct window of[2], const uint16_t *const after[2], size_t count, int step)
{
	for (int odd = 0; odd < 2; odd++)
		of[odd] = (struct window) { of[odd].here, of[odd].after, load16(after[odd]) };
	const vec16 low = sum_taps(of, 0, step) + 128, high = sum_taps(of, 1, step) + 128;
	const vec16 both = low >> 8 | (high & 0xff00);

	memcpy(to, &both, count);
}

/* Sums a row's bytes [first, end) along; the first one is a multiple of VECTOR from the base. */
PIXEL_INLINE void sum_along(
	const struct lines *rows, struct sums *sums, int64_t first, int64_t end, int step)
{
	const uint16_t *after[2];
	struct window of[2];
	int64_t at = first;

	for (int odd = 0; odd < 2; odd++) {
		after[odd] = sum_at(sums, first + VECTOR + odd);
		of[odd].here = load16(after[odd] - 2 * LANES);
		of[odd].after = load16(after[odd] - LANES);
	}
	for (; end - at >= VECTOR; at += VECTOR, after[0] += LANES, after[1] += LANES) {
		write_soon(rows->to + at, rows->end);
		blur_bytes(rows->to + at, of, after, VECTOR, step);
	}
	if (at < end)
		blur_bytes(rows->to + at, of, after, (size_t)(end - at), step);
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
	const struct lines *rows, int64_t first, int64_t end, int64_t width, int step)
{
	const int64_t left = first - REACH, right = end + REACH; /* with the neighbours */
	struct sums sums;

	sums.base = first * step - VECTOR;
	sum_down(&sums, rows, (right < width ? right : width) * step);
	if (left < 0)
		mirror_sums(&sums, left, 0, width, step);
	if (right > width)
		mirror_sums(&sums, width, right, width, step);
	sum_along(rows, &sums, first * step, end * step, step);
}

PIXEL_INLINE void blur_row(const struct lines *rows, int64_t width, int step)
{
	for (int64_t x = 0; x < width; x += TILE)
		blur_tile(rows, x, x + TILE < width ? x + TILE : width, width, step);
}

/* With constant channels all that depends on them folds. Not inlined: a copy takes a while to compile. */
typedef void blur_row_fn(const struct lines *rows, int64_t width);

static __attribute__((noinline)) void blur_row_of_1(const struct lines *rows, int64_t width)
{
	blur_row(rows, width, 1);
}

static __attribute__((noinline)) void blur_row_of_2(const struct lines *rows, int64_t width)
{
	blur_row(rows, width, 2);
}

static __attribute__((noinline)) void blur_row_of_3(const struct lines *rows, int64_t width)
{
	blur_row(rows, width, 3);
}

static __attribute__((noinline)) void blur_row_of_4(const struct lines *rows, int64_t width)
{
	blur_row(rows, width, 4);
}

/* Row y, of a body that goes on to row `end`. */
static inline struct lines lines_of(const struct input *in, uint64_t y, uint64_t end)
{
	struct lines rows;

	for (int64_t t = 0; t < TAPS; t++)
		rows.from[t] = row_of(
			&in->from, (uint64_t)mirror((int64_t)y + t - REACH, in->from.height));
	rows.to = row_of(&in->to, y);
	rows.end = row_of(&in->to, end);
	return rows;
}

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	static blur_row_fn *const of_channels[CHANNELS_MAX + 1] = {
		[1] = blur_row_of_1, [2] = blur_row_of_2, [3] = blur_row_of_3, [4] = blur_row_of_4
	};
	blur_row_fn *const blur = of_channels[in->to.channels];

	(void)into;
	for (uint64_t y = elements.first; y < elements.end; y++) {
		const struct lines rows = lines_of(in, y, elements.end);
		blur(&rows, in->to.width);
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
