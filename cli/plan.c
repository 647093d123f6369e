#include "plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/chunks.h"
#include "analysis/stats.h"
#include "clock.h"
#include "execution.h"
#include "image.h"
#include "launch.h"
#include "machine/machine.h"
#include "nearest.h"
#include "recipe.h"
#include "texts.h"

enum { LAUNCHES_MOST = 1000, LAUNCHES_QUICK = 3, QUICK_DIVISOR = 8 };

static const uint64_t second_ns = 1000000000, sample_budget_ns = 60000000,
		      sample_budget_quick_ns = 30000000, run_budget_s = 10, sweep_budget_s = 240,
		      limit_s = 300;

/* What the cases are multiplied out of. */
struct axes {
	const struct options *options;
	struct size image_size; /* n 0: no image */
	uint64_t file_bytes;    /* 0: no files */
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

static const char *kernel_name_at(const void *context, size_t index)
{
	(void)context;
	return launch_kernel_at(index)->name;
}

const struct kernel *plan_kernel(const char *name, struct message *why)
{
	const struct kernel *kernel = launch_kernel(name);
	char hint[HINT_TEXT];

	if (kernel && strcmp(name, launch_tasks) != 0)
		return kernel;
	fail(why, -EINVAL, "there is no kernel '%s'%s; 'tine list' names them", name,
		nearest_hint(hint, name, kernel_name_at, NULL, launch_kernel_count()));
	return NULL;
}

int plan_check_computes(const struct kernel *kernel, struct message *why)
{
	if (!kernel->begin)
		return 0;
	return fail(why, -EINVAL,
		"%s waits for answers, which no schedule and no core makes come sooner: 'tine run "
		"%s' and 'tine timeline %s' show what does",
		kernel->name, kernel->name, kernel->name);
}

bool kernel_makes_picture(const struct kernel *kernel)
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
	if (kernel->takes_files && axes->file_bytes) {
		*into = (struct size) { .n = axes->file_bytes };
		return 0;
	}
	if (o->size.n && kernel_makes_picture(kernel) != (o->size.width != 0))
		return fail(why, -EINVAL,
			kernel_makes_picture(kernel)
				? "--size: %s makes a picture and takes WIDTHxHEIGHT"
				: "--size: %s takes a number of elements, not WIDTHxHEIGHT",
			kernel->name);
	if (o->size.n)
		*into = o->size;
	else if (o->quick && !kernel->steep)
		into->n = into->n / QUICK_DIVISOR + 1;
	if (kernel_makes_picture(kernel))
		into->height = (uint32_t)into->n;
	return 0;
}

int plan_add(struct plan *plan, const struct case_spec *spec)
{
	if (plan_has(plan, spec))
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
	if (kernel->takes_files && axes->file_bytes) /* which take no memory */
		return error;
	return error ? error : launch_check(spec, machine_memory_bytes(), why);
}

/* The problem of one thread, as often as there are threads; its sequential case goes with it. */
static int grow(struct plan *plan, struct case_spec *spec, struct case_spec *base, unsigned threads,
	struct message *why)
{
	const bool picture = spec->size.width != 0;

	if (launch_kernel(spec->kernel)->steep)
		return fail(why, -EINVAL,
			"--scaling weak: %s takes out of all proportion longer for a larger size",
			spec->kernel);
	if (__builtin_mul_overflow(spec->size.n, threads, &spec->size.n) ||
		spec->size.n > INT64_MAX || (picture && spec->size.n > INT32_MAX))
		return fail(why, -EINVAL, "--scaling weak: %s is too large for %u threads",
			spec->kernel, threads);
	if (picture)
		spec->size.height = (uint32_t)spec->size.n;
	base->size = spec->size;
	struct message inner;
	if (launch_check(spec, machine_memory_bytes(), &inner))
		return fail(why, -EINVAL, "--scaling weak: for %u threads %s", threads, inner.text);
	return plan_add(plan, base);
}

static int add_cases(struct plan *plan, const struct case_spec *first, const struct axes *axes,
	struct message *why)
{
	struct case_spec grown = *first, *base = &grown;
	int error = plan_add(plan, base);

	for (int v = SEQUENTIAL + 1; v < VARIANTS; v++)
		for (size_t t = 0; t < axes->thread_count; t++)
			for (size_t c = 0; c < axes->schedule_count && !error; c++) {
				struct case_spec spec = *first;
				if (!(axes->variants & 1u << v))
					continue;
				spec.variant = v;
				spec.threads = axes->threads[t];
				spec.schedule = axes->schedules[c];
				if (axes->options->weak)
					error = grow(plan, &spec, base, spec.threads, why);
				if (!error)
					error = plan_add(plan, &spec);
			}
	return error;
}

