#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "launch.h"
#include "machine/machine.h"
#include "plan.h"
#include "values.h"

enum { BUDGET_S = 10, TASKS_MOST = 1024 };

/* ---- the tasks ---- */

static int read_task_size(
	struct task_spec *task, const struct kernel *kernel, const char *text, struct message *why)
{
	const bool picture = kernel_makes_picture(kernel);
	struct message inner;
	char id[TASK_TEXT];

	task->size = kernel->size;
	if (text && read_extent(&task->size, text, &inner))
		return fail(why, -EINVAL, "%s/%s: %s", kernel->name, text, inner.text);
	if (picture != (task->size.width != 0))
		return fail(why, -EINVAL,
			picture ? "%s/%s: %s makes a picture and takes WIDTHxHEIGHT"
				: "%s/%s: %s takes a number of elements, not WIDTHxHEIGHT",
			kernel->name, text, kernel->name);
	if (launch_check_size(kernel, task->size, machine_memory_bytes(), &inner))
		return fail(why, -EINVAL, "%s: %s", task_print(task, id), inner.text);
	return 0;
}

/* KERNEL or KERNEL/SIZE */
static int read_task(struct task_spec *task, const char *text, struct message *why)
{
	const char *slash = strchr(text, '/');
	const size_t length = slash ? (size_t)(slash - text) : strlen(text);
	char *name = strndup(text, length);

	if (!name)
		return fail(why, -ENOMEM, "no memory for the tasks");
	const struct kernel *kernel = plan_kernel(name, why);
	free(name);
	if (!kernel || plan_check_computes(kernel, why))
		return -EINVAL;
	if (strlen(kernel->name) >= sizeof(task->kernel))
		return fail(why, -EINVAL, "the name %s is longer than %d characters", kernel->name,
			KERNEL_NAME_MAX - 1);
	strcpy(task->kernel, kernel->name);
	return read_task_size(task, kernel, slash ? slash + 1 : NULL, why);
}

/* Each may fit into memory where all do not. */
static int check_memory(const struct task_spec *tasks, size_t count, struct message *why)
{
	const uint64_t most = machine_memory_bytes();
	uint64_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		if (__builtin_add_overflow(bytes,
			    launch_bytes(launch_kernel(tasks[i].kernel), tasks[i].size), &bytes))
			bytes = UINT64_MAX;
	if (bytes <= most)
		return 0;
	return fail(why, -EINVAL,
		"the tasks would take %.3g GB of memory, and %.3g GB can be had here",
		(double)bytes / 1e9, (double)most / 1e9);
}

static int read_tasks(struct plan *plan, const struct options *o, struct message *why)
{
	int error = 0;

	if (o->argument_count > TASKS_MOST)
		return fail(why, -EINVAL, "%zu tasks: at most %d", o->argument_count, TASKS_MOST);
	plan->tasks = calloc(o->argument_count, sizeof(*plan->tasks));
	if (!plan->tasks)
		return fail(why, -ENOMEM, "no memory for the tasks");
	for (size_t i = 0; i < o->argument_count && !error; i++)
		error = read_task(&plan->tasks[i], o->arguments[i], why);
	return error ? error : check_memory(plan->tasks, o->argument_count, why);
}

/* ---- the cases ---- */

/* Sections stand in the text: of more tasks than there are, nothing is measured unless asked for. */
static int choose_variants(const struct options *o, unsigned *variants, struct message *why)
{
	const bool named = o->variants && o->variants != VARIANTS_ALL_OF_TASKS;

	*variants = o->variants ? o->variants : VARIANTS_ALL_OF_TASKS;
	if (o->argument_count <= SECTIONS_MOST || !(*variants & 1u << OPENMP_SECTIONS))
		return 0;
	*variants &= ~(1u << OPENMP_SECTIONS);
	if (!named)
		return 0;
	return fail(why, -EINVAL,
		"--variant openmp-sections: sections stand in a program's text, here for %d tasks "
		"at most",
		SECTIONS_MOST);
}

/* Under each schedule, if the variant has one. */
static int add_scheduled(struct plan *plan, struct case_spec spec, const struct options *o)
{
	static const struct schedule one_at_a_time = { SCHEDULE_DYNAMIC, 1 };
	int error = 0;

	if (!variant_is_scheduled(spec.variant))
		return plan_add(plan, &spec);
	spec.schedule = one_at_a_time;
	if (!o->schedule_count)
		return plan_add(plan, &spec);
	for (size_t c = 0; c < o->schedule_count && !error; c++) {
		spec.schedule = o->schedules[c];
		error = plan_add(plan, &spec);
	}
	return error;
}

static unsigned threads_at(const struct plan *plan, const struct options *o, size_t t)
{
	const unsigned cores = plan->topology.cores;

	if (o->thread_count)
		return o->threads[t] == ALL_CORES ? cores : o->threads[t];
	return o->argument_count < cores ? (unsigned)o->argument_count : cores;
}

static int add_cases(
	struct plan *plan, const struct options *o, unsigned variants, struct message *why)
{
	const size_t counts = o->thread_count ? o->thread_count : 1;
	struct case_spec spec = {
		.variant = SEQUENTIAL,
		.threads = 1,
		.size = { .n = o->argument_count },
		.grain = 1,
		.grain_is_default = true,
	};

	strcpy(spec.kernel, launch_tasks);
	int error = plan_add(plan, &spec);
	for (int v = SEQUENTIAL + 1; v < VARIANTS_OF_TASKS && !error; v++)
		for (size_t t = 0; t < counts && !error; t++) {
			spec.variant = v;
			spec.threads = threads_at(plan, o, t);
			if (variants & 1u << v)
				error = add_scheduled(plan, spec, o);
		}
	return error ? fail(why, error, "no memory for the plan") : 0;
}

/* What timelines take of a loop, and tasks have no use for. */
static int check_options(const struct options *o, struct message *why)
{
	const struct {
		bool given;
		const char *why;
	} useless[] = {
		{ o->size.n, "--size: each task has its own, as in count_up/1e6" },
		{ o->grain, "--grain: tasks are dealt out whole" },
		{ o->image, "--image: tasks work on generated pictures" },
		{ o->shape, "--shape: tasks of synthetic are constant" },
		{ o->mean_ns, "--mean-ns: tasks of synthetic have the usual mean" },
		{ o->scale > 0, "--scale: no task waits" },
		{ o->file_count, "--input: tasks of log_scan make up their lines" },
	};

	for (size_t i = 0; i < sizeof(useless) / sizeof(useless[0]); i++)
		if (useless[i].given)
			return fail(why, -EINVAL, "%s", useless[i].why);
	return 0;
}

int plan_for_tasks(struct plan *plan, const struct options *o, struct message *why)
{
	struct options of_kernels = *o;
	unsigned variants;
	int error = check_options(o, why);

	if (!error)
		error = choose_variants(o, &variants, why);
	if (error)
		return error;
	of_kernels.variants = variants & VARIANTS_ALL;
	error = plan_begin(plan, &of_kernels, BUDGET_S, why);
	if (error)
		return error;
	error = read_tasks(plan, o, why);
	if (!error)
		error = add_cases(plan, o, variants, why);
	if (error)
		plan_release(plan);
	return error;
}
