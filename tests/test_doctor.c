/*
 * doctor: each finding, on a machine in order of which one thing is changed.
 */
#include "cli.h"
#include "machine/doctor.h"

/* ---- a machine in order, and changes to it; texts are JSON with ' for " ---- */

static const char in_order[] =
	"{ 'synthetic': false, 'hypervisor': null, 'packages': 1, 'numa_nodes': 2, 'cores': 8,"
	"  'hardware_threads': 8, 'cpus_allowed': '0-7', 'cpus_online': '0-7', 'cpu_quota': null,"
	"  'clock_source': 'tsc', 'clock_sources': 'tsc hpet acpi_pm', 'timer_step_ns': 9,"
	"  'governor': 'performance', 'boost': false, 'smt': false, 'huge_pages': 'madvise',"
	"  'frequency': { 'driver': 'acpi-cpufreq', 'now_hz': 2000000000, 'min_hz': 1000000000,"
	"    'max_hz': 3000000000 }, 'numa_balancing': false, 'perf_event_paranoid': 1,"
	"  'counters': { 'cycles': 'ok', 'task_clock': 'ok' }, 'openmp': 'libgomp 201511',"
	"  'flags': '-O3 -g -march=native',"
	"  'state': { 'throttled': 0, 'throttled_ns': 0, 'steal_ns': 0, 'busy_ns': 1000000000,"
	"    'load_average': 0.25, 'others_runnable': 0 },"
	"  'environment': { 'OMP_DISPLAY_ENV': 'false' } }";

static json_t *read_json(const char *text)
{
	char *quoted = keep(strdup(text));

	for (char *at = quoted; (at = strchr(at, '\'')); at++)
		*at = '"';
	return parse(quoted);
}

/* What the change names replaces what was there, objects in objects too. */
static void change(json_t *object, json_t *by)
{
	const char *key;
	json_t *value;

	json_object_foreach (by, key, value) {
		json_t *old = json_object_get(object, key);
		if (json_is_object(value) && json_is_object(old))
			change(old, value);
		else
			json_object_set(object, key, value);
	}
}

static size_t examine(const char *changes, struct finding *findings)
{
	json_t *machine = read_json(in_order), *by = read_json(changes);

	change(machine, by);
	const size_t count = doctor_examine(machine, findings);
	json_decref(by);
	json_decref(machine);
	return count;
}

/* This change alone makes one finding, which says these words and has this command in its mend. */
static struct finding expect_found(
	const char *changes, enum severity severity, const char *words, const char *command)
{
	struct finding findings[FINDINGS_MAX];

	const size_t count = examine(changes, findings);
	cr_assert_eq(count, 1, "%zu findings, the last '%s'", count,
		count ? findings[count - 1].what : "");
	cr_expect_eq(findings[0].severity, severity);
	expect_words(findings[0].what, words);
	if (*command)
		expect_words(findings[0].mend, command);
	else
		cr_expect_str_empty(findings[0].mend);
	cr_expect_not(findings[0].why[0] == 0);
	return findings[0];
}

static void expect_nothing(const char *changes)
{
	struct finding findings[FINDINGS_MAX];

	const size_t count = examine(changes, findings);
	cr_expect_eq(count, 0, "%s: '%s'", changes, count ? findings[0].what : "");
}

TestSuite(finding);

Test(finding, none_on_a_machine_in_order)
{
	expect_nothing("{}");
}

Test(finding, none_about_what_is_unknown_but_the_frequency)
{
	struct finding findings[FINDINGS_MAX];
	json_t *nothing = json_object();

	const size_t count = doctor_examine(nothing, findings);
	cr_assert_eq(count, 1);
	expect_words(findings[0].what, "frequency is unknown");
	json_decref(nothing);
}

Test(finding, a_quota_below_the_hardware_threads)
{
	expect_found("{'cpu_quota': 0.5}", SPOILS, "0.5 CPUs' worth", "CPUQuota=800%");
	expect_nothing("{'cpu_quota': 8}");
}

Test(finding, a_quota_says_how_often_it_stopped_us)
{
	expect_found("{'cpu_quota': 2, 'state': {'throttled': 31}}", SPOILS, "stopped us 31 times",
		"CPUQuota");
}

Test(finding, throttling_under_a_quota_that_suffices)
{
	expect_found("{'cpu_quota': 8, 'state': {'throttled': 3, 'throttled_ns': 2500000000}}",
		SPOILS, "3 times, for 2.5 s", "systemd-cgtop");
	expect_nothing("{'cpu_quota': 8}");
}

Test(finding, no_throttling_of_a_quota_that_was_lifted)
{
	expect_nothing("{'state': {'throttled': 3, 'throttled_ns': 2500000000}}");
}

