/*
 * nature: what binds a command, and whether concurrency or parallelism would help it. The words are
 * the command line's.
 *
 * Concurrency is structure: several things in progress, of which one can go on while others wait.
 * Parallelism is execution: several things computed at once. So waits ask for the first, computing
 * for the second, and a program that does both in turn for both.
 */
#ifndef NATURE_H
#define NATURE_H

#include "observation.h"

enum nature {
	NATURE_SHORT,          /* over too soon to tell */
	NATURE_OVERSUBSCRIBED, /* more of its own threads are ready than there are CPUs */
	NATURE_PAGING,      /* memory that must come from storage, or is taken and cleared anew */
	NATURE_WAITING,     /* it hardly computes */
	NATURE_SMALL_TASKS, /* threads or processes that end as soon as they began, many of them */
	NATURE_MIXED,       /* it computes, and it waits */
	NATURE_LARGE_TASKS, /* a few threads or processes compute, one after another */
	NATURE_SERIALISED,  /* several threads compute in turn, as under one lock */
	NATURE_ONE_THREAD,  /* one computes all the time */
	NATURE_PARTLY,      /* it is parallel for a part of the time */
	NATURE_PARALLEL,    /* several compute at once nearly all the time */
	NATURES
};

enum help { HELP_UNKNOWN, HELP_NEITHER, HELP_CONCURRENCY, HELP_PARALLELISM, HELP_BOTH, HELPS };

/* One word or two each, as JSON has them: "waiting", "small tasks"; "neither". */
const char *nature_name(enum nature nature);
const char *help_name(enum help help);

/*
 * What the table of natures decides by. `own` is the wall time that the command had for itself, idle
 * and computing, without what it was held up by others that used its CPUs: so that a loaded machine
 * does not change what a command is.
 */
struct binding {
	enum nature nature;
	enum help help;
	double own;      /* seconds */
	double waiting;  /* idle, as a share of own */
	double parallel; /* computing together, as a share of computing */
	double overlap; /* waits for what is outside (FOR_TIMER, _NETWORK, _EVENTS, _DISK) at once */
	double small;   /* CPU time of threads that were not seen to last, as a share of all */
	unsigned workers;  /* threads that took a tenth of the CPU time or more each */
	double at_once;    /* of them that were there at once, on average; 0: none */
	double locked;     /* their wait for locks, as a share of their time */
	double fault_rate; /* minor page faults a second of CPU time */
	double kernel;     /* system time, as a share of the CPU time */
	/*
	 * How many times as fast the help could make it at most, by what was seen: 0 if that is not known.
	 *	ONE_THREAD, SERIALISED  the CPUs
	 *	PARTLY                  own / (idle + alone), with any number of CPUs (Amdahl)
	 *	LARGE_TASKS             the computing over its longest task, or the CPUs if they are fewer
	 *	MIXED                   own / max(idle, computing / CPUs): waits overlap with all else, but
	 *	                        not with one another; where parallelism would not help, computing
	 *	                        takes as long as it did
	 *	PARALLEL                the CPUs / demand
	 */
	double bound;
};

struct binding binding_of(const struct observation *seen);

/*
 * The thresholds, of which tests and documents hold the same. The first nature that fits is it, in the
 * order of the enum, by what it needs at least (SERIALISED, ONE_THREAD and LARGE_TASKS have most, too):
 *
 *	SHORT           looks below these, or both its own time and the CPU time below `own` seconds:
 *	                starting a program takes some ms, and would be all there is to see
 *	OVERSUBSCRIBED  demand above the CPUs by excess and excess_share of them (a thread more for a
 *	                moment is usual), and held for this share of the wall time (what mostly waits is
 *	                not bound by it)
 *	PAGING          major_rate major faults a second of its own time, while it is idle for
 *	                major_waiting of that (fewer, or without waits, are its start); or fault_rate minor
 *	                faults a second of CPU time (at 1 to 2 us each a quarter of it), of which the kernel
 *	                has the share `kernel`, while it is no SMALL_TASKS, which take memory anew, too
 *	WAITING         idle for this share of its own time: no more than 1.25 times as fast is in the rest
 *	SMALL_TASKS     so many brief threads seen, and the share `small` of the CPU time in threads that
 *	                did not last: who starts them takes the rest
 *	MIXED           idle for this share: a fifth of the time or more could be saved by overlapping
 *	LARGE_TASKS     workers, which have the share `worker` of the CPU time each, and `large` of it in
 *	                all, with no more than `apart` of them at once on average
 *	SERIALISED      workers wait for locks for the share `locked` of their time, where two that take
 *	                turns would for half of it
 *	ONE_THREAD      and both above: computing together for no more than the share `parallel` of computing
 *	PARALLEL        computing together for all_parallel of it: what is left bounds the speedup to 10
 *
 * A demand of all_cpus of the CPUs leaves no room for one thread more in four. Overlapping: from so many
 * waits at once on there is concurrency; one that serves and one that is served already make two.
 */
struct nature_limits {
	unsigned looks;
	double own;
	double excess, excess_share, held;
	double major_rate, major_waiting, fault_rate, kernel;
	double waiting;
	unsigned brief;
	double small;
	double mixed;
	double worker, large, apart;
	double locked;
	double parallel, all_parallel;
	double all_cpus, overlapping;
};

extern const struct nature_limits nature_limits;

#endif
