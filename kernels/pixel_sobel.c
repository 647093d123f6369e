/*
 * pixel_sobel: min(255, |gx| + |gy|) of the gray picture, by the 3x3 Sobel operator; at the border
 * the picture is mirrored without repeating its edge. Gray is as in pixel_gray, made beforehand.
 *
 *	     -1 0 1         -1 -2 -1
 *	gx = -2 0 2    gy =  0  0  0
 *	     -1 0 1          1  2  1
 *
 * OpenCV's Sobel, both ways, convertScaleAbs and add give the same bytes. Element y is row y of the
 * picture. All units cost the same. A stencil: a row reads three.
 */
#include "pixel.h"

struct input {
	struct picture gray, to;
	const struct picture *source;
};
struct partial {
	char none;
};

/* The columns of a pixel's neighbourhood, each summed down for gx and for gy. */
struct column {
	vec16s smooth, slope;
};

PIXEL_INLINE struct column column_of(vec16 above, vec16 here, vec16 below)
{
	return (struct column) { (vec16s)(above + here + here + below), (vec16s)(below - above) };
}

PIXEL_INLINE vec16s magnitude(vec16s v)
{
	const vec16s sign = v >> 15; /* -1 or 0 */

	return (v ^ sign) - sign;
}

/* min(255, |gx| + |gy|), in the lower halves; the upper ones hold what does not matter. */
PIXEL_INLINE vec16s edge(struct column left, struct column mid, struct column right)
{
	const vec16s gx = right.smooth - left.smooth;
	const vec16s gy = left.slope + mid.slope + mid.slope + right.slope;
	const vec16s sum = magnitude(gx) + magnitude(gy);

	return sum | ((255 - sum) >> 15);
}

/* The edges at `count` pixels, VECTOR at most; their rows are read from one pixel to the left on. */
PIXEL_INLINE void edges(
	uint8_t *to, const uint8_t *above, const uint8_t *here, const uint8_t *below, size_t count)
{
	const vec16 al = load16(above - 1), hl = load16(here - 1), bl = load16(below - 1);
	const vec16 ar = load16(above + 1), hr = load16(here + 1), br = load16(below + 1);
	keep_loaded();
	/* Of the lane that holds pixels 2k and 2k + 1: columns 2k - 1 to 2k + 2. */
	const struct column a = column_of(al & 255, hl & 255, bl & 255);
	const struct column b = column_of(al >> 8, hl >> 8, bl >> 8);
	const struct column c = column_of(ar & 255, hr & 255, br & 255);
	const struct column d = column_of(ar >> 8, hr >> 8, br >> 8);
	const vec16 both = ((vec16)edge(a, b, c) & 255) | (vec16)edge(b, c, d) << 8;

	memcpy(to, &both, count);
}

/* A row's edge pixel: its neighbours at either side are the same, so that gx is 0. */
static inline uint8_t border_edge(
	const uint8_t *above, const uint8_t *below, size_t x, size_t neighbour)
{
	const int sum = abs(2 * (below[neighbour] - above[neighbour]) + 2 * (below[x] - above[x]));

	return (uint8_t)(sum < 255 ? sum : 255);
}

static inline void sobel_row(
	uint8_t *to, const uint8_t *above, const uint8_t *here, const uint8_t *below, size_t width)
{
	const size_t last = width - 1, inner = width > 1 ? 1 : 0; /* from a pixel to the next */

	to[0] = border_edge(above, below, 0, inner);
	size_t x = 1;
	for (; x + VECTOR <= last; x += VECTOR)
		edges(to + x, above + x, here + x, below + x, VECTOR);
	if (x < last)
		edges(to + x, above + x, here + x, below + x, last - x);
	to[last] = border_edge(above, below, last, last - inner);
}

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	const struct picture gray = in->gray, to = in->to;
	const int64_t height = gray.height;

	(void)into;
	for (uint64_t y = elements.first; y < elements.end; y++) {
		const uint64_t above = (uint64_t)mirror((int64_t)y - 1, height);
		const uint64_t below = (uint64_t)mirror((int64_t)y + 1, height);
		sobel_row(row_of(&to, y), row_of(&gray, above), row_of(&gray, y),
			row_of(&gray, below), gray.width);
	}
}

static void release(struct input *in)
{
	free(in->gray.pixels);
	free(in->to.pixels);
}

static int setup(struct input *in, const struct problem *problem)
{
	const struct picture *p = in->source = problem->picture;

	if (!picture_alloc(&in->gray, p->width, p->height, 1) &&
		!picture_alloc(&in->to, p->width, p->height, 1))
		return 0;
	release(in);
	return -ENOMEM;
}

static void fill(const struct input *in, struct range rows)
{
	const uint32_t channels = in->source->channels;

	for (uint64_t y = rows.first; y < rows.end; y++) {
		const uint8_t *from = row_of(in->source, y);
		uint8_t *gray = row_of(&in->gray, y);
		for (size_t x = 0; x < in->gray.width; x++)
			gray[x] = gray_of(from + x * channels, channels);
	}
	picture_clear(&in->to, rows);
}

static struct output output(const struct input *in)
{
	return picture_output(&in->to);
}

KERNEL(pixel_sobel, .what = "min(255, |gx| + |gy|), 3x3 Sobel of the gray picture, border mirrored",
	.why = "stencil", .element = "row", .size = { .n = 2048, .width = 16384, .height = 2048 },
	.grain = 4, .bytes = 6, .takes_picture = true,
	/* 8 sums and differences, 2 magnitudes, their sum and its limit, 2 bytes wide */
	.demand = { .operations[BYTE_OPERATION] = 24, .read_bytes = 1, .written_bytes = 1 },
	.regular = true, .setup = setup, .fill = fill, .release = release, .output = output);
