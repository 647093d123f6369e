/*
 * table_updates: 1 is added to a count in a table of 256, at a random place that is read from memory.
 * Two tables of 16-bit counts take turns, which was the fastest of many ways: fewer updates wait for
 * one of the same count, and the stores of neighbours can be done together. An element is an update at
 * each of PLACES places, all in the first-level cache.
 */
#include "kernel.h"

enum { VALUES = 256, TABLES = 2, PLACES = 16384, BLOCK = 8 };

struct input {
	uint8_t places[PLACES];
};
struct partial {
	uint16_t counts[TABLES][VALUES]; /* modulo 2^16 */
};

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	const uint8_t *restrict places = in->places;
	uint16_t(*restrict counts)[VALUES] = into->counts;

	for (uint64_t e = elements.first; e < elements.end; e++)
		for (unsigned p = 0; p < PLACES; p += BLOCK)
			for (unsigned b = 0; b < BLOCK; b++)
				counts[b % TABLES][places[p + b]]++;
}

static int setup(struct input *in, const struct problem *problem)
{
	for (unsigned p = 0; p < PLACES; p++)
		in->places[p] = (uint8_t)random_of(problem->recipe.seed, p);
	return 0;
}

static void combine(struct partial *into, const struct partial *from)
{
	for (unsigned t = 0; t < TABLES; t++)
		for (unsigned v = 0; v < VALUES; v++)
			into->counts[t][v] = (uint16_t)(into->counts[t][v] + from->counts[t][v]);
}

static void result(const struct partial *total, char text[RESULT_BYTES])
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (unsigned v = 0; v < TABLES * VALUES; v++)
		hash = (hash ^ total->counts[v / VALUES][v % VALUES]) * 0x100000001b3u;
	snprintf(text, RESULT_BYTES, "%016llx", (unsigned long long)hash);
}

KERNEL(table_updates, .what = "1 added to a count in a table of 256", .why = "a ceiling",
	.element = "element", .size = { .n = 2048 }, .grain = 1,
	.demand = { .operations[TABLE_UPDATE] = PLACES }, .setup = setup, .combine = combine,
	.result = result);
