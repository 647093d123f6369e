/*
 * machine, state: what is read of how a machine is loaded and set up, of one made up in a temporary
 * directory.
 */
#include <jansson.h>
#include <stdint.h>

#include "directory.h"
#include "machine/counters.h"
#include "machine/machine.h"
#include "machine/state.h"
#include "machine/tuning.h"

TestSuite(state, .init = make_directory, .fini = remove_directory);
TestSuite(tuning, .init = make_directory, .fini = remove_directory);

static struct machine_state read_state(void)
{
	struct machine_state state;

	machine_state_read(own_directory, &state);
	return state;
}

static void join_v1(void)
{
	put_below(
		"/proc/self/cgroup", "4:memory:/job\n3:cpuset:/\n2:cpuacct,cpu:/job/step\n0::/\n");
	put_below("/proc/self/mountinfo",
		"31 23 0:28 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
		"32 23 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpuacct,cpu\n");
}

static void join_v2(const char *group, const char *top)
{
	put_below("/proc/self/cgroup", "0::%s\n", group);
	put_below("/proc/self/mountinfo",
		"41 31 0:38 %s /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n", top);
}

Test(state, knows_nothing_where_nothing_is_shown)
{
	const struct machine_state state = read_state();

	cr_expect_not(state.throttling_known);
	cr_expect_not(state.steal_known);
	cr_expect_not(state.load_known);
}

Test(state, reads_v1_throttling)
{
	join_v1();
	put_below("/sys/fs/cgroup/cpu/job/step/cpu.stat",
		"nr_periods 90\nnr_throttled 12\nthrottled_time 3400000000\n");
	const struct machine_state state = read_state();

	cr_expect(state.throttling_known);
	cr_expect_eq(state.throttled, 12);
	cr_expect_eq(state.throttled_ns, 3400000000u);
}

Test(state, reads_v2_throttling)
{
	join_v2("/job", "/");
	put_below("/sys/fs/cgroup/job/cpu.stat",
		"usage_usec 77\nuser_usec 70\nsystem_usec 7\n"
		"nr_periods 9\nnr_throttled 5\nthrottled_usec 1250\nnr_bursts 0\n");
	const struct machine_state state = read_state();

	cr_expect_eq(state.throttled, 5);
	cr_expect_eq(state.throttled_ns, 1250000);
}

Test(state, counts_throttling_of_parents_too)
{
	join_v2("/job/step", "/");
	put_below("/sys/fs/cgroup/job/step/cpu.stat", "nr_throttled 1\nthrottled_usec 10\n");
	put_below("/sys/fs/cgroup/job/cpu.stat", "nr_throttled 2\nthrottled_usec 20\n");
	put_below("/sys/fs/cgroup/cpu.stat", "usage_usec 99\n");
	const struct machine_state state = read_state();

	cr_expect_eq(state.throttled, 3);
	cr_expect_eq(state.throttled_ns, 30000);
}

Test(state, finds_the_group_below_the_root_that_is_mounted)
{
	join_v2("/docker/1234/step", "/docker/1234");
	put_below("/sys/fs/cgroup/step/cpu.stat", "nr_throttled 4\nthrottled_usec 0\n");

	cr_expect_eq(read_state().throttled, 4);
}

Test(state, knows_no_throttling_without_the_cpu_controller)
{
	join_v2("/job", "/");
	put_below("/sys/fs/cgroup/job/cpu.stat", "usage_usec 77\nuser_usec 70\nsystem_usec 7\n");

	cr_expect_not(read_state().throttling_known);
}

Test(state, reads_steal_of_all_cpus)
{
	const uint64_t tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);

	put_below("/proc/stat", "cpu  100 20 30 4000 50 6 7 8 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
	const struct machine_state state = read_state();

	cr_expect(state.steal_known);
	cr_expect_eq(state.steal_ns, 8 * tick_ns);
	cr_expect_eq(state.busy_ns, (100 + 20 + 30 + 6 + 7 + 8) * tick_ns);
}

Test(state, knows_no_steal_of_an_old_system)
{
	put_below("/proc/stat", "cpu  100 20 30 4000 50 6 7\n");

	cr_expect_not(read_state().steal_known);
}

Test(state, reads_load_and_runnable_tasks)
{
	put_below("/proc/loadavg", "4.78 5.19 2.92 9/125 5037\n");
	const struct machine_state state = read_state();

	cr_expect(state.load_known);
	cr_expect_eq(state.load_average, 4.78);
	cr_expect_eq(state.runnable, 9);
}

Test(state, does_not_count_us_among_the_others)
{
	put_below("/proc/loadavg", "0.00 0.00 0.00 3/125 5037\n");

	cr_expect_eq(machine_others_runnable(own_directory), 2);
}

Test(state, does_not_know_others_without_loadavg)
{
	cr_expect_eq(machine_others_runnable(own_directory), -1);
}

Test(state, grows_on_this_machine)
{
	struct machine_state before, after;

	machine_state_read(MACHINE_ROOT, &before);
	machine_state_read(MACHINE_ROOT, &after);
	cr_assert(before.steal_known && before.load_known);
	cr_expect_geq(after.steal_ns, before.steal_ns);
	cr_expect_geq(after.busy_ns, before.busy_ns);
	cr_expect_geq(after.runnable, 1);
}

/* ---- how it is set up ---- */

