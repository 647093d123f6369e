/*
 * pixel_blur: every channel, alpha too, convolved with the 5x5 binomial [1 4 6 4 1]^2 / 256, rounded
 * to nearest; at the border the picture is mirrored without repeating its edge.
 *
 * The same bytes as OpenCV's GaussianBlur of 5x5 with no sigma given. Element y is row y of the
 * picture. All units cost the same. A stencil: a row reads five.
 *
 * It is separable: rows are summed down their columns first, then along. [1 4 6 4 1] is [1 1] four
 * times over, so that several rows at once share sums of two, of four and so on; and it is [1 2 1]
 * twice. Sums fit 16 bits: they are at most 16 * 255 = 4080 down, and with the rounding 16 * 4080 +
 * 128 = 65408 both ways. Those of even bytes and of odd ones are kept apart, as lanes' halves give
 * them. What lies to the right is loaded for the first [1 2 1], and picked from lanes for the second,
 * since a processor has about as many loads for it as shuffles.
 */
#include "pixel.h"

enum {
	REACH = 2, /* pixels to either side */
	STAGES = 2 * REACH,
	ROWS = 4,                 /* at once, if there are so many left */
	TILE = 20 * VECTOR,       /* bytes: its sums, and the tile that is next, fit a cache */
	ROOM = TILE + 3 * VECTOR, /* bytes that a row has sums of, at most */
	CHANNELS_MAX = 4
};

_Static_assert(VECTOR >= REACH * CHANNELS_MAX, "what is mirrored fits the vector beside it");

struct input {
	struct picture from, to;
	const struct picture *source;
};
struct partial {
	char none;
};

/* Rows that are blurred at once. */
struct stripe {
	unsigned rows;                      /* ROWS, or 1 */
	const uint8_t *from[ROWS + STAGES]; /* of which rows + STAGES are summed */
	uint8_t *to[ROWS];
	int64_t width; /* of a row, in bytes */
};

/* A part of each of them. */
struct tile {
	int64_t first, end; /* bytes of the row */
	int64_t ahead;      /* from them to those of the tile after it */
};

/*
 * The sums down of a tile's bytes: byte j of them, which is byte `base` + j of row r, has
 * of[r][j % 2][j / 2]. The base is a vector before the tile.
 */
struct sums {
	int64_t base;
	_Alignas(VECTOR) uint16_t of[ROWS][2][ROOM / 2];
};

/* Of a row's byte, which may lie REACH pixels outside. */
static inline uint16_t *sum_at(struct sums *sums, unsigned row, int64_t byte)
{
	const uint64_t j = (uint64_t)(byte - sums->base);

	return &sums->of[row][j % 2][j / 2];
}

/*
 * A sum of lanes is, modulo 2^16, that of their even bytes and 256 times that of their odd ones. So
 * even bytes are not taken out one by one.
 */
PIXEL_INLINE void sum_down(
	struct sums *sums, const struct stripe *stripe, const struct tile *tile, int rows)
{
	for (int64_t at = tile->first; at < tile->end; at += VECTOR) {
		vec16 both[ROWS + STAGES], odd[ROWS + STAGES];

		for (int t = 0; t < rows + STAGES; t++) {
			both[t] = load16(stripe->from[t] + at);
			odd[t] = both[t] >> 8;
		}
		for (int pairs = rows + STAGES - 1; pairs >= rows; pairs--)
			for (int t = 0; t < pairs; t++) {
				both[t] += both[t + 1];
				odd[t] += odd[t + 1];
			}
		for (int t = STAGES; t < rows + STAGES; t++)
			read_soon(stripe->from[t] + at, tile->ahead);
		for (int r = 0; r < rows; r++) {
			const vec16 even = both[r] - (odd[r] << 8);
			memcpy(sum_at(sums, (unsigned)r, at), &even, VECTOR);
			memcpy(sum_at(sums, (unsigned)r, at + 1), &odd[r], VECTOR);
		}
	}
}

