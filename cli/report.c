#include <stdio.h>

#include "commands.h"
#include "derive.h"
#include "process.h"

int command_report(const struct options *options)
{
	struct run run;
	struct message why;
	process_block_signals();
	int error = run_load(&run, options->arguments[0], &why);

	if (error)
		return complain(error, &why);
	if (run.torn)
		fprintf(stderr,
			"tine: the last line of %s/launches.jsonl is cut short and left out\n",
			run.path);
	error = derive(&run, &why);
	run_release(&run);
	return error ? complain(error, &why) : EXIT_DONE;
}
