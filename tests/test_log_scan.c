/*
 * log_scan: its counts against lines that are looked at one by one, wherever ranges split them; and
 * the files that it is given.
 */
#include <criterion/criterion.h>
#include <sys/stat.h>
#include <unistd.h>

#include "directory.h"
#include "harness.h"
#include "texts.h"

TestSuite(log_scan, .timeout = 60);
TestSuite(texts, .init = make_directory, .fini = remove_directory, .timeout = 60);

/* ---- lines, one by one ---- */

static uint64_t plain_count(struct text text)
{
	uint64_t lines = 0;

	for (uint64_t at = 0; at < text.count;) {
		const uint8_t *newline = memchr(text.bytes + at, '\n', text.count - at);
		const uint64_t end = newline ? (uint64_t)(newline - text.bytes) : text.count;
		lines += memmem(text.bytes + at, end - at, "ERROR", 5) ||
			memmem(text.bytes + at, end - at, "CRITICAL", 8);
		at = end + 1;
	}
	return lines;
}

static struct problem problem_of(const struct text *texts, size_t count)
{
	return (struct problem) {
		.size = { .n = texts_bytes(texts, count) },
		.texts = texts,
		.recipe = { .file_count = count },
	};
}

/* "12", or "12 = 5 + 0 + 7" */
static void expected_result(const struct text *texts, size_t count, char text[RESULT_BYTES])
{
	uint64_t sum = 0;
	int length;

	for (size_t t = 0; t < count; t++)
		sum += plain_count(texts[t]);
	length = snprintf(text, RESULT_BYTES, "%llu", (unsigned long long)sum);
	for (size_t t = 0; count > 1 && t < count; t++)
		length += snprintf(text + length, RESULT_BYTES - (size_t)length, " %c %llu",
			t ? '+' : '=', (unsigned long long)plain_count(texts[t]));
}

static void expect_count(const struct text *texts, size_t count, uint64_t grain)
{
	const struct kernel_entry *entry = kernel_find("log_scan");
	const struct problem problem = problem_of(texts, count);
	const struct how how = { PTHREAD, 2, { SCHEDULE_DYNAMIC, 1 }, grain, 1 };
	char expected[RESULT_BYTES];

	expected_result(texts, count, expected);
	struct computed split = compute(entry, &how, &problem);
	struct computed whole = compute_sequentially(entry, &problem);
	cr_assert_str_eq(split.text, expected, "%s in units of %llu bytes, expected %s", split.text,
		(unsigned long long)grain, expected);
	cr_assert_str_eq(whole.text, expected, "%s in one call, expected %s", whole.text, expected);
	computed_release(&split);
	computed_release(&whole);
}

/* Of pieces that are words, parts of words, and what ends lines; never with a zero at the end. */
static struct text random_text(uint64_t seed, uint64_t pieces)
{
	static const struct {
		const char *bytes;
		size_t count;
	} all[] = { { "ERROR", 5 }, { "CRITICAL", 8 }, { "\n", 1 }, { "\n", 1 }, { "\n\n", 2 },
		{ "ERRO", 4 }, { "RROR", 4 }, { "CRITICA", 7 }, { "RITICAL", 7 }, { "E", 1 },
		{ "C", 1 }, { "R", 1 }, { "\0", 1 }, { "a line that goes on for a while ", 32 },
		{ "error", 5 }, { "\xff\xfe", 2 }, { "\r", 1 } };
	enum { PIECES = sizeof(all) / sizeof(all[0]), LONGEST = 32 };
	uint8_t *bytes = malloc(pieces * LONGEST + 1);
	uint64_t count = 0;

	cr_assert_not_null(bytes);
	for (uint64_t p = 0; p < pieces; p++) {
		const size_t which = random_of(seed, p) % PIECES;
		memcpy(bytes + count, all[which].bytes, all[which].count);
		count += all[which].count;
	}
	return (struct text) { bytes, count };
}

Test(log_scan, counts_lines_wherever_ranges_split_them)
{
	static const uint64_t grains[] = { 1, 2, 3, 7, 16, 61, 256, 1000 };

	for (uint64_t seed = 0; seed < 60; seed++) {
		const struct text text = random_text(seed, 1 + seed * 5);
		expect_count(&text, 1, grains[seed % (sizeof(grains) / sizeof(grains[0]))]);
		free((void *)text.bytes);
	}
}

Test(log_scan, counts_each_of_several_files_and_their_sum)
{
	for (uint64_t seed = 0; seed < 20; seed++) {
		const struct text texts[] = { random_text(seed, 40), { NULL, 0 },
			random_text(seed + 100, 3), random_text(seed + 200, 90) };
		expect_count(texts, 4, 1 + seed * 7);
		for (size_t t = 0; t < 4; t++)
			free((void *)texts[t].bytes);
	}
}

