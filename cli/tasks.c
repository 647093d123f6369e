#include <errno.h>
#include <stdio.h>

#include "analysis/tasks.h"
#include "cells.h"
#include "commands.h"
#include "losses.h"
#include "quantity.h"
#include "run.h"
#include "store/case.h"
#include "tables.h"

/* ---- what is known of the tasks ---- */

struct task_table {
	const struct measured *all;
	struct task_times times;
	size_t count;
};

static int table_make(struct task_table *table, const struct measured *all)
{
	*table = (struct task_table) { .all = all, .count = all->plan->cases[0].size.n };
	return task_times_make(&table->times, table->count, all->run->launches, all->run->count);
}

/* As the first launch that has it says; "" if none has. */
static const char *result_of(const struct task_table *table, size_t task)
{
	const struct run *run = table->all->run;

	for (size_t l = 0; l < run->count; l++)
		if (task < run->launches[l].tasks)
			return run->launches[l].task_results[task];
	return "";
}

/* How many members of this row's team can be at work at once. */
static unsigned at_once(const struct plan *plan, const struct case_spec *spec)
{
	const unsigned there = plan->topology.hardware_threads;

	if (!variant_is_parallel(spec->variant))
		return 1;
	return spec->threads < there ? spec->threads : there;
}

/* Whether each does one task after another: members who share CPUs are interrupted. */
static bool in_turn(const struct plan *plan, const struct case_spec *spec)
{
	return spec->threads <= plan->topology.hardware_threads;
}

static int bound_of(
	const struct task_table *table, const struct case_spec *spec, struct task_bound *into)
{
	const struct plan *plan = table->all->plan;

	return task_bound(&table->times, at_once(plan, spec), in_turn(plan, spec), into);
}

static bool same_bound(
	const struct plan *plan, const struct case_spec *a, const struct case_spec *b)
{
	const unsigned members = at_once(plan, a);

	return members == at_once(plan, b) &&
		(members == 1 || in_turn(plan, a) == in_turn(plan, b));
}

/* Whether this row is the first with its bound. */
static bool begins_bound(const struct plan *plan, size_t index)
{
	for (size_t before = 0; before < index; before++)
		if (same_bound(plan, &plan->cases[before], &plan->cases[index]))
			return false;
	return true;
}

/* ---- for people ---- */

static int add_task(struct grid *grid, const struct task_table *table, size_t task)
{
	const struct measured *all = table->all;
	const double precision = all->plan->precision;
	struct estimate time;
	char text[TASK_TEXT];

	grid_add(grid, "%zu", task + 1);
	grid_add(grid, "%s", task_print(&all->plan->tasks[task], text));
	if (!table->times.launches) {
		grid_add_unknown(grid, 2);
	} else {
		if (task_time(&table->times, task, &time))
			return -ENOMEM;
		grid_add_time(grid, &time, estimate_half_width(&time) > precision ? " ~" : "  ");
	}
	grid_add(grid, "%s", result_of(table, task));
	return 0;
}

static int print_tasks(const struct task_table *table, enum format format)
{
	static const struct column columns[] = { { "", true }, { "task", false }, { "alone", true },
		{ "95 % interval", true }, { "result", false } };
	struct grid grid;
	int error = 0;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < table->count && !error; i++)
		error = add_task(&grid, table, i);
	if (!error)
		(format == FORMAT_MARKDOWN ? grid_print_markdown : grid_print_text)(&grid, stdout);
	grid_release(&grid);
	return error;
}

static void print_bound(const struct task_table *table, const struct case_spec *spec,
	const struct task_bound *bound, enum format format)
{
	const struct plan *plan = table->all->plan;
	const unsigned members = at_once(plan, spec);
	char time[QUANTITY_TEXT], task[TASK_TEXT];

	printf("%s", format == FORMAT_MARKDOWN ? "- " : "  ");
	seconds_print(bound->seconds.median, time);
	if (members == 1) {
		printf("where one task is at work at a time, at least %s: all of them\n", time);
		return;
	}
	printf("where %u %s at once, at least %s: ", members,
		in_turn(plan, spec) ? "are at work" : "of more threads are at work", time);
	if (bound->reason == BY_LONGEST)
		printf("the longest, %s", task_print(&plan->tasks[bound->longest], task));
	else if (bound->reason == BY_SHARE)
		printf("all of them / %u", members);
	else
		printf("%zu tasks, so that one of the %u does several", table->count, members);
	printf("; so the speedup is %.2f at most\n", bound->speedup.median);
}

