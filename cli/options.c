#include "options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "launch.h"
#include "nearest.h"
#include "plot.h"
#include "values.h"

static const char *variant_name_at(const void *context, size_t index)
{
	(void)context;
	return variant_name(index);
}

static int read_variant(struct options *into, const char *text, struct message *why)
{
	enum variant variant;

	char hint[HINT_TEXT];

	if (variant_parse(text, &variant))
		return fail(why, -EINVAL,
			"--variant %s%s: it is sequential, openmp, pthread or pool", text,
			nearest_hint(hint, text, variant_name_at, NULL, VARIANTS));
	into->variants |= 1u << variant;
	return 0;
}

/* What may be in a list of counts. */
struct list {
	const char *option;
	unsigned most;
	bool all; /* the word 'all' too, which is ALL_CORES */
};

/* "1,2,4" */
static int read_counts(unsigned *counts, size_t *count, const struct list *list, const char *text,
	struct message *why)
{
	char word[16];
	uint64_t value;

	for (const char *at = text;; at++) {
		const size_t length = strcspn(at, ",");
		snprintf(word, sizeof(word), "%.*s", (int)length, at);
		if (list->all && !strcmp(word, "all"))
			value = ALL_CORES;
		else if (length >= sizeof(word) || read_whole(word, 1, list->most, &value))
			return fail(why, -EINVAL,
				"%s %s: give counts from 1 to %u, separated by commas%s: 1,2,4",
				list->option, text, list->most, list->all ? ", or 'all'" : "");
		if (*count == LIST_MAX)
			return fail(why, -EINVAL, "%s: at most %d counts", list->option, LIST_MAX);
		counts[(*count)++] = (unsigned)value;
		at += length;
		if (!*at)
			return 0;
	}
}

static int read_threads(struct options *into, const char *text, struct message *why)
{
	static const struct list threads = { "--threads", THREADS_MAX, true };

	return read_counts(into->threads, &into->thread_count, &threads, text, why);
}

static int read_cores(struct options *into, const char *text, struct message *why)
{
	static const struct list cores = { "--cores", THREADS_MAX, true };

	return read_counts(into->cores, &into->core_count, &cores, text, why);
}

static int read_chunks(struct options *into, const char *text, struct message *why)
{
	static const struct list chunks = { "--chunks", SCHEDULE_CHUNK_MAX, false };

	return read_counts(into->chunks, &into->chunk_count, &chunks, text, why);
}

static const char *schedule_name_at(const void *context, size_t index)
{
	(void)context;
	return schedule_kind_name(SCHEDULE_STATIC + (enum schedule_kind)index);
}

static int read_schedule(struct options *into, const char *text, struct message *why)
{
	struct message inner;
	char hint[HINT_TEXT], kind[32];

	if (into->schedule_count == LIST_MAX)
		return fail(why, -EINVAL, "--schedule: at most %d of them", LIST_MAX);
	snprintf(kind, sizeof(kind), "%.*s", (int)strcspn(text, ","), text);
	nearest_hint(hint, kind, schedule_name_at, NULL, SCHEDULE_KINDS - SCHEDULE_STATIC);
	if (schedule_parse(text, &into->schedules[into->schedule_count], &inner))
		return fail(why, -EINVAL, "--schedule %s%s", inner.text,
			strstr(hint, kind) ? "" : hint);
	into->schedule_count++;
	return 0;
}

static int read_size(struct options *into, const char *text, struct message *why)
{
	const char *cross = strchr(text, 'x');
	char width[24];
	uint64_t w, h;

	if (!cross) {
		if (read_whole(text, 1, INT64_MAX, &into->size.n))
			return fail(why, -EINVAL,
				"--size %s: give a whole number from 1 to %" PRId64
				", or WIDTHxHEIGHT for a picture",
				text, INT64_MAX);
		into->size.width = into->size.height = 0;
		return 0;
	}
	snprintf(width, sizeof(width), "%.*s", (int)(cross - text), text);
	if (cross - text >= (ptrdiff_t)sizeof(width) || read_whole(width, 1, INT32_MAX, &w) ||
		read_whole(cross + 1, 1, INT32_MAX, &h))
		return fail(why, -EINVAL,
			"--size %s: give WIDTHxHEIGHT in whole pixels, such as "
			"1920x1080",
			text);
	into->size = (struct size) { .n = h, .width = (uint32_t)w, .height = (uint32_t)h };
	return 0;
}

