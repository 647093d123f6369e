/*
 * vips: computes when a result is asked for, here into memory. Its memory of former results is
 * switched off, since each run is to compute.
 */
#include <stdlib.h>
#include <string.h>

#include <vips/vips.h>

#include "rival.h"

struct rival_state {
	const struct canvas *canvas;
	VipsImage *rgb, *gray, *table, *weights, *binomial, *result;
};

static VipsImage *wrap(const uint8_t *pixels, int width, int height, int bands)
{
	const size_t bytes = (size_t)width * (size_t)height * (size_t)bands;

	return vips_image_new_from_memory(pixels, bytes, width, height, bands, VIPS_FORMAT_UCHAR);
}

static void close_canvas(struct rival_state *s)
{
	VipsImage *const images[] = { s->rgb, s->gray, s->table, s->weights, s->binomial };

	for (size_t i = 0; i < sizeof(images) / sizeof(*images); i++)
		if (images[i])
			g_object_unref(images[i]);
	free(s);
}

static VipsImage *binomial(void)
{
	static const double along[5] = { 1, 4, 6, 4, 1 };
	VipsImage *matrix = vips_image_new_matrix(5, 5);

	for (int i = 0; matrix && i < 25; i++)
		*VIPS_MATRIX(matrix, i % 5, i / 5) = along[i % 5] * along[i / 5];
	if (matrix)
		vips_image_set_double(matrix, "scale", 256);
	return matrix;
}

static struct rival_state *open_canvas(const struct canvas *c)
{
	struct rival_state *s = calloc(1, sizeof(*s));

	if (!s || vips_init("bench_pixels")) {
		free(s);
		return NULL;
	}
	vips_cache_set_max(0);
	s->canvas = c;
	s->rgb = wrap(c->rgb, c->width, c->height, 3);
	s->gray = wrap(c->gray, c->width, c->height, 1);
	s->table = wrap(c->table, 256, 1, 1);
	s->weights = vips_image_new_matrixv(3, 1, 0.299, 0.587, 0.114);
	s->binomial = binomial();
	if (s->rgb && s->gray && s->table && s->weights && s->binomial)
		return s;
	close_canvas(s);
	return NULL;
}

static void set_threads(struct rival_state *s, int count)
{
	(void)s;
	vips_concurrency_set(count);
}

/* Computes an image and drops it; NULL, if it could not be set up, is no result. */
static void compute(struct rival_state *s, VipsImage *image)
{
	s->result = image ? vips_image_new_memory() : NULL;
	if (s->result && vips_image_write(image, s->result)) {
		g_object_unref(s->result);
		s->result = NULL;
	}
	if (image)
		g_object_unref(image);
}

static void take(struct rival_state *s)
{
	if (!s->result)
		return;
	memcpy(s->canvas->to, VIPS_IMAGE_ADDR(s->result, 0, 0), VIPS_IMAGE_SIZEOF_IMAGE(s->result));
	g_object_unref(s->result);
	s->result = NULL;
}

static void gray(struct rival_state *s)
{
	VipsImage *exact = NULL, *bytes = NULL;

	if (!vips_recomb(s->rgb, &exact, s->weights, NULL))
		vips_cast_uchar(exact, &bytes, NULL);
	compute(s, bytes);
	if (exact)
		g_object_unref(exact);
}

static void gamma_table(struct rival_state *s)
{
	VipsImage *image = NULL;

	vips_maplut(s->rgb, &image, s->table, NULL);
	compute(s, image);
}

static void blur(struct rival_state *s)
{
	VipsImage *image = NULL;

	vips_conv(s->rgb, &image, s->binomial, "precision", VIPS_PRECISION_INTEGER, NULL);
	compute(s, image);
}

static void sobel(struct rival_state *s)
{
	VipsImage *image = NULL;

	vips_sobel(s->gray, &image, NULL);
	compute(s, image);
}

static void invert(struct rival_state *s)
{
	VipsImage *image = NULL;

	vips_invert(s->rgb, &image, NULL);
	compute(s, image);
}

const struct rival rival_vips = {
	.name = "vips",
	.open = open_canvas,
	.threads = set_threads,
	.close = close_canvas,
	.jobs = {
		[GRAY] = { NULL, gray, take },
		[GAMMA] = { NULL, gamma_table, take },
		[BLUR] = { NULL, blur, take },
		[SOBEL] = { NULL, sobel, take },
		[INVERT] = { NULL, invert, take },
	},
};
