#include "machine/doctor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "machine/check.h"

#define SYS_CPU   "/sys/devices/system/cpu"
#define SYS_CLOCK "/sys/devices/system/clocksource/clocksource0"
#define SYS_HUGE  "/sys/kernel/mm/transparent_hugepage"

const char *severity_name(enum severity severity)
{
	static const char *const names[SEVERITIES] = { "spoils", "blurs", "note" };

	return names[severity];
}

/* ---- the CPUs we get ---- */

static bool in_slurm(const json_t *machine)
{
	return variable_of(machine, "SLURM_JOB_ID") && variable_of(machine, "SLURM_CPUS_ON_NODE");
}

static bool check_synthetic(const json_t *machine, struct finding *f)
{
	return json_is_true(json_object_get(machine, "synthetic")) &&
		found(f, SPOILS,
			"thread counts are for that machine, and no thread is bound to a core",
			"unset HWLOC_SYNTHETIC HWLOC_XMLFILE",
			"hwloc describes another machine than this one");
}

static bool quota_is_short(const json_t *machine, double *quota)
{
	return known_number(machine, "cpu_quota", quota) && *quota < our_threads(machine);
}

static bool check_quota(const json_t *machine, struct finding *f)
{
	double quota, throttled;

	if (!quota_is_short(machine, &quota))
		return false;
	found(f, SPOILS,
		"threads beyond the quota stand still for part of every 0.1 s; neither nproc nor "
		"the affinity mask shows it",
		NULL, "a control group grants %.3g CPUs' worth of time, but %u hardware threads",
		quota, our_threads(machine));
	if (known_number(json_object_get(machine, "state"), "throttled", &throttled) &&
		throttled > 0)
		snprintf(f->what + strlen(f->what), FINDING_TEXT - strlen(f->what),
			"; it stopped us %.0f times so far", throttled);
	mend_with(f,
		"docker update --cpus %u CONTAINER   # or: systemctl set-property UNIT "
		"CPUQuota=%u%%",
		our_threads(machine), our_threads(machine) * 100);
	return true;
}

/* After a quota is lifted its counters stay. */
static bool check_throttled(const json_t *machine, struct finding *f)
{
	const json_t *state = json_object_get(machine, "state");
	double quota, times, ns = 0;

	if (!known_number(machine, "cpu_quota", &quota) || quota_is_short(machine, &quota) ||
		!known_number(state, "throttled", &times) || times == 0)
		return false;
	known_number(state, "throttled_ns", &ns);
	return found(f, SPOILS,
		"the quota suffices for our threads, so something else in the control group uses "
		"it up; threads then stand still until the next 0.1 s begins",
		"systemd-cgtop   # shows who",
		"a CPU quota of %.3g stopped us %.0f times, for %.3g s", quota, times, ns / 1e9);
}

static bool check_one_cpu(const json_t *machine, struct finding *f)
{
	const unsigned online = threads_online(machine);
	long job;

	if (our_threads(machine) != 1)
		return false;
	found(f, SPOILS, "threads would take turns on it: there is no speedup to measure", NULL,
		online == 1 ? "this machine has a single CPU"
			    : "this process may use a single CPU");
	if (in_slurm(machine) && variable_number(machine, "SLURM_CPUS_ON_NODE", &job) && job > 1)
		mend_with(f, "srun --ntasks=1 --cpus-per-task=%ld tine ...", job);
	else if (online > 1)
		mend_with(f, "taskset -c %s tine ...", known_text(machine, "cpus_online"));
	return true;
}

