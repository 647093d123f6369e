#include "trace/session.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/format.h"

extern char **environ;

static const char library_name[] = "libtine-trace.so";
static const char preload[] = "LD_PRELOAD=";

/* ---- the library ---- */

/* Beside tine where it was built, or in ../lib/tine where it is installed. The caller frees it. */
static char *library_path(struct message *why)
{
	static const char *const places[] = { "", "../lib/tine/" };
	char self[4096];
	const ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[length > 0 ? length : 0] = 0;
	char *slash = strrchr(self, '/');
	if (slash)
		slash[1] = 0;
	for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
		char *path;
		if (asprintf(&path, "%s%s%s", self, places[p], library_name) < 0)
			break;
		if (!access(path, R_OK))
			return path;
		free(path);
	}
	fail(why, -ENOENT, "there is no %s beside tine, in %s; 'make' builds it", library_name,
		self);
	return NULL;
}

/* The loader takes spaces and colons for the ends of names. */
static int check_path(const char *path, struct message *why)
{
	if (!strpbrk(path, " :"))
		return 0;
	return fail(why, -EINVAL,
		"%s cannot be preloaded, since its path has a space or a colon: build or install "
		"Tine elsewhere",
		path);
}

/* ---- the environment ---- */

static bool is_named(const char *variable, const char *name)
{
	const size_t length = strlen(name);

	return !strncmp(variable, name, length) && variable[length] == '=';
}

/* Before what is preloaded anyway. */
static char *preload_variable(const char *library)
{
	const char *before = getenv("LD_PRELOAD");
	char *text;

	if (asprintf(&text, "%s%s%s%s", preload, library, before && *before ? ":" : "",
		    before ? before : "") < 0)
		return NULL;
	return text;
}

static char *options_variable(const struct session *session, const struct options *options)
{
	char *text;

	if (asprintf(&text, "%s=%s%s%s%" PRIu64, TRACE_ENV_OPTIONS, session->clock.tsc ? "t" : "",
		    options->stamp_chunks ? "c" : "", options->pthreads ? "p" : "",
		    options->memory_bytes) < 0)
		return NULL;
	return text;
}

enum { ADDED = 3 };

/* Ours first: they are owned, and freed as the first ADDED. */
static int make_environment(
	struct session *session, const char *library, const struct options *options)
{
	size_t count = 0, kept = ADDED;
	char *directory;

	while (environ[count])
		count++;
	session->environment = calloc(count + ADDED + 1, sizeof(*session->environment));
	if (!session->environment)
		return -ENOMEM;
	if (asprintf(&directory, "%s=%s", TRACE_ENV_DIRECTORY, session->directory) < 0)
		return -ENOMEM;
	session->environment[0] = directory;
	session->environment[1] = preload_variable(library);
	session->environment[2] = options_variable(session, options);
	if (!session->environment[1] || !session->environment[2])
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (!is_named(environ[i], "LD_PRELOAD") &&
			!is_named(environ[i], TRACE_ENV_DIRECTORY) &&
			!is_named(environ[i], TRACE_ENV_OPTIONS))
			session->environment[kept++] = environ[i];
	return 0;
}

/* ---- the directory ---- */

static int make_directory(struct session *session, struct message *why)
{
	const char *temporary = getenv("TMPDIR");
	const char *const places[] = { "/dev/shm", temporary ? temporary : "/tmp", "/tmp" };

	for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
		if (*places[p] != '/' ||
			asprintf(&session->directory, "%s/tine-trace-XXXXXX", places[p]) < 0)
			continue;
		if (strlen(session->directory) < TRACE_PATH - 32 && mkdtemp(session->directory))
			return 0;
		free(session->directory);
		session->directory = NULL;
	}
	return fail(why, -errno, "cannot make a directory for the trace in /dev/shm or /tmp: %s",
		strerror(errno));
}

static void remove_directory(const char *path)
{
	DIR *files = opendir(path);
	struct dirent *entry;

	while (files && (entry = readdir(files)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(files), entry->d_name, 0);
	if (files)
		closedir(files);
	rmdir(path);
}

/* ---- all of it ---- */

int session_open(struct session *session, const struct options *options, struct message *why)
{
	*session = (struct session) { .clock = clock_calibrate() };
	char *library = library_path(why);
	int error = library ? check_path(library, why) : -ENOENT;

	if (!error)
		error = make_directory(session, why);
	if (!error && make_environment(session, library, options))
		error = fail(why, -ENOMEM, "no memory for the command's environment");
	free(library);
	if (error)
		session_close(session);
	return error;
}

void session_begin(struct session *session)
{
	session->begin_ns = clock_monotonic_ns();
	session->begin = clock_ticks(&session->clock);
}

void session_end(struct session *session)
{
	session->end_ns = clock_monotonic_ns();
	session->end = clock_ticks(&session->clock);
}

double session_seconds_per_tick(const struct session *session)
{
	static const uint64_t long_enough_ns = 100000000;
	const uint64_t ns = session->end_ns - session->begin_ns;

	if (!session->clock.tsc || ns < long_enough_ns)
		return session->clock.ns_per_tick * 1e-9;
	return (double)ns * 1e-9 / (double)(session->end - session->begin);
}

void session_close(struct session *session)
{
	for (size_t i = 0; session->environment && i < ADDED; i++)
		free(session->environment[i]);
	free(session->environment);
	if (session->directory)
		remove_directory(session->directory);
	free(session->directory);
	*session = (struct session) { 0 };
}
