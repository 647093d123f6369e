#include "plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "image.h"
#include "launch.h"
#include "machine/machine.h"
#include "nearest.h"
#include "store/codec.h"
#include "team/team.h"

enum {
	LAUNCHES = 6, /* the fewest that yield a 95 % interval */
	LAUNCHES_QUICK = 3,
	BUDGET_NS = 100000000,
	BUDGET_QUICK_NS = 30000000,
	QUICK_DIVISOR = 8
};

/* What the cases are multiplied out of. */
struct axes {
	const struct options *options;
	struct size image_size; /* n 0: no image */
	unsigned variants;
	unsigned threads[LIST_MAX];
	size_t thread_count;
	const struct schedule *schedules;
	size_t schedule_count;
};

static const struct schedule usual_schedules[] = {
	{ SCHEDULE_STATIC, 0 },
	{ SCHEDULE_STATIC, 1 },
	{ SCHEDULE_DYNAMIC, 1 },
	{ SCHEDULE_DYNAMIC, 16 },
	{ SCHEDULE_GUIDED, 0 },
	{ SCHEDULE_AUTO, 0 },
};

enum { USUAL_SCHEDULES = sizeof(usual_schedules) / sizeof(usual_schedules[0]) };

static const char *kernel_name_at(size_t index)
{
	return kernel_table[index].kernel->name;
}

