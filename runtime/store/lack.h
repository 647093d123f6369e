/*
 * lack: whether jansson asked for memory in vain.
 *
 * Where its buffer cannot grow, jansson's parser drops the byte and goes on: a number comes out that is
 * not in the text, without an error. So whoever parses watches. Not for several threads at once, since
 * jansson has one allocator.
 */
#ifndef LACK_H
#define LACK_H

#include <stdbool.h>

#include "message.h"

/* Watches from now on. */
void lack_watch(void);

/* Ends the watch; whether memory was lacking since it began. */
bool lack_seen(void);

/*
 * What fails where memory ran out, wherever inside jansson, must not pass for a wrong field: -ENOMEM
 * and a message then, else the error as it is. The caller has set errno to 0 before; every allocation
 * that fails sets it.
 */
int lack_or(int error, struct message *why);

#endif