static int read_grain(struct options *into, const char *text, struct message *why)
{
	if (read_whole(text, 1, INT64_MAX, &into->grain))
		return fail(why, -EINVAL,
			"--grain %s: give the elements in a unit, a whole number "
			"from 1",
			text);
	return 0;
}

static int read_image(struct options *into, const char *text, struct message *why)
{
	(void)why;
	into->image = text;
	return 0;
}

static int read_output(struct options *into, const char *text, struct message *why)
{
	struct message inner;

	into->output = text;
	if (picture_format_check(text, &inner))
		return fail(why, -EINVAL, "--output %s", inner.text);
	return 0;
}

static int read_gamma(struct options *into, const char *text, struct message *why)
{
	char *end;

	into->gamma = strtod(text, &end);
	if (end == text || *end || !(into->gamma >= 0.01 && into->gamma <= 100))
		return fail(why, -EINVAL, "--gamma %s: give a number from 0.01 to 100", text);
	return 0;
}

static int read_shape(struct options *into, const char *text, struct message *why)
{
	(void)why;
	into->shape = text;
	return 0;
}

static int read_mean_ns(struct options *into, const char *text, struct message *why)
{
	if (read_whole(text, 1, MEAN_NS_MAX, &into->mean_ns))
		return fail(why, -EINVAL, "--mean-ns %s: give a whole number from 1 to %d", text,
			MEAN_NS_MAX);
	return 0;
}

static int read_count(unsigned *into, const char *option, const char *text, struct message *why)
{
	uint64_t count;

	if (read_whole(text, 1, LAUNCH_SAMPLES_MAX, &count))
		return fail(why, -EINVAL, "%s %s: give a whole number from 1 to %d", option, text,
			LAUNCH_SAMPLES_MAX);
	*into = (unsigned)count;
	return 0;
}

static int read_launches(struct options *into, const char *text, struct message *why)
{
	return read_count(&into->launches, "--launches", text, why);
}

static int read_samples(struct options *into, const char *text, struct message *why)
{
	return read_count(&into->samples, "--samples", text, why);
}

static int read_bind(struct options *into, const char *text, struct message *why)
{
	struct message inner;

	if (bind_parse(text, &into->bind, &inner))
		return fail(why, -EINVAL, "--bind %s", inner.text);
	return 0;
}

static int read_format(struct options *into, const char *text, struct message *why)
{
	static const char *const names[FORMATS] = { "table", "csv", "json", "markdown" };

	for (int f = 0; f < FORMATS; f++) {
		if (strcmp(text, names[f]))
			continue;
		into->format = f;
		return 0;
	}
	return fail(why, -EINVAL, "--format %s: it is table, csv, json or markdown", text);
}

static int read_quick(struct options *into, const char *text, struct message *why)
{
	(void)text;
	(void)why;
	into->quick = true;
	return 0;
}

static int read_out(struct options *into, const char *text, struct message *why)
{
	if (!*text)
		return fail(why, -EINVAL, "--out: give a directory");
	into->out = text;
	return 0;
}

static int read_seed(struct options *into, const char *text, struct message *why)
{
	if (read_whole(text, 0, UINT32_MAX, &into->seed))
		return fail(why, -EINVAL, "--seed %s: give a whole number from 0 to %" PRIu32, text,
			UINT32_MAX);
	into->has_seed = true;
	return 0;
}

static int read_precision(struct options *into, const char *text, struct message *why)
{
	return read_percent(
		&into->precision, "--precision", "the half-width of the interval", text, why);
}

static int read_margin(struct options *into, const char *text, struct message *why)
{
	return read_percent(&into->margin, "--margin", "a difference", text, why);
}

static int read_relative(struct options *into, const char *text, struct message *why)
{
	(void)text;
	(void)why;
	into->relative = true;
	return 0;
}

static int read_fail_above(struct options *into, const char *text, struct message *why)
{
	return read_percent(&into->fail_above, "--fail-above", "a slowdown", text, why);
}

static int read_budget(struct options *into, const char *text, struct message *why)
{
	return read_seconds(&into->budget_s, "--budget", text, why);
}

static int read_limit(struct options *into, const char *text, struct message *why)
{
	return read_seconds(&into->limit_s, "--limit", text, why);
}

static int read_scaling(struct options *into, const char *text, struct message *why)
{
	into->weak = !strcmp(text, "weak");
	if (!into->weak && strcmp(text, "strong") != 0)
		return fail(why, -EINVAL, "--scaling %s: it is strong or weak", text);
	return 0;
}

