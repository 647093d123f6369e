/*
 * pixel_gray: (9798 R + 19235 G + 3735 B + 16384) >> 15; gray and alpha are kept.
 *
 * Element y is row y of the picture. 3 channels become 1, and 4 become 2; pictures that are gray
 * already stay as they are, by the same formula, since the weights add up to 2^15. All units cost
 * the same. Compute-bound: three multiplications a pixel, and the shuffles that pick R, G and B.
 */
#include "kernel.h"

struct input {
	struct picture from, to;
	const struct picture *source;
};
struct partial {
	char none;
};

/* Gray, and alpha if there was one. */
static inline uint32_t gray_channels(uint32_t channels)
{
	return channels % 2 ? 1 : 2;
}

/* With constant channels the loop becomes one over vectors. */
static inline void __attribute__((always_inline))
gray_row(uint8_t *restrict to, const uint8_t *restrict from, uint32_t width, uint32_t channels)
{
	const uint32_t grays = gray_channels(channels);

#pragma omp simd
	for (size_t x = 0; x < width; x++) {
		to[x * grays] = gray_of(from + x * channels, channels);
		if (grays == 2)
			to[x * grays + 1] = from[x * channels + channels - 1];
	}
}

static inline void body(const struct input *in, struct range rows, struct partial *into)
{
	const struct picture from = in->from, to = in->to;

	(void)into;
	for (uint64_t y = rows.first; y < rows.end; y++) {
		switch (from.channels) {
		case 1:
			gray_row(row_of(&to, y), row_of(&from, y), from.width, 1);
			break;
		case 2:
			gray_row(row_of(&to, y), row_of(&from, y), from.width, 2);
			break;
		case 3:
			gray_row(row_of(&to, y), row_of(&from, y), from.width, 3);
			break;
		case 4:
			gray_row(row_of(&to, y), row_of(&from, y), from.width, 4);
			break;
		}
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
	.size = { .n = 1024, .width = 16384, .height = 1024 }, .grain = 1, .bytes = 10,
	.takes_picture = true, /* 3 multiplications, 3 additions and a shift, 4 bytes wide */
	.demand = { .operations[BYTE_OPERATION] = 28, .read_bytes = 3, .written_bytes = 1 },
	.regular = true, .setup = setup, .fill = fill, .release = release, .output = output);
