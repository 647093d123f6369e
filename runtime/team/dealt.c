/*
 * dealt: the variants whose members deal out the units among themselves, in one object: each is the few
 * lines of its header, around the same work (share.h).
 *
 * A template: compiled around each kernel file.
 */
#include KERNEL_FILE

#include "team/event_loop.h"
#include "team/global_lock.h"
#include "team/pool.h"
#include "team/process.h"
#include "team/pthread.h"