Test(finding, another_machine_than_this_one)
{
	expect_found("{'synthetic': true, 'cores': 1, 'hardware_threads': 1, 'cpu_quota': 0.5}",
		SPOILS, "another machine", "unset HWLOC_SYNTHETIC");
}

Test(finding, a_single_cpu_of_many)
{
	expect_found("{'hardware_threads': 1, 'cores': 1}", SPOILS, "a single CPU",
		"taskset -c 0-7 tine");
}

Test(finding, a_single_cpu_in_a_slurm_job_of_many)
{
	expect_found("{'hardware_threads': 1, 'cores': 1, 'environment': {'SLURM_JOB_ID': '5',"
		     "'SLURM_CPUS_ON_NODE': '8'}}",
		SPOILS, "a single CPU", "srun --ntasks=1 --cpus-per-task=8 tine");
}

Test(finding, a_machine_of_a_single_cpu)
{
	expect_found("{'hardware_threads': 1, 'cores': 1, 'cpus_online': '0'}", SPOILS,
		"machine has a single CPU", "");
}

Test(finding, an_affinity_mask_smaller_than_the_machine)
{
	expect_found("{'hardware_threads': 3, 'cores': 3, 'cpus_allowed': '0,2-3'}", NOTE,
		"3 of the machine's 8 CPUs: 0,2-3", "taskset -c 0-7 tine");
}

Test(finding, a_slurm_job_that_shares_its_node)
{
	expect_found("{'hardware_threads': 2, 'cores': 2, 'environment': {'SLURM_JOB_ID': '5',"
		     "'SLURM_CPUS_ON_NODE': '2'}}",
		BLURS, "2 of this node's 8 CPUs", "sbatch --exclusive");
}

Test(finding, a_slurm_step_narrower_than_its_job)
{
	expect_found("{'hardware_threads': 2, 'cores': 2, 'environment': {'SLURM_JOB_ID': '5',"
		     "'SLURM_CPUS_ON_NODE': '8'}}",
		BLURS, "2 of the 8 CPUs", "srun --ntasks=1 --cpus-per-task=8");
}

Test(finding, nothing_of_a_slurm_job_that_has_the_node)
{
	expect_nothing("{'environment': {'SLURM_JOB_ID': '5', 'SLURM_CPUS_ON_NODE': '8'}}");
}

Test(finding, nothing_of_a_slurm_that_counts_cores)
{
	expect_nothing("{'cores': 4, 'environment': {'SLURM_JOB_ID': '5',"
		       "'SLURM_CPUS_ON_NODE': '4'}}");
}

Test(finding, hardware_threads_that_share_cores)
{
	expect_found("{'smt': true, 'cores': 4}", NOTE, "8 hardware threads are on 4 cores",
		"smt/control");
	expect_nothing("{'smt': false, 'cores': 4}");
	expect_nothing("{'smt': true}");
}

Test(finding, other_tasks_that_run)
{
	expect_found("{'state': {'others_runnable': 1}}", SPOILS, "1 other task wants", "ps -eo");
	expect_found("{'state': {'others_runnable': 3, 'load_average': 9}}", SPOILS,
		"3 other tasks want", "ps -eo");
}

Test(finding, no_other_tasks_where_they_have_cpus_of_their_own)
{
	expect_found("{'state': {'others_runnable': 4, 'load_average': 4}, 'cores': 4,"
		     "'hardware_threads': 4, 'cpus_allowed': '0-3'}",
		NOTE, "4 of the machine's 8 CPUs", "taskset");
}

Test(finding, a_load_of_the_last_minute)
{
	expect_found("{'state': {'load_average': 6.5}}", BLURS, "load was 6.50", "sleep 60");
	expect_nothing("{'state': {'load_average': 0.4}}");
}

Test(finding, a_hypervisor_that_gives_time_to_others)
{
	expect_found("{'hypervisor': 'kvm', 'state': {'steal_ns': 20000000}}", BLURS,
		"(kvm) kept back 2 %", "");
	expect_nothing("{'hypervisor': 'kvm', 'state': {'steal_ns': 100000}}");
}

Test(finding, a_hypervisor_without_a_count)
{
	expect_found("{'hypervisor': 'kvm', 'state': {'steal_ns': null}}", NOTE,
		"virtual machine (kvm)", "");
	expect_nothing("{'hypervisor': null, 'state': {'steal_ns': null}}");
}

Test(finding, a_governor_that_is_not_performance)
{
	expect_found("{'governor': 'powersave'}", BLURS, "'powersave'",
		"cpupower frequency-set -g performance");
}

Test(finding, no_governor_or_boost_of_a_pinned_frequency)
{
	expect_nothing("{'governor': 'userspace', 'boost': true, 'frequency': {"
		       "'min_hz': 2000000000, 'max_hz': 2000000000}}");
}

