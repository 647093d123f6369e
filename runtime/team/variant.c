#include "team/variant.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *name, *what;
	bool concurrent, parallel, shares_cpu, creates;
} variants[VARIANTS_OF_TASKS] = {
	[SEQUENTIAL] = { .name = "sequential",
		.what = "the plain loop, no threads: the baseline of every speedup" },
	[OPENMP] = { "openmp", "omp parallel for schedule(runtime), by the OpenMP library",
		.concurrent = true, .parallel = true },
	[PTHREAD] = { "pthread", "threads created and joined in every region", .concurrent = true,
		.parallel = true, .creates = true },
	[POOL] = { "pool", "threads that persist from region to region and wait",
		.concurrent = true, .parallel = true },
	[PROCESS] = { "process",
		"processes that share memory, forked in every region, or kept (--keep)",
		.concurrent = true, .parallel = true, .creates = true },
	[ONE_CORE] = { "one-core", "pthread's threads, all bound to one CPU", .concurrent = true,
		.shares_cpu = true, .creates = true },
	[GLOBAL_LOCK] = { "global-lock",
		"pthread's threads under one lock, passed on every --switch-interval (5ms)",
		.concurrent = true, .creates = true },
	[EVENT_LOOP] = { "event-loop",
		"one thread, in which tasks yield to one another after every unit (libuv)",
		.concurrent = true, .shares_cpu = true },
	[OPENMP_SECTIONS] = { "openmp-sections", "omp parallel sections, a section for each task",
		.concurrent = true, .parallel = true },
	[OPENMP_TASKS] = { "openmp-tasks", "omp task for each task, done by whoever is free",
		.concurrent = true, .parallel = true },
};

const char *variant_name(enum variant variant)
{
	return variants[variant].name;
}

const char *variant_what(enum variant variant)
{
	return variants[variant].what;
}

bool variant_is_scheduled(enum variant variant)
{
	return variant != SEQUENTIAL && variant < VARIANTS;
}

bool variant_is_concurrent(enum variant variant)
{
	return variants[variant].concurrent;
}

bool variant_is_parallel(enum variant variant)
{
	return variants[variant].parallel;
}

bool variant_shares_cpu(enum variant variant)
{
	return variants[variant].shares_cpu;
}

bool variant_creates(enum variant variant)
{
	return variants[variant].creates;
}

int variant_parse(const char *name, enum variant *into)
{
	for (int v = 0; v < VARIANTS_OF_TASKS; v++) {
		if (strcmp(name, variants[v].name))
			continue;
		*into = v;
		return 0;
	}
	return -EINVAL;
}
