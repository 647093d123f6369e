#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "target.h"
#include "trace/output.h"
#include "trace/reach.h"
#include "trace/report.h"
#include "trace/session.h"

static int failed(int code, const struct message *why)
{
	fprintf(stderr, "tine trace: %s\n", why->text);
	return code;
}

/* ---- what was left behind ---- */

/* One that did not exit by itself ended no later than the command, and no earlier than its records. */
static uint64_t end_of(const struct session *session, const struct tracefile *file)
{
	const struct trace_head *head = file->head;

	return head->flags & TRACE_ENDED && head->end > head->begin ? head->end
		: session->end > head->begin                        ? session->end
								    : head->begin + 1;
}

static int make_process(
	struct traced *into, const struct session *session, const struct tracefile *file)
{
	*into = (struct traced) {
		.file = file,
		.source = {
			.head = file->head,
			.sites = file->sites,
			.lanes = file->lanes,
			.lane_count = file->lane_count,
			.seconds_per_tick = session_seconds_per_tick(session),
			.end = end_of(session, file),
		},
	};
	return profile_make(&into->profile, &into->source);
}

static void release_processes(struct traced *processes, size_t count)
{
	for (size_t p = 0; p < count; p++)
		profile_release(&processes[p].profile);
	free(processes);
}

static struct traced *make_processes(const struct session *session, const struct tracefiles *files)
{
	struct traced *processes = calloc(files->count + 1, sizeof(*processes));

	for (size_t p = 0; processes && p < files->count; p++)
		if (make_process(&processes[p], session, &files->files[p])) {
			release_processes(processes, p);
			return NULL;
		}
	return processes;
}

static int tell(const struct options *options, const struct session *session,
	const struct tracefiles *files, int status, struct message *why)
{
	char *command = target_words(options->arguments, options->argument_count);
	struct traced *processes = make_processes(session, files);
	const struct report report = {
		.command = command,
		.status = status,
		.wall = (double)(session->end_ns - session->begin_ns) * 1e-9,
		.processes = processes,
		.count = files->count,
		.unread = files->unread,
		.symbols = symbols_open(),
	};
	int error = command && processes ? output_write(&report, options, why)
					 : fail(why, -ENOMEM, "no memory to tell what was seen");

	symbols_close(report.symbols);
	if (processes)
		release_processes(processes, files->count);
	free(command);
	return error;
}

/* ---- the command ---- */

static void warn_unreached(const char *path, const char *name)
{
	const char *reason = reach_lack(reach_of(path));

	if (reason)
		fprintf(stderr, "tine trace: %s: %s\n", name, reason);
}

/* The command's exit status counts, whatever becomes of the report. */
static int run_and_tell(const struct options *options, struct session *session, const char *path)
{
	struct tracefiles files;
	struct message why;
	int status;

	session_begin(session);
	const int code =
		target_run(path, options->arguments, session->environment, NULL, &status, &why);
	session_end(session);
	if (code)
		return failed(code, &why);
	int error = tracefiles_load(&files, session->directory, &why);
	if (!error) {
		error = tell(options, session, &files, status, &why);
		tracefiles_release(&files);
	}
	session_close(session);
	if (error)
		failed(EXIT_OURS, &why);
	return target_end_like(status);
}

int command_trace(const struct options *options)
{
	struct session session;
	struct message why;
	char *path;

	if (output_check(options, &why))
		return failed(EXIT_USAGE, &why);
	int code = target_find(&path, options->arguments[0], &why);
	if (!code && session_open(&session, options, &why))
		code = EXIT_OURS;
	if (code) {
		free(path);
		return failed(code, &why);
	}
	warn_unreached(path, options->arguments[0]);
	code = run_and_tell(options, &session, path);
	session_close(&session);
	free(path);
	return code;
}
