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
 *
 * Of two numbers, |x| + |y| = max(|x + y|, |x - y|); and of these, both gx + gy and gx - gy are even:
 *
 *	             -1 -1  0                  0  1  1
 *	gx + gy = 2  -1  0  1     gx - gy = 2 -1  0  1
 *	              0  1  1                 -1 -1  0
 */
#include "pixel.h"

struct input {
	struct picture gray, to;
	const struct picture *source;
};
struct partial {
	char none;
};

/* Of a row: lane k of them holds pixels 2k - 1, 2k, 2k + 1 and 2k + 2. */
struct neighbours {
	vec16 of[4];
};

PIXEL_INLINE struct neighbours neighbours_at(const uint8_t *at)
{
	const vec16 left = load16(at - 1), right = load16(at + 1);

	keep_loaded();
	return (struct neighbours) { { left & 255, left >> 8, right & 255, right >> 8 } };
}

/* At the even pixels, odd = 0, or at the odd ones, odd = 1. */
PIXEL_INLINE vec16 edge(const struct neighbours *above, const struct neighbours *here,
	const struct neighbours *below, int odd)
{
	const int left = odd, mid = odd + 1, right = odd + 2;
	const vec16s across = (vec16s)(here->of[right] - here->of[left]);
	const vec16s down = (vec16s)(below->of[mid] - above->of[mid]);
	const vec16s falling = (vec16s)(below->of[right] - above->of[left]);
	const vec16s rising = (vec16s)(above->of[right] - below->of[left]);
	const vec16s half_sum = across + down + falling, half_difference = across - down + rising;
	const vec16 half = (vec16)larger(magnitude(half_sum), magnitude(half_difference));

	return at_most(half + half, 255);
}

/* The edges at `count` pixels, VECTOR at most; their rows are read from one pixel to the left on. */
PIXEL_INLINE void edges(
	uint8_t *to, const uint8_t *above, const uint8_t *here, const uint8_t *below, size_t count)
{
	const struct neighbours a = neighbours_at(above), h = neighbours_at(here),
				b = neighbours_at(below);
	const vec16 both = edge(&a, &h, &b, 0) | edge(&a, &h, &b, 1) << 8;

	memcpy(to, &both, count);
}

/* A row's edge pixel: its neighbours at either side are the same, so that gx is 0. */
static inline uint8_t border_edge(
	const uint8_t *above, const uint8_t *below, size_t x, size_t neighbour)
{
	const int sum = abs(2 * (below[neighbour] - above[neighbour]) + 2 * (below[x] - above[x]));

	return (uint8_t)(sum < 255 ? sum : 255);
}

/* Inlined: called once a row it took a fifth longer; why is not known. */
PIXEL_INLINE void sobel_row(
	uint8_t *to, const uint8_t *above, const uint8_t *here, const uint8_t *below, size_t width)
{
	const int64_t row = (int64_t)width;
	const size_t last = width - 1, inner = width > 1 ? 1 : 0; /* from a pixel to the next */

	to[0] = border_edge(above, below, 0, inner);
	size_t x = 1;
	for (; x + VECTOR <= last; x += VECTOR) {
		read_soon(below + x, 4 * row);
		write_soon(to + x, row);
		edges(to + x, above + x, here + x, below + x, VECTOR);
	}
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
	/* 8 sums and differences, 2 magnitudes, the larger, twice, and its limit, 2 bytes wide */
	.demand = { .operations[BYTE_OPERATION] = 26, .read_bytes = 1, .written_bytes = 1 },
	.regular = true, .setup = setup, .fill = fill, .release = release, .output = output);
