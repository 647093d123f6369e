/*
 * texts: the files that a kernel takes, as bytes in memory: mapped, and read when they are looked at.
 */
#ifndef TEXTS_H
#define TEXTS_H

#include "kernel.h"
#include "message.h"

/*
 * Maps the files, TEXTS_MOST at most, in order, into `texts`. An empty file is a text of no bytes; all
 * together must not be. A file that is cut short meanwhile ends who reads it by SIGBUS. Returns 0; or
 * -EINVAL if one cannot be read, or is no regular file, and which and why, with nothing to unmap.
 */
int texts_map(struct text *texts, const char *const *paths, size_t count, struct message *why);
void texts_unmap(struct text *texts, size_t count);

/* Of all of them. */
uint64_t texts_bytes(const struct text *texts, size_t count);

#endif
