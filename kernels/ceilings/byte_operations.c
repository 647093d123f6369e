/*
 * byte_operations: additions and exclusive ors of bytes.
 */
#include "ceilings/ceiling.h"

typedef uint8_t u8_vector __attribute__((vector_size(VECTOR_BYTES)));

struct input {
	uint64_t zero;
};

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	const u8_vector flip = (u8_vector) { 0 } + (uint8_t)(in->zero + 0x55);
	const u8_vector step = (u8_vector) { 0 } + (uint8_t)(in->zero + 0x15);
	uint64_t check = 0;

	for (uint64_t e = elements.first; e < elements.end; e++) {
		u64_vector start[CHAINS];
		u8_vector chain[CHAINS];
		vectors_count_from(start, CHAINS, e);
		for (unsigned c = 0; c < CHAINS; c++)
			chain[c] = (u8_vector)start[c];
		for (unsigned r = 0; r < ROUNDS; r++)
			for (unsigned c = 0; c < CHAINS; c++)
				chain[c] = (chain[c] ^ flip) + step;
		for (unsigned c = 0; c < CHAINS; c++)
			start[c] = (u64_vector)chain[c];
		check += vectors_sum(start, CHAINS);
	}
	into->check += check;
}

static int setup(struct input *in, const struct problem *problem)
{
	in->zero = problem->zero;
	return 0;
}

KERNEL(byte_operations, .what = "additions and exclusive ors of bytes", .why = "a ceiling",
	.element = "element", .size = { .n = 8192 }, .grain = 8,
	.demand = { .operations[BYTE_OPERATION] = 2.0 * ROUNDS * CHAINS * VECTOR_BYTES },
	.setup = setup, .combine = combine, .result = result);
