#include "machine/machine.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "machine/build.h"
#include "machine/cgroup.h"
#include "machine/cpu.h"
#include "machine/isa.h"
#include "machine/state.h"
#include "machine/tuning.h"

#define SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Each OpenMP library has entry points of its own; libomp has libgomp's as well. */
extern void __kmpc_fork_call(void) __attribute__((weak));
extern void GOMP_parallel(void) __attribute__((weak));

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t machine_memory_bytes(void)
{
	const uint64_t group = cgroup_memory_bytes(PROC_SELF);
	uint64_t bytes = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	struct rlimit limit;

	if (group)
		bytes = smaller(bytes, group);
	if (!getrlimit(RLIMIT_AS, &limit) && limit.rlim_cur != RLIM_INFINITY)
		bytes = smaller(bytes, limit.rlim_cur);
	return bytes;
}

/* Takes over the value, which is null if it is NULL. */
static void put(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value ? value : json_null());
}

static void put_text(json_t *object, const char *key, const char *text)
{
	put(object, key, text && *text ? json_string(text) : NULL);
}

static void put_count(json_t *object, const char *key, uint64_t count)
{
	put(object, key, count ? json_integer((json_int_t)count) : NULL);
}

/* Counts of which 0 is one as well. */
static json_t *known_count(bool known, uint64_t count)
{
	return known ? json_integer((json_int_t)count) : NULL;
}

static void put_names(json_t *machine)
{
	char text[CPU_TEXT], kernel[3 * sizeof(((struct utsname *)0)->release)] = "";
	struct utsname system;

	if (uname(&system) < 0)
		memset(&system, 0, sizeof(system));
	else
		snprintf(kernel, sizeof(kernel), "%s %s %s", system.sysname, system.release,
			system.machine);
	put_text(machine, "host", system.nodename);
	put_text(machine, "kernel", kernel);
	put_text(machine, "cpu", cpu_model(text) ? text : NULL);
	put_text(machine, "hypervisor", cpu_hypervisor(text) ? text : NULL);
}

static void put_topology(json_t *machine, const struct topology *topology)
{
	json_t *caches = json_object();

	put(machine, "synthetic", json_boolean(topology->synthetic));
	put_count(machine, "packages", topology->packages);
	put_count(machine, "numa_nodes", topology->numa_nodes);
	put_count(machine, "cores", topology->cores);
	put_count(machine, "hardware_threads", topology->hardware_threads);
	put_count(caches, "l1d_bytes", topology->l1d_bytes);
	put_count(caches, "l2_bytes", topology->l2_bytes);
	put_count(caches, "l3_bytes", topology->l3_bytes);
	put(machine, "caches", caches);
	put_text(machine, "cpus_allowed", topology->cpus_allowed);
}

static void put_limits(json_t *machine)
{
	const double quota = cgroup_cpus(PROC_SELF);

	put(machine, "cpu_quota", quota > 0 ? json_real(quota) : NULL);
	put_count(machine, "memory_bytes", machine_memory_bytes());
}

static void put_tuning(json_t *machine, const struct topology *topology)
{
	const int cpu = topology->synthetic ? 0 : topology->cpus_compact[0];
	json_t *tuning = tuning_describe(MACHINE_ROOT, cpu);

	json_object_update(machine, tuning);
	json_decref(tuning);
}

static void put_state(json_t *machine)
{
	const int others = machine_others_runnable(MACHINE_ROOT);
	struct machine_state now;
	json_t *state = json_object();

	machine_state_read(MACHINE_ROOT, &now);
	put(state, "throttled", known_count(now.throttling_known, now.throttled));
	put(state, "throttled_ns", known_count(now.throttling_known, now.throttled_ns));
	put(state, "steal_ns", known_count(now.steal_known, now.steal_ns));
	put(state, "busy_ns", known_count(now.steal_known, now.busy_ns));
	put(state, "load_average", now.load_known ? json_real(now.load_average) : NULL);
	put(state, "others_runnable", known_count(others >= 0, (uint64_t)others));
	put(machine, "state", state);
}

static void put_openmp(json_t *machine)
{
	char text[64] = "";

#ifdef _OPENMP
	const char *library = __kmpc_fork_call ? "libomp" : GOMP_parallel ? "libgomp" : NULL;
	if (library)
		snprintf(text, sizeof(text), "%s %d", library, _OPENMP);
#endif
	put_text(machine, "openmp", text);
}

static void put_build(json_t *machine)
{
	char isa[1024] = "";
	size_t length = 0;

	for (const struct isa_feature *f = isa_features; f->name && length < sizeof(isa); f++)
		length += (size_t)snprintf(
			isa + length, sizeof(isa) - length, "%s%s", length ? " " : "", f->name);
	put_text(machine, "version", build_version());
	put_text(machine, "compiler", build_compiler());
	put_text(machine, "flags", build_flags());
	put_text(machine, "isa", isa);
}

static bool is_recorded(const char *variable)
{
	static const char *const prefixes[] = { "OMP_", "GOMP_", "KMP_", "SLURM_" };

	if (!strncmp(variable, "SLURM_JWT", 9))
		return false;
	for (size_t p = 0; p < SIZE(prefixes); p++)
		if (!strncmp(variable, prefixes[p], strlen(prefixes[p])))
			return true;
	return false;
}

static void put_environment(json_t *machine)
{
	json_t *environment = json_object();
	char name[256];

	for (char **entry = environ; entry && *entry; entry++) {
		const char *value = strchr(*entry, '=');
		if (!value || !is_recorded(*entry) || value - *entry >= (int)sizeof(name))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(value - *entry), *entry);
		put(environment, name, json_string(value + 1));
	}
	put(machine, "environment", environment);
}

json_t *machine_describe(const struct topology *topology)
{
	json_t *machine = json_object();

	if (!machine)
		return NULL;
	put_names(machine);
	put_topology(machine, topology);
	put_limits(machine);
	put_tuning(machine, topology);
	put_state(machine);
	put_build(machine);
	put_openmp(machine);
	put_environment(machine);
	return machine;
}
