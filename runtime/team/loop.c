#include "team/loop.h"

#include <stdlib.h>
#include <uv.h>

struct loop {
	uv_loop_t uv;
	turn_fn *turn;
	void *argument;
	unsigned tasks;
	uv_idle_t idle[]; /* one a task */
};

int loop_create(struct loop **made, unsigned tasks, struct message *why)
{
	struct loop *loop = calloc(1, sizeof(*loop) + tasks * sizeof(*loop->idle));

	if (!loop)
		return fail(why, UV_ENOMEM, "no memory for an event loop of %u tasks", tasks);
	const int error = uv_loop_init(&loop->uv);
	if (error) {
		free(loop);
		return fail(why, error, "cannot make an event loop: %s", uv_strerror(error));
	}
	loop->tasks = tasks;
	for (unsigned t = 0; t < tasks; t++) {
		uv_idle_init(&loop->uv, &loop->idle[t]);
		loop->idle[t].data = loop;
	}
	*made = loop;
	return 0;
}

void loop_destroy(struct loop *loop)
{
	if (!loop)
		return;
	for (unsigned t = 0; t < loop->tasks; t++)
		uv_close((uv_handle_t *)&loop->idle[t], NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT); /* until they are closed */
	uv_loop_close(&loop->uv);
	free(loop);
}

static void take_turn(uv_idle_t *idle)
{
	struct loop *loop = idle->data;

	if (!loop->turn(loop->argument, (unsigned)(idle - loop->idle)))
		uv_idle_stop(idle);
}

/* libuv calls the handle that was started last first. */
void loop_run(struct loop *loop, turn_fn *turn, void *argument)
{
	loop->turn = turn;
	loop->argument = argument;
	for (unsigned t = loop->tasks; t-- > 0;)
		uv_idle_start(&loop->idle[t], take_turn);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}
