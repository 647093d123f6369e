/*
 * session: one traced command: where its processes leave their files, and its environment.
 */
#ifndef TRACE_SESSION_H
#define TRACE_SESSION_H

#include "clock.h"
#include "options.h"

struct session {
	char *directory; /* in memory, if there is such a file system; owned, and removed in the end */
	char **environment; /* the command's; owned */
	struct clock clock;
	uint64_t begin, end; /* of the command, in ticks and, for their rate, in nanoseconds */
	uint64_t begin_ns, end_ns;
};

/* Returns 0 or a negative errno and why, with nothing to close. */
int session_open(struct session *session, const struct options *options, struct message *why);

/* Just before the command starts, and when it has ended. */
void session_begin(struct session *session);
void session_end(struct session *session);

/* Of a tick; the longer the command ran, the more exact. */
double session_seconds_per_tick(const struct session *session);

void session_close(struct session *session);

#endif
