/*
 * pixel_sobel: min(255, |gx| + |gy|) of the gray picture, by the 3x3 Sobel operator; at the border
 * the picture is mirrored without repeating its edge. Gray is as in pixel_gray, made beforehand.
 *
 *	     -1 0 1         -1 -2 -1
 *	gx = -2 0 2    gy =  0  0  0
 *	     -1 0 1          1  2  1
 *
 * Element y is row y of the picture. All units cost the same. A stencil: a row reads three.
 */
#include "kernel.h"

struct input {
	struct picture gray, to;
	const struct picture *source;
};
struct partial {
	char none;
};

static inline int16_t magnitude(int16_t v)
{
	return (int16_t)(v < 0 ? -v : v);
}

/* The edge at one pixel, from the rows above it, at it and below, at its columns left, x and right. */
static inline uint8_t edge(const uint8_t *above, const uint8_t *here, const uint8_t *below,
	size_t left, size_t x, size_t right)
{
	const int16_t gx = (int16_t)(above[right] - above[left] + 2 * (here[right] - here[left]) +
		below[right] - below[left]);
	const int16_t gy = (int16_t)(below[left] - above[left] + 2 * (below[x] - above[x]) +
		below[right] - above[right]);
	const int16_t sum = (int16_t)(magnitude(gx) + magnitude(gy));

	return (uint8_t)(sum < 255 ? sum : 255);
}

static inline void sobel_row(uint8_t *restrict to, const uint8_t *above, const uint8_t *here,
	const uint8_t *below, size_t width)
{
	const size_t last = width - 1;
	/*
	 * From a pixel to the next: 1, or 0 in a picture one pixel wide. As a plain 1 it would tempt
	 * clang to keep loaded values for the next pixel, and then it cannot vectorise.
	 */
	const size_t step = (size_t)mirror(1, (int64_t)width);

	to[0] = edge(above, here, below, step, 0, step);
#pragma omp simd
	for (size_t x = 1; x < last; x++)
		to[x] = edge(above, here, below, x - step, x, x + step);
	to[last] = edge(above, here, below, last - step, last, last - step);
}

static inline void body(const struct input *in, struct range rows, struct partial *into)
{
	const struct picture gray = in->gray, to = in->to;
	const int64_t height = gray.height;

	(void)into;
	for (uint64_t y = rows.first; y < rows.end; y++) {
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
	.why = "stencil", .element = "row", .size = { .n = 1024, .width = 16384, .height = 1024 },
	.grain = 1, .bytes = 6,
	.takes_picture =
		true, /* 8 sums and differences, 2 magnitudes, their sum and its limit, 2 bytes wide */
	.demand = { .operations[BYTE_OPERATION] = 24, .read_bytes = 1, .written_bytes = 1 },
	.regular = true, .setup = setup, .fill = fill, .release = release, .output = output);
