#include "advise/told.h"

#include "quantity.h"

/* ---- waits ---- */

const char *told_reason(enum reason reason)
{
	static const char *const words[REASONS] = {
		[FOR_LOCK] = "locks or other threads",
		[FOR_TIMER] = "timers",
		[FOR_NETWORK] = "the network",
		[FOR_EVENTS] = "events (poll, epoll)",
		[FOR_PIPE] = "pipes or terminals",
		[FOR_DISK] = "storage",
		[FOR_CHILD] = "other processes' ends",
		[FOR_OTHER] = "what was not seen",
	};

	return words[reason];
}

const char *told_main_reason(const struct observation *seen)
{
	static const enum reason order[REASONS] = { FOR_NETWORK, FOR_DISK, FOR_EVENTS, FOR_TIMER,
		FOR_PIPE, FOR_LOCK, FOR_CHILD, FOR_OTHER };
	enum { OUTSIDE = 4 };
	enum reason most = order[0];

	for (int r = 1; r < REASONS; r++) {
		/* threads and processes that wait for one another wait for what the last one waits for */
		if (r >= OUTSIDE && seen->waits[most] >= 0.5 * seen->idle)
			break;
		if (seen->waits[order[r]] > seen->waits[most])
			most = order[r];
	}
	return seen->waits[most] > 0 ? told_reason(most) : NULL;
}

/* ---- what it is, and what follows ---- */

struct context {
	const struct observation *seen;
	const struct binding *v;
	FILE *to;
};

static double cpu_of(const struct observation *seen)
{
	return seen->user + seen->system;
}

static void tell_short(const struct context *c)
{
	char own[QUANTITY_TEXT];

	fprintf(c->to,
		"it had %s of its own, in %u looks: too little to tell. Give it more work, or let "
		"one command do it many times.",
		duration_print(c->v->own, own), c->seen->looks);
}

static void tell_oversubscribed(const struct context *c)
{
	char held[QUANTITY_TEXT];

	fprintf(c->to,
		"%.1f of its threads ran or were ready at once, on average, on %.3g CPUs; for %s "
		"of its time it was held up by itself. More threads than CPUs make nothing faster: "
		"start as many threads as CPUs, or fewer where they spin.",
		c->seen->demand, c->seen->cpus, percent_print(c->seen->held / c->seen->wall, held));
}

static void tell_paging(const struct context *c)
{
	char kernel[QUANTITY_TEXT], rate[QUANTITY_TEXT], waiting[QUANTITY_TEXT];

	if (c->v->waiting >= nature_limits.major_waiting)
		fprintf(c->to,
			"%llu page faults waited for storage, and nothing ran for %s of its time: "
			"memory that it uses is not there. Less memory at once, larger reads in "
			"place of mapped files, or a machine with more of it would help; threads "
			"would wait for the same pages.",
			(unsigned long long)c->seen->major, percent_print(c->v->waiting, waiting));
	else
		fprintf(c->to,
			"it takes %s page faults a second of CPU time, and the kernel has %s of "
			"that: memory is taken, cleared and given back again and again. Use it "
			"again instead of freeing it, or take larger pages; threads of one process "
			"would take turns at its page tables.",
			count_print((uint64_t)c->v->fault_rate, rate),
			percent_print(c->v->kernel, kernel));
}

static void tell_waiting(const struct context *c)
{
	const char *reason = told_main_reason(c->seen);
	char share[QUANTITY_TEXT], computing[QUANTITY_TEXT];

	fprintf(c->to, "nothing of it ran for %s of its time%s%s. ",
		percent_print(c->v->waiting, share),
		reason ? "; its threads waited mostly for " : "", reason ? reason : "");
	duration_print(c->seen->alone + c->seen->together, computing);
	if (c->v->help == HELP_NEITHER)
		fprintf(c->to,
			"%.1f waits were in progress at once, on average: it is concurrent "
			"already, and what it waits for must answer sooner. It computes for %s "
			"only.",
			c->v->overlap, computing);
	else
		fprintf(c->to,
			"What does not depend on one another could wait at the same time: threads, "
			"or an event loop, where one core is enough. It computes for %s, which is "
			"all that parallelism could shorten.",
			computing);
}

static void tell_small_tasks(const struct context *c)
{
	char share[QUANTITY_TEXT];

	fprintf(c->to,
		"%u threads or processes were seen that ended in less than %.0f ms, and %s of the "
		"CPU time is in such. Starting them is a part of that which no core makes less: "
		"put many tasks into one, or give them to a pool that stays%s.",
		c->seen->brief, 1e3 * BRIEF_S, percent_print(c->v->small, share),
		c->v->help == HELP_PARALLELISM ? "; such larger tasks can then run at the same time"
					       : "; the CPUs are in use already");
}

