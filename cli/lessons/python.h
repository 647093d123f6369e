/*
 * python: the sum of squares by Python, in one thread and in several, where python3 is installed.
 *
 * A launch is a process that does both, three times in turn; its times are the medians. The speedup is
 * the median over launches of the ratio of the two.
 */
#ifndef LESSON_PYTHON_H
#define LESSON_PYTHON_H

#include <stdbool.h>

#include "analysis/stats.h"
#include "message.h"

enum { PYTHON_SQUARES = 500000, PYTHON_NAME = 48 };

enum python_lock { LOCK_UNKNOWN, LOCK_GLOBAL, LOCK_NONE };

struct python {
	bool known;             /* it ran; else `why` says why not */
	char name[PYTHON_NAME]; /* "CPython 3.11.7" */
	enum python_lock lock;  /* whether it has a global interpreter lock, and that is on */
	unsigned threads, launches;
	struct estimate sequential_s, threads_s, speedup;
	struct message why;
};

/*
 * Measures in so many launches, but starts none after budget_s seconds, except for the first. Call
 * process_block_signals first. That there is no Python, or that it fails, is no error. Returns 0, -EINTR
 * if a signal asked us to end, or -ENOMEM.
 */
int python_measure(struct python *into, unsigned threads, unsigned launches, double budget_s,
	struct message *why);

/* ", with a global lock", ", without a global lock", or "". */
const char *python_lock_name(enum python_lock lock);

#endif
