/*
 * pixel_invert: 255 - v for every colour channel v; alpha is kept.
 *
 * Element y is row y of the picture. All units cost the same. Bound by memory: one byte is read and
 * one written for one operation.
 */
#include "pixel.h"

enum { BLOCK = 64 }; /* bytes, a multiple of the bytes in a pixel that has alpha */

struct input {
	struct picture from, to;
	const struct picture *source;
	uint8_t mask[BLOCK]; /* 255 - v is v ^ 255; alpha is alpha ^ 0 */
};
struct partial {
	char none;
};

/* Blocks, since a pattern that repeats within a vector is what compilers do not find themselves. */
static inline void invert_row(uint8_t *restrict to, const uint8_t *restrict from,
	const uint8_t *restrict mask, size_t bytes)
{
	size_t at = 0;

	for (; bytes - at >= BLOCK; at += BLOCK)
#pragma omp simd
		for (size_t i = 0; i < BLOCK; i++)
			to[at + i] = from[at + i] ^ mask[i];
	for (; at < bytes; at++)
		to[at] = from[at] ^ mask[at % BLOCK];
}

static inline void body(const struct input *in, struct range rows, struct partial *into)
{
	const struct picture from = in->from, to = in->to;

	(void)into;
	for (uint64_t y = rows.first; y < rows.end; y++)
		invert_row(row_of(&to, y), row_of(&from, y), in->mask, row_bytes(&from));
}

static void release(struct input *in)
{
	free(in->from.pixels);
	free(in->to.pixels);
}

static int setup(struct input *in, const struct problem *problem)
{
	const struct picture *p = in->source = problem->picture;

	for (uint32_t i = 0; i < BLOCK; i++)
		in->mask[i] = is_alpha(i % p->channels, p->channels) ? 0 : 255;
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

KERNEL(pixel_invert, .what = "255 - v for colour channels, alpha kept", .why = "bound by memory",
	.element = "row", .size = { .n = 1024, .width = 16384, .height = 1024 }, .grain = 1,
	.bytes = 12, .takes_picture = true,
	.demand = { .operations[BYTE_OPERATION] = 3, .read_bytes = 3, .written_bytes = 3 },
	.regular = true, .setup = setup, .fill = fill, .release = release, .output = output);
