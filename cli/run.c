#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "announce.h"
#include "commands.h"
#include "conductor.h"
#include "machine/machine.h"
#include "pending.h"
#include "process.h"
#include "run.h"
#include "tables.h"

static void place_release(struct place *place)
{
	json_decref(place->machine);
	json_decref(place->map);
}

static int place_describe(struct place *place, const struct plan *plan, struct message *why)
{
	*place = (struct place) { machine_describe(&plan->topology), plan_map(plan) };
	if (place->machine && place->map)
		return 0;
	place_release(place);
	return fail(why, -ENOMEM, "no memory to describe the machine");
}

static int print(const struct measured *all, enum format format)
{
	const struct plan *plan = all->plan;

	if (format == FORMAT_JSON)
		return json_print(tables_to_json(
			all->summaries, plan->precision, all->place->machine, all->place->map));
	if (format == FORMAT_CSV)
		tables_print_csv(all->summaries, rows_all, plan->precision, stdout);
	else
		tables_print(all->summaries, rows_all, plan->precision, format, stdout);
	return 0;
}

/* ---- the picture that --output asks for ---- */

static int check_output_kernel(const struct plan *plan, struct message *why)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (!plan->cases[i].size.width)
			return fail(why, -EINVAL, "--output: %s makes no picture",
				plan->cases[i].kernel);
		if (strcmp(plan->cases[i].kernel, plan->cases[0].kernel) != 0)
			return fail(why, -EINVAL, "--output takes one kernel: %s or %s",
				plan->cases[0].kernel, plan->cases[i].kernel);
	}
	return 0;
}

/* Lets a launch of the sequential case write the picture, before anything else is measured. */
static int write_output(
	const struct plan *plan, const char *output, struct pending *pending, struct message *why)
{
	struct launch_record record;
	int error = check_output_kernel(plan, why);

	if (!error)
		error = pending_open(pending, output, why);
	if (error)
		return error;
	const struct launch_order order = {
		.spec = plan->cases[0],
		.samples = 1,
		.output = pending->path,
		.output_name = output,
	};
	error = conductor_launch(plan, &order, &record, why);
	if (!error && record.status != LAUNCH_OK)
		error = fail(why, record.error == -EINVAL ? -EINVAL : -EIO,
			"--output %s cannot be written: %s", output, record.why);
	else if (!error)
		launch_release(&record);
	return error;
}

static int measure(const struct options *options, const struct plan *plan, struct run *run,
	struct message *why)
{
	struct pending pending = { 0 };
	int error = options->output ? write_output(plan, options->output, &pending, why) : 0;

	if (!error)
		error = conductor_run(plan, run, false, why);
	if (!error)
		error = pending_commit(&pending, why);
	if (error)
		pending_drop(&pending);
	pending_release(&pending);
	if (error == -EINTR && run->count)
		fail(why, error, "interrupted: the table holds what was launched until then");
	else if (error == -EINTR)
		fail(why, error, "interrupted before the first launch was done");
	return error;
}

static int show(const struct plan *plan, const struct place *place, const struct run *run,
	print_measured *print_all, enum format format, struct message *why)
{
	struct summaries all;
	int error = summaries_make(&all, plan->cases, plan->count, run->launches, run->count);

	if (!error) {
		error = print_all(&(struct measured) { plan, place, run, &all }, format);
		tell_disturbed(&all);
		summaries_release(&all);
	}
	return error ? fail(why, error, "no memory for the table") : 0;
}

/* What was launched before an interruption is shown, too. */
static int measure_and_show(const struct options *options, const struct plan *plan,
	const struct place *place, print_measured *print_all)
{
	struct run run = run_in_memory();
	struct message why, second;
	int error = measure(options, plan, &run, &why);

	if (!error || (error == -EINTR && run.count)) {
		const int unshown =
			show(plan, place, &run, print_all, options->format, error ? &second : &why);
		error = error ? error : unshown;
	}
	const int code = error ? complain(error, &why) : exit_code_of(run.launches, run.count);
	run_release(&run);
	return code;
}

int run_plan(const struct plan *plan, const struct options *options, print_measured *print_all)
{
	struct place place;
	struct message why;

	process_block_signals();
	const int error = place_describe(&place, plan, &why);
	if (error)
		return complain(error, &why);
	announce_place(place.machine, place.map);
	announce_crowding(plan);
	const int code = measure_and_show(options, plan, &place, print_all);
	place_release(&place);
	return code;
}

int command_run(const struct options *options)
{
	struct plan plan;
	struct message why;
	const int error = plan_for_run(&plan, options, &why);

	if (error)
		return complain(error, &why);
	const int code = run_plan(&plan, options, print);
	plan_release(&plan);
	return code;
}
