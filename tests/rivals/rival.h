/*
 * rival: a library that does what pixel kernels do, as bench_pixels wants to see it.
 *
 * Each library is one file here, and is built in where pkg-config finds it. It gets the picture in
 * memory and sets up whatever it needs in `open`, so that only the work itself is timed.
 */
#ifndef RIVAL_H
#define RIVAL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The work of a kernel each; of all, sobel alone starts from gray. */
enum job { GRAY, GAMMA, BLUR, SOBEL, INVERT, JOBS };

/* What a rival is given. It stays where it is until `close`. */
struct canvas {
	int width, height;
	const uint8_t *rgb, *gray; /* rows from the top, 3 bytes and 1 byte a pixel */
	const uint8_t *table;      /* gamma's 256 values */
	double gamma;
	uint8_t *to; /* room for as many bytes as rgb */
};

struct rival_state; /* each rival's own */

struct rival {
	const char *name;
	/* Returns NULL where the library cannot be used. Its own threads start here. */
	struct rival_state *(*open)(const struct canvas *canvas);
	void (*threads)(struct rival_state *state, int count);
	void (*close)(struct rival_state *state);
	struct {
		void (*ready)(struct rival_state *state); /* not timed; may be NULL */
		void (*run)(struct rival_state *state);   /* timed; NULL: it has no such job */
		/* Not timed: leaves the result in canvas.to, and nothing allocated. May be NULL. */
		void (*take)(struct rival_state *state);
	} jobs[JOBS];
};

extern const struct rival rival_opencv, rival_graphicsmagick, rival_vips;

#ifdef __cplusplus
}
#endif

#endif