/* Slurm's CPUs are cores or hardware threads, as the cluster has it. */
static bool check_slurm(const json_t *machine, struct finding *f)
{
	const unsigned online = threads_online(machine), ours = our_threads(machine);
	double cores;
	long job;

	if (ours < 1 || !online || !known_number(machine, "cores", &cores) || cores < 1 ||
		!in_slurm(machine) || !variable_number(machine, "SLURM_CPUS_ON_NODE", &job))
		return false;
	if ((double)job * ours / cores < online)
		return found(f, BLURS,
			"other jobs may run on the rest, and share caches, memory and clock rate",
			"sbatch --exclusive JOB.sh   # or: salloc --exclusive",
			"the Slurm job has %ld of this node's %u CPUs", job, online);
	if (ours == 1 || ours >= job)
		return false;
	found(f, BLURS, "the job's other CPUs stay idle, or run its other steps", NULL,
		"this job step may use %u of the %ld CPUs that its job has here", ours, job);
	mend_with(f, "srun --ntasks=1 --cpus-per-task=%ld tine ...", job);
	return true;
}

static bool check_affinity(const json_t *machine, struct finding *f)
{
	const unsigned online = threads_online(machine), ours = our_threads(machine);

	if (ours < 2 || ours >= online || in_slurm(machine))
		return false;
	found(f, NOTE, "Tine goes no further; what runs on the rest shares caches and memory", NULL,
		"this process may use %u of the machine's %u CPUs: %s", ours, online,
		known_text(machine, "cpus_allowed"));
	mend_with(f, "taskset -c %s tine ...", known_text(machine, "cpus_online"));
	return true;
}

static bool check_smt(const json_t *machine, struct finding *f)
{
	double cores;

	if (!json_is_true(json_object_get(machine, "smt")) ||
		!known_number(machine, "cores", &cores) || our_threads(machine) <= cores)
		return false;
	return found(f, NOTE,
		"the second thread of a core adds little: read speedups beyond the cores as such",
		"echo off | sudo tee " SYS_CPU "/smt/control",
		"%u hardware threads are on %.0f cores", our_threads(machine), cores);
}

/* ---- who else is there ---- */

/* Others matter when a team of all our threads would leave them no CPU of their own. */
static bool check_others(const json_t *machine, struct finding *f)
{
	const json_t *state = json_object_get(machine, "state");
	const unsigned ours = our_threads(machine), online = threads_online(machine);
	const double all = online > ours ? online : ours;
	double others, load;

	if (!ours)
		return false;
	if (known_number(state, "others_runnable", &others) && others >= 1 && others + ours > all)
		return found(f, SPOILS,
			"they and our threads take turns, and a team waits for its slowest member",
			"ps -eo pcpu,pid,user,args --sort=-pcpu | head   # shows which",
			"%.0f other task%s to run on %.0f CPU%s", others,
			others == 1 ? " wants" : "s want", all, all == 1 ? "" : "s");
	if (!known_number(state, "load_average", &load) || load + ours <= all + 0.5)
		return false;
	return found(f, BLURS,
		"what ran may come back; only if it was Tine itself is it nothing to worry about",
		"sleep 60; tine doctor", "the last minute's load was %.2f, though little runs now",
		load);
}

static bool check_hypervisor(const json_t *machine, struct finding *f)
{
	const json_t *state = json_object_get(machine, "state");
	const char *name = known_text(machine, "hypervisor");
	double steal, busy;
	const bool known = known_number(state, "steal_ns", &steal) &&
		known_number(state, "busy_ns", &busy) && busy > 0;

	if (known && steal >= busy * 0.001)
		return found(f, BLURS,
			"other virtual machines use the same cores: a team waits for its slowest "
			"member; a host of one's own has no such neighbours",
			NULL,
			"the hypervisor%s%s%s kept back %.2g %% of the CPU time asked for so far",
			name ? " (" : "", name ? name : "", name ? ")" : "", 100 * steal / busy);
	return name && (!known || steal == 0) &&
		found(f, NOTE, "time that it gives to others need not show", NULL,
			"this is a virtual machine (%s), without a count of time kept back", name);
}

/* ---- how fast the CPUs run ---- */

