/*
 * log_scan: how many lines hold ERROR or CRITICAL, as `grep -cE 'ERROR|CRITICAL'` counts them.
 *
 * The lines are those of the files that are given, else n bytes of lines that are made up. Element e is
 * byte e of all files in a row. A line ends at a newline or with its file. It counts in the range in
 * which the first of its words begins, so that ranges can split lines, and words, anywhere:
 *
 *	... ERROR and CRIT|ICAL \n ... ERROR ... \n ... CRIT|ICAL ... \n
 *	the first range counts three lines: a word that it begins, it reads to its end. Had it not
 *	found ERROR in the first line, it would still have counted that for CRITICAL; and the second
 *	range, that begins within a word, sees none there
 *
 * Only for the first word of a range must be looked back, whether its line has had one: to where the
 * line begins, or to a word, whichever is nearer. So no byte is looked at more than twice, however long
 * lines are. Between words nobody looks for the ends of lines.
 *
 * Bound by memory. Bytes are compared a vector at a time, with two of each word's letters; what fits
 * is compared letter by letter.
 */
#include "kernel.h"

typedef uint8_t u8_vector __attribute__((vector_size(VECTOR_BYTES)));

enum {
	BLOCK = 4,        /* vectors that are looked at together */
	LONGEST = 8,      /* bytes, of a word */
	LOOK_BACK = 4096, /* bytes at a time */
	PAGE = 4096,      /* bytes, no more than a page has */
	SLOT = 256,       /* bytes that made-up lines fill, three at a time */
	LINE_LEAST = 40,  /* bytes of one of them, */
	LINE_SPREAD = 64, /* and how many more it may have */
	HEADER = 20,      /* bytes before the level */
	PER_MILLE_ERROR = 20,
	PER_MILLE_CRITICAL = 5
};

struct input {
	struct text made; /* if there are no files; owned */
	const struct text *texts;
	size_t count; /* of texts */
	uint64_t seed;
};
struct partial {
	uint64_t files;
	uint64_t lines[TEXTS_MOST]; /* of each file */
};

/* ---- words ---- */

static inline bool is_word(const uint8_t *at, uint64_t left)
{
	return (left >= 5 && !memcmp(at, "ERROR", 5)) || (left >= 8 && !memcmp(at, "CRITICAL", 8));
}

static inline u8_vector load(const uint8_t *at)
{
	u8_vector bytes;

	memcpy(&bytes, at, sizeof(bytes));
	return bytes;
}

/* Not 0 where a word may begin. Reads LONGEST - 1 bytes more than a vector. */
static inline u8_vector candidates(const uint8_t *at)
{
	const u8_vector here = load(at);

	return (u8_vector)(((here == 'E') & (load(at + 3) == 'O')) |
		((here == 'C') & (load(at + 7) == 'L')));
}

static inline bool any(u8_vector marks)
{
	uint64_t words[VECTOR_BYTES / sizeof(uint64_t)], all = 0;

	memcpy(words, &marks, sizeof(words));
	for (unsigned w = 0; w < sizeof(words) / sizeof(words[0]); w++)
		all |= words[w];
	return all;
}

/* The first position from `at` where a block of vectors may hold a word's beginning, or behind it. */
static inline uint64_t skip_blocks(const struct text *text, uint64_t at, uint64_t end)
{
	const uint64_t block = BLOCK * VECTOR_BYTES;

	for (; at < end && text->count - at >= block + LONGEST; at += block) {
		u8_vector marks = { 0 };
		for (unsigned v = 0; v < BLOCK; v++)
			marks |= candidates(text->bytes + at + v * VECTOR_BYTES);
		if (any(marks))
			break;
	}
	return at;
}

/* Where the first word that begins in [at, end) does; end: there is none. */
static inline uint64_t next_word(const struct text *text, uint64_t at, uint64_t end)
{
	while ((at = skip_blocks(text, at, end)) < end) {
		const uint64_t left = end - at, block = BLOCK * VECTOR_BYTES;
		const uint64_t stop = at + (left < block ? left : block);
		for (; at < stop; at++)
			if (is_word(text->bytes + at, text->count - at))
				return at;
	}
	return end;
}

