#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "grid.h"
#include "json.h"
#include "machine/doctor.h"
#include "machine/machine.h"
#include "wrap.h"

struct findings {
	struct finding items[FINDINGS_MAX];
	size_t count;
};

/* ---- the machine, in a few lines ---- */

static const json_t *get(const json_t *machine, const char *key)
{
	return json_object_get(machine, key);
}

static const char *text_of(const json_t *machine, const char *key)
{
	const char *text = json_string_value(get(machine, key));

	return text ? text : "unknown";
}

/* "96", or "an unknown number of", and what there are so many of. */
static void print_count(const json_t *machine, const char *key, const char *one, const char *many)
{
	const json_t *count = get(machine, key);

	if (json_is_integer(count))
		printf("%" JSON_INTEGER_FORMAT " %s", json_integer_value(count),
			json_integer_value(count) == 1 ? one : many);
	else
		printf("an unknown number of %s", many);
}

/* "32 KiB", the largest unit that it fills. */
static void print_bytes(const json_t *bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	double value = json_number_value(bytes);
	size_t unit = 0;

	if (!json_is_number(bytes)) {
		fputs("unknown", stdout);
		return;
	}
	for (; value >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
		value /= 1024;
	printf("%.4g %s", value, units[unit]);
}

static void print_cpus(const json_t *machine)
{
	print_count(machine, "cores", "core", "cores");
	fputs(", ", stdout);
	print_count(machine, "hardware_threads", "hardware thread", "hardware threads");
	fputs(", ", stdout);
	print_count(machine, "packages", "package", "packages");
	fputs(", ", stdout);
	print_count(machine, "numa_nodes", "NUMA node", "NUMA nodes");
	printf("; CPUs %s of %s", text_of(machine, "cpus_allowed"),
		text_of(machine, "cpus_online"));
}

static void print_quota(const json_t *machine)
{
	const json_t *quota = get(machine, "cpu_quota");

	if (json_is_number(quota))
		printf("%.3g CPUs' worth of time", json_number_value(quota));
	else
		fputs("none is seen", stdout);
}

static void print_caches(const json_t *machine)
{
	static const struct {
		const char *name, *key;
	} levels[] = { { "L1d", "l1d_bytes" }, { ", L2", "l2_bytes" }, { ", L3", "l3_bytes" } };

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		printf("%s ", levels[i].name);
		print_bytes(get(get(machine, "caches"), levels[i].key));
	}
}

static void print_memory(const json_t *machine)
{
	print_bytes(get(machine, "memory_bytes"));
	fputs(", pages of ", stdout);
	print_bytes(get(machine, "page_bytes"));
	fputs(", transparent huge pages of ", stdout);
	print_bytes(get(machine, "huge_page_bytes"));
	printf(": %s", text_of(machine, "huge_pages"));
}

static void print_speed(const json_t *machine)
{
	const json_t *frequency = get(machine, "frequency"), *least = get(frequency, "min_hz"),
		     *most = get(frequency, "max_hz"), *boost = get(machine, "boost");

	if (json_is_number(least) && json_is_number(most))
		printf("%.2f to %.2f GHz", json_number_value(least) / 1e9,
			json_number_value(most) / 1e9);
	else
		fputs("frequency unknown", stdout);
	printf(", governor %s, boost %s", text_of(machine, "governor"),
		json_is_true(boost)            ? "on"
			: json_is_false(boost) ? "off"
					       : "unknown");
}

static void print_clock(const json_t *machine)
{
	const json_t *step = get(machine, "timer_step_ns");

	fputs(text_of(machine, "clock_source"), stdout);
	if (json_is_integer(step))
		printf(", in steps of %" JSON_INTEGER_FORMAT " ns", json_integer_value(step));
}

static void print_load(const json_t *machine)
{
	const json_t *state = get(machine, "state"), *load = get(state, "load_average");

	if (!json_is_number(load)) {
		fputs("unknown", stdout);
		return;
	}
	printf("%.2f over the last minute; now ", json_number_value(load));
	print_count(
		state, "others_runnable", "other task runs or could", "other tasks run or could");
}

