#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "execution.h"
#include "nearest.h"
#include "readers.h"

static const struct option {
	const char *name;
	const char *argument; /* NULL: takes none */
	const char *commands; /* space-separated */
	const char *what;
	read_value *read;
} options[] = {
	{ "--variant", "V,V|all", "run sweep tasks timeline schedules predict grain roof",
		"sequential, openmp, pthread or pool, which are measured unless others are given "
		"(of schedules openmp and pool); process, one-core, global-lock or event-loop; "
		"'all' of them, as tasks does unless told, with openmp-sections and openmp-tasks, "
		"which are for tasks alone; predict takes one, openmp unless given, and roof one, "
		"pool unless given",
		read_variant },
	{ "--keep", NULL, "run sweep tasks timeline",
		"process: keep the processes from region to region", read_keep },
	{ "--switch-interval", "T", "run sweep tasks timeline",
		"global-lock: how long a member waits before it asks for the lock: 5ms unless "
		"given",
		read_switch_interval },
	{ "--threads", "1,2,4|all", "run sweep tasks timeline schedules grain roof overhead",
		"thread counts, 1 to 4096; 'all' is one a core (run's default, but of kernels that "
		"wait one a unit, and of tasks no more than there are; roof's is 1,all)",
		read_threads },
	{ "--cores", "1,8,64|all", "schedules predict",
		"teams to predict, 1 to 4096, however many cores there are; predict's are 1,2,8,64 "
		"and all cores here unless given",
		read_cores },
	{ "--schedule", "KIND[,CHUNK]", "run sweep tasks timeline schedules predict grain",
		"static, dynamic, guided or auto, the chunk in units; repeatable; schedules tries "
		"a kind without a chunk with all; of tasks dynamic,1 unless given",
		read_schedule },
	{ "--size", "N|WxH", "run sweep timeline schedules predict grain",
		"elements, or width x height of a picture", read_size },
	{ "--grain", "G", "run sweep timeline schedules predict grain",
		"elements in a unit, from 1", read_grain },
	{ "--image", "FILE", "run sweep timeline schedules predict",
		"PNG, PPM or PGM picture for the pixel kernels", read_image },
	{ "--output", "FILE", "run", "where to write the resulting picture: .png, .ppm or .pgm",
		read_output },
	{ "--gamma", "G", "run sweep tasks timeline schedules predict grain",
		"of pixel_gamma; 2.2 unless given", read_gamma },
	{ "--shape", "NAME", "run sweep timeline schedules predict grain",
		"how synthetic's work is spread: constant (default), rising, falling, exponential, "
		"bimodal, heavy-tailed or giant",
		read_shape },
	{ "--mean-ns", "T", "run sweep timeline schedules predict grain",
		"of synthetic, an element's work on average, nominally; 2000 unless given",
		read_mean_ns },
	{ "--scale", "S", "run sweep timeline",
		"of fetch and mixed: answers come after 2, 1 and 1.5 s times this; 0.1 unless "
		"given",
		read_scale },
	{ "--input", "FILE...", "run sweep timeline schedules predict",
		"files for log_scan, up to the next option", read_input },
	{ "--launches", "L", "run sweep tasks schedules predict grain roof overhead lessons",
		"measure each case in just so many processes, whatever the precision",
		read_launches },
	{ "--precision", "P", "run sweep tasks schedules overhead",
		"launch a case until its 95 % interval is within +-P percent; 1 unless given",
		read_precision },
	{ "--budget", "T", "run sweep tasks schedules grain overhead lessons",
		"start no launch after so long: 90s, 5m; unless given, as long as 6 launches a "
		"case take, and at least 10 s (run, tasks), 30 s (schedules, overhead), 1 min "
		"(grain) or 4 min (sweep); of lessons 14 s each, however few launches that is",
		read_budget },
	{ "--limit", "T", "run sweep tasks timeline schedules predict grain roof overhead lessons",
		"end a launch that takes so long as hung; 5m unless given", read_limit },
	{ "--samples", "K", "run sweep tasks schedules predict",
		"timed regions in a launch; until steady, at most 60 ms, unless given",
		read_samples },
	{ "--scaling", "strong|weak", "run sweep",
		"weak: the size grows with the threads, for Gustafson's scaled speedup",
		read_scaling },
	{ "--bind", "cores|threads|none",
		"run sweep tasks timeline schedules predict grain roof overhead",
		"one thread a core first (default), hardware threads in turn, or unbound",
		read_bind },
	{ "--wait", "active|passive",
		"run sweep tasks timeline schedules predict grain roof overhead",
		"how members of openmp and pool wait: spinning, or asleep; OMP_WAIT_POLICY, or "
		"spinning for a while and then asleep, unless given",
		read_wait },
	{ "--quick", NULL, "sweep", "an eighth of the size, 3 launches: a look, without intervals",
		read_quick },
	{ "--out", "DIR", "sweep", "the run directory; results/<host>-<UTC time> unless given",
		read_out },
	{ "--resume", "RUN", "sweep", "finish a run that was cut short; its plan is kept",
		read_resume },
	{ "--seed", "S", "run sweep tasks timeline schedules predict grain roof overhead",
		"of the order of launches, and of random input, which is that of 0 unless given; "
		"recorded, so it can be repeated",
		read_seed },
	{ "--turns", "FILE", "run sweep tasks schedules",
		"take turns, launch by launch, with every sweep given the same FILE: two programs "
		"that are to be compared then meet the same machine",
		read_turns },
	{ "--format", "F", "run tasks compare schedules predict grain roof overhead doctor",
		"table (default), csv, json or markdown", read_format },
	{ "--regions", "N", "timeline",
		"show the first N regions of a process, the cold one first; one warm one unless "
		"given",
		read_regions },
	{ "--format", "F", "timeline",
		"text (default), svg, png, chrome (JSON for Perfetto and speedscope) or otf2; "
		"what --output ends in unless given",
		read_drawing },
	{ "--output", "FILE", "timeline",
		"where to write it; text and chrome can go to the terminal", read_output_file },
	{ "--chunks", "1,2,4", "schedules",
		"chunks to try, in units; powers of two up to units / threads unless given",
		read_chunks },
	{ "--all", NULL, "schedules", "measure every schedule alike: no search, however long",
		read_all },
	{ "--all", NULL, "grain", "every kernel but those that wait", read_all },
	{ "--output", "FILE", "schedules", "where to draw the heat map: .svg or .png",
		read_plot_output },
	{ "--output", "FILE", "grain", "where to draw the curves: .svg or .png", read_plot_output },
	{ "--output", "FILE", "roof", "where to draw the rooflines: .svg or .png",
		read_plot_output },
	{ "--margin", "P", "compare", "call same what differs by less; 1 percent unless given",
		read_margin },
	{ "--relative", NULL, "compare",
		"judge each case against the median of all: takes out that the machine changed",
		read_relative },
	{ "--fail-above", "P", "compare",
		"exit 3 if a case is significantly slower, and by more than P percent",
		read_fail_above },
	{ "--format", "F", "trace",
		"of the timelines that --output gets: text (default), svg, png, chrome (JSON for "
		"Perfetto and speedscope) or otf2",
		read_drawing },
	{ "--output", "DIR", "trace",
		"a new directory for the report, a table of places and timelines", read_directory },
	{ "--chunks", NULL, "trace",
		"stamp each chunk that a loop is dealt, which tells what dispatch costs",
		read_stamp_chunks },
	{ "--pthreads", NULL, "trace",
		"threads that are created and joined are regions, too, and waits at barriers waits",
		read_pthreads },
	{ "--max-memory", "M", "trace",
		"MiB that the records of a process may take; 64 unless given", read_max_memory },
	{ "--format", "F", "lessons", "table (default), json or markdown", read_format },
	{ "--output", "DIR", "lessons",
		"a new directory for the pictures; results/<host>-<UTC time>-lessons unless given",
		read_directory },
	{ "--format", "F", "advise", "of the report: text (default) or json", read_report_format },
	{ "--output", "FILE", "advise", "where to write the report; standard error unless given",
		read_output_file },
	{ "--help", NULL,
		"list run compare tasks sweep report timeline schedules predict grain roof "
		"overhead trace advise doctor lessons",
		"this help", read_help },
};

