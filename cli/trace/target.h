/*
 * target: the command that is traced: found, looked at, and run as if we were not there.
 */
#ifndef TRACE_TARGET_H
#define TRACE_TARGET_H

#include "message.h"

/* Whether a library can be preloaded into it. */
enum reach {
	REACHED,
	REACH_STATIC, /* statically linked: nothing is loaded */
	REACH_SETUID, /* runs as somebody else: the loader ignores what is preloaded */
	REACH_OTHER   /* of another processor or word size */
};

struct target {
	char *path; /* owned */
	enum reach reach;
};

/* Exit codes of shells for what cannot be run. */
enum { EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127, EXIT_SIGNALLED = 128 };

/*
 * Finds the command as a shell does. Returns 0; or EXIT_NOT_FOUND or EXIT_NOT_EXECUTABLE and why. The
 * caller releases.
 */
int target_find(struct target *into, const char *name, struct message *why);
void target_release(struct target *target);

/* Why it is not reached, in a sentence; NULL if it is. */
const char *target_unreached(enum reach reach);

/*
 * Runs it to its end: our standard files, and our signals: what the terminal sends it gets itself,
 * SIGTERM and SIGHUP are passed on. Returns 0 and its status as of waitpid, or a code as target_find.
 */
int target_run(const struct target *target, char *const argv[], char *const environment[],
	int *status, struct message *why);

/* Ends as the command did: by the same signal, or with its exit status, which it returns. */
int target_end_like(int status);

#endif
