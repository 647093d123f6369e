#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/told.h"
#include "commands.h"
#include "json.h"
#include "observe/observer.h"
#include "pending.h"
#include "target.h"

extern char **environ;

static int failed(int code, const struct message *why)
{
	fprintf(stderr, "tine advise: %s\n", why->text);
	return code;
}

static int print(const struct advised *advised, enum format format, FILE *to)
{
	if (format == FORMAT_JSON)
		return json_print_to(told_to_json(advised), to);
	return told_print(advised, to);
}

/* To standard error, which leaves the command's own output alone, or to the file. */
static int write_report(const struct advised *advised, const struct options *options,
	const struct pending *file, struct message *why)
{
	FILE *to = options->output ? fopen(file->path, "we") : stderr;

	if (!to)
		return fail(why, -errno, "cannot write the report: %s", strerror(errno));
	const int error = print(advised, options->format, to);
	const bool bad = ferror(to);
	if ((to != stderr && fclose(to)) || bad)
		return fail(why, -EIO, "cannot write the report: %s", strerror(errno));
	return error ? fail(why, error, "no memory for the report") : 0;
}

/* With the report in place, there is no pending file any more. */
static int tell(struct advised *advised, struct observer *observer, const struct options *options,
	struct pending *file, struct message *why)
{
	int error = observer_finish(observer, &advised->seen, why);

	if (error)
		return error;
	advised->binding = binding_of(&advised->seen);
	error = write_report(advised, options, file, why);
	observation_release(&advised->seen);
	if (!error)
		error = pending_commit(file, why);
	if (!error)
		pending_release(file);
	return error;
}

/* What fails after the command has run is said, but must not hide how it ended. */
static int watch(const struct options *options, const char *path, struct observer *observer,
	struct pending *file, int *status)
{
	const struct companion beside = { observer, observer_look, observer_ended };
	struct advised advised = {
		.arguments = options->arguments,
		.argument_count = options->argument_count,
	};
	struct message why;
	const int code = target_run(path, options->arguments, environ, &beside, status, &why);

	if (code) {
		observer_abandon(observer);
		return failed(code, &why);
	}
	advised.status = *status;
	if (tell(&advised, observer, options, file, &why))
		failed(EXIT_OURS, &why);
	return 0;
}

int command_advise(const struct options *options)
{
	struct pending file = { 0 };
	struct observer *observer;
	struct message why;
	char *path;
	int status = 0, code = target_find(&path, options->arguments[0], &why);

	if (!code && options->output && pending_open(&file, options->output, &why))
		code = EXIT_USAGE;
	if (!code && observer_start(&observer, &why))
		code = EXIT_OURS;
	code = code ? failed(code, &why) : watch(options, path, observer, &file, &status);
	pending_drop(&file);
	pending_release(&file);
	free(path);
	return code ? code : target_end_like(status);
}