enum { OPTION_COUNT = sizeof(options) / sizeof(options[0]) };

static bool belongs(const struct option *option, const char *command)
{
	const size_t length = strlen(command);

	for (const char *at = option->commands; (at = strstr(at, command)); at += length)
		if ((at == option->commands || at[-1] == ' ') && (!at[length] || at[length] == ' '))
			return true;
	return false;
}

/* The command's own, or else another's of that name. */
static const struct option *find_option(const char *word, size_t length, const char *command)
{
	const struct option *other = NULL;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (strlen(options[i].name) != length || strncmp(options[i].name, word, length))
			continue;
		if (belongs(&options[i], command))
			return &options[i];
		other = &options[i];
	}
	return other;
}

/* Options of other commands are no help. */
static const char *own_option_name_at(const void *command, size_t index)
{
	return belongs(&options[index], command) ? options[index].name : NULL;
}

enum { COMMANDS_TEXT = 256 };

/* The commands that have an option of that name: "sweep run" */
static const char *list_commands(char text[COMMANDS_TEXT], const char *name)
{
	int length = 0;

	for (size_t i = 0; i < OPTION_COUNT && length < COMMANDS_TEXT; i++)
		if (!strcmp(options[i].name, name))
			length += snprintf(text + length, (size_t)(COMMANDS_TEXT - length), "%s%s",
				length ? " " : "", options[i].commands);
	return text;
}

static int unknown_option(
	const char *word, size_t length, const struct command *command, struct message *why)
{
	char name[32], hint[HINT_TEXT], those[COMMANDS_TEXT];
	const struct option *other = find_option(word, length, command->name);

	if (other)
		return fail(why, -EINVAL, "%s is no option of tine %s; it belongs to: %s",
			other->name, command->name, list_commands(those, other->name));
	snprintf(name, sizeof(name), "%.*s", (int)length, word);
	nearest_hint(hint, name, own_option_name_at, command->name, OPTION_COUNT);
	return fail(why, -EINVAL, "there is no option '%s'%s", name, hint);
}

