/*
 * machine: the description of this machine; the CPU check.
 */
#include <errno.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "machine/build.h"
#include "machine/cpu.h"
#include "machine/machine.h"
#include "topologies.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- what is recorded of this machine ---- */

TestSuite(machine, .init = forget_other_machines);

static json_t *describe(const char *synthetic)
{
	struct topology topology = load(synthetic);
	json_t *machine = machine_describe(&topology);

	cr_assert_not_null(machine);
	topology_release(&topology);
	return machine;
}

static const json_t *recorded(const json_t *machine, const char *variable)
{
	return json_object_get(json_object_get(machine, "environment"), variable);
}

Test(machine, has_every_key_be_it_null)
{
	static const char *const keys[] = { "host", "kernel", "cpu", "hypervisor", "synthetic",
		"packages", "numa_nodes", "cores", "hardware_threads", "caches", "cpus_allowed",
		"cpu_quota", "memory_bytes", "clock_source", "governor", "version", "compiler",
		"flags", "isa", "openmp", "environment", "clock_sources", "timer_step_ns", "boost",
		"frequency", "smt", "cpus_online", "cpus_isolated", "page_bytes", "huge_page_bytes",
		"huge_pages", "openmp_library", "numa_balancing", "perf_event_paranoid", "counters",
		"state" };
	json_t *machine = describe(NULL);

	for (size_t k = 0; k < COUNT(keys); k++)
		cr_expect_not_null(json_object_get(machine, keys[k]), "%s", keys[k]);
	cr_expect_eq(json_object_size(machine), COUNT(keys));
	json_decref(machine);
}

Test(machine, names_this_host)
{
	json_t *machine = describe(NULL);
	struct utsname system;

	cr_assert_eq(uname(&system), 0);
	cr_expect_str_eq(json_string_value(json_object_get(machine, "host")), system.nodename);
	json_decref(machine);
}

Test(machine, takes_its_cores_from_the_topology)
{
	json_t *machine = describe("pack:2 core:3 pu:2");

	cr_expect_eq(json_integer_value(json_object_get(machine, "cores")), 6);
	cr_expect_eq(json_integer_value(json_object_get(machine, "hardware_threads")), 12);
	cr_expect(json_is_true(json_object_get(machine, "synthetic")));
	json_decref(machine);
}

Test(machine, has_null_for_what_is_unknown)
{
	json_t *machine = describe("core:2 pu:1");

	cr_expect(json_is_null(json_object_get(machine, "packages")));
	cr_expect(json_is_null(json_object_get(json_object_get(machine, "caches"), "l3_bytes")));
	json_decref(machine);
}

Test(machine, names_the_openmp_library_that_kernels_use)
{
	json_t *machine = describe(NULL);
	const char *name = json_string_value(json_object_get(machine, "openmp"));

	cr_assert_not_null(name);
#ifdef __clang__
	cr_expect(!strncmp(name, "libomp ", 7), "%s", name);
#else
	cr_expect(!strncmp(name, "libgomp ", 8), "%s", name);
#endif
	json_decref(machine);
}

Test(machine, tells_which_openmp_library_is_loaded)
{
	json_t *machine = describe(NULL);
	const json_t *library = json_object_get(machine, "openmp_library");
	const char *path = json_string_value(json_object_get(library, "path"));

	cr_assert_not_null(path);
	cr_expect(!access(path, R_OK) && strstr(path, "omp"), "%s", path);
	json_decref(machine);
}

/* Compilers may be told to leave build ids out: then there is none. */
Test(machine, tells_the_openmp_librarys_build_id_in_hexadecimal)
{
	json_t *machine = describe(NULL);
	const json_t *id = json_object_get(json_object_get(machine, "openmp_library"), "build_id");
	const char *text = json_string_value(id);

	cr_assert(text || json_is_null(id));
	cr_expect(!text || (*text && strspn(text, "0123456789abcdef") == strlen(text)), "%s", text);
	json_decref(machine);
}

static long allocations_until_one_fails;

static void *malloc_but_once(size_t bytes)
{
	if (allocations_until_one_fails-- != 0)
		return malloc(bytes);
	errno = ENOMEM;
	return NULL;
}

