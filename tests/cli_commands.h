/*
 * cli_commands: what `tine COMMAND -- PROGRAM` says of programs that cannot be run, as shells do.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli.h"

static inline void expect_not_run(
	const char *command, const char *program, int code, const char *why)
{
	const struct told told = tine(command, "--", program);
	char words[100];

	snprintf(words, sizeof(words), "tine %s: %s: %s", command, program, why);
	expect_code(&told, code);
	expect_words(told.err, words);
}

static inline void expect_missing_is_127(const char *command)
{
	expect_not_run(command, "no-such-command", 127, "no such command in PATH");
}

static inline void expect_not_executable_is_126(const char *command)
{
	put_text("plain", "text\n");
	expect_not_run(command, "./plain", 126, "Permission denied");
}

#endif
