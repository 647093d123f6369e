/*
 * roof: the ceilings of this machine, and how near to them its kernels come; all measured in one run, in
 * rounds in which every case is launched once.
 *
 * A ceiling is a kernel of kernels/ceilings/ that does one thing. Those of bytes are measured in arrays
 * of several sizes: in cache, half of a core's second-level cache for each thread; in memory, four times
 * the last-level cache and 128 MiB at least; and as large as the arrays of each kernel that are
 * smaller than the latter. A kernel whose arrays are read and written in whatever proportion is held
 * against that of reading, copying and triad whose proportion is the nearest.
 */
#ifndef CLI_ROOF_H
#define CLI_ROOF_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/roof.h"
#include "options.h"
#include "plan.h"

enum { CEILING_NAME_MAX = 2 * KERNEL_NAME_MAX, NEEDS_MAX = OPERATIONS + 1 };

struct ceiling {
	const struct kernel *kernel; /* that does it */
	char name[CEILING_NAME_MAX]; /* bytes_copied_in_cache, bytes_copied_as_stencil */
	unsigned threads;
	const char *unit; /* what is counted: "multiply-adds", "bytes" */
	double bytes;     /* of its arrays; 0: it has none */
	double work;      /* units in a region */
	struct case_spec spec;
	struct rates rates; /* of units */
};

/* A kernel on so many threads. */
struct bounded {
	const struct kernel *kernel;
	unsigned threads;
	struct case_spec spec;
	double elements;    /* in a region: the kernel's, or pixels */
	struct rates rates; /* of elements */
	size_t ceilings[NEEDS_MAX];
	double amounts[NEEDS_MAX]; /* of each of these, that an element needs */
	size_t need_count;         /* 0: nobody has counted */
	size_t binding;            /* the need that binds; need_count: unknown */
	bool has_attained, has_efficiency;
	struct estimate attained;   /* of the ceiling that binds; of its own rate on 1 thread */
	struct estimate efficiency; /* times the threads */
};

struct roof {
	const struct options *options;
	enum variant variant; /* on several threads; on one the sequential one is measured */
	struct plan plan;
	struct run run;
	struct ceiling *ceilings;
	size_t ceiling_count;
	struct bounded *kernels;
	size_t kernel_count;
};

/*
 * Measures, as the options say; call process_block_signals first. Returns 0 or a negative errno; the
 * caller releases in both cases.
 */
int roof_measure(struct roof *roof, const struct options *options, enum variant variant,
	struct message *why);
void roof_release(struct roof *roof);

/* The ceiling that binds a kernel, or NULL. */
const struct ceiling *roof_over(const struct roof *roof, const struct bounded *kernel);

/* The name of what a kernel's rate counts: its element, or "pixel". */
const char *element_of(const struct kernel *kernel);

/* Both tables, as text or Markdown. */
void roof_print(const struct roof *roof, enum format format, FILE *to);

/* One row a ceiling and one a kernel: `row` says which. The roof as void *, for plot_to_file. */
int roof_print_csv(const void *roof, FILE *to);

/*
 * The contract of --format json. machine is borrowed. The caller owns the object; NULL: no memory.
 *
 *	tine, machine, variant
 *	ceilings  of each: name, threads, unit, bytes (of its arrays; null: none),
 *	          per_second (of units), low, high
 *	kernels   of each: kernel, threads, regular, bound_by (a ceiling's name, or a word where none
 *	          tells, or null), element, per_second (of elements), low, high,
 *	          attained (per_second over what the ceiling allows), attained_low, attained_high,
 *	          efficiency (per_second over threads times that on 1 thread), error ("" if none)
 *
 * null where unknown; per_second is the median over launches, low and high its 95 % interval.
 */
json_t *roof_to_json(const struct roof *roof, json_t *machine);

#endif
