/*
 * symbols: what the addresses of a traced process are called, by elfutils' libdw.
 */
#ifndef TRACE_SYMBOLS_H
#define TRACE_SYMBOLS_H

#include <stdint.h>

#include "trace/format.h"

enum { PLACE_TEXT = 160 };

struct symbols;

/* NULL: no memory; then places are modules and offsets. */
struct symbols *symbols_open(void);
void symbols_close(struct symbols *symbols);

/*
 * Where a site is: "blur, effect.c:123" where debug data tell, "BlurImage in libMagick.so.6" where only
 * a symbol does, "libMagick.so.6+0x1a2b" elsewhere. symbols may be NULL. Returns text.
 */
char *symbols_place(struct symbols *symbols, const struct trace_head *head,
	const struct trace_site *site, char text[PLACE_TEXT]);

#endif
