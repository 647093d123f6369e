/*
 * options: the command line, read by one table of options and one of commands, from which help is
 * printed too.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/topology.h"
#include "message.h"
#include "record.h"
#include "schedule.h"
#include "team/wait.h"

enum format { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON, FORMAT_MARKDOWN, FORMATS };

/* The formats of a timeline. */
enum drawing {
	DRAWING_UNSET,
	DRAWING_TEXT,
	DRAWING_SVG,
	DRAWING_PNG,
	DRAWING_CHROME,
	DRAWING_OTF2,
	DRAWINGS
};

enum {
	REGIONS_MAX = 100, /* in a timeline */
	MEAN_NS_MAX = 1000000000,
	ALL_CORES = 0, /* in a list of thread or core counts */
	LIST_MAX = 64  /* of each kind: thread counts, core counts, schedules, chunks */
};

struct options {
	char **arguments; /* what is no option: kernels, or run directories */
	size_t argument_count;
	unsigned variants; /* bit v: variant v; 0: not given */
	struct execution execution;
	unsigned threads[LIST_MAX];
	size_t thread_count;
	unsigned cores[LIST_MAX]; /* to predict for */
	size_t core_count;
	struct schedule schedules[LIST_MAX];
	size_t schedule_count;
	uint32_t chunks[LIST_MAX]; /* of schedules */
	size_t chunk_count;
	struct size size; /* n 0: not given */
	uint64_t grain;   /* 0: each kernel's own */
	const char *image, *output, *out;
	double gamma;
	const char *shape;             /* NULL: the kernel's own */
	uint64_t mean_ns;              /* 0: the kernel's own */
	double scale;                  /* of waits; 0: the kernel's own */
	const char *files[TEXTS_MOST]; /* for the kernel to read */
	size_t file_count;
	unsigned launches, samples; /* 0: the command's own */
	double precision;           /* of medians, relative; 0.01 unless given */
	double budget_s, limit_s;   /* of a whole run, of one launch; 0: the command's own */
	bool weak;                  /* --scaling weak */
	const char *resume;         /* a run directory to finish */
	const char *turns;          /* a file by which runs take turns */
	double margin;     /* relative, within which compare says same; 0.01 unless given */
	double fail_above; /* relative slowdown; 0: not given */
	bool relative;     /* compare: judge cases against the median of all */
	enum bind bind;
	enum wait wait;
	enum format format;
	enum drawing drawing;
	unsigned regions; /* timeline: 0: not given */
	bool quick;
	bool all; /* schedules: measure every one alike; grain: every kernel */
	uint64_t seed;
	bool has_seed;
	bool help;
	bool stamp_chunks, pthreads; /* trace */
	uint64_t memory_bytes;       /* trace: of a process's records */
	size_t given;                /* how many options there were */
};

/* Exit codes, as --help states them. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_WRONG = 1,
	EXIT_USAGE = 2,
	EXIT_SLOWER = 3,
	EXIT_ENVIRONMENT = 4,
	EXIT_INTERRUPTED = 130
};

struct command {
	const char *name;
	const char *arguments; /* as in the usage line: "KERNEL..." */
	const char *what;      /* one line */
	const char *examples;  /* "" if none */
	bool hidden;
	size_t arguments_min, arguments_max;
	int (*main)(const struct options *options);
};

extern const struct command commands[];
extern const size_t command_count;

/* NULL: there is none. */
const struct command *command_named(const char *name);

/*
 * Reads the words after the command's name. Arguments and strings point into argv. Returns 0, or
 * -EINVAL and a message that names the option and says what would be right.
 */
int options_read(struct options *into, const struct command *command, int argc, char **argv,
	struct message *why);

void options_release(struct options *options);

/*
 * The one parallel variant that --variant names, or the usual one if it is not given. Returns 0, or
 * -EINVAL and what `command` takes.
 */
int options_one_variant(const struct options *options, const char *command, enum variant usual,
	enum variant *into, struct message *why);

/* The help of one command, or of all of Tine (NULL), on stdout. */
void help_print(const struct command *command);

#endif
