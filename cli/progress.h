/*
 * progress: how far a run is, on stderr: one line that renews itself on a terminal, a plain line
 * every tenth of the way elsewhere.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

struct progress {
	size_t total, done, before, told, failures;
	size_t open; /* cases, while intervals are being narrowed; else 0 */
	uint64_t begin_ns;
	bool terminal, plain;
};

/*
 * total launches to come or done, of which `done` were done before; plain: print plain lines where
 * there is no terminal.
 */
void progress_init(struct progress *progress, size_t total, size_t done, bool plain);

/* From now on, launches to get the intervals of so many cases narrow. */
void progress_refine(struct progress *progress, size_t open);

/* What is being measured now. */
void progress_show(struct progress *progress, const struct case_spec *now);

/* One launch is done. The first failed or wrong ones are told at once. */
void progress_step(struct progress *progress, const struct launch_record *launch);

/* Clears the line. */
void progress_end(struct progress *progress);

#endif
