/*
 * histogram: how often each of the 256 values occurs among n bytes.
 *
 * The bytes are random: byte e is bits 8 (e mod 8) and up of random number e / 8 of the seed. Each
 * member counts in a copy of its own, its partial, and copies are added after the join; the result
 * is FNV-1a over the 256 counts, as 64-bit words.
 *
 * All units cost the same. Bound by loads and stores: a count is loaded, and stored, for every byte,
 * and a value that comes again within some cycles waits for its own store. So two tables take turns,
 * of 16-bit counts, since stores to the same cache line can be done together; a CHUNK of bytes fits
 * them, and then they are added to the partial. All stay in the first-level cache.
 */
#include "kernel.h"

enum {
	VALUES = 256,
	TABLES = 2,
	BLOCK = 8,        /* bytes */
	CHUNK = 32768,    /* bytes; 65535 at most, and a multiple of BLOCK */
	WORTHWHILE = 4096 /* bytes, for tables that must be cleared and added up */
};

struct input {
	uint8_t *bytes;
	uint64_t seed;
};
struct partial {
	uint64_t counts[VALUES];
};

/* Blocks, so that no compiler unrolls the loop in one variant alone. */
static inline void count_chunk(
	uint64_t *restrict counts, const uint8_t *restrict bytes, size_t count)
{
	uint16_t tables[TABLES][VALUES] = { 0 };
	size_t i = 0;

	for (; count - i >= BLOCK; i += BLOCK)
		for (unsigned b = 0; b < BLOCK; b++)
			tables[b % TABLES][bytes[i + b]]++;
	for (; i < count; i++)
		tables[0][bytes[i]]++;
	for (unsigned t = 0; t < TABLES; t++)
		for (unsigned v = 0; v < VALUES; v++)
			counts[v] += tables[t][v];
}

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	uint64_t i = elements.first;

	while (elements.end - i >= WORTHWHILE) {
		const uint64_t rest = elements.end - i, count = rest < CHUNK ? rest : CHUNK;
		count_chunk(into->counts, in->bytes + i, count);
		i += count;
	}
	for (; i < elements.end; i++)
		into->counts[in->bytes[i]]++;
}

static void release(struct input *in)
{
	free(in->bytes);
}

static int setup(struct input *in, const struct problem *problem)
{
	in->seed = problem->recipe.seed;
	in->bytes = kernel_alloc(problem->size.n, 1);
	return in->bytes ? 0 : -ENOMEM;
}

static void fill(const struct input *in, struct range elements)
{
	for (uint64_t i = elements.first; i < elements.end; i++)
		in->bytes[i] = (uint8_t)(random_of(in->seed, i / 8) >> 8 * (i % 8));
}

static void combine(struct partial *into, const struct partial *from)
{
	for (unsigned v = 0; v < VALUES; v++)
		into->counts[v] += from->counts[v];
}

static void result(const struct partial *total, char text[RESULT_BYTES])
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (unsigned v = 0; v < VALUES; v++)
		hash = (hash ^ total->counts[v]) * 0x100000001b3u;
	snprintf(text, RESULT_BYTES, "%016llx", (unsigned long long)hash);
}

KERNEL(histogram, .what = "how often each of 256 values occurs among n random bytes",
	.why = "private copies, bound by loads and stores", .element = "byte",
	.size = { .n = 16000000 }, .grain = 16384, .bytes = 1,
	.demand = { .operations[TABLE_UPDATE] = 1, .read_bytes = 1 }, .regular = true,
	.setup = setup, .fill = fill, .release = release, .combine = combine, .result = result);