/* Not inlined, since nothing in them depends on channels. */
static __attribute__((noinline)) void sum_down_rows(
	struct sums *sums, const struct stripe *stripe, const struct tile *tile)
{
	sum_down(sums, stripe, tile, ROWS);
}

static __attribute__((noinline)) void sum_down_row(
	struct sums *sums, const struct stripe *stripe, const struct tile *tile)
{
	sum_down(sums, stripe, tile, 1);
}

/* Of a row: the sums of the last vector's even bytes and of its odd ones, along once. */
struct along {
	vec16 of[2];
};

PIXEL_INLINE vec16 weigh(vec16 a, vec16 b, vec16 c)
{
	return a + c + (b + b);
}

/* Sums a vector along once. Neighbours are `step` bytes apart. */
PIXEL_INLINE struct along sum_once(const uint16_t *const sums[2], int step)
{
	struct along once;

	for (int odd = 0; odd < 2; odd++) {
		const int near = odd + step, far = near + step;
		const vec16 a = load16(sums[odd]), b = load16(sums[near % 2] + near / 2),
			    c = load16(sums[far % 2] + far / 2);
		keep_loaded();
		once.of[odd] = weigh(a, b, c);
	}
	return once;
}

/* And for the second time the one before it, of which that makes bytes. */
PIXEL_INLINE vec16 sum_again(const struct along *before, const struct along *next, int step)
{
	vec16 sums[2];

	for (int odd = 0; odd < 2; odd++) {
		const int near = odd + step, far = near + step;
		const vec16 b =
			lanes_from(before->of[near % 2], next->of[near % 2], (uint32_t)near / 2);
		const vec16 c =
			lanes_from(before->of[far % 2], next->of[far % 2], (uint32_t)far / 2);
		sums[odd] = weigh(before->of[odd], b, c) + 128;
	}
	return sums[0] >> 8 | (sums[1] & 0xff00);
}

/* Goes on by a vector of sums, and gives the bytes of the last. */
PIXEL_INLINE vec16 go_on(struct along *along, const uint16_t *sums[2], int step)
{
	const struct along next = sum_once(sums, step);
	const vec16 bytes = sum_again(along, &next, step);

	*along = next;
	sums[0] += LANES;
	sums[1] += LANES;
	return bytes;
}

/* Writes those that lie inside of a row of so many. */
static inline void put_inside(uint8_t *row, int64_t at, vec16 bytes, int64_t width)
{
	const int64_t first = at < 0 ? -at : 0, end = width - at < VECTOR ? width - at : VECTOR;

	if (first < end)
		memcpy(row + at + first, (const char *)&bytes + first, (size_t)(end - first));
}

/*
 * Row r of a tile, from the vector before it on. A vector of sums gives the bytes of the one before it,
 * which are REACH pixels to the right of what was first added.
 */
PIXEL_INLINE void sum_along(struct along *state, struct sums *sums, const struct stripe *stripe,
	unsigned r, const struct tile *tile, int step)
{
	const int64_t width = stripe->width, whole = width - VECTOR;
	const uint16_t *from[2] = { sums->of[r][0], sums->of[r][1] };
	uint8_t *to = stripe->to[r];
	struct along along = *state;
	const int64_t right = REACH * step - VECTOR, last = tile->end - VECTOR + right;
	const int64_t end = tile->end < width ? last : width;
	int64_t at = sums->base + right;

	for (; at < 0 && at < end; at += VECTOR)
		put_inside(to, at, go_on(&along, from, step), width);
	for (; at < end && at <= whole; at += VECTOR) {
		const vec16 bytes = go_on(&along, from, step);
		write_soon(to + at, tile->ahead);
		memcpy(to + at, &bytes, VECTOR);
	}
	for (; at < end; at += VECTOR)
		put_inside(to, at, go_on(&along, from, step), width);
	*state = along;
}

/* Mirrors the sums of pixels [first, end), which lie outside of row r. */
static inline void mirror_sums(
	struct sums *sums, unsigned r, int64_t first, int64_t end, int64_t width, int64_t step)
{
	for (int64_t x = first; x < end; x++)
		for (int64_t c = 0; c < step; c++)
			*sum_at(sums, r, x * step + c) =
				*sum_at(sums, r, mirror(x, width) * step + c);
}

