#include <stdlib.h>
#include <sys/wait.h>

#include "advise/told.h"
#include "json.h"
#include "machine/build.h"

static json_t *command_of(const struct advised *a)
{
	json_t *words = json_array();

	for (size_t i = 0; i < a->argument_count; i++) {
		json_t *word = json_string(a->arguments[i]);
		/* what is no UTF-8 cannot be said in JSON */
		json_array_append_new(words, word ? word : json_null());
	}
	return words;
}

static json_t *count_or_null(bool known, json_int_t value)
{
	return known ? json_integer(value) : json_null();
}

static json_t *times_of(const struct observation *seen, const struct binding *v)
{
	return json_pack("{sf sf sf sf sf so sf sf so}", "wall", seen->wall, "own", v->own, "idle",
		seen->idle, "alone", seen->alone, "together", seen->together, "held",
		number_or_null(seen->ready_known, seen->held), "user", seen->user, "system",
		seen->system, "block", number_or_null(seen->block_known, seen->block));
}

static json_t *waits_of(const struct observation *seen)
{
	static const char *const names[REASONS] = {
		[FOR_LOCK] = "lock",
		[FOR_TIMER] = "timer",
		[FOR_NETWORK] = "network",
		[FOR_EVENTS] = "events",
		[FOR_PIPE] = "pipe",
		[FOR_DISK] = "storage",
		[FOR_CHILD] = "child",
		[FOR_OTHER] = "other",
	};
	json_t *waits = json_object();

	for (int r = 0; r < REASONS; r++)
		json_object_set_new(waits, names[r], json_real(seen->waits[r]));
	return waits;
}

static json_t *counts_of(const struct observation *seen)
{
	return json_pack("{sI sI sI sI si si si si si si sI}", "voluntary_switches",
		(json_int_t)seen->voluntary, "involuntary_switches", (json_int_t)seen->involuntary,
		"minor_faults", (json_int_t)seen->minor, "major_faults", (json_int_t)seen->major,
		"threads", (int)seen->threads, "threads_at_once", (int)seen->threads_at_once,
		"processes", (int)seen->processes, "processes_at_once",
		(int)seen->processes_at_once, "brief", (int)seen->brief, "left", (int)seen->left,
		"started_by_all", (json_int_t)seen->started);
}

static json_t *bytes_of(const struct observation *seen)
{
	return json_pack("{sI sI sI sI so so}", "read", (json_int_t)seen->read, "written",
		(json_int_t)seen->written, "from_storage", (json_int_t)seen->loaded, "to_storage",
		(json_int_t)seen->stored, "peak",
		count_or_null(!seen->peak_bound, (json_int_t)seen->peak), "peak_below",
		count_or_null(seen->peak_bound, (json_int_t)seen->peak));
}

static json_t *figures_of(const struct binding *v)
{
	return json_pack("{sf sf sf sf si sf sf sf sf}", "waiting", v->waiting, "parallel",
		v->parallel, "overlap", v->overlap, "small", v->small, "workers", (int)v->workers,
		"workers_at_once", v->at_once, "locked", v->locked, "fault_rate", v->fault_rate,
		"kernel", v->kernel);
}

json_t *told_to_json(const struct advised *a)
{
	const struct observation *seen = &a->seen;
	const struct binding *v = &a->binding;
	const bool exited = WIFEXITED(a->status);
	char *why = told_why(a);
	json_t *all = json_pack("{ss so so so ss ss ss? so sf sf so so so so so s{si sf}}", "tine",
		build_version(), "command", command_of(a), "exit_status",
		count_or_null(exited, WEXITSTATUS(a->status)), "signal",
		count_or_null(!exited, WTERMSIG(a->status)), "nature", nature_name(v->nature),
		"help", help_name(v->help), "why", why, "bound",
		number_or_null(v->bound > 0, v->bound), "cpus", seen->cpus, "demand", seen->demand,
		"seconds", times_of(seen, v), "waits", waits_of(seen), "counts", counts_of(seen),
		"bytes", bytes_of(seen), "figures", figures_of(v), "watching", "looks",
		(int)seen->looks, "cpu", seen->watching);

	free(why);
	return all;
}
