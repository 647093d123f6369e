#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/told.h"
#include "commands.h"
#include "json.h"
#include "observe/observer.h"
#include "target.h"

extern char **environ;

static int failed(int code, const struct message *why)
{
	fprintf(stderr, "tine advise: %s\n", why->text);
	return code;
}

/* Standard error, which leaves the command's own output alone, or a file. */
static FILE *open_output(const struct options *options, struct message *why)
{
	FILE *to = options->output ? fopen(options->output, "we") : stderr;

	if (!to)
		fail(why, -errno, "--output %s: cannot write there: %s", options->output,
			strerror(errno));
	return to;
}

static int close_output(FILE *to, struct message *why)
{
	const bool bad = ferror(to);

	if ((to != stderr && fclose(to)) || bad)
		return fail(why, -EIO, "cannot write the report: %s", strerror(errno));
	return 0;
}

static int print(const struct advised *advised, const struct options *options, FILE *to)
{
	if (options->format == FORMAT_JSON)
		return json_print_to(told_to_json(advised), to);
	return told_print(advised, to);
}

/* What fails here, after the command has run, must not hide how it ended. */
static void tell(
	struct advised *advised, struct observer *observer, const struct options *options, FILE *to)
{
	struct message why;

	if (observer_finish(observer, &advised->seen, &why)) {
		failed(EXIT_OURS, &why);
		return;
	}
	advised->binding = binding_of(&advised->seen);
	if (print(advised, options, to))
		failed(EXIT_OURS, &(struct message) { "no memory for the report" });
	observation_release(&advised->seen);
}

static int watch(
	const struct options *options, const char *path, struct observer *observer, FILE *to)
{
	const struct companion beside = { observer, observer_look, observer_ended };
	struct advised advised = {
		.arguments = options->arguments,
		.argument_count = options->argument_count,
	};
	struct message why;
	const int code =
		target_run(path, options->arguments, environ, &beside, &advised.status, &why);

	if (code) {
		observer_abandon(observer);
		return failed(code, &why);
	}
	tell(&advised, observer, options, to);
	if (close_output(to, &why))
		failed(EXIT_OURS, &why);
	return target_end_like(advised.status);
}

int command_advise(const struct options *options)
{
	struct observer *observer;
	struct message why;
	char *path;
	FILE *to = NULL;
	int code = target_find(&path, options->arguments[0], &why);

	if (!code && !(to = open_output(options, &why)))
		code = EXIT_USAGE;
	if (!code && observer_start(&observer, &why))
		code = EXIT_OURS;
	code = code ? failed(code, &why) : watch(options, path, observer, to);
	free(path);
	return code;
}
