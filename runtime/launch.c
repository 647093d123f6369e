#include "launch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "launch/session.h"
#include "texts.h"

const char launch_tasks[] = "tasks";

const struct kernel *launch_kernel(const char *name)
{
	const struct kernel_entry *entry = kernel_find(name);

	return entry ? entry->kernel : NULL;
}

const struct kernel *launch_kernel_at(size_t index)
{
	return index < kernel_count ? kernel_table[index].kernel : NULL;
}

size_t launch_kernel_count(void)
{
	return kernel_count;
}

bool launch_waits(const char *name)
{
	const struct kernel *kernel = launch_kernel(name);

	return kernel && kernel->begin;
}

/* With those that its output is compared with: half as many again. */
uint64_t launch_bytes(const struct kernel *kernel, struct size size)
{
	const uint64_t count = size.width ? (uint64_t)size.width * size.height : size.n;
	uint64_t bytes;

	if (__builtin_mul_overflow(count, kernel->bytes + kernel->bytes / 2, &bytes))
		return UINT64_MAX;
	return bytes;
}

int launch_check_size(
	const struct kernel *kernel, struct size size, uint64_t memory_bytes, struct message *why)
{
	const uint64_t pixels = (uint64_t)size.width * size.height;
	const uint64_t bytes = launch_bytes(kernel, size);

	if (kernel->limit && size.n > kernel->limit)
		return fail(
			why, -EINVAL, "%s is exact up to %" PRIu64, kernel->name, kernel->limit);
	if (kernel->takes_picture &&
		(size.width > PICTURE_SIDE_MAX || size.height > PICTURE_SIDE_MAX ||
			pixels > PICTURE_PIXELS_MAX))
		return fail(why, -EINVAL, "a picture has at most %d pixels a side and %d in all",
			PICTURE_SIDE_MAX, PICTURE_PIXELS_MAX);
	if (bytes > memory_bytes)
		return fail(why, -EINVAL,
			"%s would take %.3g GB of memory, and %.3g GB can be had here",
			kernel->name, (double)bytes / 1e9, (double)memory_bytes / 1e9);
	return 0;
}

int launch_check(const struct case_spec *spec, uint64_t memory_bytes, struct message *why)
{
	char size[SIZE_TEXT];
	struct message inner;

	if (!launch_check_size(launch_kernel(spec->kernel), spec->size, memory_bytes, &inner))
		return 0;
	return fail(why, -EINVAL, "--size %s: %s", size_print(spec->size, size), inner.text);
}

static int measure(struct session *s, struct message *why)
{
	int error = prepare(s, why);

	if (!error)
		error = make_reference(s, why);
	if (!error)
		error = take_times(s, why);
	if (!error)
		error = keep_result(s, why);
	if (!error && s->order->parts && s->order->spec.variant != SEQUENTIAL)
		error = take_parts(s, why);
	if (!error && s->order->memory)
		error = take_memory(s, why);
	return error;
}

int launch_measure(
	const struct launch_order *order, struct launch_record *into, struct message *why)
{
	struct session s = { .order = order, .record = into };

	memset(into, 0, sizeof(*into));
	into->spec = order->spec;
	into->round = order->round;
	s.entry = kernel_find(order->spec.kernel);
	if (!s.entry)
		return fail(why, -EINVAL, "there is no kernel '%s'", order->spec.kernel);
	s.clock = clock_calibrate();
	snprintf(into->clock, sizeof(into->clock), "%s", clock_name(&s.clock));
	const int error = measure(&s, why);
	delays_close(&s.delays);
	team_release(&s.team);
	release_input(&s);
	release_references(&s);
	picture_release(&s.picture);
	texts_unmap(s.texts, s.text_count);
	task_set_release(&s.tasks);
	if (error)
		launch_release(into);
	return error;
}
