/*
 * sum_squares: the sum of i*i for i in [0, n), modulo 2^64.
 *
 * All units cost the same. Bound by the integer units: an integer takes an addition to make it, a
 * multiplication, and an addition to the sum. CHAINS vectors of sums run beside one another, so that
 * no addition waits for the one before it.
 */
#include "kernel.h"

enum { CHAINS = VECTOR_CHAINS, BLOCK = CHAINS * U64_LANES };

struct input {
	uint64_t zero; /* keeps the compiler from replacing the loop by a formula */
};
struct partial {
	uint64_t sum;
};

/* `end` lies a multiple of BLOCK behind. */
static inline uint64_t sum_blocks(uint64_t first, uint64_t end, uint64_t zero)
{
	u64_vector x[CHAINS], sums[CHAINS] = { 0 };

	vectors_count_from(x, CHAINS, first ^ zero);
	for (uint64_t i = first; i < end; i += BLOCK)
		for (unsigned c = 0; c < CHAINS; c++) {
			sums[c] += x[c] * x[c];
			x[c] += BLOCK;
		}
	return vectors_sum(sums, CHAINS);
}

static inline void body(const struct input *in, struct range integers, struct partial *into)
{
	const uint64_t count = integers.end - integers.first, zero = in->zero;
	const uint64_t blocks_end = integers.end - count % BLOCK;
	uint64_t sum = 0;

	if (count >= BLOCK)
		sum = sum_blocks(integers.first, blocks_end, zero);
	for (uint64_t i = blocks_end; i < integers.end; i++)
		sum += (i ^ zero) * (i ^ zero);
	into->sum += sum;
}

static int setup(struct input *in, const struct problem *problem)
{
	in->zero = problem->zero;
	return 0;
}

static void combine(struct partial *into, const struct partial *from)
{
	into->sum += from->sum;
}

static void result(const struct partial *total, char text[RESULT_BYTES])
{
	snprintf(text, RESULT_BYTES, "%llu", (unsigned long long)total->sum);
}

KERNEL(sum_squares, .what = "sum of i*i for i in [0, n), modulo 2^64",
	.why = "compute-bound, regular", .element = "integer", .size = { .n = 300000000 },
	.grain = 65536,
	.demand = { .operations = { [INT64_OPERATION] = 3, [INT64_MULTIPLY_ADD] = 1 } },
	.regular = true, .setup = setup, .combine = combine, .result = result);
