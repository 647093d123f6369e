/*
 * counters: which of the processor's and the kernel's event counters this process can have.
 */
#ifndef COUNTERS_H
#define COUNTERS_H

#include <jansson.h>

/*
 * Tries to open each for the calling thread, and closes it again: a JSON object, which the caller
 * owns, { "cycles": "ok", "instructions": "Permission denied", ... }; NULL if there is no memory.
 */
json_t *counters_describe(void);

#endif