static int read_resume(struct options *into, const char *text, struct message *why)
{
	(void)why;
	into->resume = text;
	return 0;
}

static int read_turns(struct options *into, const char *text, struct message *why)
{
	if (!*text)
		return fail(why, -EINVAL, "--turns: give a file");
	into->turns = text;
	return 0;
}

static int read_regions(struct options *into, const char *text, struct message *why)
{
	uint64_t count;

	if (read_whole(text, 1, REGIONS_MAX, &count))
		return fail(why, -EINVAL, "--regions %s: give a whole number from 1 to %d", text,
			REGIONS_MAX);
	into->regions = (unsigned)count;
	return 0;
}

static int read_drawing(struct options *into, const char *text, struct message *why)
{
	static const char *const names[DRAWINGS] = {
		[DRAWING_TEXT] = "text",
		[DRAWING_SVG] = "svg",
		[DRAWING_PNG] = "png",
		[DRAWING_CHROME] = "chrome",
		[DRAWING_OTF2] = "otf2",
	};

	for (int d = DRAWING_TEXT; d < DRAWINGS; d++) {
		if (strcmp(text, names[d]))
			continue;
		into->drawing = d;
		return 0;
	}
	return fail(why, -EINVAL, "--format %s: it is text, svg, png, chrome or otf2", text);
}

static int read_drawing_output(struct options *into, const char *text, struct message *why)
{
	if (!*text)
		return fail(why, -EINVAL, "--output: give a file");
	into->output = text;
	return 0;
}

static int read_all(struct options *into, const char *text, struct message *why)
{
	(void)text;
	(void)why;
	into->all = true;
	return 0;
}

static int read_plot_output(struct options *into, const char *text, struct message *why)
{
	into->output = text;
	return plot_format(text)
		? 0
		: fail(why, -EINVAL, "--output %s: give a name that ends in .svg or .png", text);
}

static int read_stamp_chunks(struct options *into, const char *text, struct message *why)
{
	(void)text;
	(void)why;
	into->stamp_chunks = true;
	return 0;
}

static int read_pthreads(struct options *into, const char *text, struct message *why)
{
	(void)text;
	(void)why;
	into->pthreads = true;
	return 0;
}

static int read_max_memory(struct options *into, const char *text, struct message *why)
{
	static const uint64_t least = 4, most = 65536, mebibyte = 1 << 20;
	uint64_t count;

	if (read_whole(text, least, most, &count))
		return fail(why, -EINVAL,
			"--max-memory %s: give a whole number of MiB from %" PRIu64 " to %" PRIu64,
			text, least, most);
	into->memory_bytes = count * mebibyte;
	return 0;
}

static int read_directory(struct options *into, const char *text, struct message *why)
{
	if (!*text)
		return fail(why, -EINVAL, "--output: give a directory");
	into->output = text;
	return 0;
}

static int read_help(struct options *into, const char *text, struct message *why)
{
	(void)text;
	(void)why;
	into->help = true;
	return 0;
}