/* ---- lines ---- */

static inline uint64_t behind_line(const struct text *text, uint64_t at)
{
	const uint8_t *newline = memchr(text->bytes + at, '\n', text->count - at);

	return newline ? (uint64_t)(newline - text->bytes) + 1 : text->count;
}

/* Whether the line that goes on at `at` has had a word before. */
static inline bool had_word(const struct text *text, uint64_t at)
{
	while (at) {
		const uint64_t from = at > LOOK_BACK ? at - LOOK_BACK : 0;
		const uint8_t *newline = memrchr(text->bytes + from, '\n', at - from);
		const uint64_t begin = newline ? (uint64_t)(newline - text->bytes) + 1 : from;
		if (next_word(text, begin, at) < at)
			return true;
		if (newline)
			return false;
		at = from;
	}
	return false;
}

/* Lines whose first word begins in [first, end). */
static inline uint64_t count_lines(const struct text *text, uint64_t first, uint64_t end)
{
	uint64_t lines = 0, at = next_word(text, first, end);

	if (at < end && !memchr(text->bytes + first, '\n', at - first) && had_word(text, first))
		at = next_word(text, behind_line(text, at), end);
	while (at < end) {
		lines++;
		at = next_word(text, behind_line(text, at), end);
	}
	return lines;
}

/* Which bytes of a text that begins at `begin`, among all bytes, are among the elements. */
static inline struct range bytes_of(const struct text *text, uint64_t begin, struct range elements)
{
	const uint64_t end = begin + text->count;
	const uint64_t first = elements.first > begin ? elements.first : begin;
	const uint64_t last = elements.end < end ? elements.end : end;

	return (struct range) { first - begin, (first < last ? last : first) - begin };
}

static inline void body(const struct input *in, struct range elements, struct partial *into)
{
	uint64_t begin = 0;

	into->files = in->count;
	for (size_t t = 0; t < in->count && begin < elements.end; begin += in->texts[t++].count) {
		const struct range bytes = bytes_of(&in->texts[t], begin, elements);
		if (bytes.first < bytes.end)
			into->lines[t] += count_lines(&in->texts[t], bytes.first, bytes.end);
	}
}

/* ---- lines that are made up ---- */

static void put_two_digits(uint8_t *at, uint64_t number)
{
	at[0] = (uint8_t)('0' + number / 10);
	at[1] = (uint8_t)('0' + number % 10);
}

/* "2026-11-20 10:15:00 WARNING" in front of what a line holds already, a newline at its end. */
static void make_line(uint8_t *line, uint64_t bytes, uint64_t random)
{
	static const char *const usual[] = { "DEBUG", "INFO", "INFO", "WARNING" };
	const uint64_t draw = random % 1000, second = random >> 32;
	const char *level = draw < PER_MILLE_CRITICAL         ? "CRITICAL"
		: draw < PER_MILLE_CRITICAL + PER_MILLE_ERROR ? "ERROR"
							      : usual[random >> 10 & 3];

	memcpy(line, "2026-11-20 10:15:00 ", HEADER);
	put_two_digits(line + 8, 1 + second % 30);
	put_two_digits(line + 11, second / 30 % 24);
	put_two_digits(line + 14, second / 720 % 60);
	put_two_digits(line + 17, second / 43200 % 60);
	memcpy(line + HEADER, level, strlen(level));
	line[HEADER + strlen(level)] = ' ';
	line[bytes - 1] = '\n';
}

