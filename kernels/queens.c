/*
 * queens: in how many ways n queens stand on an n x n board, none attacking another, mirrored and
 * rotated ways counted for themselves.
 *
 * Element e is the column of the queen in the first row; the other rows are searched, one after
 * another, over the squares that no queen above attacks. So units are few, n in all, and uneven:
 * a queen in a corner leaves more squares open than one in the middle. A schedule can do little for
 * more members than that. Bound by branches that nobody can predict.
 */
#include "kernel.h"

struct input {
	uint32_t columns; /* all of them, a bit each */
};
struct partial {
	uint64_t ways;
};

/* Ways to fill the rows that are left, where queens above attack these columns of the next one. */
static uint64_t ways_below(uint32_t columns, uint32_t down, uint32_t left, uint32_t right)
{
	uint64_t ways = 0;

	if (down == columns)
		return 1;
	for (uint32_t open = columns & ~(down | left | right); open; open &= open - 1) {
		const uint32_t queen = open & -open;
		ways += ways_below(
			columns, down | queen, (left | queen) << 1, (right | queen) >> 1);
	}
	return ways;
}

static inline void body(const struct input *in, struct range firsts, struct partial *into)
{
	uint64_t ways = 0;

	for (uint64_t first = firsts.first; first < firsts.end; first++) {
		const uint32_t queen = (uint32_t)1 << first;
		ways += ways_below(in->columns, queen, queen << 1, queen >> 1);
	}
	into->ways += ways;
}

static int setup(struct input *in, const struct problem *problem)
{
	in->columns = ((uint32_t)1 << problem->size.n) - 1;
	return 0;
}

static void combine(struct partial *into, const struct partial *from)
{
	into->ways += from->ways;
}

static void result(const struct partial *total, char text[RESULT_BYTES])
{
	snprintf(text, RESULT_BYTES, "%llu", (unsigned long long)total->ways);
}

/* 27 is the largest board whose ways have been counted: 234907967154122528. */
KERNEL(queens, .what = "ways to place n queens on an n x n board, none attacking another",
	.why = "few units, uneven", .element = "column", .size = { .n = 13 }, .grain = 1,
	.limit = 27, .steep = true, .bound = "branches", .setup = setup, .combine = combine,
	.result = result);