/* Somebody has set one frequency: governor and boost do not matter then. */
static bool is_pinned(const json_t *machine)
{
	const json_t *frequency = json_object_get(machine, "frequency");
	double least, most;

	return known_number(frequency, "min_hz", &least) &&
		known_number(frequency, "max_hz", &most) && least == most;
}

static bool check_governor(const json_t *machine, struct finding *f)
{
	const char *governor = known_text(machine, "governor");

	return governor && strcmp(governor, "performance") && !is_pinned(machine) &&
		found(f, BLURS, "cores start slowly and speed up while they are measured",
			"sudo cpupower frequency-set -g performance",
			"the governor is '%s', not 'performance'", governor);
}

static bool check_boost(const json_t *machine, struct finding *f)
{
	const char *driver = known_text(json_object_get(machine, "frequency"), "driver");
	const bool intel = driver && !strncmp(driver, "intel_", 6);

	return json_is_true(json_object_get(machine, "boost")) && !is_pinned(machine) &&
		found(f, BLURS,
			"one busy core runs at a higher clock than many: speedups come out too "
			"small, and depend on how warm it is",
			intel ? "echo 1 | sudo tee " SYS_CPU "/intel_pstate/no_turbo"
			      : "echo 0 | sudo tee " SYS_CPU "/cpufreq/boost",
			"boost is on");
}

static bool check_frequency(const json_t *machine, struct finding *f)
{
	const json_t *frequency = json_object_get(machine, "frequency");
	double hz;

	return !known_text(machine, "governor") && !known_number(frequency, "now_hz", &hz) &&
		!known_number(frequency, "max_hz", &hz) &&
		found(f, NOTE,
			"do not take it for fixed: it may change, and differ from core to core",
			NULL, "the CPUs' frequency is unknown: the system does not show it");
}

/* ---- the clock ---- */

static bool is_slow(const char *clock_source)
{
	static const char *const slow[] = { "hpet", "acpi_pm", "jiffies", "refined-jiffies",
		"pit" };

	for (size_t s = 0; clock_source && s < sizeof(slow) / sizeof(slow[0]); s++)
		if (!strcmp(clock_source, slow[s]))
			return true;
	return false;
}

static bool offers_tsc(const json_t *machine)
{
	const char *sources = known_text(machine, "clock_sources");

	return sources && strstr(sources, "tsc");
}

static bool check_clock_source(const json_t *machine, struct finding *f)
{
	static const char use_tsc[] = "echo tsc | sudo tee " SYS_CLOCK "/current_clocksource";
	const char *source = known_text(machine, "clock_source");

	if (!source || !strcmp(source, "tsc") || (!offers_tsc(machine) && !is_slow(source)))
		return false;
	if (is_slow(source))
		return found(f, BLURS,
			"each reading takes a microsecond or more, and waits for the other cores'; "
			"if tsc is not offered, the system found it unsteady: dmesg | grep -i tsc",
			offers_tsc(machine) ? use_tsc : NULL, "the clock source is %s", source);
	return found(f, NOTE, "each stamp costs about 20 ns instead of 9", use_tsc,
		"the clock source is %s, though tsc is there", source);
}

static bool check_timer(const json_t *machine, struct finding *f)
{
	double step_ns;

	return known_number(machine, "timer_step_ns", &step_ns) && step_ns > 100 &&
		!is_slow(known_text(machine, "clock_source")) &&
		found(f, BLURS,
			"reading the clock is no longer small against a region's fork and join",
			NULL, "the clock goes in steps of %.0f ns; below 100 is usual", step_ns);
}

/* ---- the program, the memory, the counters ---- */

/* The last -O counts; there is none: no optimisation. */
static bool is_optimised(const char *flags)
{
	bool optimised = false;

	for (const char *at = flags; (at = strstr(at, "-O")); at += 2)
		if (at == flags || at[-1] == ' ')
			optimised = at[2] != '0' && at[2] != 'g';
	return optimised;
}

