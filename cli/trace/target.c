#include "trace/target.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

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

/* ---- what it is ---- */

/* A program that asks for no interpreter is loaded by the kernel alone. */
static bool asks_for_loader(int file, const Elf64_Ehdr *header)
{
	for (unsigned i = 0; i < header->e_phnum; i++) {
		Elf64_Phdr segment;
		const off_t at = (off_t)(header->e_phoff + i * (Elf64_Off)header->e_phentsize);
		if (pread(file, &segment, sizeof(segment), at) == (ssize_t)sizeof(segment) &&
			segment.p_type == PT_INTERP)
			return true;
	}
	return false;
}

/* The kind of processor that we were built for. */
static bool read_own_header(Elf64_Ehdr *into)
{
	const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	const bool read =
		file >= 0 && pread(file, into, sizeof(*into), 0) == (ssize_t)sizeof(*into);

	if (file >= 0)
		close(file);
	return read;
}

static enum reach reach_of_file(int file)
{
	Elf64_Ehdr header, own;

	if (pread(file, &header, sizeof(header), 0) != (ssize_t)sizeof(header) ||
		memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
		return REACHED; /* a script: its interpreter is what runs */
	if (read_own_header(&own) &&
		(header.e_ident[EI_CLASS] != own.e_ident[EI_CLASS] ||
			header.e_machine != own.e_machine))
		return REACH_OTHER;
	return asks_for_loader(file, &header) ? REACHED : REACH_STATIC;
}

static bool changes_rights(const char *path)
{
	struct stat about;

	if (stat(path, &about))
		return false;
	return (about.st_mode & S_ISUID && about.st_uid != getuid()) ||
		(about.st_mode & S_ISGID && about.st_gid != getgid()) ||
		(geteuid() && getxattr(path, "security.capability", NULL, 0) > 0);
}

static enum reach reach_of(const char *path)
{
	const int file = open(path, O_RDONLY | O_CLOEXEC);

	if (changes_rights(path)) {
		if (file >= 0)
			close(file);
		return REACH_SETUID;
	}
	if (file < 0)
		return REACHED; /* it may be run, but not read */
	const enum reach reach = reach_of_file(file);
	close(file);
	return reach;
}

const char *target_unreached(enum reach reach)
{
	static const char *const words[] = {
		[REACH_STATIC] =
			"it is statically linked, so that preloading cannot reach it; only "
			"programs that it starts can be seen",
		[REACH_SETUID] = "it runs with other rights than ours (setuid, setgid or "
				 "capabilities), so that preloading cannot reach it",
		[REACH_OTHER] = "it is built for another processor or word size than Tine, so that "
				"preloading cannot reach it",
	};

	return words[reach];
}

int target_find(struct target *into, const char *name, struct message *why)
{
	*into = (struct target) { .path = strchr(name, '/') ? strdup(name) : search_path(name) };
	struct stat about;

	if (!into->path || stat(into->path, &about))
		return fail(why, EXIT_NOT_FOUND, "%s: %s", name,
			strchr(name, '/') ? strerror(errno) : "no such command in PATH");
	if (S_ISDIR(about.st_mode))
		return fail(why, EXIT_NOT_EXECUTABLE, "%s: it is a directory", name);
	if (access(into->path, X_OK))
		return fail(why, EXIT_NOT_EXECUTABLE, "%s: %s", name, strerror(errno));
	into->reach = reach_of(into->path);
	return 0;
}

void target_release(struct target *target)
{
	free(target->path);
	*target = (struct target) { 0 };
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

/* It starts with the signals that we started with. */
static int start(const struct target *target, char *const argv[], char *const environment[],
	const struct sigaction before[WATCHED])
{
	posix_spawnattr_t attributes;
	sigset_t defaults;

	sigemptyset(&defaults);
	for (int i = 0; i < WATCHED; i++)
		if (before[i].sa_handler != SIG_IGN)
			sigaddset(&defaults, watched[i]);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	/* as execvp does, it runs a script without #! by the shell */
	const int error =
		posix_spawnp(&running, target->path, NULL, &attributes, argv, environment);
	posix_spawnattr_destroy(&attributes);
	return error;
}

int target_run(const struct target *target, char *const argv[], char *const environment[],
	int *status, struct message *why)
{
	struct sigaction before[WATCHED];

	signal(SIGCHLD, SIG_DFL); /* ignored, as some parents leave it, children would vanish */
	watch(before);
	const int error = start(target, argv, environment, before);
	if (error)
		return fail(why, error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE, "%s: %s",
			argv[0], strerror(error));
	while (waitpid(running, status, 0) < 0 && errno == EINTR)
		;
	running = 0;
	return 0;
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
