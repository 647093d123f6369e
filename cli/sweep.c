#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "announce.h"
#include "commands.h"
#include "conductor.h"
#include "derive.h"
#include "machine/build.h"
#include "machine/machine.h"
#include "origin.h"
#include "process.h"
#include "results.h"
#include "store/run.h"

static json_t *describe(const struct plan *plan, struct message *why)
{
	json_t *machine = machine_describe(&plan->topology), *steps = plan_to_json(plan);
	json_t *about =
		json_pack("{ss so so}", "tine", build_version(), "machine", machine, "plan", steps);

	if (!about)
		fail(why, -ENOMEM, "no memory to describe the run");
	return about;
}

/* A directory that the user named: what is wrong with it is wrong with the option. */
static int create_named(struct run *run, const char *path, json_t *about, struct message *why)
{
	struct message inner;
	const int error = run_create(run, path, about, &inner);

	if (error == -EEXIST)
		return fail(why, -EINVAL, "--out %s is there already; give a new directory", path);
	if (error == -ENOSPC || error == -EDQUOT || error == -EIO || error == -ENOMEM ||
		error == -EMFILE || error == -ENFILE)
		return fail(why, error, "%s", inner.text);
	return error ? fail(why, -EINVAL, "--out %s: %s", path, inner.text) : 0;
}

static int create(
	struct run *run, const struct options *options, json_t *about, struct message *why)
{
	char path[RESULTS_PATH];
	int error = -EEXIST;

	if (options->out)
		return create_named(run, options->out, about, why);
	for (unsigned attempt = 1; attempt < RESULTS_TRIES && error == -EEXIST; attempt++) {
		results_path(path, "", attempt);
		error = run_create(run, path, about, why);
	}
	return error;
}

static int measure(const struct plan *plan, struct run *run)
{
	struct message why;
	int error = conductor_run(plan, run, true, &why);

	if (error == -EINTR)
		fail(&why, error,
			"interrupted; what was launched until then is kept: 'tine sweep --resume "
			"%s' finishes the run, 'tine report %s' shows it",
			run->path, run->path);
	if (!error) /* while pictures are drawn, nobody else should measure */
		error = turns_take(plan->turns, &why);
	if (!error)
		error = derive(run, &why);
	return error ? complain(error, &why) : exit_code_of(run->launches, run->count);
}

/* About a run that is begun, or gone on with. */
static int announce(const struct plan *plan, const json_t *machine, struct message *why)
{
	json_t *map = plan_map(plan);

	if (!map)
		return fail(why, -ENOMEM, "no memory for the CPUs of members");
	announce_place(machine, map);
	announce_crowding(plan);
	json_decref(map);
	return 0;
}

static void tell_extent(const struct plan *plan, const struct run *run)
{
	fprintf(stderr, "tine: %zu case%s, %u launch%s each%s, in %s\n", plan->count,
		plan->count == 1 ? "" : "s", plan->launches_least,
		plan->launches_least == 1 ? "" : "es",
		plan->launches_most > plan->launches_least ? " at least" : "", run->path);
}

static int begin(const struct plan *plan, const struct options *options, struct run *run,
	struct message *why)
{
	json_t *about = describe(plan, why);
	int error = about ? create(run, options, about, why) : -ENOMEM;

	if (!error)
		error = announce(plan, json_object_get(about, "machine"), why);
	if (!error)
		tell_extent(plan, run);
	json_decref(about);
	return error;
}

static int begin_new(const struct options *options)
{
	struct plan plan;
	struct run run = run_in_memory();
	struct message why;
	int error = plan_for_sweep(&plan, options, &why);

	if (error)
		return complain(error, &why);
	process_block_signals();
	error = begin(&plan, options, &run, &why);
	const int code = error ? complain(error, &why) : measure(&plan, &run);
	run_release(&run);
	plan_release(&plan);
	return code;
}

/* A run goes on where it was begun: with the same build, on the same machine. */
static int go_on_here(const struct run *run, const struct plan *plan, struct message *why)
{
	json_t *now = machine_describe(&plan->topology);
	int error = now ? 0 : fail(why, -ENOMEM, "no memory to describe the machine");

	if (!error)
		error = origin_check(run, now, why);
	if (!error)
		error = announce(plan, now, why);
	json_decref(now);
	return error;
}

static int resume(const struct options *options)
{
	struct plan plan = { 0 };
	struct run run;
	struct message why;
	int error = run_resume(&run, options->resume, &why);

	if (error == -ENOENT || error == -ENOTDIR)
		error = fail(&why, -EINVAL, "--resume %s is no run directory: %s", options->resume,
			strerror(-error));
	if (error)
		return complain(error, &why);
	process_block_signals();
	if (run.torn)
		fprintf(stderr, "tine: the last line of %s/launches.jsonl was cut short: dropped\n",
			run.path);
	error = plan_of_run(&plan, &run, &why);
	if (!error)
		error = plan_reopen(&plan, &why);
	if (!error)
		error = go_on_here(&run, &plan, &why);
	const int code = error ? complain(error, &why) : measure(&plan, &run);
	run_release(&run);
	plan_release(&plan);
	return code;
}

static int check_alone(const struct options *o, struct message *why)
{
	if (o->argument_count || o->given > 1)
		return fail(why, -EINVAL, "--resume takes its plan from the run: give it alone");
	return 0;
}

int command_sweep(const struct options *options)
{
	struct message why;

	if (!options->resume)
		return begin_new(options);
	const int error = check_alone(options, &why);
	return error ? complain(error, &why) : resume(options);
}
