#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "commands.h"
#include "forecast.h"
#include "json.h"
#include "process.h"

static void note_chunks(const struct oracle *o)
{
	char schedule[SCHEDULE_TEXT];

	for (size_t s = 0; s < o->options->schedule_count; s++)
		if (o->options->schedules[s].chunk > o->costs.units)
			fprintf(stderr,
				"tine: %s: the chunk is larger than the loop's %" PRIu64
				" units: one member does them all\n",
				schedule_print(o->options->schedules[s], schedule), o->costs.units);
}

static int print(const struct oracle *o, struct message *why)
{
	note_chunks(o);
	if (o->options->format == FORMAT_CSV)
		forecast_print_csv(o, stdout);
	else if (o->options->format == FORMAT_JSON)
		return json_print(forecast_to_json(o))
			? fail(why, -ENOMEM, "no memory for the table")
			: 0;
	else
		forecast_print(o, o->options->format, stdout);
	return 0;
}

int command_predict(const struct options *options)
{
	struct oracle oracle;
	enum variant variant;
	struct message why;
	int error = options_one_variant(options, "predict", OPENMP, &variant, &why);

	if (error)
		return complain(error, &why);
	process_block_signals();
	error = oracle_ask(&oracle, options, variant, &why);
	if (!error)
		error = print(&oracle, &why);
	oracle_release(&oracle);
	return error ? complain(error, &why) : EXIT_DONE;
}
