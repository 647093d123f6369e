#include "target.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

/* ---- where it is ---- */

static bool is_file(const char *path)
{
	struct stat about;

	return !stat(path, &about) && S_ISREG(about.st_mode);
}

/* The first in PATH that can be run, else the first that is there; NULL: none. Owned by the caller. */
static char *search_path(const char *name)
{
	const char *at = getenv("PATH");
	char *there = NULL;

	for (at = at ? at : "/usr/local/bin:/usr/bin:/bin"; at; at = strchr(at, ':')) {
		at += *at == ':';
		const int length = (int)strcspn(at, ":");
		char *path;
		if (asprintf(&path, "%.*s/%s", length ? length : 1, length ? at : ".", name) < 0)
			break;
		const bool file = is_file(path);
		if (file && !access(path, X_OK)) {
			free(there);
			return path;
		}
		if (file && !there)
			there = path;
		else
			free(path);
	}
	return there;
}

int target_find(char **path, const char *name, struct message *why)
{
	struct stat about;

	*path = strchr(name, '/') ? strdup(name) : search_path(name);
	if (!*path || stat(*path, &about))
		return fail(why, EXIT_NOT_FOUND, "%s: %s", name,
			strchr(name, '/') ? strerror(errno) : "no such command in PATH");
	if (S_ISDIR(about.st_mode))
		return fail(why, EXIT_NOT_EXECUTABLE, "%s: it is a directory", name);
	if (access(*path, X_OK))
		return fail(why, EXIT_NOT_EXECUTABLE, "%s: %s", name, strerror(errno));
	return 0;
}

/* ---- running it ---- */

static pid_t running; /* for the handler */

static void pass_on(int signal)
{
	const int error = errno;

	if (running > 0)
		kill(running, signal);
	errno = error;
}

enum { WATCHED = 4 };
static const int watched[WATCHED] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };

/* SIGINT and SIGQUIT come from the terminal to both; those that are ignored stay so. */
static void watch(struct sigaction before[WATCHED])
{
	for (int i = 0; i < WATCHED; i++) {
		const bool passed = watched[i] == SIGTERM || watched[i] == SIGHUP;
		struct sigaction action = { .sa_handler = passed ? pass_on : SIG_IGN,
			.sa_flags = SA_RESTART };
		sigaction(watched[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(watched[i], &action, NULL);
	}
}

/* What it starts with is what we started with. */
struct signals {
	struct sigaction actions[WATCHED];
	sigset_t mask;
};

static int start(const char *path, char *const argv[], char *const environment[],
	const struct signals *before)
{
	posix_spawnattr_t attributes;
	sigset_t defaults;

	sigemptyset(&defaults);
	for (int i = 0; i < WATCHED; i++)
		if (before->actions[i].sa_handler != SIG_IGN)
			sigaddset(&defaults, watched[i]);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setsigmask(&attributes, &before->mask);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	/* as execvp does, it runs a script without #! by the shell */
	const int error = posix_spawnp(&running, path, NULL, &attributes, argv, environment);
	posix_spawnattr_destroy(&attributes);
	return error;
}

/* Takes in all children that have ended; whether the command was among them. */
static bool reap(const struct companion *beside, int *status)
{
	siginfo_t child = { 0 };
	bool ended = false;

	while (!waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) && child.si_pid) {
		int how;
		if (beside)
			beside->ended(beside->context, child.si_pid);
		waitpid(child.si_pid, &how, 0);
		if (child.si_pid == running) {
			*status = how;
			running = 0;
			ended = true;
		}
		child.si_pid = 0;
	}
	return ended;
}

static void await(const sigset_t *ends, const struct companion *beside, int *status)
{
	uint64_t next = 0;

	while (!reap(beside, status)) {
		const uint64_t now = clock_monotonic_ns();
		if (beside && now >= next)
			next = clock_monotonic_ns() + beside->look(beside->context);
		const uint64_t left = next > now ? next - now : 0;
		const struct timespec patience = {
			.tv_sec = (time_t)(left / 1000000000),
			.tv_nsec = (long)(left % 1000000000),
		};
		sigtimedwait(ends, NULL, beside ? &patience : NULL);
	}
}

int target_run(const char *path, char *const argv[], char *const environment[],
	const struct companion *beside, int *status, struct message *why)
{
	struct signals before;
	sigset_t ends;

	signal(SIGCHLD, SIG_DFL); /* ignored, as some parents leave it, children would vanish */
	sigemptyset(&ends);
	sigaddset(&ends, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ends, &before.mask);
	watch(before.actions);
	const int error = start(path, argv, environment, &before);
	if (!error)
		await(&ends, beside, status);
	sigprocmask(SIG_SETMASK, &before.mask, NULL);
	if (error)
		return fail(why, error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE, "%s: %s",
			argv[0], strerror(error));
	return 0;
}

char *target_words(char *const *arguments, size_t count)
{
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	if (!stream)
		return NULL;
	for (size_t a = 0; a < count; a++)
		fprintf(stream, "%s%s", a ? " " : "", arguments[a]);
	return fclose(stream) ? NULL : text;
}

void target_print_end(int status, FILE *to)
{
	if (WIFSIGNALED(status))
		fprintf(to, "ended by signal %d (%s)", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else
		fprintf(to, "exit status %d", WEXITSTATUS(status));
}

int target_end_like(int status)
{
	const struct rlimit no_core = { 0 };
	sigset_t none;

	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	fflush(NULL);
	setrlimit(RLIMIT_CORE, &no_core); /* the command's is the one that counts */
	signal(WTERMSIG(status), SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	raise(WTERMSIG(status));
	return EXIT_SIGNALLED + WTERMSIG(status);
}
