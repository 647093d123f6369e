#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "conductor.h"
#include "derive.h"
#include "machine/build.h"
#include "machine/machine.h"
#include "store/run.h"

enum { DIRECTORY_TRIES = 100 };

static int keep(void *context, struct launch_record *launch, struct message *why)
{
	const int error = run_append(context, launch, why);

	if (error)
		launch_release(launch);
	return error;
}

static json_t *describe(const struct plan *plan, struct message *why)
{
	json_t *machine = machine_describe(&plan->topology), *steps = plan_to_json(plan);
	json_t *about =
		json_pack("{ss so so}", "tine", build_version(), "machine", machine, "plan", steps);

	if (!about)
		fail(why, -ENOMEM, "no memory to describe the run");
	return about;
}

/* results/<host>-<UTC time>, with -2, -3 ... behind it where that is taken. */
static void default_path(char path[512], unsigned attempt)
{
	char host[256] = "host", when[32] = "", again[8] = "";
	const time_t now = time(NULL);
	struct tm utc;

	gethostname(host, sizeof(host) - 1);
	host[strcspn(host, "./")] = 0;
	if (gmtime_r(&now, &utc))
		strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &utc);
	if (attempt > 1)
		snprintf(again, sizeof(again), "-%u", attempt);
	snprintf(path, 512, "results/%s-%s%s", host, when, again);
}

static int create(
	struct run *run, const struct options *options, json_t *about, struct message *why)
{
	char path[512];
	int error = -EEXIST;

	if (options->out) {
		error = run_create(run, options->out, about, why);
		return error == -EEXIST ? fail(why, -EINVAL,
						  "--out %s is there already; give a "
						  "new directory",
						  options->out)
					: error;
	}
	for (unsigned attempt = 1; attempt < DIRECTORY_TRIES && error == -EEXIST; attempt++) {
		default_path(path, attempt);
		error = run_create(run, path, about, why);
	}
	return error;
}

static int measure(const struct plan *plan, struct run *run)
{
	struct message why;
	int error;

	fprintf(stderr, "tine: %zu cases, %u launches each, in %s\n", plan->count, plan->launches,
		run->path);
	error = conductor_run(plan, true, keep, run, &why);
	if (error == -EINTR)
		fail(&why, error, "interrupted; 'tine report %s' shows the %zu launches until then",
			run->path, run->count);
	if (!error)
		error = derive(run, &why);
	return error ? complain(error, &why) : EXIT_DONE;
}

int command_sweep(const struct options *options)
{
	struct plan plan;
	struct run run;
	struct message why;
	int error = plan_for_sweep(&plan, options, &why);

	if (error)
		return complain(error, &why);
	conductor_block_signals();
	json_t *about = describe(&plan, &why);
	error = about ? create(&run, options, about, &why) : -ENOMEM;
	json_decref(about);
	int code;
	if (error) {
		code = complain(error, &why);
	} else {
		code = measure(&plan, &run);
		if (code == EXIT_DONE)
			code = exit_code_of(run.launches, run.count);
		run_release(&run);
	}
	plan_release(&plan);
	return code;
}