/* Whether words that follow an option's value are values, too. */
static bool takes_more(const struct option *option)
{
	return option->argument && strstr(option->argument, "...");
}

/* Reads argv[*at], and its value from the next word if need be, or its values. */
static int read_option(struct options *into, const struct command *command, int argc, char **argv,
	int *at, struct message *why)
{
	const char *word = strcmp(argv[*at], "-h") ? argv[*at] : "--help";
	const size_t length = strcspn(word, "=");
	const struct option *option = find_option(word, length, command->name);
	const char *value = word[length] ? word + length + 1 : NULL;

	if (!option || !belongs(option, command->name))
		return unknown_option(word, length, command, why);
	if (!option->argument && value)
		return fail(why, -EINVAL, "%s takes no value", option->name);
	if (option->argument && !value && ++*at < argc)
		value = argv[*at];
	if (option->argument && !value)
		return fail(why, -EINVAL, "%s needs a value: %s %s", option->name, option->name,
			option->argument);
	into->given++;
	int error = option->read(into, value, why);
	while (!error && takes_more(option) && *at + 1 < argc && argv[*at + 1][0] != '-')
		error = option->read(into, argv[++*at], why);
	return error;
}

int options_read(struct options *into, const struct command *command, int argc, char **argv,
	struct message *why)
{
	bool only_arguments = false;
	int error = 0;

	*into = (struct options) {
		.gamma = 2.2, .precision = 0.01, .margin = 0.01, .memory_bytes = 64 << 20
	};
	into->arguments = calloc((size_t)argc + 1, sizeof(*into->arguments));
	if (!into->arguments)
		return fail(why, -ENOMEM, "no memory for the command line");
	for (int i = 0; i < argc && !error; i++) {
		if (!only_arguments && !strcmp(argv[i], "--"))
			only_arguments = true;
		else if (!only_arguments && argv[i][0] == '-' && argv[i][1])
			error = read_option(into, command, argc, argv, &i, why);
		else
			into->arguments[into->argument_count++] = argv[i];
	}
	if (error || into->help)
		return error;
	if (into->argument_count < command->arguments_min)
		return fail(why, -EINVAL, "give %s", command->arguments);
	if (into->argument_count > command->arguments_max)
		return fail(why, -EINVAL, "'%s' is one argument too many",
			into->arguments[command->arguments_max]);
	return 0;
}

void options_release(struct options *o)
{
	free(o->arguments);
	o->arguments = NULL;
}

int options_one_variant(const struct options *o, const char *command, enum variant usual,
	enum variant *into, struct message *why)
{
	const int error = execution_check_parallel(o, why);

	if (error)
		return error;
	*into = usual;
	for (enum variant v = SEQUENTIAL + 1; v < VARIANTS; v++)
		if (o->variants == 1u << v)
			*into = v;
	if (o->variants && o->variants != 1u << *into)
		return fail(why, -EINVAL,
			"--variant: %s takes one that is parallel, such as openmp or pool",
			command);
	return 0;
}

static void print_option(const struct option *option)
{
	char left[48];

	snprintf(left, sizeof(left), "%s %s", option->name,
		option->argument ? option->argument : "");
	printf("  %-28s %s\n", left, option->what);
}

static void print_commands(void)
{
	printf("Tine measures how much faster CPU-bound loops get on the cores of this node.\n\n"
	       "Usage: tine COMMAND [ARGUMENT]... [OPTION]...\n\nCommands:\n");
	for (size_t c = 0; c < command_count; c++)
		if (!commands[c].hidden)
			printf("  %-9s %s\n", commands[c].name, commands[c].what);
	printf("\nExamples:\n"
	       "  tine list\n"
	       "  tine run sum_squares --threads 1,2,4\n"
	       "  tine sweep --quick\n"
	       "\n'tine COMMAND --help' says more; 'tine --version' says which Tine this is.\n");
}

/* Behind -- all words are another program's, and the exit code is its own. */
static bool runs_another(const struct command *command)
{
	return !strncmp(command->arguments, "--", 2);
}

void help_print(const struct command *command)
{
	if (!command) {
		print_commands();
		return;
	}
	const bool another = runs_another(command);
	printf("Usage: tine %s%s%s%s%s\n\n%s.\n\nOptions:\n", command->name,
		another ? " [OPTION]..." : "", *command->arguments ? " " : "", command->arguments,
		another ? "" : " [OPTION]...", command->what);
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (belongs(&options[i], command->name))
			print_option(&options[i]);
	if (*command->examples)
		printf("\nExamples:\n%s", command->examples);
	if (!another)
		printf("\nExit codes: 0 done, 1 a result was wrong, 2 usage, 3 slower (compare "
		       "--fail-above),\n"
		       "4 the environment cannot do it, 130 interrupted.\n");
}
