/*
 * mixed: n requests, and a filter over each picture that comes as an answer.
 *
 * Answers are asked for as in fetch: after 2, 1, 1.5 s and so on, times the scale. Each is a gray picture
 * of WIDTH pixels a row and ROWS_PER_SCALE times the scale rows, so that work grows as waits do, whose
 * pixels are the answer's bytes (server.h). Of it a bilateral filter is written to an array: a pixel
 * becomes the mean of those at most RADIUS away in rows and in columns, edges mirrored, each weighted by
 * 256 / (1 + d) where d is by how much its value differs; in whole numbers, rounded down. (C. Tomasi and
 * R. Manduchi, Bilateral Filtering for Gray and Color Images, ICCV 1998, with a weight of its own.)
 *
 * Waits overlap where elements are in progress at once, work where they are computed at once: it takes
 * both to be fast. All pictures cost the same.
 */
#include "server.h"

enum { WIDTH = 512, ROWS_PER_SCALE = 6000, RADIUS = 7, VALUES = 256 };

struct input {
	struct requests requests;
	struct picture from, to; /* of all elements, one below the other */
	uint32_t rows;           /* of one */
	uint32_t weights[VALUES];
};
struct partial {
	uint64_t pictures;
};

static inline uint8_t filter_pixel(
	const struct input *in, const struct picture *from, int64_t x, int64_t y)
{
	const uint8_t value = row_of(from, (uint64_t)y)[x];
	uint32_t sum = 0, weights = 0;

	for (int64_t dy = -RADIUS; dy <= RADIUS; dy++) {
		const uint8_t *row = row_of(from, (uint64_t)mirror(y + dy, from->height));
		for (int64_t dx = -RADIUS; dx <= RADIUS; dx++) {
			const uint8_t other = row[mirror(x + dx, WIDTH)];
			const uint32_t weight = in->weights[abs(value - other)];
			sum += weight * other;
			weights += weight;
		}
	}
	return (uint8_t)(sum / weights);
}

/* Element e's part of the pictures. */
static inline struct picture part_of(const struct input *in, const struct picture *all, uint64_t e)
{
	return (struct picture) { WIDTH, in->rows, 1, row_of(all, e * in->rows) };
}

static inline void filter(const struct input *in, uint64_t element)
{
	const struct picture from = part_of(in, &in->from, element),
			     to = part_of(in, &in->to, element);

	for (uint32_t y = 0; y < in->rows; y++)
		for (uint32_t x = 0; x < WIDTH; x++)
			row_of(&to, y)[x] = filter_pixel(in, &from, x, y);
}

/* A request that fails leaves its picture as it is, and is not counted, so that both are wrong. */
static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	uint64_t pictures = into->pictures;

	for (uint64_t e = elements.first; e < elements.end; e++) {
		const struct picture from = part_of(in, &in->from, e);
		if (requests_take(&in->requests, e, from.pixels))
			continue;
		filter(in, e);
		pictures++;
	}
	into->pictures = pictures;
}

static int begin(const struct input *in, uint64_t element)
{
	return requests_begin(&in->requests, element);
}

static void free_pictures(struct input *in)
{
	free(in->from.pixels);
	free(in->to.pixels);
}

static void release(struct input *in)
{
	requests_release(&in->requests);
	free_pictures(in);
}

static int setup(struct input *in, const struct problem *problem)
{
	const double rows = ROWS_PER_SCALE * scale_of(problem), most = (double)(UINT32_MAX / 2);
	int error = -ENOMEM;

	in->rows = rows < 1 ? 1 : (uint32_t)rows;
	for (uint32_t v = 0; v < VALUES; v++)
		in->weights[v] = 256 / (1 + v);
	if ((double)problem->size.n * in->rows > most)
		return -EFBIG;
	const uint32_t height = (uint32_t)problem->size.n * in->rows;
	if (!picture_alloc(&in->from, WIDTH, height, 1) &&
		!picture_alloc(&in->to, WIDTH, height, 1))
		error = requests_init(&in->requests, problem, (uint64_t)WIDTH * in->rows);
	if (error)
		free_pictures(in);
	return error;
}

static void fill(const struct input *in, struct range elements)
{
	const struct range rows = { elements.first * in->rows, elements.end * in->rows };

	picture_clear(&in->from, rows);
	picture_clear(&in->to, rows);
}

static void combine(struct partial *into, const struct partial *from)
{
	into->pictures += from->pictures;
}

static void result(const struct partial *total, char text[RESULT_BYTES])
{
	snprintf(text, RESULT_BYTES, "%llu", (unsigned long long)total->pictures);
}

static struct output output(const struct input *in)
{
	return (struct output) { .data = in->to.pixels,
		.bytes = row_bytes(&in->to) * in->to.height };
}

KERNEL(mixed, .what = "a bilateral filter over each of n pictures that come as fetch's answers do",
	.why = "waiting, then work", .element = "picture", .size = { .n = 6 }, .grain = 1,
	.limit = 100000, .bytes = 2 * 512 * 600, .bound = "waiting and work", .setup = setup,
	.fill = fill, .release = release, .combine = combine, .result = result, .output = output,
	.begin = begin);
