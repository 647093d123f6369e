/*
 * build: how this program was built. Each is NULL if the build did not say.
 */
#ifndef BUILD_H
#define BUILD_H

/* The first line of the compiler's --version. */
const char *build_compiler(void);

/* The flags that bear on speed, the kernels' -march included. */
const char *build_flags(void);

/* Tine's version. */
const char *build_version(void);

#endif