static void expect_lines(const char *text, uint64_t expected)
{
	const struct text one = { (const uint8_t *)text, strlen(text) };

	cr_assert_eq(plain_count(one), expected, "the test's own count of '%s'", text);
	for (uint64_t grain = 1; grain <= one.count; grain++)
		expect_count(&one, 1, grain);
}

Test(log_scan, knows_words_at_all_edges)
{
	expect_lines("ERROR", 1);
	expect_lines("CRITICAL\n", 1);
	expect_lines("CRITICAL ERROR\nERROR CRITICAL", 2);
	expect_lines("CRITICALERRORERROR", 1);
	expect_lines("ERRO\nR CRITIC\nAL ERRO", 0);
	expect_lines("\n\n\nERROR\n\n", 1);
	expect_lines("error Error CRITICAl ERRQR", 0);
}

/* A line of all bytes, of which each range must find out that it has had a word, near or far. */
static void expect_one_line(size_t apart)
{
	enum { BYTES = 300000 };
	uint8_t *bytes = malloc(BYTES);
	const struct text text = { bytes, BYTES };

	memset(bytes, '.', BYTES);
	expect_count(&text, 1, 4096);
	for (size_t at = 100; at + 8 < BYTES; at += apart)
		memcpy(bytes + at, "CRITICAL", 8);
	cr_assert_eq(plain_count(text), 1);
	expect_count(&text, 1, 4096);
	expect_count(&text, 1, 77);
	free(bytes);
}

Test(log_scan, counts_a_line_without_an_end_once)
{
	expect_one_line(1000);
	expect_one_line(20000);
}

Test(log_scan, says_the_sum_alone_of_files_that_there_is_no_room_for)
{
	struct text texts[TEXTS_MOST];

	for (size_t t = 0; t < TEXTS_MOST; t++)
		texts[t] = (struct text) { (const uint8_t *)"ERROR\nERROR\n", 12 };
	const struct problem problem = problem_of(texts, TEXTS_MOST);
	struct computed got = compute_sequentially(kernel_find("log_scan"), &problem);
	cr_expect_str_eq(got.text, "128 in 64 files");
	computed_release(&got);
}

Test(log_scan, makes_up_lines_that_hold_some_of_both_words)
{
	const struct kernel *kernel = kernel_find("log_scan")->kernel;
	enum { BYTES = 1000000 };
	const struct problem problem = { .size = { .n = BYTES } };
	struct computed got = compute_sequentially(kernel_find("log_scan"), &problem);
	const double lines = BYTES / 256.0 * 3, found = strtod(got.text, NULL);

	cr_expect_eq(kernel->size.width, 0);
	cr_expect(
		found > 0.01 * lines && found < 0.05 * lines, "%s of %.0f lines", got.text, lines);
	computed_release(&got);
}

/* ---- files ---- */

static const char *put(const char *name, const char *text)
{
	const char *path = at(name);

	put_text(path, text);
	return path;
}

Test(texts, are_the_files_bytes_in_order)
{
	const char *const paths[] = { put("a", "first"), put("b", ""), put("c", "third\n") };
	struct text texts[3];
	struct message why = { "" };

	cr_assert_eq(texts_map(texts, paths, 3, &why), 0, "%s", why.text);
	cr_expect_eq(texts_bytes(texts, 3), 11);
	cr_expect_eq(texts[1].count, 0);
	cr_expect_eq(memcmp(texts[0].bytes, "first", 5), 0);
	cr_expect_eq(memcmp(texts[2].bytes, "third\n", 6), 0);
	texts_unmap(texts, 3);
}

static void expect_refused(const char *const *paths, size_t count, const char *words)
{
	struct text texts[3];
	struct message why = { "" };

	cr_expect_eq(texts_map(texts, paths, count, &why), -EINVAL);
	cr_expect_not_null(strstr(why.text, words), "'%s' is not in: %s", words, why.text);
}

Test(texts, that_cannot_be_read_are_refused)
{
	const char *const paths[] = { put("a", "first"), put("b", "") };
	const char *pipe = at("pipe");

	expect_refused((const char *const[]) { paths[0], "/nowhere/at/all" }, 2,
		"/nowhere/at/all: No such file or directory");
	expect_refused((const char *const[]) { "/tmp" }, 1, "/tmp: Is a directory");
	expect_refused((const char *const[]) { paths[1] }, 1, "is empty");
	expect_refused((const char *const[]) { paths[1], paths[1] }, 2, "as the others, is empty");
	cr_assert_eq(mkfifo(pipe, 0600), 0);
	expect_refused((const char *const[]) { pipe }, 1, "is no regular file");
}
