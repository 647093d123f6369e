/*
 * tine: the command line's entry.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "machine/build.h"
#include "machine/cpu.h"
#include "nearest.h"

const struct command commands[] = {
	{ "list", "", "The kernels and variants there are", "  tine list\n", false, 0, 0,
		command_list },
	{ "run", "KERNEL...", "Measure kernels and print a table",
		"  tine run sum_squares --threads 1,2,4\n"
		"  tine run collatz --variant openmp --schedule static --schedule dynamic,16\n"
		"  tine run pixel_blur --image photo.png --output blurred.png\n"
		"  tine run triad --size 10000000 --format json\n",
		false, 1, SIZE_MAX, command_run },
	{ "tasks", "TASK...", "Measure kernels side by side, each a task: KERNEL, or KERNEL/SIZE",
		"  tine tasks count_up/1e8 count_down/1e8\n"
		"  tine tasks sum_squares/1e7 sum_squares/1e7 sum_squares/1e7 --threads 3\n"
		"  tine tasks sum_squares/1e7 sum_squares/2e7 sum_squares/4e7 --variant pool "
		"--threads 2\n"
		"  tine timeline count_up/1e8 count_down/1e8 --variant global-lock\n",
		false, 1, SIZE_MAX, command_tasks },
	{ "sweep", "[KERNEL...]",
		"Measure all kernels, variants, thread counts and schedules, and leave a run "
		"directory",
		"  tine sweep\n"
		"  tine sweep --quick --out /tmp/look\n"
		"  tine sweep mandelbrot --threads 1,2,4,8\n",
		false, 0, SIZE_MAX, command_sweep },
	{ "report", "RUN", "Make every table and picture of a run directory again",
		"  tine report results/node17-20261120T101500Z\n", false, 1, 1, command_report },
	{ "timeline", "KERNEL | TASK...",
		"Show one fork-join region of a kernel, or of tasks, member by member",
		"  tine timeline sum_squares\n"
		"  tine timeline triangle --schedule dynamic,16 --output triangle.svg\n"
		"  tine timeline collatz --variant pool --threads 4 --regions 3\n"
		"  tine timeline mandelbrot --format chrome --output mandelbrot.json\n"
		"  tine timeline count_up/1e8 count_down/1e8 --variant pool\n",
		false, 1, SIZE_MAX, command_timeline },
	{ "schedules", "KERNEL", "Find the OpenMP schedule and chunk that suit a kernel",
		"  tine schedules mandelbrot\n"
		"  tine schedules triangle --threads 8 --output triangle.svg\n"
		"  tine schedules collatz --variant openmp --schedule dynamic --chunks 1,8,64\n",
		false, 1, 1, command_schedules },
	{ "predict", "KERNEL",
		"Say how long a kernel would take on teams of any size, and under which schedule",
		"  tine predict mandelbrot\n"
		"  tine predict triangle --cores 1,2,8,64,1024 --schedule static --schedule "
		"dynamic,4\n",
		false, 1, 1, command_predict },
	{ "grain", "[KERNEL...]",
		"Say how much work is worth a fork, and a chunk; or from which size a kernel is",
		"  tine grain\n"
		"  tine grain --schedule dynamic,1 --schedule dynamic,64 --output grain.svg\n"
		"  tine grain triangle collatz --threads 2 --output overtakes.png\n",
		false, 0, SIZE_MAX, command_grain },
	{ "roof", "[KERNEL...]",
		"Measure this machine's ceilings, what bounds each kernel, and how near it comes",
		"  tine roof\n"
		"  tine roof sum_squares triad --output roof.svg\n"
		"  tine roof --threads 1,2,4 --format json\n",
		false, 0, SIZE_MAX, command_roof },
	{ "overhead", "",
		"Say what fork, join, barrier and dispatch cost here, and how near the floor that "
		"is",
		"  tine overhead\n"
		"  tine overhead --threads 4 --format json\n"
		"  tine overhead --wait passive\n",
		false, 0, 0, command_overhead },
	{ "trace", "-- COMMAND [ARGUMENT]...",
		"Run a program, and tell where the time of its OpenMP regions went",
		"  tine trace -- ./simulation input.dat\n"
		"  tine trace --format chrome --output traced -- gm convert a.png -blur 0x8 b.png\n"
		"  tine trace --chunks -- ./simulation input.dat\n"
		"\nThe report goes to standard error. The exit status, or the signal, is the "
		"command's; 126 and 127\nif it cannot be run, 125 if Tine itself failed, 2 "
		"usage.\n",
		false, 1, SIZE_MAX, command_trace },
	{ "advise", "-- COMMAND [ARGUMENT]...",
		"Run a program, tell what binds it, and whether concurrency or parallelism would "
		"help",
		"  tine advise -- ./simulation input.dat\n"
		"  tine advise --format json --output advice.json -- make -j2\n"
		"\nThe report goes to standard error unless --output is given. The exit status, or "
		"the signal, is the\n"
		"command's; 126 and 127 if it cannot be run, 125 if Tine itself failed, 2 usage.\n",
		false, 1, SIZE_MAX, command_advise },
	{ "doctor", "", "What spoils measurements on this node, why, and what mends it",
		"  tine doctor\n"
		"  tine doctor --format json\n",
		false, 0, 0, command_doctor },
	{ "compare", "RUN_A RUN_B",
		"Say of each case whether RUN_B is slower than RUN_A, or faster",
		"  tine compare results/before results/after\n"
		"  tine compare results/before results/after --fail-above 5%\n",
		false, 2, 2, command_compare },
	{ "lessons", "[N]...",
		"Settle common beliefs about threads by measurement, on this machine",
		"  tine lessons\n"
		"  tine lessons 3\n"
		"  tine lessons --format markdown --output lessons >lessons.md\n",
		false, 0, SIZE_MAX, command_lessons },
	{ "launch", "ORDER", "Measure one case in this process; run and sweep start it", "", true,
		1, 1, command_launch },
};

const size_t command_count = sizeof(commands) / sizeof(commands[0]);

/*
 * The CPUs we were given. Where OMP_PROC_BIND is set, libgomp binds the initial thread to a single
 * one as it is loaded, before main; functions in .preinit_array run earlier still.
 */
