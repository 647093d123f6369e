/*
 * stencil: to[y][x] = 0.2 (from[y][x] + its four neighbours), in doubles, over a grid of n rows.
 *
 * A row is 1024 doubles; from[y][x] is ((1024 y + x) mod 1009) / 7; beyond its border the grid is
 * mirrored, without repeating its edge. Sums are taken in the order here, above, below, left, right.
 *
 * Element y is row y. All units cost the same: balance is no question. But every region sweeps the
 * same two arrays, as the steps of a simulation do, and those are small: 16 KiB a row, by default
 * 1.5 MiB, which is more than one second-level cache holds on many processors, and less than two do.
 * Members that get the same rows each time, as under `static`, find them in their caches; those that
 * take rows on demand must fetch what another one wrote. That shows only where a region is this
 * short, some 20 us. Bound by caches.
 */
#include "kernel.h"

enum { WIDTH = 1024, VECTORS = WIDTH / U64_LANES /* in a row */ };

struct input {
	double *from; /* n rows, after a mirrored one and before another */
	double *to;   /* n rows */
	uint64_t n;
};
struct partial {
	char none;
};

/*
 * The lanes of a and b, one vector behind the other, from lane `first` on: neighbours to the left and
 * right without a load that crosses cache lines, as two of three would that are off by one.
 */
#if VECTOR_BYTES == 64
#define LANES_FROM(k) (k), (k) + 1, (k) + 2, (k) + 3, (k) + 4, (k) + 5, (k) + 6, (k) + 7
#elif VECTOR_BYTES == 32
#define LANES_FROM(k) (k), (k) + 1, (k) + 2, (k) + 3
#else
#define LANES_FROM(k) (k), (k) + 1
#endif
#ifdef __clang__
#define LANES_OF(a, b, first) __builtin_shufflevector(a, b, LANES_FROM(first))
#else
#define LANES_OF(a, b, first) __builtin_shuffle(a, b, (u64_vector) { LANES_FROM(first) })
#endif

static inline f64_vector average(
	f64_vector here, f64_vector above, f64_vector below, f64_vector before, f64_vector after)
{
	const f64_vector left = LANES_OF(before, here, U64_LANES - 1);
	const f64_vector right = LANES_OF(here, after, 1);

	return (here + above + below + left + right) * 0.2;
}

/* Beyond the ends of the row lie mirrored points. */
static inline void sweep_row(double *restrict into, const double *restrict row)
{
	f64_vector *restrict to = (f64_vector *)into;
	const f64_vector *here = (const f64_vector *)row;
	const f64_vector *above = here - VECTORS, *below = here + VECTORS;
	f64_vector before = { 0 }, now = here[0], after = { 0 };
	const size_t last = VECTORS - 1;

	before[U64_LANES - 1] = row[1];
	for (size_t v = 0; v < last; v++) {
		after = here[v + 1];
		to[v] = average(now, above[v], below[v], before, after);
		before = now;
		now = after;
	}
	after[0] = row[WIDTH - 2];
	to[last] = average(now, above[last], below[last], before, after);
}

static inline void body(const struct input *in, struct range rows, struct partial *into)
{
	(void)into;
	for (uint64_t y = rows.first; y < rows.end; y++)
		sweep_row(in->to + y * WIDTH, in->from + (y + 1) * WIDTH);
}

static void release(struct input *in)
{
	free(in->from);
	free(in->to);
}

static int setup(struct input *in, const struct problem *problem)
{
	in->n = problem->size.n;
	in->from = kernel_alloc(in->n + 2, WIDTH * sizeof(double));
	in->to = kernel_alloc(in->n, WIDTH * sizeof(double));
	if (in->from && in->to)
		return 0;
	release(in);
	return -ENOMEM;
}

/* Row y of `from`, where -1 and n are the mirrored ones. */
static void fill_from(const struct input *in, int64_t y)
{
	const uint64_t first = (uint64_t)mirror(y, (int64_t)in->n) * WIDTH;
	double *row = in->from + (y + 1) * WIDTH;

	for (uint64_t x = 0; x < WIDTH; x++)
		row[x] = (double)((first + x) % 1009) / 7;
}

static void fill(const struct input *in, struct range rows)
{
	const int64_t first = rows.first ? (int64_t)rows.first : -1;
	const int64_t end = (int64_t)rows.end + (rows.end == in->n);

	for (int64_t y = first; y < end; y++)
		fill_from(in, y);
	memset(in->to + rows.first * WIDTH, 0, (rows.end - rows.first) * WIDTH * sizeof(double));
}

static struct output output(const struct input *in)
{
	return (struct output) { .data = in->to, .bytes = in->n * WIDTH * sizeof(double) };
}

KERNEL(stencil, .what = "average of each point and its 4 neighbours, in doubles, rows of 1024",
	.why = "bound by caches, which static keeps warm", .element = "row", .size = { .n = 96 },
	.grain = 1, .bytes = 2 * WIDTH * sizeof(double),
	.demand = { .operations[DOUBLE_MULTIPLY_ADD] = 4 * WIDTH,
		.read_bytes = WIDTH * sizeof(double),
		.written_bytes = WIDTH * sizeof(double) },
	.regular = true, .setup = setup, .fill = fill, .release = release, .output = output);
