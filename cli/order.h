/*
 * order: what the conductor tells a launch, which is another process: JSON on its command line.
 */
#ifndef ORDER_H
#define ORDER_H

#include <jansson.h>

#include "launch.h"
#include "message.h"

/* An order as the argument of 'tine launch', in memory of the caller's; and back. */
char *order_to_text(const struct launch_order *order);

/*
 * cpus, tasks and the recipe belong to the caller, who frees or releases them, whatever is returned;
 * other strings live as long as `json`.
 */
int order_from_json(const json_t *json, struct launch_order *into, int **cpus,
	struct task_spec **tasks, struct message *why);

#endif