static bool check_build(const json_t *machine, struct finding *f)
{
	static const char *const probes[] = { "-fsanitize", "-pg", "--coverage", "-fprofile-arcs",
		"-fprofile-generate", "-finstrument-functions" };
	const char *flags = known_text(machine, "flags"), *probe = NULL;

	if (!flags)
		return false;
	for (size_t p = 0; p < sizeof(probes) / sizeof(probes[0]) && !probe; p++)
		if (strstr(flags, probes[p]))
			probe = probes[p];
	if (!probe && is_optimised(flags))
		return false;
	return found(f, SPOILS, "loops take many times as long, and not all alike",
		"make clean all", "this Tine was built %s %s", probe ? "with" : "without",
		probe ? probe : "optimisation");
}

static bool check_numa_balancing(const json_t *machine, struct finding *f)
{
	double nodes;

	return json_is_true(json_object_get(machine, "numa_balancing")) &&
		known_number(machine, "numa_nodes", &nodes) && nodes > 1 &&
		found(f, BLURS,
			"the system stops threads to see which memory they use, and moves it",
			"sudo sysctl kernel.numa_balancing=0",
			"NUMA balancing is on, over %.0f nodes", nodes);
}

static bool check_huge_pages(const json_t *machine, struct finding *f)
{
	const char *setting = known_text(machine, "huge_pages");

	return setting && !strcmp(setting, "always") &&
		found(f, NOTE,
			"a launch gets them when there happens to be free memory in one piece, so "
			"kernels with large arrays differ from launch to launch",
			"echo madvise | sudo tee " SYS_HUGE "/enabled",
			"transparent huge pages are 'always'");
}

static bool check_counters(const json_t *machine, struct finding *f)
{
	json_t *counters = json_object_get(machine, "counters"), *outcome;
	const char *name, *reason = NULL;
	char missing[100] = "";
	double paranoid;

	json_object_foreach (counters, name, outcome) {
		const char *text = json_string_value(outcome);
		if (!text || !strcmp(text, "ok"))
			continue;
		snprintf(missing + strlen(missing), sizeof(missing) - strlen(missing), "%s%s",
			reason ? ", " : "", name);
		reason = text;
	}
	if (!reason)
		return false;
	const bool forbidden = known_number(machine, "perf_event_paranoid", &paranoid) &&
		paranoid > 1 &&
		(!strcmp(reason, strerror(EACCES)) || !strcmp(reason, strerror(EPERM)));
	return found(f, NOTE, "times do not need them; clock rate and instructions stay unseen",
		forbidden ? "sudo sysctl kernel.perf_event_paranoid=1" : NULL,
		"there are no counters of %s: %s", missing, reason);
}

/* ---- all of it ---- */

static check_fn *const checks[] = {
	check_synthetic,
	check_build,
	check_one_cpu,
	check_quota,
	check_throttled,
	check_thread_limit,
	check_others,
	check_hypervisor,
	check_slurm,
	check_governor,
	check_boost,
	check_clock_source,
	check_timer,
	check_numa_balancing,
	check_affinity,
	check_smt,
	check_huge_pages,
	check_frequency,
	check_overridden,
	check_counters,
};

enum { CHECKS = sizeof(checks) / sizeof(checks[0]) };
_Static_assert(CHECKS + VARIABLES_MAX <= FINDINGS_MAX, "an array of findings holds all");

/* The sort must keep the order of the checks among those of one severity. */
static void sort(struct finding *findings, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = i; j && findings[j].severity < findings[j - 1].severity; j--) {
			const struct finding later = findings[j];
			findings[j] = findings[j - 1];
			findings[j - 1] = later;
		}
}

size_t doctor_examine(const json_t *machine, struct finding *findings)
{
	size_t count = 0;

	for (size_t c = 0; c < CHECKS; c++)
		count += checks[c](machine, &findings[count]);
	count += check_variables(machine, &findings[count]);
	sort(findings, count);
	return count;
}
