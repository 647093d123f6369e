#include "launch/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "pattern.h"
#include "team/affinity.h"
#include "texts.h"

/* By all members: 30 MB of text a region, and some 250 MB while it is written or read. */
enum { UNITS_KEPT_MOST = 1 << 20 };

static int bind_self(int cpu, struct message *why)
{
	const int error = affinity_bind_initial(cpu);

	if (error)
		return fail(why, error, "cannot bind to CPU %d: %s", cpu, strerror(-error));
	return 0;
}

static int prepare_picture(struct session *s, struct message *why)
{
	const struct size *size = &s->order->spec.size;

	if (s->order->tasks)
		return task_set_init(&s->tasks, s->order->tasks, size->n, &s->clock, why);
	if (!s->entry->kernel->takes_picture)
		return 0;
	if (!s->order->image)
		return picture_generate(size->width, size->height, &s->picture, why);
	const int error = picture_read(s->order->image, &s->picture, why);
	if (!error && (s->picture.width != size->width || s->picture.height != size->height))
		return fail(
			why, -EINVAL, "%s changed its size while it was measured", s->order->image);
	return error;
}

static int prepare_texts(struct session *s, struct message *why)
{
	const struct recipe *recipe = &s->order->recipe;

	if (!s->entry->kernel->takes_files)
		return 0;
	const int error = texts_map(s->texts, recipe->files, recipe->file_count, why);
	if (error)
		return error;
	s->text_count = recipe->file_count;
	if (s->text_count && texts_bytes(s->texts, s->text_count) != s->order->spec.size.n)
		return fail(why, -EINVAL, "%s%s changed in size while it was measured",
			recipe->files[0], s->text_count > 1 ? ", or another file," : "");
	return 0;
}

int prepare_input(struct session *s, struct message *why)
{
	const struct kernel *kernel = s->entry->kernel;
	volatile uint64_t zero = 0;
	const struct problem problem = {
		.size = s->order->spec.size,
		.picture = kernel->takes_picture ? &s->picture : NULL,
		.texts = s->text_count ? s->texts : NULL,
		.gamma = s->order->gamma,
		.recipe = s->order->recipe,
		.tasks = s->order->tasks ? &s->tasks : NULL,
		.zero = zero,
	};

	if (s->order->spec.variant == PROCESS)
		memory_share_begin();
	s->input = calloc(1, kernel->input_bytes);
	const int error = s->input ? kernel->setup(s->input, &problem) : 0;
	memory_share_end();
	if (!s->input)
		return fail(why, -ENOMEM, "no memory for the input");
	s->input_ready = !error;
	if (error)
		return fail(why, error, "%s cannot prepare its input: %s", kernel->name,
			strerror(-error));
	return 0;
}

void release_input(struct session *s)
{
	if (s->input_ready && s->entry->kernel->release)
		s->entry->kernel->release(s->input);
	free(s->input);
	s->input = NULL;
	s->input_ready = false;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many units, or pieces of tasks, each member can keep in a region. */
static size_t room_for_units(const struct launch_order *order)
{
	const struct case_spec *spec = &order->spec;
	const size_t units = order->tasks ? UNITS_KEPT_MOST : spec->size.n / spec->grain + 1;

	return smaller(units, smaller(UNITS_KEPT_MOST / spec->threads, order->keep_units));
}

static int prepare_team(struct session *s, struct message *why)
{
	const struct case_spec *spec = &s->order->spec;
	const struct team_plan plan = {
		.kernel = s->entry->kernel,
		.input = s->input,
		.n = spec->size.n,
		.grain = spec->grain,
		.variant = spec->variant,
		.execution = s->order->execution,
		.threads = spec->threads,
		.schedule = spec->schedule,
		.cpus = s->order->cpus,
		.clock = &s->clock,
		.wait = wait_policy(),
		.room = room_for_units(s->order),
	};
	int error = team_init(&s->team, &plan, why);

	if (!error && s->entry->kernel->fill)
		error = team_fill(&s->team, s->entry->kernel->fill, why);
	return error;
}

int prepare(struct session *s, struct message *why)
{
	int error = 0;

	if (s->order->cpus)
		error = bind_self(s->order->cpus[0], why);
	if (!error)
		error = prepare_picture(s, why);
	if (!error)
		error = prepare_texts(s, why);
	if (!error)
		error = prepare_input(s, why);
	if (!error)
		error = prepare_team(s, why);
	return error;
}
