/*
 * mandelbrot: escape counts of c over [-2.5, 1] x [-1.25, 1.25], as a gray picture.
 *
 * The c of pixel (x, y) is re = -2.5 + 3.5 * (x + 0.5) / width, im = 1.25 - 2.5 * (y + 0.5) / height.
 * From z = 0, its count is the number of times z = z * z + c is done while |z|^2 <= 4, at most 1000:
 *
 *	for (count = 0; count < 1000 && |z|^2 <= 4; count++)
 *		z = z * z + c;
 *
 * in doubles, with |z|^2 = zr * zr + zi * zi, zr' = zr * zr - zi * zi + re, zi' = 2 * zr * zi + im.
 * The pixel is (255 * count + 500) / 1000. No shortcuts: whatever is inside the set costs 1000.
 *
 * Irregular: the pixels of a row count 2 on average at the upper edge and 487 in the middle. Bound
 * by the floating-point units: LANES pixels are done at a time, STEPS steps of each between two
 * looks at whether all have escaped.
 */
#include "kernel.h"

enum {
	COUNT_MAX = 1000,
	LANES = 32,
	STEPS = 4 /* divides COUNT_MAX */
};

struct input {
	struct picture to;
};
struct partial {
	char none;
};

/*
 * A lane is inside as long as its count is the number of steps done. It is a number, not a mask, and
 * as wide as a double, so that lanes need no conversions; escaped lanes run on to infinity in vain.
 */
static inline void escape_counts(const double re[LANES], double im, uint64_t count[LANES])
{
	double zr[LANES] = { 0 }, zi[LANES] = { 0 };
	uint64_t inside = 1;

	memset(count, 0, LANES * sizeof(*count));
	for (uint64_t done = 0; done < COUNT_MAX && inside; done += STEPS) {
		inside = 0;
#pragma omp simd reduction(| : inside)
		for (unsigned lane = 0; lane < LANES; lane++) {
			double r = zr[lane], i = zi[lane];
			uint64_t n = count[lane];
			for (unsigned step = 0; step < STEPS; step++) {
				const double rr = r * r, ii = i * i;
				n += (uint64_t)(n == done + step) & (uint64_t)(rr + ii <= 4);
				i = 2 * r * i + im;
				r = rr - ii + re[lane];
			}
			zr[lane] = r;
			zi[lane] = i;
			count[lane] = n;
			inside |= n == done + STEPS;
		}
	}
}

static inline void body(const struct input *in, struct range rows, struct partial *into)
{
	const struct picture to = in->to;

	(void)into;
	for (uint64_t y = rows.first; y < rows.end; y++) {
		const double im = 1.25 - 2.5 * ((double)y + 0.5) / to.height;
		uint8_t *row = row_of(&to, y);
		for (uint32_t x = 0; x < to.width; x += LANES) {
			const uint32_t rest = to.width - x, lanes = rest < LANES ? rest : LANES;
			double re[LANES];
			uint64_t count[LANES];
			for (unsigned lane = 0; lane < LANES; lane++)
				re[lane] = -2.5 + 3.5 * (x + lane + 0.5) / to.width;
			escape_counts(re, im, count);
			for (unsigned lane = 0; lane < lanes; lane++)
				row[x + lane] = (uint8_t)((255 * count[lane] + 500) / 1000);
		}
	}
}

static int setup(struct input *in, const struct problem *problem)
{
	return picture_alloc(&in->to, problem->size.width, problem->size.height, 1);
}

static void fill(const struct input *in, struct range rows)
{
	picture_clear(&in->to, rows);
}

static void release(struct input *in)
{
	free(in->to.pixels);
}

static struct output output(const struct input *in)
{
	return picture_output(&in->to);
}

KERNEL(mandelbrot, .what = "escape counts, at most 1000, over [-2.5, 1] x [-1.25, 1.25]",
	.why = "irregular, very uneven rows", .element = "row",
	.size = { .n = 2048, .width = 256, .height = 2048 }, .grain = 1, .bytes = 1,
	.bound = "double operations", .setup = setup, .fill = fill, .release = release,
	.output = output);