static struct {
	cpu_set_t set[16]; /* of 1024 CPUs each */
	int known;
} given;

static void __attribute__((no_sanitize("address", "undefined"))) note_cpus(void)
{
	given.known = !sched_getaffinity(0, sizeof(given.set), given.set);
}

static void (*const note_cpus_early)(void)
	__attribute__((section(".preinit_array"), used)) = note_cpus;

static const char *command_name_at(const void *context, size_t index)
{
	(void)context;
	return commands[index].name;
}

const struct command *command_named(const char *name)
{
	for (size_t c = 0; c < command_count; c++)
		if (!strcmp(commands[c].name, name))
			return &commands[c];
	return NULL;
}

int complain(int error, const struct message *why)
{
	fprintf(stderr, "tine: %s\n", why->text);
	return error == -EINTR     ? EXIT_INTERRUPTED
		: error == -EINVAL ? EXIT_USAGE
				   : EXIT_ENVIRONMENT;
}

int exit_code_of(const struct launch_record *launches, size_t count)
{
	int code = EXIT_DONE;

	for (size_t i = 0; i < count; i++) {
		if (launches[i].status == LAUNCH_WRONG)
			return EXIT_WRONG;
		if (launches[i].status == LAUNCH_FAILED)
			code = EXIT_ENVIRONMENT;
	}
	return code;
}

void tell_disturbed(const struct summaries *all)
{
	size_t lost = 0;

	for (size_t i = 0; i < all->count; i++)
		lost += all->rows[i].disturbed && !all->rows[i].launches;
	if (lost)
		fprintf(stderr,
			"tine: every launch of %zu case%s was disturbed by other load, so that no "
			"time can be given; 'tine doctor' says what to do\n",
			lost, lost == 1 ? "" : "s");
}

static int unknown_command(const char *name)
{
	char hint[HINT_TEXT];

	fprintf(stderr, "tine: there is no command '%s'%s; 'tine --help' names them\n", name,
		nearest_hint(hint, name, command_name_at, NULL, command_count));
	return EXIT_USAGE;
}

static int print_help(const char *name)
{
	const struct command *command = name ? command_named(name) : NULL;

	if (name && !command)
		return unknown_command(name);
	help_print(command);
	return EXIT_DONE;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	struct options options;
	struct message why;
	int code;

	if (options_read(&options, command, argc, argv, &why)) {
		fprintf(stderr, "tine %s: %s\nSee 'tine %s --help'.\n", command->name, why.text,
			command->name);
		code = EXIT_USAGE;
	} else if (options.help) {
		help_print(command);
		code = EXIT_DONE;
	} else {
		code = command->main(&options);
	}
	options_release(&options);
	return code;
}

/* What could not be printed, to a full disk or a closed pipe, must not pass for done. */
static int flushed(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	fprintf(stderr, "tine: cannot write to standard output: %s\n", strerror(errno));
	return code ? code : EXIT_ENVIRONMENT;
}

static int dispatch(int argc, char **argv)
{
	const struct command *command;
	struct message why;

	if (argc < 2) {
		fputs("tine: give a command; 'tine --help' names them\n", stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("tine %s\n", build_version());
		return EXIT_DONE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return print_help(argv[2]);
	command = command_named(argv[1]);
	if (!command)
		return unknown_command(argv[1]);
	if (cpu_check(&why))
		return complain(-ENOTSUP, &why);
	if (!command->hidden && given.known) /* a launch is bound as its conductor says */
		sched_setaffinity(0, sizeof(given.set), given.set);
	return run_command(command, argc - 2, argv + 2);
}

/* Opened where they are closed, so that no file of ours gets their number and their words. */
static void have_standard_files(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY); /* 1: writing fails */
}

int main(int argc, char **argv)
{
	have_standard_files();
	return flushed(dispatch(argc, argv));
}