static int print_bounds(const struct task_table *table, enum format format)
{
	const struct plan *plan = table->all->plan;
	struct task_bound bound;

	if (!table->times.launches)
		return 0;
	for (size_t i = 0; i < plan->count; i++) {
		const struct case_spec *spec = &plan->cases[i];
		if (!begins_bound(plan, i))
			continue;
		if (bound_of(table, spec, &bound))
			return -ENOMEM;
		print_bound(table, spec, &bound, format);
	}
	return 0;
}

static int print_tables(const struct task_table *table, enum format format)
{
	const struct measured *all = table->all;
	struct loss_table *losses =
		loss_table_make(all->summaries, all->run->launches, all->run->count);
	int error = print_tasks(table, format);

	putchar('\n');
	if (!error)
		error = print_bounds(table, format);
	putchar('\n');
	if (!error) {
		tables_print(all->summaries, rows_all, all->plan->precision, format, stdout);
		putchar('\n');
		loss_table_print(losses, format, stdout);
	}
	loss_table_free(losses);
	return error;
}

/*
 * ---- for programs ----
 *
 * What tables_to_json has, and
 *
 *	tasks    of each: kernel, size, seconds in the sequential run, result
 *	bounds   for each number of members that can be at work at once: members, in_turn (each does
 *	         one task after another: they share no CPUs), the seconds that they cannot beat, the
 *	         speedup that this allows, and by what it is bound: "longest", "share" or "several"
 *
 * seconds and speedup as there.
 */

static json_t *task_to_json(const struct task_table *table, size_t task)
{
	const struct task_spec *spec = &table->all->plan->tasks[task];
	const bool known = table->times.launches;
	struct estimate time = { 0 };

	if (known && task_time(&table->times, task, &time))
		return NULL;
	return json_pack("{ss so so ss}", "kernel", spec->kernel, "size", size_to_json(spec->size),
		"seconds", tables_estimate_to_json(known, &time), "result", result_of(table, task));
}

static json_t *tasks_to_json(const struct task_table *table)
{
	json_t *tasks = json_array();

	for (size_t i = 0; i < table->count; i++)
		json_array_append_new(tasks, task_to_json(table, i));
	if (json_array_size(tasks) == table->count)
		return tasks;
	json_decref(tasks);
	return NULL;
}

static json_t *bound_to_json(const struct task_table *table, const struct case_spec *spec)
{
	const struct plan *plan = table->all->plan;
	const bool known = table->times.launches;
	struct task_bound bound = { 0 };

	if (known && bound_of(table, spec, &bound))
		return NULL;
	return json_pack("{si sb so so so}", "members", (int)at_once(plan, spec), "in_turn",
		in_turn(plan, spec), "seconds", tables_estimate_to_json(known, &bound.seconds),
		"speedup", tables_estimate_to_json(known, &bound.speedup), "by",
		known ? json_string(task_reason_name(bound.reason)) : json_null());
}

static json_t *bounds_to_json(const struct task_table *table)
{
	const struct plan *plan = table->all->plan;
	json_t *bounds = json_array();

	for (size_t i = 0; i < plan->count; i++)
		if (begins_bound(plan, i) &&
			json_array_append_new(bounds, bound_to_json(table, &plan->cases[i]))) {
			json_decref(bounds);
			return NULL;
		}
	return bounds;
}

static int print_json(const struct task_table *table)
{
	const struct measured *all = table->all;
	json_t *json = tables_to_json(
		all->summaries, all->plan->precision, all->place->machine, all->place->map);

	if (json_object_set_new(json, "tasks", tasks_to_json(table)) ||
		json_object_set_new(json, "bounds", bounds_to_json(table))) {
		json_decref(json);
		return -ENOMEM;
	}
	return json_print(json);
}

static int print(const struct measured *all, enum format format)
{
	struct task_table table;
	int error = table_make(&table, all);

	if (error)
		return error;
	if (format == FORMAT_JSON)
		error = print_json(&table);
	else if (format == FORMAT_CSV)
		tables_print_csv(all->summaries, rows_all, all->plan->precision, stdout);
	else
		error = print_tables(&table, format);
	task_times_release(&table.times);
	return error;
}

int command_tasks(const struct options *options)
{
	struct plan plan;
	struct message why;
	const int error = plan_for_tasks(&plan, options, &why);

	if (error)
		return complain(error, &why);
	const int code = run_plan(&plan, options, print);
	plan_release(&plan);
	return code;
}
