/*
 * table_look_ups: words from a table of 256, at random places that are read from memory. An element is
 * a look-up at each of PLACES places, all in the first-level cache.
 */
#include "ceilings/ceiling.h"

enum { VALUES = 256, PLACES = 4096 };

struct input {
	uint8_t places[PLACES];
	uint64_t table[VALUES];
};

/* Sums that compilers must have in registers of their own, lest they gather, which is slower. */
static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	const uint8_t *restrict places = in->places;
	const uint64_t *restrict table = in->table;
	uint64_t a = 0, b = 0, c = 0, d = 0;

	for (uint64_t e = elements.first; e < elements.end; e++)
		for (unsigned p = 0; p < PLACES; p += 4) {
			a += table[places[p]];
			b += table[places[p + 1]];
			c += table[places[p + 2]];
			d += table[places[p + 3]];
			__asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d));
		}
	into->check += a + b + c + d;
}

static int setup(struct input *in, const struct problem *problem)
{
	for (unsigned p = 0; p < PLACES; p++)
		in->places[p] = (uint8_t)random_of(problem->recipe.seed, p);
	for (unsigned v = 0; v < VALUES; v++)
		in->table[v] = random_of(~problem->recipe.seed, v);
	return 0;
}

KERNEL(table_look_ups, .what = "words from a table of 256", .why = "a ceiling",
	.element = "element", .size = { .n = 16384 }, .grain = 8,
	.demand = { .operations[TABLE_LOOK_UP] = PLACES }, .setup = setup, .combine = combine,
	.result = result);
