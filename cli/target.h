/*
 * target: a command that Tine runs for the user: found, and run as if we were not there.
 */
#ifndef TARGET_H
#define TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "message.h"

/* Exit codes of shells for what cannot be run; and of env and timeout, if they themselves failed. */
enum { EXIT_OURS = 125, EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127, EXIT_SIGNALLED = 128 };

/*
 * Finds the command as a shell does. Returns 0; or EXIT_NOT_FOUND or EXIT_NOT_EXECUTABLE and why. The
 * caller frees *path in any case.
 */
int target_find(char **path, const char *name, struct message *why);

/* What is done beside a command, by the one who waits for it. */
struct companion {
	void *context;
	/* Now; returns the nanoseconds until it wants to be called again. */
	uint64_t (*look)(void *context);
	/* A child of ours has ended, the command or one that was left to us; it is still a zombie. */
	void (*ended)(void *context, pid_t child);
};

/*
 * Runs it to its end: our standard files, and our signals: what the terminal sends it gets itself,
 * SIGTERM and SIGHUP are passed on. beside: NULL, none. Returns 0 and its status as of waitpid, or a
 * code as target_find.
 */
int target_run(const char *path, char *const argv[], char *const environment[],
	const struct companion *beside, int *status, struct message *why);

/* Ends as the command did: by the same signal, or with its exit status, which it returns. */
int target_end_like(int status);

/* The command as one line, which the caller frees; NULL: no memory. */
char *target_words(char *const *arguments, size_t count);

/* "exit status 0", "ended by signal 9 (Killed)" */
void target_print_end(int status, FILE *to);

#endif