Test(finding, boost)
{
	expect_found("{'boost': true}", BLURS, "boost is on",
		"echo 0 | sudo tee "
		"/sys/devices/system/cpu/cpufreq/boost");
}

Test(finding, boost_by_intels_driver)
{
	expect_found("{'boost': true, 'frequency': {'driver': 'intel_pstate'}}", BLURS,
		"boost is on", "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo");
}

Test(finding, an_unknown_frequency)
{
	expect_found("{'governor': null, 'boost': null, 'frequency': {'driver': null,"
		     "'now_hz': null, 'min_hz': null, 'max_hz': null}}",
		NOTE, "frequency is unknown", "");
}

Test(finding, a_slow_clock_source)
{
	expect_found("{'clock_source': 'hpet', 'timer_step_ns': 900}", BLURS, "hpet",
		"echo tsc | sudo tee");
}

Test(finding, a_slow_clock_source_that_cannot_be_changed)
{
	expect_found("{'clock_source': 'acpi_pm', 'clock_sources': 'hpet acpi_pm'}", BLURS,
		"acpi_pm", "");
}

Test(finding, another_clock_source_than_tsc)
{
	expect_found("{'clock_source': 'kvm-clock', 'clock_sources': 'kvm-clock tsc'}", NOTE,
		"kvm-clock", "echo tsc");
	expect_nothing("{'clock_source': 'arch_sys_counter',"
		       "'clock_sources': 'arch_sys_counter'}");
}

Test(finding, a_coarse_clock)
{
	expect_found("{'timer_step_ns': 1000}", BLURS, "steps of 1000 ns", "");
	expect_nothing("{'timer_step_ns': 100}");
}

Test(finding, a_build_without_optimisation)
{
	expect_found("{'flags': '-O0 -g'}", SPOILS, "without optimisation", "make clean all");
	expect_found("{'flags': '-g'}", SPOILS, "without optimisation", "make clean all");
	expect_found("{'flags': '-O3 -Og'}", SPOILS, "without optimisation", "make clean all");
	expect_nothing("{'flags': '-O0 -g -O2'}");
}

Test(finding, a_build_with_a_sanitizer)
{
	expect_found(
		"{'flags': '-O1 -g -fsanitize=address'}", SPOILS, "-fsanitize", "make clean all");
}

Test(finding, no_fault_in_a_portable_build)
{
	expect_nothing("{'flags': '-O3 -g -march=x86-64'}");
}

Test(finding, numa_balancing_over_several_nodes)
{
	expect_found("{'numa_balancing': true}", BLURS, "NUMA balancing",
		"sysctl kernel.numa_balancing=0");
	expect_nothing("{'numa_balancing': true, 'numa_nodes': 1}");
}

Test(finding, huge_pages_for_all)
{
	expect_found("{'huge_pages': 'always'}", NOTE, "transparent huge pages", "echo madvise");
	expect_nothing("{'huge_pages': 'never'}");
}

Test(finding, counters_that_are_not_there)
{
	expect_found("{'counters': {'cycles': 'No such file or directory'},"
		     "'perf_event_paranoid': 4}",
		NOTE, "cycles: No such file", "");
}

Test(finding, counters_that_are_forbidden)
{
	expect_found("{'counters': {'cycles': 'Permission denied'}, 'perf_event_paranoid': 3}",
		NOTE, "cycles: Permission denied", "sysctl kernel.perf_event_paranoid=1");
}

/* ---- variables ---- */

Test(finding, omp_dynamic)
{
	expect_found("{'environment': {'OMP_DYNAMIC': ' True '}}", SPOILS, "OMP_DYNAMIC",
		"unset OMP_DYNAMIC");
	expect_nothing("{'environment': {'OMP_DYNAMIC': 'FALSE'}}");
}

Test(finding, omp_thread_limit_below_the_hardware_threads)
{
	expect_found("{'environment': {'OMP_THREAD_LIMIT': '7'}}", SPOILS,
		"7, of 8 hardware threads", "unset OMP_THREAD_LIMIT");
	expect_nothing("{'environment': {'OMP_THREAD_LIMIT': '8'}}");
}

Test(finding, omp_max_active_levels_of_none)
{
	expect_found("{'environment': {'OMP_MAX_ACTIVE_LEVELS': '0'}}", SPOILS,
		"OMP_MAX_ACTIVE_LEVELS", "unset OMP_MAX_ACTIVE_LEVELS");
	expect_nothing("{'environment': {'OMP_MAX_ACTIVE_LEVELS': '1'}}");
}

Test(finding, threads_that_sleep_at_once)
{
	expect_found("{'environment': {'OMP_WAIT_POLICY': 'PASSIVE'}}", BLURS, "OMP_WAIT_POLICY",
		"unset OMP_WAIT_POLICY");
	expect_nothing("{'environment': {'OMP_WAIT_POLICY': 'active'}}");
}

