/*
 * wait: what members do while there is nothing to do.
 */
#ifndef WAIT_H
#define WAIT_H

#include "message.h"

/* As OMP_WAIT_POLICY has it. */
enum wait {
	WAIT_UNSET,   /* spin for some milliseconds, then sleep */
	WAIT_ACTIVE,  /* spin, as long as it takes */
	WAIT_PASSIVE, /* sleep at once */
	WAITS
};

/* "active" or "passive" in upper or lower case, between blanks. Returns 0 or -EINVAL. */
int wait_parse(const char *text, enum wait *into);

/* The word for it as OMP_WAIT_POLICY takes it; NULL for WAIT_UNSET. */
const char *wait_name(enum wait wait);

/* Between two looks at a word: leaves the core to its other hardware thread, and the line alone. */
static inline void wait_briefly(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* What this process's OMP_WAIT_POLICY says; WAIT_UNSET if it says nothing, or no policy. */
enum wait wait_policy(void);

#endif
