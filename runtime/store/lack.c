#include "store/lack.h"

#include <errno.h>
#include <jansson.h>

/* What jansson allocates with otherwise, and what has been seen: its allocators take no context. */
static struct {
	json_malloc_t allocate;
	json_free_t release;
	bool lacking;
} watched;

static void *allocate(size_t bytes)
{
	void *memory = watched.allocate(bytes);

	if (!memory)
		watched.lacking = true;
	return memory;
}

void lack_watch(void)
{
	json_get_alloc_funcs(&watched.allocate, &watched.release);
	watched.lacking = false;
	json_set_alloc_funcs(allocate, watched.release);
}

bool lack_seen(void)
{
	json_set_alloc_funcs(watched.allocate, watched.release);
	return watched.lacking;
}

int lack_or(int error, struct message *why)
{
	return error && errno == ENOMEM ? fail(why, -ENOMEM, "no memory to read it") : error;
}