/* A path of keys: "frequency/max_hz". As JSON text. */
static char *setting_of_cpu(int cpu, const char *path)
{
	json_t *tuning = tuning_describe(own_directory, cpu);
	const char *slash = strchr(path, '/');
	char *first = keep(strndup(path, slash ? (size_t)(slash - path) : strlen(path)));

	cr_assert_not_null(tuning);
	const json_t *value = json_object_get(tuning, first);
	if (slash)
		value = json_object_get(value, slash + 1);
	cr_assert_not_null(value, "no %s", path);
	char *text = keep(json_dumps(value, JSON_ENCODE_ANY));
	json_decref(tuning);
	return text;
}

static void expect_setting(const char *path, const char *expected)
{
	cr_expect_str_eq(setting_of_cpu(0, path), expected, "%s", path);
}

#define CPU   "/sys/devices/system/cpu"
#define CLOCK "/sys/devices/system/clocksource/clocksource0"
#define PAGES "/sys/kernel/mm/transparent_hugepage"

Test(tuning, leaves_unknown_what_is_not_shown)
{
	static const char *const paths[] = { "clock_source", "clock_sources", "governor", "boost",
		"frequency/driver", "frequency/now_hz", "frequency/min_hz", "frequency/max_hz",
		"smt", "cpus_online", "huge_page_bytes", "huge_pages", "numa_balancing",
		"cpus_isolated", "perf_event_paranoid" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		expect_setting(paths[i], "null");
}

Test(tuning, leaves_unknown_what_is_not_a_number)
{
	put_below(CPU "/smt/active", "<unsupported>\n");
	put_below(CPU "/cpu0/cpufreq/scaling_cur_freq", "<unknown>\n");
	expect_setting("smt", "null");
	expect_setting("frequency/now_hz", "null");
}

Test(tuning, reads_clock_sources)
{
	put_below(CLOCK "/current_clocksource", "tsc\n");
	put_below(CLOCK "/available_clocksource", "tsc hpet acpi_pm \n");
	expect_setting("clock_source", "\"tsc\"");
	expect_setting("clock_sources", "\"tsc hpet acpi_pm\"");
}

Test(tuning, reads_the_cpus_own_frequency_in_hertz)
{
	put_below(CPU "/cpu0/cpufreq/scaling_max_freq", "1000000\n");
	put_below(CPU "/cpu3/cpufreq/scaling_governor", "schedutil\n");
	put_below(CPU "/cpu3/cpufreq/scaling_driver", "acpi-cpufreq\n");
	put_below(CPU "/cpu3/cpufreq/scaling_cur_freq", "2100000\n");
	put_below(CPU "/cpu3/cpufreq/scaling_min_freq", "800000\n");
	put_below(CPU "/cpu3/cpufreq/scaling_max_freq", "3700000\n");
	cr_expect_str_eq(setting_of_cpu(3, "governor"), "\"schedutil\"");
	cr_expect_str_eq(setting_of_cpu(3, "frequency/driver"), "\"acpi-cpufreq\"");
	cr_expect_str_eq(setting_of_cpu(3, "frequency/now_hz"), "2100000000");
	cr_expect_str_eq(setting_of_cpu(3, "frequency/min_hz"), "800000000");
	cr_expect_str_eq(setting_of_cpu(3, "frequency/max_hz"), "3700000000");
}

/* The setting that a file holds. */
static void expect_read(
	const char *file, const char *text, const char *setting, const char *expected)
{
	put_below(file, "%s\n", text);
	expect_setting(setting, expected);
}

Test(tuning, reads_boost)
{
	expect_read(CPU "/cpufreq/boost", "1", "boost", "true");
	expect_read(CPU "/cpufreq/boost", "0", "boost", "false");
}

Test(tuning, reads_intels_switch_the_other_way_round)
{
	expect_read(CPU "/intel_pstate/no_turbo", "0", "boost", "true");
	expect_read(CPU "/intel_pstate/no_turbo", "1", "boost", "false");
}

Test(tuning, reads_the_size_of_huge_pages)
{
	expect_read(PAGES "/hpage_pmd_size", "2097152", "huge_page_bytes", "2097152");
}

Test(tuning, reads_the_setting_of_huge_pages)
{
	expect_read(PAGES "/enabled", "always [madvise] never", "huge_pages", "\"madvise\"");
	expect_read(PAGES "/enabled", "[always] madvise never", "huge_pages", "\"always\"");
}

Test(tuning, tells_no_isolated_cpus_from_unknown_ones)
{
	expect_read(CPU "/isolated", "", "cpus_isolated", "\"\"");
	expect_read(CPU "/isolated", "2-5", "cpus_isolated", "\"2-5\"");
}

Test(tuning, reads_switches_and_numbers)
{
	put_below(CPU "/smt/active", "1\n");
	put_below(CPU "/online", "0-127\n");
	put_below("/proc/sys/kernel/numa_balancing", "0\n");
	put_below("/proc/sys/kernel/perf_event_paranoid", "-1\n");
	expect_setting("smt", "true");
	expect_setting("cpus_online", "\"0-127\"");
	expect_setting("numa_balancing", "false");
	expect_setting("perf_event_paranoid", "-1");
}

Test(tuning, measures_the_clocks_step)
{
	const long step = atol(setting_of_cpu(0, "timer_step_ns"));

	cr_expect(step > 0 && step < 1000000, "%ld ns", step);
}

Test(tuning, says_of_each_counter_whether_it_was_had)
{
	json_t *counters = counters_describe(), *outcome;
	const char *name;

	cr_expect_eq(json_object_size(counters), 4);
	json_object_foreach (counters, name, outcome)
		cr_expect(json_string_length(outcome) > 0, "%s", name);
	json_decref(counters);
}