/* What there was no memory for would pass for unknown. Each try takes 40 ms: not all are made. */
Test(machine, is_whole_or_not_there_where_memory_runs_out)
{
	enum { APART = 7 };
	struct topology topology = load(NULL);
	json_t *machine = NULL;
	long fails = 0;

	json_set_alloc_funcs(malloc_but_once, free);
	for (; !machine; fails += APART) {
		allocations_until_one_fails = fails;
		machine = machine_describe(&topology);
		cr_expect(!machine || allocations_until_one_fails >= 0,
			"there is a machine, and allocation %ld failed", fails);
	}
	cr_expect_gt(fails, (long)json_object_size(machine));
	json_decref(machine);
	topology_release(&topology);
}

Test(machine, records_variables_of_openmp_and_slurm)
{
	setenv("OMP_PLACES", "cores", 1);
	setenv("GOMP_SPINCOUNT", "7", 1);
	setenv("KMP_BLOCKTIME", "0", 1);
	setenv("SLURM_JOB_ID", "4711=a", 1);
	json_t *machine = describe(NULL);

	cr_expect_str_eq(json_string_value(recorded(machine, "OMP_PLACES")), "cores");
	cr_expect_str_eq(json_string_value(recorded(machine, "GOMP_SPINCOUNT")), "7");
	cr_expect_str_eq(json_string_value(recorded(machine, "KMP_BLOCKTIME")), "0");
	cr_expect_str_eq(json_string_value(recorded(machine, "SLURM_JOB_ID")), "4711=a");
	json_decref(machine);
}

Test(machine, records_no_other_variables)
{
	setenv("MY_OMP_SECRET", "x", 1);
	json_t *machine = describe(NULL);

	cr_expect_null(recorded(machine, "MY_OMP_SECRET"));
	json_decref(machine);
}

Test(machine, does_not_record_slurms_password)
{
	setenv("SLURM_JWT", "x", 1);
	json_t *machine = describe(NULL);

	cr_expect_null(recorded(machine, "SLURM_JWT"));
	json_decref(machine);
}

Test(machine, has_null_for_a_variable_that_is_not_text)
{
	setenv("OMP_ODD", "\xff\xfe", 1);
	json_t *machine = describe(NULL);

	cr_expect(json_is_null(recorded(machine, "OMP_ODD")));
	json_decref(machine);
}

Test(machine, has_memory_but_no_more_than_there_is)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	cr_expect_gt(machine_memory_bytes(), page);
	cr_expect_leq(machine_memory_bytes(), (uint64_t)sysconf(_SC_PHYS_PAGES) * page);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

Test(machine, has_no_more_memory_than_the_address_space_allows)
{
#ifdef __SANITIZE_ADDRESS__
	cr_skip_test("the sanitizer needs address space");
#endif
	const uint64_t half = machine_memory_bytes() / 2;

	cr_assert_eq(setrlimit(RLIMIT_AS, &(struct rlimit) { half, half }), 0);
	cr_expect_eq(machine_memory_bytes(), half);
}

/* ---- the CPU check ---- */

Test(cpu, has_what_the_kernels_were_compiled_for)
{
	struct message why = { "" };

	cr_expect_eq(cpu_check(&why), 0, "%s", why.text);
}

#if defined(__x86_64__)

static const struct isa_feature fpu = { "fpu", 1, 0, ISA_EDX, 0, 0 };
static const struct isa_feature no_such_leaf = { "leaf", 0x7fffffff, 0, ISA_EAX, 0, 0 };
static const struct isa_feature no_such_state = { "state", 1, 0, ISA_EDX, 0, 1u << 31 };

Test(cpu, has_a_feature_that_all_have)
{
	cr_expect(cpu_has(&fpu));
}

Test(cpu, lacks_a_feature_of_a_leaf_beyond_its_last)
{
	cr_expect_not(cpu_has(&no_such_leaf));
}

Test(cpu, lacks_a_feature_whose_registers_the_system_does_not_keep)
{
	cr_expect_not(cpu_has(&no_such_state));
}

Test(cpu, names_what_is_missing_and_what_to_do)
{
	const struct isa_feature features[] = { fpu, no_such_leaf, no_such_state,
		{ NULL, 0, 0, ISA_EAX, 0, 0 } };
	struct message why = { "" };

	cr_expect_eq(cpu_check_for(features, &why), -ENOTSUP);
	cr_expect(strstr(why.text, "uses leaf, state, which"), "%s", why.text);
	cr_expect(strstr(why.text, "make ARCH=x86-64"), "%s", why.text);
}

#endif
