#include "team/loop.h"

#include <stdlib.h>
#include <uv.h>

struct awaited {
	uv_poll_t poll;
	unsigned task;
};

struct loop {
	uv_loop_t uv;
	turn_fn *turn;
	ready_fn *ready;
	void *argument;
	unsigned tasks;
	struct awaited *awaited; /* one a wait */
	uv_idle_t idle[];        /* one a task */
};

static struct loop *allocate(unsigned tasks, uint64_t waits)
{
	struct loop *loop = calloc(1, sizeof(*loop) + tasks * sizeof(*loop->idle));

	if (!loop || !waits)
		return loop;
	loop->awaited = calloc(waits, sizeof(*loop->awaited));
	if (loop->awaited)
		return loop;
	free(loop);
	return NULL;
}

int loop_create(struct loop **made, unsigned tasks, uint64_t waits, struct message *why)
{
	struct loop *loop = allocate(tasks, waits);

	if (!loop)
		return fail(why, UV_ENOMEM, "no memory for an event loop of %u tasks", tasks);
	const int error = uv_loop_init(&loop->uv);
	if (error) {
		free(loop->awaited);
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
	free(loop->awaited);
	free(loop);
}

static void take_turn(uv_idle_t *idle)
{
	struct loop *loop = idle->data;

	if (!loop->turn(loop->argument, (unsigned)(idle - loop->idle)))
		uv_idle_stop(idle);
}

/* ---- waits ---- */

static void tell_ready(uv_handle_t *closed)
{
	struct loop *loop = closed->data;
	const struct awaited *awaited = (const struct awaited *)closed;

	loop->ready(loop->argument, awaited->task, (uint64_t)(awaited - loop->awaited));
}

/* Told when libuv has done with the descriptor, since it is closed then. An error is readable, too. */
static void end_wait(uv_poll_t *poll, int error, int events)
{
	(void)error;
	(void)events;
	uv_close((uv_handle_t *)poll, tell_ready);
}

int loop_await(struct loop *loop, unsigned task, uint64_t wait, int file)
{
	struct awaited *awaited = &loop->awaited[wait];
	int error = uv_poll_init(&loop->uv, &awaited->poll, file);

	if (error)
		return error;
	awaited->task = task;
	awaited->poll.data = loop;
	error = uv_poll_start(&awaited->poll, UV_READABLE, end_wait);
	if (error)
		uv_close((uv_handle_t *)&awaited->poll, NULL);
	return error;
}

/* libuv calls the handle that was started last first. */
void loop_run(struct loop *loop, turn_fn *turn, ready_fn *ready, void *argument)
{
	loop->turn = turn;
	loop->ready = ready;
	loop->argument = argument;
	for (unsigned t = loop->tasks; t-- > 0;)
		uv_idle_start(&loop->idle[t], take_turn);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}