static void tell_mixed(const struct context *c)
{
	const char *reason = told_main_reason(c->seen);
	char waiting[QUANTITY_TEXT], computing[QUANTITY_TEXT];

	fprintf(c->to,
		"it computes for %s of its time, and for %s nothing of it ran%s%s. One part can "
		"compute while another waits: concurrency for the waits%s.",
		percent_print(1 - c->v->waiting, computing), percent_print(c->v->waiting, waiting),
		reason ? "; its threads waited mostly for " : "", reason ? reason : "",
		c->v->help == HELP_BOTH ? ", parallelism for the computing" : "");
}

static void tell_large_tasks(const struct context *c)
{
	fprintf(c->to,
		"%u threads or processes did nearly all of the computing, %.2f of them at once, on "
		"average: one after another. %s",
		c->v->workers, c->v->at_once,
		c->v->help == HELP_PARALLELISM
			? "Those that do not need another's result could run side by side, and "
			  "would take as long as the longest; or each could be divided."
			: "There is no CPU for two at once.");
}

static void tell_serialised(const struct context *c)
{
	char share[QUANTITY_TEXT];

	fprintf(c->to,
		"%u threads did the computing, but %.2f at once, on average; they waited for "
		"locks, or for one another, for %s of their time. It is concurrent, and not "
		"parallel: more threads would not help. %s",
		c->v->workers, c->seen->demand, percent_print(c->v->locked, share),
		c->v->help == HELP_PARALLELISM ? "Less work under the lock, a lock for each part "
						 "of the data, or processes would."
					       : "There is no CPU for two at once.");
}

static void tell_one_thread(const struct context *c)
{
	char cpu[QUANTITY_TEXT];

	fprintf(c->to, "one thread computed nearly all the time, %s of CPU time in all. %s",
		duration_print(cpu_of(c->seen), cpu),
		c->v->help == HELP_PARALLELISM ? "If its work can be divided, other cores could do "
						 "their share of it; concurrency "
						 "alone has no waits to fill."
					       : "There is no other CPU for it to use.");
}

static void tell_partly(const struct context *c)
{
	char share[QUANTITY_TEXT], alone[QUANTITY_TEXT];

	fprintf(c->to,
		"several threads computed at once for %s of the computing; for the other %s only "
		"one did. %s",
		percent_print(c->v->parallel, share), duration_print(c->seen->alone, alone),
		c->v->help == HELP_PARALLELISM
			? "That part bounds the speedup, however many cores there are (Amdahl)."
			: "There is no other CPU for it to use.");
}

static void tell_parallel(const struct context *c)
{
	fprintf(c->to, "%.2f threads ran or were ready, on average, on %.3g CPUs. %s",
		c->seen->demand, c->seen->cpus,
		c->v->help == HELP_PARALLELISM
			? "It is parallel, and there are CPUs that it does not use: more threads, "
			  "if its work can be divided further."
			: "It is parallel already, and uses the CPUs there are: less work, or "
			  "faster code, is what is left. (Spinning looks like computing from "
			  "outside.)");
}

static void tell_bound(const struct context *c)
{
	if (c->v->bound > 0)
		fprintf(c->to, " At most %.2f times as fast, by these numbers.", c->v->bound);
}

char *told_why(const struct advised *advised)
{
	static void (*const tell[NATURES])(const struct context *) = {
		[NATURE_SHORT] = tell_short,
		[NATURE_OVERSUBSCRIBED] = tell_oversubscribed,
		[NATURE_PAGING] = tell_paging,
		[NATURE_WAITING] = tell_waiting,
		[NATURE_SMALL_TASKS] = tell_small_tasks,
		[NATURE_MIXED] = tell_mixed,
		[NATURE_LARGE_TASKS] = tell_large_tasks,
		[NATURE_SERIALISED] = tell_serialised,
		[NATURE_ONE_THREAD] = tell_one_thread,
		[NATURE_PARTLY] = tell_partly,
		[NATURE_PARALLEL] = tell_parallel,
	};
	char *text;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	if (!to)
		return NULL;
	const struct context context = { &advised->seen, &advised->binding, to };
	tell[advised->binding.nature](&context);
	tell_bound(&context);
	return fclose(to) ? NULL : text;
}
