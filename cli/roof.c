#include "roof.h"

#include <errno.h>
#include <stdio.h>

#include "commands.h"
#include "json.h"
#include "machine/machine.h"
#include "pending.h"
#include "plot.h"
#include "process.h"

static int print_json(const struct roof *roof, struct message *why)
{
	json_t *machine = machine_describe(&roof->plan.topology);
	json_t *json = machine ? roof_to_json(roof, machine) : NULL;

	json_decref(machine);
	return json_print(json) ? fail(why, -ENOMEM, "no memory for the table") : 0;
}

static int print(const struct roof *roof, struct message *why)
{
	const enum format format = roof->options->format;

	if (format == FORMAT_JSON)
		return print_json(roof, why);
	if (format == FORMAT_CSV)
		roof_print_csv(roof, stdout);
	else
		roof_print(roof, format, stdout);
	return 0;
}

static int draw(const struct roof *roof, struct pending *pending, struct message *why)
{
	const char *output = roof->options->output;
	const struct plot_target to = { pending->path, output, plot_format(output) };
	const int error = plot_to_file(&to, "roof.gp", "roof", roof_print_csv, roof, why);

	return error ? error : pending_commit(pending, why);
}

static int find(
	struct roof *roof, const struct options *options, enum variant variant, struct message *why)
{
	struct pending pending = { 0 };
	int error = options->output ? pending_open(&pending, options->output, why) : 0;

	if (!error)
		error = roof_measure(roof, options, variant, why);
	if (!error)
		error = print(roof, why);
	if (!error && options->output)
		error = draw(roof, &pending, why);
	if (error)
		pending_drop(&pending);
	pending_release(&pending);
	return error;
}

int command_roof(const struct options *options)
{
	struct roof roof = { 0 };
	struct message why;
	enum variant variant;
	int error = options_one_variant(options, "roof", POOL, &variant, &why);

	if (error)
		return complain(error, &why);
	process_block_signals();
	error = find(&roof, options, variant, &why);
	const int code =
		error ? complain(error, &why) : exit_code_of(roof.run.launches, roof.run.count);
	roof_release(&roof);
	return code;
}