static void print_system(const json_t *machine)
{
	const char *hypervisor = json_string_value(get(machine, "hypervisor"));

	printf("%s, %s%s", text_of(machine, "kernel"),
		hypervisor ? "a virtual machine: " : "no hypervisor is seen",
		hypervisor ? hypervisor : "");
}

static void print_build(const json_t *machine)
{
	printf("tine %s, %s, %s\n            %s", text_of(machine, "version"),
		text_of(machine, "compiler"), text_of(machine, "openmp"),
		text_of(machine, "flags"));
}

static void print_counters(const json_t *machine)
{
	json_t *counters = json_object_get(machine, "counters"), *outcome;
	const char *name, *before = "";

	json_object_foreach (counters, name, outcome) {
		if (strcmp(json_string_value(outcome), "ok") != 0)
			continue;
		printf("%s%s", before, name);
		before = ", ";
	}
	if (!*before)
		fputs("none", stdout);
}

static void print_machine(const json_t *machine)
{
	static const struct {
		const char *label;
		void (*print)(const json_t *machine);
	} rows[] = {
		{ "CPUs", print_cpus },
		{ "quota", print_quota },
		{ "caches", print_caches },
		{ "memory", print_memory },
		{ "speed", print_speed },
		{ "clock", print_clock },
		{ "load", print_load },
		{ "counters", print_counters },
		{ "system", print_system },
		{ "build", print_build },
	};

	printf("%s: %s\n", text_of(machine, "host"), text_of(machine, "cpu"));
	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
		printf("  %-9s ", rows[r].label);
		rows[r].print(machine);
		putchar('\n');
	}
}

/* ---- what was found ---- */

enum { INDENT = 12 };

static void print_finding(const struct finding *finding)
{
	printf("\n  %-9s ", severity_name(finding->severity));
	wrap_print(finding->what, INDENT, stdout);
	printf("  why       ");
	wrap_print(finding->why, INDENT, stdout);
	if (*finding->mend)
		printf("  mend      %s\n", finding->mend);
}

/* Notes alone spoil nothing. */
static void print_text(const json_t *machine, const struct findings *findings)
{
	print_machine(machine);
	if (!findings->count || findings->items[0].severity == NOTE)
		puts("\nNothing spoils a measurement here that Tine can see.");
	for (size_t i = 0; i < findings->count; i++)
		print_finding(&findings->items[i]);
}

static void print_grid(const struct findings *findings, enum format format)
{
	static const struct column columns[] = { { "severity", false }, { "what", false },
		{ "why", false }, { "mend", false } };
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < findings->count; i++) {
		grid_add(&grid, "%s", severity_name(findings->items[i].severity));
		grid_add(&grid, "%s", findings->items[i].what);
		grid_add(&grid, "%s", findings->items[i].why);
		grid_add(&grid, "%s", findings->items[i].mend);
	}
	if (format == FORMAT_CSV)
		grid_print_csv(&grid, stdout);
	else
		grid_print_markdown(&grid, stdout);
	grid_release(&grid);
}

static json_t *findings_to_json(const struct findings *findings)
{
	json_t *all = json_array();

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *f = &findings->items[i];
		json_array_append_new(all,
			json_pack("{ss ss ss ss?}", "severity", severity_name(f->severity), "what",
				f->what, "why", f->why, "mend", *f->mend ? f->mend : NULL));
	}
	return all;
}

static int print_json(json_t *machine, const struct findings *findings)
{
	return json_print(
		json_pack("{sO so}", "machine", machine, "findings", findings_to_json(findings)));
}

static int print(json_t *machine, enum format format)
{
	struct findings findings;

	findings.count = doctor_examine(machine, findings.items);
	if (format == FORMAT_JSON)
		return print_json(machine, &findings);
	if (format == FORMAT_TABLE)
		print_text(machine, &findings);
	else
		print_grid(&findings, format);
	return 0;
}

int command_doctor(const struct options *options)
{
	struct topology topology;
	struct message why;
	int error = topology_load(&topology, &why);

	if (error)
		return complain(error, &why);
	json_t *machine = machine_describe(&topology);
	topology_release(&topology);
	if (!machine || print(machine, options->format))
		error = fail(&why, -ENOMEM, "no memory to describe the machine");
	json_decref(machine);
	return error ? complain(error, &why) : EXIT_DONE;
}