static const struct option {
	const char *name;
	const char *argument; /* NULL: takes none */
	const char *commands; /* space-separated */
	const char *what;
	int (*read)(struct options *into, const char *text, struct message *why);
} options[] = {
	{ "--variant", "V", "run sweep timeline schedules predict grain",
		"sequential, openmp, pthread or pool; repeatable; all unless given, of "
		"schedules openmp and pool",
		read_variant },
	{ "--threads", "1,2,4|all", "run sweep timeline schedules grain",
		"thread counts, 1 to 4096; 'all' is one a core (run's default)", read_threads },
	{ "--cores", "1,8,64|all", "predict",
		"teams to predict, 1 to 4096, however many cores there are; 1,2,8,64 and all cores "
		"here unless given",
		read_cores },
	{ "--schedule", "KIND[,CHUNK]", "run sweep timeline schedules predict grain",
		"static, dynamic, guided or auto, the chunk in units; repeatable; schedules tries "
		"a kind without a chunk with all",
		read_schedule },
	{ "--size", "N|WxH", "run sweep timeline schedules predict grain",
		"elements, or width x height of a picture", read_size },
	{ "--grain", "G", "run sweep timeline schedules predict grain",
		"elements in a unit, from 1", read_grain },
	{ "--image", "FILE", "run sweep timeline schedules predict",
		"PNG, PPM or PGM picture for the pixel kernels", read_image },
	{ "--output", "FILE", "run", "where to write the resulting picture: .png, .ppm or .pgm",
		read_output },
	{ "--gamma", "G", "run sweep timeline schedules predict grain",
		"of pixel_gamma; 2.2 unless given", read_gamma },
	{ "--shape", "NAME", "run sweep timeline schedules predict grain",
		"how synthetic's work is spread: constant (default), rising, falling, exponential, "
		"bimodal, heavy-tailed or giant",
		read_shape },
	{ "--mean-ns", "T", "run sweep timeline schedules predict grain",
		"of synthetic, an element's work on average, nominally; 2000 unless given",
		read_mean_ns },
	{ "--launches", "L", "run sweep schedules predict grain",
		"measure each case in just so many processes, whatever the precision",
		read_launches },
	{ "--precision", "P", "run sweep schedules",
		"launch a case until its 95 % interval is within +-P percent; 1 unless given",
		read_precision },
	{ "--budget", "T", "run sweep schedules grain",
		"start no launch after so long: 90s, 5m; unless given, as long as 6 launches a "
		"case take, and at least 10 s (run), 30 s (schedules), 1 min (grain) or 4 min "
		"(sweep)",
		read_budget },
	{ "--limit", "T", "run sweep timeline schedules predict grain",
		"end a launch that takes so long as hung; 5m unless given", read_limit },
	{ "--samples", "K", "run sweep schedules",
		"timed regions in a launch; until steady, at most 60 ms, unless given",
		read_samples },
	{ "--scaling", "strong|weak", "run sweep",
		"weak: the size grows with the threads, for Gustafson's scaled speedup",
		read_scaling },
	{ "--bind", "cores|threads|none", "run sweep timeline schedules predict grain",
		"one thread a core first (default), hardware threads in turn, or unbound",
		read_bind },
	{ "--quick", NULL, "sweep", "an eighth of the size, 3 launches: a look, without intervals",
		read_quick },
	{ "--out", "DIR", "sweep", "the run directory; results/<host>-<UTC time> unless given",
		read_out },
	{ "--resume", "RUN", "sweep", "finish a run that was cut short; its plan is kept",
		read_resume },
	{ "--seed", "S", "run sweep timeline schedules predict grain",
		"of the order of launches, and of random input, which is that of 0 unless given; "
		"recorded, so it can be repeated",
		read_seed },
	{ "--turns", "FILE", "run sweep schedules",
		"take turns, launch by launch, with every sweep given the same FILE: two programs "
		"that are to be compared then meet the same machine",
		read_turns },
	{ "--format", "F", "run compare schedules predict grain doctor",
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
		"where to write it; text and chrome can go to the terminal", read_drawing_output },
	{ "--chunks", "1,2,4", "schedules",
		"chunks to try, in units; powers of two up to units / threads unless given",
		read_chunks },
	{ "--all", NULL, "schedules", "measure every schedule alike: no search, however long",
		read_all },
	{ "--all", NULL, "grain", "every kernel there is", read_all },
	{ "--output", "FILE", "schedules", "where to draw the heat map: .svg or .png",
		read_plot_output },
	{ "--output", "FILE", "grain", "where to draw the curves: .svg or .png", read_plot_output },
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
	{ "--help", NULL,
		"list run compare sweep report timeline schedules predict grain doctor trace",
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

static int unknown_option(
	const char *word, size_t length, const struct command *command, struct message *why)
{
	char name[32], hint[HINT_TEXT];
	const struct option *other = find_option(word, length, command->name);

	if (other)
		return fail(why, -EINVAL, "%s is no option of tine %s; it belongs to: %s",
			other->name, command->name, other->commands);
	snprintf(name, sizeof(name), "%.*s", (int)length, word);
	nearest_hint(hint, name, own_option_name_at, command->name, OPTION_COUNT);
	return fail(why, -EINVAL, "there is no option '%s'%s", name, hint);
}

/* Reads argv[*at], and its value from the next word if need be. */
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
	return option->read(into, value, why);
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

void help_print(const struct command *command)
{
	if (!command) {
		print_commands();
		return;
	}
	printf("Usage: tine %s%s%s [OPTION]...\n\n%s.\n\nOptions:\n", command->name,
		*command->arguments ? " " : "", command->arguments, command->what);
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (belongs(&options[i], command->name))
			print_option(&options[i]);
	if (*command->examples)
		printf("\nExamples:\n%s", command->examples);
	printf("\nExit codes: 0 done, 1 a result was wrong, 2 usage, 3 slower (compare "
	       "--fail-above),\n"
	       "4 the environment cannot do it, 130 interrupted.\n");
}
