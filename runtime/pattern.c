#include "pattern.h"

#include <math.h>

#include "image.h"

/* Bits that look random, of a pixel. Few operations, since every launch makes its picture anew. */
static inline uint32_t noise_at(uint32_t x, uint32_t y)
{
	const uint32_t mixed = (x * 0x9e3779b1u ^ y * 0x85ebca77u) * 0xc2b2ae3du;

	return mixed ^ mixed >> 15;
}

static inline uint8_t add_noise(uint32_t value, uint32_t bits)
{
	const int noisy = (int)value + (int)(bits % 32) - 16;

	return (uint8_t)(noisy < 0 ? 0 : noisy > 255 ? 255 : noisy);
}

/* Where the disc in the middle lies in a row: columns [first, end). */
static void disc_in_row(const struct picture *p, uint32_t y, uint32_t *first, uint32_t *end)
{
	const double radius = (p->width < p->height ? p->width : p->height) / 3.0;
	const double down = y - p->height / 2.0, square = radius * radius - down * down;
	const double half = square > 0 ? sqrt(square) : 0;

	*first = (uint32_t)(p->width / 2.0 - half);
	*end = (uint32_t)(p->width / 2.0 + half);
}

/* Gradients and noise; turned over in the disc and in a checkered lower right quarter. */
static void generate_row(const struct picture *p, uint32_t y)
{
	const uint64_t step = (255ull << 32) / p->width; /* of the gradient across, times 2^32 */
	const uint32_t down = (uint32_t)(255ull * y / p->height);
	const uint32_t checkered_from = 2 * y > p->height ? p->width / 2 : p->width;
	uint32_t disc, disc_end;
	uint8_t *restrict pixel = row_of(p, y);

	disc_in_row(p, y, &disc, &disc_end);
	for (uint32_t x = 0; x < p->width; x++) {
		const uint32_t across = (uint32_t)(x * step >> 32), noise = noise_at(x, y);
		const bool checkered = x >= checkered_from && (x / 32 + y / 32) % 2;
		const uint32_t flip = (checkered | (x >= disc && x < disc_end)) ? 255 : 0;
		pixel[3 * x] = add_noise(across ^ flip, noise);
		pixel[3 * x + 1] = add_noise(down ^ flip, noise >> 8);
		pixel[3 * x + 2] = add_noise((510 - across - down) / 2 ^ flip, noise >> 16);
	}
}

int picture_generate(uint32_t width, uint32_t height, struct picture *into, struct message *why)
{
	*into = (struct picture) { 0 };
	const int error = picture_make(into, "the generated picture", width, height, 3, why);
	for (uint32_t y = 0; !error && y < height; y++)
		generate_row(into, y);
	return error;
}
