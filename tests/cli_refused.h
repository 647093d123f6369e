/*
 * cli_refused: what tine does not do, and says why, before it does anything.
 */
#ifndef CLI_REFUSED_H
#define CLI_REFUSED_H

#include "cli.h"

static inline void expect_told_refusal(const struct told *told, const char *words)
{
	expect_code(told, 2);
	cr_expect_str_empty(told->out, "on stdout: %s", told->out);
	cr_expect_eq(strncmp(told->err, "tine", 4), 0, "%s", told->err);
	expect_words(told->err, words);
}

/* Exit code 2, a message on stderr that has these words, nothing on stdout. */
static inline void expect_refusal(const char *words, const char *const *arguments)
{
	const struct told told = tine_as(&(struct way) { 0 }, arguments);

	expect_told_refusal(&told, words);
}

/*
 * The message names what is wrong and says what would be right; nothing is written, neither a file
 * more nor to `kept`, which is `untouched`. Measuring takes more CPU time than `most_s` in all these
 * cases: that less was used shows that the message came before.
 */
static inline void expect_early_refusal(const char *wrong, const char *right, const char *kept_file,
	double most_s, const char *const *arguments)
{
	const char *before = listing(".");
	const struct told told = tine_as(&(struct way) { 0 }, arguments);

	expect_told_refusal(&told, wrong);
	expect_words(told.err, right);
	cr_expect_lt(told.cpu, most_s, "%.1f s of CPU time before the message", told.cpu);
	cr_expect_str_eq(listing("."), before, "the directory was changed");
	cr_expect_str_eq(file_text(kept_file), untouched);
}

#endif
