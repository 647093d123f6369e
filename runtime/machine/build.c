#include "machine/build.h"

#include <stddef.h>

/* make defines these for this file alone, so that a new version does not rebuild everything. */
#ifndef BUILD_COMPILER
#define BUILD_COMPILER NULL
#endif
#ifndef BUILD_FLAGS
#define BUILD_FLAGS NULL
#endif
#ifndef TINE_VERSION
#define TINE_VERSION NULL
#endif

const char *build_compiler(void)
{
	return BUILD_COMPILER;
}

const char *build_flags(void)
{
	return BUILD_FLAGS;
}

const char *build_version(void)
{
	return TINE_VERSION;
}