Test(finding, threads_that_spin_less_than_usual)
{
	expect_found("{'environment': {'GOMP_SPINCOUNT': '0'}}", BLURS, "GOMP_SPINCOUNT",
		"unset GOMP_SPINCOUNT");
	expect_found("{'environment': {'GOMP_SPINCOUNT': '299999'}}", BLURS, "GOMP_SPINCOUNT",
		"unset GOMP_SPINCOUNT");
	expect_found("{'environment': {'GOMP_SPINCOUNT': '10k'}}", BLURS, "GOMP_SPINCOUNT",
		"unset GOMP_SPINCOUNT");
	expect_nothing("{'environment': {'GOMP_SPINCOUNT': '300000'}}");
	expect_nothing("{'environment': {'GOMP_SPINCOUNT': '300k'}}");
	expect_nothing("{'environment': {'GOMP_SPINCOUNT': 'infinite'}}");
}

Test(finding, variables_of_the_library_that_is_there_alone)
{
	expect_nothing("{'environment': {'KMP_BLOCKTIME': '0'}}");
	expect_nothing("{'environment': {'GOMP_SPINCOUNT': '0'}, 'openmp': 'libomp 201811'}");
	expect_found("{'environment': {'KMP_BLOCKTIME': '0'}, 'openmp': 'libomp 201811'}", BLURS,
		"KMP_BLOCKTIME", "unset KMP_BLOCKTIME");
}

/* What libgomp 12 calls an invalid value. */
Test(finding, values_that_libgomp_does_not_understand)
{
	static const char *const invalid[][2] = { { "OMP_DYNAMIC", "1" }, { "OMP_DYNAMIC", "" },
		{ "OMP_WAIT_POLICY", "spin" }, { "OMP_THREAD_LIMIT", "0" },
		{ "OMP_THREAD_LIMIT", "many" }, { "OMP_MAX_ACTIVE_LEVELS", "-1" },
		{ "OMP_STACKSIZE", "8MB" }, { "GOMP_SPINCOUNT", "0x10" } };
	char changes[128], words[128];

	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
		sprintf(changes, "{'environment': {'%s': '%s'}}", invalid[i][0], invalid[i][1]);
		sprintf(words, "%s is '%s', which is not", invalid[i][0], invalid[i][1]);
		expect_found(changes, BLURS, words, invalid[i][0]);
	}
}

Test(finding, no_value_that_libgomp_understands)
{
	expect_nothing("{'environment': {'OMP_STACKSIZE': ' 8 m ', 'OMP_THREAD_LIMIT': '+99 ',"
		       "'GOMP_SPINCOUNT': '10 M', 'OMP_MAX_ACTIVE_LEVELS': ' 2',"
		       "'OMP_WAIT_POLICY': 'Active'}}");
}

Test(finding, one_note_for_variables_that_tine_overrides)
{
	expect_found("{'environment': {'OMP_NUM_THREADS': '4', 'OMP_PROC_BIND': 'true',"
		     "'OMP_PLACES': 'cores', 'GOMP_CPU_AFFINITY': '0-3'}}",
		NOTE, "OMP_NUM_THREADS, OMP_PROC_BIND, OMP_PLACES, GOMP_CPU_AFFINITY", "");
}

Test(finding, values_are_shown_without_control_characters)
{
	const struct finding finding = expect_found(
		"{'environment': {'OMP_STACKSIZE': '\\u001b[31m'}}", BLURS, "'?[31m'", "unset");

	cr_expect_null(strchr(finding.what, '\033'));
}

Test(finding, values_are_not_cut_inside_a_character)
{
	char changes[256] = "{'environment': {'OMP_STACKSIZE': 'x";

	for (int i = 0; i < 30; i++)
		strcat(changes, "ä");
	strcat(changes, "'}}");
	const struct finding finding = expect_found(changes, BLURS, "OMP_STACKSIZE", "unset");
	json_t *text = json_string(finding.what);
	cr_expect_not_null(text, "not UTF-8: %s", finding.what);
	json_decref(text);
}

Test(finding, worst_first_and_then_as_checked)
{
	struct finding findings[FINDINGS_MAX];
	const char *const words[] = { "-fsanitize", "OMP_DYNAMIC", "powersave", "boost", "huge" };

	const size_t count = examine("{'huge_pages': 'always', 'boost': true,"
				     "'governor': 'powersave', 'flags': '-O1 -fsanitize=thread',"
				     "'environment': {'OMP_DYNAMIC': 'true'}}",
		findings);
	cr_assert_eq(count, 5);
	for (size_t i = 0; i < count; i++)
		expect_words(findings[i].what, words[i]);
}
