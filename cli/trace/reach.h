/*
 * reach: whether a library can be preloaded into a program.
 */
#ifndef TRACE_REACH_H
#define TRACE_REACH_H

enum reach {
	REACHED,
	REACH_STATIC, /* statically linked: nothing is loaded */
	REACH_SETUID, /* runs as somebody else: the loader ignores what is preloaded */
	REACH_OTHER   /* of another processor or word size */
};

enum reach reach_of(const char *path);

/* Why it is not reached, in a sentence; NULL if it is. */
const char *reach_lack(enum reach reach);

#endif