/* Three lines, of letters and spaces behind what each begins with. */
static void make_slot(uint8_t slot[SLOT], uint64_t seed, uint64_t index)
{
	enum { WORDS = SLOT / sizeof(uint64_t), NUMBERS = WORDS + 4 };
	const uint64_t base = index * NUMBERS, cuts = random_of(seed, base);
	const uint64_t first = LINE_LEAST + cuts % LINE_SPREAD;
	const uint64_t second = LINE_LEAST + cuts / LINE_SPREAD % LINE_SPREAD;

	for (unsigned w = 0; w < WORDS; w++) {
		uint64_t random = random_of(seed, base + 4 + w);
		for (unsigned b = 0; b < sizeof(random); b++, random >>= 8)
			slot[w * sizeof(random) + b] =
				"etaoin shrdlu cmfwyp vbgkjqxz ue"[random & 31];
	}
	make_line(slot, first, random_of(seed, base + 1));
	make_line(slot + first, second, random_of(seed, base + 2));
	make_line(slot + first + second, SLOT - first - second, random_of(seed, base + 3));
}

static void fill_made(const struct input *in, struct range elements)
{
	uint8_t *bytes = (uint8_t *)in->made.bytes, slot[SLOT];

	for (uint64_t at = elements.first; at < elements.end;) {
		const uint64_t end = (at / SLOT + 1) * SLOT;
		const uint64_t stop = end < elements.end ? end : elements.end;
		make_slot(slot, in->seed, at / SLOT);
		memcpy(bytes + at, slot + at % SLOT, stop - at);
		at = stop;
	}
}

/* ---- files ---- */

/* Reads a byte of each page, so that none is looked up on the disk, or in tables, later. */
static void touch(const struct text *text, struct range bytes)
{
	const volatile uint8_t *all = text->bytes;

	for (uint64_t at = bytes.first / PAGE * PAGE; at < bytes.end; at += PAGE)
		(void)all[at];
}

static void touch_files(const struct input *in, struct range elements)
{
	uint64_t begin = 0;

	for (size_t t = 0; t < in->count && begin < elements.end; begin += in->texts[t++].count) {
		const struct range bytes = bytes_of(&in->texts[t], begin, elements);
		if (bytes.first < bytes.end)
			touch(&in->texts[t], bytes);
	}
}

static void fill(const struct input *in, struct range elements)
{
	if (in->made.bytes)
		fill_made(in, elements);
	else
		touch_files(in, elements);
}

static int setup(struct input *in, const struct problem *problem)
{
	in->seed = problem->recipe.seed;
	in->texts = problem->texts;
	in->count = problem->recipe.file_count;
	if (in->count)
		return 0;
	in->made = (struct text) { kernel_alloc(problem->size.n, 1), problem->size.n };
	in->texts = &in->made;
	in->count = 1;
	return in->made.bytes ? 0 : -ENOMEM;
}

static void release(struct input *in)
{
	free((uint8_t *)in->made.bytes);
}

/* ---- counts ---- */

static void combine(struct partial *into, const struct partial *from)
{
	into->files |= from->files; /* the same, or 0 of a member that had nothing to do */
	for (unsigned t = 0; t < TEXTS_MOST; t++)
		into->lines[t] += from->lines[t];
}

/* "12 = 5 + 0 + 7", or where there is no room for each file "12 in 64 files". */
static void result(const struct partial *total, char text[RESULT_BYTES])
{
	unsigned long long lines = 0;
	int length;

	for (uint64_t t = 0; t < total->files; t++)
		lines += total->lines[t];
	length = snprintf(text, RESULT_BYTES, "%llu", lines);
	for (uint64_t t = 0; total->files > 1 && t < total->files && length < RESULT_BYTES; t++)
		length += snprintf(text + length, (size_t)(RESULT_BYTES - length), " %c %llu",
			t ? '+' : '=', (unsigned long long)total->lines[t]);
	if (length >= RESULT_BYTES)
		snprintf(text, RESULT_BYTES, "%llu in %llu files", lines,
			(unsigned long long)total->files);
}

KERNEL(log_scan, .what = "lines that hold ERROR or CRITICAL, of files (--input) or made up",
	.why = "bound by memory, uneven where lines hold words", .element = "byte",
	.size = { .n = 32000000 }, .grain = 65536, .bytes = 1, .takes_files = true,
	.demand = { .read_bytes = 1 }, .setup = setup, .fill = fill, .release = release,
	.combine = combine, .result = result);
