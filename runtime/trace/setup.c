/*
 * setup: the library's begin and end in a process.
 */
#include <pthread.h>

#include "trace/file.h"
#include "trace/lane.h"

static bool removable; /* its file, if it saw nothing: that of the command itself stays */

/* A fork without exec: the child has a file of its own. */
static void begin_child(void)
{
	const bool recorded = tracer.head != NULL;

	file_leave();
	lane_forget();
	removable = true;
	if (recorded)
		file_begin(true);
}

static void __attribute__((constructor(101))) begin(void)
{
	file_begin(false);
	if (!tracer.head)
		return;
	lanes_begin();
	pthread_atfork(NULL, NULL, begin_child);
}

static void __attribute__((destructor(101))) end(void)
{
	if (tracer.head)
		lane_flush();
	file_end(removable);
}