/* A tile's last vectors, at `length` bytes, become those before the next: of all rows there may be. */
static inline void carry_sums(struct sums *sums, int64_t length)
{
	for (unsigned r = 0; r < ROWS; r++)
		for (int odd = 0; odd < 2; odd++)
			memcpy(sums->of[r][odd], sums->of[r][odd] + length / 2, VECTOR);
}

PIXEL_INLINE void blur_tile(struct along along[ROWS], struct sums *sums,
	const struct stripe *stripe, const struct tile *tile, int step)
{
	const int64_t pixels = stripe->width / step;

	sums->base = tile->first - VECTOR;
	if (stripe->rows == ROWS)
		sum_down_rows(sums, stripe, tile);
	else
		sum_down_row(sums, stripe, tile);
	for (unsigned r = 0; r < stripe->rows; r++) {
		if (!tile->first)
			mirror_sums(sums, r, -REACH, 0, pixels, step);
		if (tile->end == stripe->width)
			mirror_sums(sums, r, pixels, pixels + REACH, pixels, step);
		sum_along(&along[r], sums, stripe, r, tile, step);
	}
}

/* Tiles have as many vectors as one another, or one more, so that the next is asked for in time. */
PIXEL_INLINE void blur_stripe(const struct stripe *stripe, int step)
{
	const int64_t width = stripe->width, vectors = (width + VECTOR - 1) / VECTOR;
	const int64_t tiles = (width + TILE - 1) / TILE;
	struct along along[ROWS] = { 0 };
	struct sums sums;
	int64_t first = 0;

	for (int64_t t = 1; t <= tiles; t++) {
		const int64_t next = t * vectors / tiles * VECTOR;
		const struct tile tile = {
			.first = first,
			.end = t < tiles ? next : width,
			.ahead = (t < tiles ? next : stripe->rows * width) - first,
		};
		blur_tile(along, &sums, stripe, &tile, step);
		carry_sums(&sums, next - first);
		first = next;
	}
}

/* With constant channels all that depends on them folds. Not inlined: copies take a while to compile. */
typedef void blur_stripe_fn(const struct stripe *stripe);

static __attribute__((noinline)) void blur_stripe_of_1(const struct stripe *stripe)
{
	blur_stripe(stripe, 1);
}

static __attribute__((noinline)) void blur_stripe_of_2(const struct stripe *stripe)
{
	blur_stripe(stripe, 2);
}

static __attribute__((noinline)) void blur_stripe_of_3(const struct stripe *stripe)
{
	blur_stripe(stripe, 3);
}

static __attribute__((noinline)) void blur_stripe_of_4(const struct stripe *stripe)
{
	blur_stripe(stripe, 4);
}

/* From row y on, of a body that goes on to row `end`. */
static inline struct stripe stripe_of(const struct input *in, uint64_t y, uint64_t end)
{
	struct stripe stripe = {
		.rows = end - y < ROWS ? 1 : ROWS,
		.width = (int64_t)in->to.width * in->to.channels,
	};

	for (unsigned t = 0; t < stripe.rows + STAGES; t++)
		stripe.from[t] = row_of(
			&in->from, (uint64_t)mirror((int64_t)(y + t) - REACH, in->from.height));
	for (unsigned r = 0; r < stripe.rows; r++)
		stripe.to[r] = row_of(&in->to, y + r);
	return stripe;
}

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	static blur_stripe_fn *const of_channels[CHANNELS_MAX + 1] = { [1] = blur_stripe_of_1,
		[2] = blur_stripe_of_2,
		[3] = blur_stripe_of_3,
		[4] = blur_stripe_of_4 };
	blur_stripe_fn *const blur = of_channels[in->to.channels];

	(void)into;
	for (uint64_t y = elements.first; y < elements.end;) {
		const struct stripe stripe = stripe_of(in, y, elements.end);
		blur(&stripe);
		y += stripe.rows;
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