static const struct kernel *kernel_named(const char *name, struct message *why)
{
	const struct kernel_entry *entry = kernel_find(name);
	const char *near = entry ? NULL : nearest(name, kernel_name_at, kernel_count);

	if (entry)
		return entry->kernel;
	fail(why, -EINVAL, "there is no kernel '%s'%s%s%s; 'tine list' names them", name,
		near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	return NULL;
}

static bool makes_picture(const struct kernel *kernel)
{
	return kernel->size.width != 0;
}

static int size_for(const struct kernel *kernel, const struct axes *axes, struct size *into,
	struct message *why)
{
	const struct options *o = axes->options;

	*into = kernel->size;
	if (kernel->takes_picture && axes->image_size.n) {
		*into = axes->image_size;
		return 0;
	}
	if (o->size.n && makes_picture(kernel) != (o->size.width != 0))
		return fail(why, -EINVAL,
			makes_picture(kernel)
				? "--size: %s makes a picture and takes WIDTHxHEIGHT"
				: "--size: %s takes a number of elements, not WIDTHxHEIGHT",
			kernel->name);
	if (o->size.n)
		*into = o->size;
	else if (o->quick)
		into->n = into->n / QUICK_DIVISOR + 1;
	if (makes_picture(kernel))
		into->height = (uint32_t)into->n;
	return 0;
}

static int add_case(struct plan *plan, const struct case_spec *spec)
{
	char id[CASE_ID_MAX], other[CASE_ID_MAX];

	case_print(spec, id);
	for (size_t i = 0; i < plan->count; i++)
		if (!strcmp(id, case_print(&plan->cases[i], other)))
			return 0;
	struct case_spec *more = realloc(plan->cases, (plan->count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	plan->cases = more;
	plan->cases[plan->count++] = *spec;
	return 0;
}

static int base_case(struct case_spec *spec, const struct kernel *kernel, const struct axes *axes,
	struct message *why)
{
	const uint64_t grain = axes->options->grain ? axes->options->grain : kernel->grain;

	*spec = (struct case_spec) {
		.variant = SEQUENTIAL,
		.threads = 1,
		.grain = grain,
		.grain_is_default = grain == kernel->grain,
	};
	if (strlen(kernel->name) >= sizeof(spec->kernel))
		return fail(why, -EINVAL, "the name %s is longer than %d characters", kernel->name,
			KERNEL_NAME_MAX - 1);
	strcpy(spec->kernel, kernel->name);
	const int error = size_for(kernel, axes, &spec->size, why);
	return error ? error : launch_check(spec, machine_memory_bytes(), why);
}

static int add_cases(struct plan *plan, const struct case_spec *base, const struct axes *axes)
{
	int error = add_case(plan, base);

	for (int v = SEQUENTIAL + 1; v < VARIANTS; v++)
		for (size_t t = 0; t < axes->thread_count; t++)
			for (size_t s = 0; s < axes->schedule_count && !error; s++) {
				struct case_spec spec = *base;
				spec.variant = v;
				spec.threads = axes->threads[t];
				spec.schedule = axes->schedules[s];
				if (axes->variants & 1u << v)
					error = add_case(plan, &spec);
			}
	return error;
}

static int add_kernel(struct plan *plan, const char *name, const struct axes *axes,
	const struct axes *schedule_axes, struct message *why)
{
	const struct kernel *kernel = kernel_named(name, why);
	struct case_spec base;

	if (!kernel)
		return -EINVAL;
	int error = base_case(&base, kernel, axes, why);
	if (error)
		return error;
	error = add_cases(plan, &base, axes);
	if (!error && schedule_axes)
		error = add_cases(plan, &base, schedule_axes);
	return error ? fail(why, error, "no memory for the plan") : 0;
}

static int add_kernels(struct plan *plan, const struct axes *axes, const struct axes *schedule_axes,
	struct message *why)
{
	const struct options *o = axes->options;
	const size_t count = o->argument_count ? o->argument_count : kernel_count;
	int error = 0;

	for (size_t k = 0; k < count && !error; k++)
		error = add_kernel(plan, o->argument_count ? o->arguments[k] : kernel_name_at(k),
			axes, schedule_axes, why);
	return error;
}

static int read_image_size(const struct options *o, struct size *into, struct message *why)
{
	struct picture picture;
	struct message inner;

	if (!o->image)
		return 0;
	if (o->size.n)
		return fail(
			why, -EINVAL, "give --image or --size, not both: a picture has its own");
	const int error = picture_read(o->image, &picture, &inner);
	if (error)
		return fail(why, error == -ENOMEM ? error : -EINVAL, "--image %s", inner.text);
	*into = (struct size) { picture.height, picture.width, picture.height };
	picture_release(&picture);
	return 0;
}

static int any_takes_picture(const struct options *o, struct message *why)
{
	for (size_t i = 0; i < o->argument_count; i++) {
		const struct kernel_entry *entry = kernel_find(o->arguments[i]);
		if (!entry || entry->kernel->takes_picture) /* what is unknown is told later */
			return 0;
	}
	return fail(why, -EINVAL, "--image: %s takes no picture; the pixel kernels do",
		o->arguments[0]);
}

/* What both plans have in common. */
static int begin(struct plan *plan, const struct options *o, struct axes *axes, struct message *why)
{
	*plan = (struct plan) {
		.launches = o->launches ? o->launches
			: o->quick      ? LAUNCHES_QUICK
					: LAUNCHES,
		.samples = o->samples,
		.budget_ns = o->quick ? BUDGET_QUICK_NS : BUDGET_NS,
		.seed = o->has_seed ? o->seed
				    : (uint32_t)(clock_monotonic_ns() ^ (uint64_t)getpid()),
		.gamma = o->gamma,
		.image = o->image,
		.bind = o->bind,
	};
	*axes = (struct axes) { .options = o, .variants = o->variants ? o->variants : ~0u };
	int error = topology_load(&plan->topology, why);
	if (!error && o->image && o->argument_count)
		error = any_takes_picture(o, why);
	if (!error)
		error = read_image_size(o, &axes->image_size, why);
	return error;
}

static void set_threads(struct axes *axes, const struct topology *topology)
{
	const struct options *o = axes->options;

	for (size_t t = 0; t < o->thread_count; t++)
		axes->threads[t] = o->threads[t] == ALL_CORES ? topology->cores : o->threads[t];
	axes->thread_count = o->thread_count;
}

int plan_for_run(struct plan *plan, const struct options *o, struct message *why)
{
	struct axes axes;
	int error = begin(plan, o, &axes, why);

	set_threads(&axes, &plan->topology);
	if (!axes.thread_count)
		axes.threads[axes.thread_count++] = plan->topology.cores;
	axes.schedules = o->schedule_count ? o->schedules : usual_schedules;
	axes.schedule_count = o->schedule_count ? o->schedule_count : 1;
	if (!error)
		error = add_kernels(plan, &axes, NULL, why);
	if (error)
		plan_release(plan);
	return error;
}

int plan_for_sweep(struct plan *plan, const struct options *o, struct message *why)
{
	struct axes axes, schedule_axes;
	int error = begin(plan, o, &axes, why);

	set_threads(&axes, &plan->topology);
	if (!axes.thread_count)
		axes.thread_count = topology_ladder(&plan->topology, axes.threads, LIST_MAX);
	axes.schedules = usual_schedules;
	axes.schedule_count = 1;
	schedule_axes = axes;
	schedule_axes.variants &= 1u << OPENMP;
	schedule_axes.threads[0] = plan->topology.cores;
	schedule_axes.thread_count = 1;
	schedule_axes.schedules = o->schedule_count ? o->schedules : usual_schedules;
	schedule_axes.schedule_count = o->schedule_count ? o->schedule_count : USUAL_SCHEDULES;
	if (!error)
		error = add_kernels(plan, &axes, &schedule_axes, why);
	if (error)
		plan_release(plan);
	return error;
}

json_t *plan_to_json(const struct plan *plan)
{
	json_t *cases = json_array();

	for (size_t i = 0; i < plan->count; i++)
		json_array_append_new(cases, case_to_json(&plan->cases[i]));
	return json_pack("{si si sI sI sf ss? ss so}", "launches", (int)plan->launches, "samples",
		(int)plan->samples, "budget_ns", (json_int_t)plan->budget_ns, "seed",
		(json_int_t)plan->seed, "gamma", plan->gamma, "image", plan->image, "bind",
		bind_name(plan->bind), "cases", cases);
}

int plan_cases_from_json(
	const json_t *plan, struct case_spec **cases, size_t *count, struct message *why)
{
	const json_t *array = json_object_get(plan, "cases"), *one;
	size_t index;

	if (!json_array_size(array))
		return fail(why, -EINVAL, "run.json has no plan with cases");
	*count = json_array_size(array);
	*cases = calloc(*count, sizeof(**cases));
	if (!*cases)
		return fail(why, -ENOMEM, "no memory for the plan");
	json_array_foreach (array, index, one) {
		struct message inner;
		if (!case_from_json(one, &(*cases)[index], &inner))
			continue;
		free(*cases);
		return fail(why, -EINVAL, "run.json: case %zu of the plan: %s", index, inner.text);
	}
	return 0;
}

void plan_release(struct plan *plan)
{
	topology_release(&plan->topology);
	free(plan->cases);
	plan->cases = NULL;
	plan->count = 0;
}
