/*
 * graphicsmagick: it works in place where it can, on 16 bits a channel as Debian builds it, so each run
 * starts from a copy that is made beforehand. It has no Sobel.
 */
#include <stdlib.h>
#include <string.h>

#include <magick/api.h>

#include "rival.h"

struct rival_state {
	const struct canvas *canvas;
	Image *source, *work;
	ExceptionInfo exception;
	char gamma[32];
};

static struct rival_state *open_canvas(const struct canvas *c)
{
	struct rival_state *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	InitializeMagick(NULL);
	GetExceptionInfo(&s->exception);
	s->canvas = c;
	s->source = ConstituteImage((unsigned long)c->width, (unsigned long)c->height, "RGB",
		CharPixel, c->rgb, &s->exception);
	snprintf(s->gamma, sizeof(s->gamma), "%g", c->gamma);
	if (s->source)
		return s;
	free(s);
	return NULL;
}

static void set_threads(struct rival_state *s, int count)
{
	(void)s;
	SetMagickResourceLimit(ThreadsResource, count);
}

static void close_canvas(struct rival_state *s)
{
	DestroyImage(s->source);
	DestroyExceptionInfo(&s->exception);
	free(s);
}

/* Asked for its pixels, a clone gets some of its own; before, it shares the source's. */
static void clone(struct rival_state *s)
{
	s->work = CloneImage(s->source, 0, 0, 1, &s->exception);
	if (s->work && GetImagePixels(s->work, 0, 0, s->work->columns, s->work->rows))
		SyncImagePixels(s->work);
}

static void take(struct rival_state *s, const char *channels)
{
	if (s->work)
		DispatchImage(s->work, 0, 0, s->work->columns, s->work->rows, channels, CharPixel,
			s->canvas->to, &s->exception);
	if (s->work)
		DestroyImage(s->work);
	s->work = NULL;
}

static void take_rgb(struct rival_state *s)
{
	take(s, "RGB");
}

/* All channels of a gray picture are alike. */
static void take_gray(struct rival_state *s)
{
	take(s, "R");
}

static void gray(struct rival_state *s)
{
	TransformColorspace(s->work, GRAYColorspace);
}

static void gamma_table(struct rival_state *s)
{
	GammaImage(s->work, s->gamma);
}

static void blur(struct rival_state *s)
{
	static const double along[5] = { 1, 4, 6, 4, 1 };
	double weights[25];

	for (int i = 0; i < 25; i++)
		weights[i] = along[i / 5] * along[i % 5];
	s->work = ConvolveImage(s->source, 5, weights, &s->exception);
}

static void invert(struct rival_state *s)
{
	NegateImage(s->work, 0);
}

const struct rival rival_graphicsmagick = {
	.name = "graphicsmagick",
	.open = open_canvas,
	.threads = set_threads,
	.close = close_canvas,
	.jobs = {
		[GRAY] = { clone, gray, take_gray },
		[GAMMA] = { clone, gamma_table, take_rgb },
		[BLUR] = { NULL, blur, take_rgb },
		[INVERT] = { clone, invert, take_rgb },
	},
};
