/*
 * launch: one case in, samples out. Runs in a process of its own, which measures nothing else.
 *
 * Before anything is timed the input is filled from the threads that will use it, the sequential
 * variant computes the reference, and one region warms the team up. Every region's partial result
 * is compared with the reference; the array that a kernel writes is poisoned before the warm-up and
 * compared after it, and again after the last sample.
 *
 * A sample is one region, or as many as take 1000 steps of the clock where one is shorter. Of a kernel
 * whose elements wait, whose regions take as long as somebody else likes, one may have to do.
 *
 * Traces, which record units as well, are regions of their own. Each is paired with one that does
 * not, right before it, which tells what recording costs. The sequential variant, which has no units
 * unless they are tasks, has no traces. Memory is taken last, of an input of its own that the members
 * fill one after another.
 */
#ifndef LAUNCH_H
#define LAUNCH_H

#include "message.h"
#include "record.h"

enum { LAUNCH_SAMPLES_MAX = 1000, LAUNCH_TRACES_MAX = 20 };

/* The kernels there are, in the order of their names: by name, or NULL; by index, NULL at the end. */
const struct kernel *launch_kernel(const char *name);
const struct kernel *launch_kernel_at(size_t index);
size_t launch_kernel_count(void);

/* Whether a kernel's elements wait (kernel.h's begin); false of one that is not there. */
bool launch_waits(const char *kernel);

/* What to measure and how. Strings and cpus belong to the caller. */
struct launch_order {
	struct case_spec spec;
	struct execution execution;
	const struct task_spec *tasks; /* if spec is of the whole of tasks: spec.size.n of them */
	unsigned round;
	const int *cpus;  /* spec.threads of them: the CPU of each member; NULL: not bound */
	unsigned samples; /* to take; 0: until their median is steady or budget_ns
				* are up, but at least 5, or 1 of a kernel that waits */
	uint64_t budget_ns;
	unsigned traces;     /* regions to record at the `units` level after that, within a fifth of
			  * budget_ns, but at least one, and LAUNCH_TRACES_MAX at most; 0: none */
	unsigned cold;       /* the first so many regions of the process are recorded so, too */
	unsigned keep_units; /* one by one, of each member at most so many, and of all members of a
			      * region a million; 0: none */
	bool parts;          /* take what a region's parts cost, right after the samples; of
			      * openmp, pthread or pool alone */
	bool memory;         /* take each member's memory, after all else */
	double gamma;
	struct recipe recipe;
	const char *image;       /* the picture to take; NULL: a generated one */
	const char *output;      /* where to write the result picture; NULL: nowhere */
	const char *output_name; /* the name whose ending says in which format */
};

/*
 * Measures. Returns 0 and a record, which says itself whether a result was wrong, and which the
 * caller releases; or a negative errno and nothing to release.
 */
int launch_measure(
	const struct launch_order *order, struct launch_record *into, struct message *why);

/* The name of the whole of tasks, as spec.kernel has it (tasks/set.h). */
extern const char launch_tasks[];

/*
 * Whether a problem of this size can be computed here: within the kernel's limit, and in this
 * machine's memory, of which it takes so many bytes. Returns 0, or -EINVAL and what would be right,
 * without the size.
 */
uint64_t launch_bytes(const struct kernel *kernel, struct size size);
int launch_check_size(
	const struct kernel *kernel, struct size size, uint64_t memory_bytes, struct message *why);

/* The same of a case, by the option --size. */
int launch_check(const struct case_spec *spec, uint64_t memory_bytes, struct message *why);

#endif