/* Unless the user says how many: waiting takes no core, so that there is a thread for each unit. */
static void set_threads_that_wait(struct axes *axes, const struct case_spec *base)
{
	enum { THREADS_THAT_WAIT = 64 }; /* at most */
	const uint64_t units = case_units(base);

	if (axes->options->thread_count)
		return;
	axes->threads[0] = units < THREADS_THAT_WAIT ? (unsigned)units : THREADS_THAT_WAIT;
	axes->thread_count = 1;
}

static int add_kernel(struct plan *plan, const char *name, const struct axes *axes,
	const struct axes *schedule_axes, struct message *why)
{
	const struct kernel *kernel = plan_kernel(name, why);
	struct axes own = *axes;
	struct case_spec base;

	if (!kernel)
		return -EINVAL;
	int error = base_case(&base, kernel, axes, why);
	if (error)
		return error;
	if (kernel->begin)
		set_threads_that_wait(&own, &base);
	error = add_cases(plan, &base, &own, why);
	if (!error && schedule_axes && !kernel->begin)
		error = add_cases(plan, &base, schedule_axes, why);
	return error == -ENOMEM ? fail(why, error, "no memory for the plan") : error;
}

/* Where nobody has asked for it by name. What waits takes seconds, and tells nothing of loops. */
static bool is_left_out(const struct kernel *kernel, const struct options *o)
{
	return kernel->begin || (o->weak && kernel->steep);
}

static int add_kernels(struct plan *plan, const struct axes *axes, const struct axes *schedule_axes,
	struct message *why)
{
	const struct options *o = axes->options;
	const size_t count = o->argument_count ? o->argument_count : launch_kernel_count();
	int error = 0;

	for (size_t k = 0; k < count && !error; k++) {
		const char *name = o->argument_count ? o->arguments[k] : kernel_name_at(NULL, k);
		if (!o->argument_count && is_left_out(launch_kernel(name), o))
			continue;
		error = add_kernel(plan, name, axes, schedule_axes, why);
	}
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
	if (o->weak)
		return fail(why, -EINVAL,
			"give --image or --scaling weak, not both: a picture does not grow");
	const int error = picture_read(o->image, &picture, &inner);
	if (error)
		return fail(why, error == -ENOMEM ? error : -EINVAL, "--image %s", inner.text);
	*into = (struct size) { picture.height, picture.width, picture.height };
	picture_release(&picture);
	return 0;
}

static int read_file_bytes(const struct options *o, uint64_t *into, struct message *why)
{
	struct text texts[TEXTS_MOST];
	struct message inner;

	if (!o->file_count)
		return 0;
	if (o->size.n || o->weak)
		return fail(why, -EINVAL, "give --input or %s, not both: files have their own size",
			o->size.n ? "--size" : "--scaling weak");
	if (texts_map(texts, o->files, o->file_count, &inner))
		return fail(why, -EINVAL, "--input %s", inner.text);
	*into = texts_bytes(texts, o->file_count);
	texts_unmap(texts, o->file_count);
	return 0;
}

static int any_takes_picture(const struct options *o, struct message *why)
{
	for (size_t i = 0; i < o->argument_count; i++) {
		const struct kernel *kernel = launch_kernel(o->arguments[i]);
		if (!kernel || kernel->takes_picture) /* what is unknown is told later */
			return 0;
	}
	return fail(why, -EINVAL, "--image: %s takes no picture; the pixel kernels do",
		o->arguments[0]);
}

static void set_launches(struct plan *plan, const struct options *o)
{
	const unsigned fixed = o->launches ? o->launches : o->quick ? LAUNCHES_QUICK : 0;

	plan->launches_least = fixed ? fixed : STATS_INTERVAL_LEAST;
	plan->launches_most = fixed ? fixed : LAUNCHES_MOST;
	plan->precision = o->precision;
	plan->samples = o->samples;
	plan->sample_budget_ns = o->quick ? sample_budget_quick_ns : sample_budget_ns;
	plan->limit_ns = o->limit_s > 0 ? (uint64_t)(o->limit_s * 1e9) : limit_s * second_ns;
}

