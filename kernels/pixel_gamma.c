/*
 * pixel_gamma: round(255 * (v / 255)^(1 / gamma)) for every colour channel v; alpha is kept.
 *
 * Element y is row y of the picture. All units cost the same. There are only 256 values, so that each
 * channel is looked up in a table made in setup. Where the processor picks bytes out of 64 others at a
 * stroke (WIDE_PICK), four vectors hold the table and memory binds; elsewhere it is a load each, and
 * these bind.
 */
#include "pixel.h"

#include <math.h>

enum { VALUES = 256 };

struct input {
	struct picture from, to;
	const struct picture *source;
	uint8_t table[VALUES];
	uint8_t mask[VECTOR]; /* of a vector's bytes: 255 for colour, 0 for alpha */
};
struct partial {
	char none;
};

/* All ones in the lanes where v has this bit. */
PIXEL_INLINE vec8 where_set(vec8 v, uint8_t bit)
{
	return (vec8)((v & bit) != 0);
}

PIXEL_INLINE vec8 choose(vec8 where, vec8 yes, vec8 no)
{
	return (yes & where) | (no & ~where);
}

/* The quarters of the table are vectors. */
PIXEL_INLINE vec8 look_up(const vec8 quarters[4], vec8 v)
{
	const vec8 place = v & 63, bit6 = where_set(v, 64), bit7 = where_set(v, 128);
	const vec8 lower = choose(bit6, pick(quarters[1], place), pick(quarters[0], place));
	const vec8 upper = choose(bit6, pick(quarters[3], place), pick(quarters[2], place));

	return choose(bit7, upper, lower);
}

/* Does as many of a row's bytes as make whole vectors; returns how many. */
PIXEL_INLINE size_t gamma_vectors(
	uint8_t *to, const uint8_t *from, const struct input *in, size_t count)
{
	const vec8 quarters[4] = { load8(in->table), load8(in->table + VALUES / 4),
		load8(in->table + VALUES / 2), load8(in->table + VALUES / 4 * 3) };
	const vec8 mask = load8(in->mask);
	size_t at = 0;

	for (; count - at >= VECTOR; at += VECTOR) {
		const vec8 v = load8(from + at), looked_up = choose(mask, look_up(quarters, v), v);
		memcpy(to + at, &looked_up, VECTOR);
	}
	return at;
}

/* With constant channels no test is left in the loop. */
PIXEL_INLINE void gamma_bytes(uint8_t *restrict to, const uint8_t *restrict from,
	const uint8_t *restrict table, size_t count, uint32_t channels)
{
	for (size_t i = 0; i < count; i += channels)
		for (uint32_t c = 0; c < channels; c++)
			to[i + c] = is_alpha(c, channels) ? from[i + c] : table[from[i + c]];
}

static inline void gamma_row(
	uint8_t *to, const uint8_t *from, const struct input *in, size_t count, uint32_t channels)
{
	const size_t done = WIDE_PICK ? gamma_vectors(to, from, in, count) : 0;

	if (channels == 2)
		gamma_bytes(to + done, from + done, in->table, count - done, 2);
	else if (channels == 4)
		gamma_bytes(to + done, from + done, in->table, count - done, 4);
	else /* no alpha: all bytes alike */
		gamma_bytes(to + done, from + done, in->table, count - done, 1);
}

static inline void body(const struct input *in, struct range rows, struct partial *into)
{
	const struct picture from = in->from, to = in->to;

	(void)into;
	for (uint64_t y = rows.first; y < rows.end; y++)
		gamma_row(row_of(&to, y), row_of(&from, y), in, row_bytes(&from), from.channels);
}

static void release(struct input *in)
{
	free(in->from.pixels);
	free(in->to.pixels);
}

static int setup(struct input *in, const struct problem *problem)
{
	const struct picture *p = in->source = problem->picture;

	if (!(problem->gamma > 0))
		return -EINVAL;
	for (uint32_t i = 0; i < VECTOR; i++)
		in->mask[i] = is_alpha(i % p->channels, p->channels) ? 0 : 255;
	for (int v = 0; v < VALUES; v++)
		in->table[v] = (uint8_t)lround(255 * pow(v / 255.0, 1 / problem->gamma));
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

KERNEL(pixel_gamma, .what = "round(255 (v/255)^(1/gamma)) for colour channels, alpha kept",
	.why = "bound by memory or table look-ups", .element = "row",
	.size = { .n = 1024, .width = 16384, .height = 1024 }, .grain = 2, .bytes = 12,
	.takes_picture = true,
	/* 4 picks and choices a channel where vectors are looked up, else a look-up */
	.demand = { .operations = { [TABLE_LOOK_UP] = WIDE_PICK ? 0 : 3,
			    [BYTE_OPERATION] = WIDE_PICK ? 12 : 0 },
		.read_bytes = 3,
		.written_bytes = 3 },
	.regular = true, .setup = setup, .fill = fill, .release = release, .output = output);
