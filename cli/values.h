/*
 * values: numbers with units, as people write them behind options.
 */
#ifndef VALUES_H
#define VALUES_H

#include <stdint.h>

#include "message.h"
#include "record.h"

/* A whole number in digits alone. Returns 0, or -EINVAL with *into untouched. */
int read_whole(const char *text, uint64_t least, uint64_t most, uint64_t *into);

/* A size: "1000000", "1e6", or "1920x1080" of a picture. Returns 0, or -EINVAL and what would be right. */
int read_extent(struct size *into, const char *text, struct message *why);

/* "3%" or "3" as 0.03. Returns 0, or -EINVAL and what would be right: `what` in percent. */
int read_percent(
	double *into, const char *option, const char *what, const char *text, struct message *why);

/* "90s", "5m", "2h", "5ms", "10us" or "90" in seconds. Returns 0, or -EINVAL and what would be right. */
int read_seconds(double *into, const char *option, const char *text, struct message *why);

#endif
