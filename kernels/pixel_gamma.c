/*
 * pixel_gamma: round(255 * (v / 255)^(1 / gamma)) for every colour channel v; alpha is kept.
 *
 * Element y is row y of the picture. All units cost the same. Bound by table look-ups: there are
 * only 256 values, so that each channel is one load from a table made in setup.
 */
#include "kernel.h"

#include <math.h>

struct input {
	struct picture from, to;
	const struct picture *source;
	uint8_t table[256];
};
struct partial {
	char none;
};

/* With constant channels no test is left in the loop. */
static inline void __attribute__((always_inline))
gamma_row(uint8_t *restrict to, const uint8_t *restrict from, const uint8_t *restrict table,
	size_t bytes, uint32_t channels)
{
	for (size_t i = 0; i < bytes; i += channels)
		for (uint32_t c = 0; c < channels; c++)
			to[i + c] = is_alpha(c, channels) ? from[i + c] : table[from[i + c]];
}

static inline void body(const struct input *in, struct range rows, struct partial *into)
{
	const struct picture from = in->from, to = in->to;
	const size_t bytes = row_bytes(&from);

	(void)into;
	for (uint64_t y = rows.first; y < rows.end; y++) {
		switch (from.channels) {
		case 2:
			gamma_row(row_of(&to, y), row_of(&from, y), in->table, bytes, 2);
			break;
		case 4:
			gamma_row(row_of(&to, y), row_of(&from, y), in->table, bytes, 4);
			break;
		default: /* no alpha: all bytes alike */
			gamma_row(row_of(&to, y), row_of(&from, y), in->table, bytes, 1);
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

	if (!(problem->gamma > 0))
		return -EINVAL;
	for (int v = 0; v < 256; v++)
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
	.why = "bound by table look-ups", .element = "row",
	.size = { .n = 2048, .width = 4096, .height = 2048 }, .grain = 1, .bytes = 12,
	.takes_picture = true,
	.demand = { .operations[TABLE_LOOK_UP] = 3, .read_bytes = 3, .written_bytes = 3 },
	.regular = true, .setup = setup, .fill = fill, .release = release, .output = output);