static void set_budget(struct plan *plan, const struct options *o, uint64_t default_s)
{
	plan->budget_is_hard = o->budget_s > 0;
	plan->budget_ns =
		plan->budget_is_hard ? (uint64_t)(o->budget_s * 1e9) : default_s * second_ns;
}

static int begin_turns(struct plan *plan, const char *file, struct message *why)
{
	const int error = turns_open(&plan->turns, file, why);

	if (error)
		return error;
	plan->turns_file = realpath(file, NULL);
	return plan->turns_file ? 0 : fail(why, -errno, "--turns %s: %s", file, strerror(errno));
}

/* 'all' is all that the command takes. */
static int check_variants(const struct options *o, struct message *why)
{
	const unsigned of_tasks = o->variants & ~VARIANTS_ALL;

	if (!of_tasks || o->variants == VARIANTS_ALL_OF_TASKS)
		return 0;
	return fail(why, -EINVAL, "--variant %s is for tasks alone: tine tasks, and their timeline",
		variant_name((enum variant)__builtin_ctz(of_tasks)));
}

/* What all plans have in common. */
static int begin(struct plan *plan, const struct options *o, struct axes *axes, struct message *why)
{
	*plan = (struct plan) {
		.seed = o->has_seed ? o->seed
				    : (uint32_t)(clock_monotonic_ns() ^ (uint64_t)getpid()),
		.gamma = o->gamma,
		.image = o->image ? realpath(o->image, NULL) : NULL,
		.bind = o->bind,
		.wait = o->wait,
	};
	set_launches(plan, o);
	*axes = (struct axes) { .options = o,
		.variants = o->variants ? o->variants & VARIANTS_ALL : VARIANTS_USUAL };
	int error = check_variants(o, why);
	if (!error)
		error = topology_load(&plan->topology, why);
	if (!error && o->image && !plan->image)
		error = fail(why, -EINVAL, "--image %s: %s", o->image, strerror(errno));
	if (!error && o->image && o->argument_count)
		error = any_takes_picture(o, why);
	if (!error)
		error = read_image_size(o, &axes->image_size, why);
	if (!error)
		error = execution_of_options(&plan->execution, o, why);
	if (!error)
		error = recipe_of_options(&plan->recipe, o, why);
	if (!error)
		error = read_file_bytes(o, &axes->file_bytes, why);
	return error || !o->turns ? error : begin_turns(plan, o->turns, why);
}

static void set_threads(struct axes *axes, const struct topology *topology)
{
	const struct options *o = axes->options;

	for (size_t t = 0; t < o->thread_count; t++)
		axes->threads[t] = o->threads[t] == ALL_CORES ? topology->cores : o->threads[t];
	axes->thread_count = o->thread_count;
}

int plan_begin(struct plan *plan, const struct options *o, uint64_t budget_s, struct message *why)
{
	struct axes axes;
	const int error = begin(plan, o, &axes, why);

	set_budget(plan, o, budget_s);
	if (error)
		plan_release(plan);
	return error;
}

int plan_sequential(
	const struct options *o, const char *name, struct case_spec *into, struct message *why)
{
	struct axes axes = { .options = o };
	const struct kernel *kernel = plan_kernel(name, why);
	int error = kernel ? read_image_size(o, &axes.image_size, why) : -EINVAL;

	if (!error)
		error = plan_check_computes(kernel, why);
	if (!error)
		error = read_file_bytes(o, &axes.file_bytes, why);
	return error ? error : base_case(into, kernel, &axes, why);
}

int plan_for_run(struct plan *plan, const struct options *o, struct message *why)
{
	struct axes axes;
	int error = begin(plan, o, &axes, why);

	set_budget(plan, o, run_budget_s);
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

	set_budget(plan, o, sweep_budget_s);
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

bool plan_has(const struct plan *plan, const struct case_spec *spec)
{
	for (size_t i = 0; i < plan->count; i++)
		if (case_same(&plan->cases[i], spec))
			return true;
	return false;
}

int plan_reopen(struct plan *plan, struct message *why)
{
	const int error = topology_load(&plan->topology, why);

	return error || !plan->turns_file ? error : turns_open(&plan->turns, plan->turns_file, why);
}

void plan_release(struct plan *plan)
{
	topology_release(&plan->topology);
	free(plan->cases);
	free(plan->tasks);
	recipe_release(&plan->recipe);
	free(plan->image);
	free(plan->turns_file);
	turns_close(plan->turns);
	*plan = (struct plan) { 0 };
}
