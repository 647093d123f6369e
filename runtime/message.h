/*
 * message: what a function of the runtime tells the user when it fails.
 *
 * Functions that can fail return 0 or a negative errno and fill a message: one sentence, without a
 * newline, that names the thing and says what would be right. They never print and never exit.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

struct message {
	char text[512];
};

/* Writes the message (m may be NULL) and returns code, so that callers can `return fail(...)`. */
int fail(struct message *m, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
