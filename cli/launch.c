#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "commands.h"
#include "order.h"
#include "recipe.h"
#include "store/codec.h"
#include "store/lack.h"

/* A record of the case even if it could not be measured, since every launch leaves one. */
static int measure(const json_t *json, struct launch_record *record, struct message *why)
{
	struct launch_order order;
	struct task_spec *tasks;
	int *cpus;
	int error = order_from_json(json, &order, &cpus, &tasks, why);
	const bool known = !error;

	if (known)
		error = launch_measure(&order, record, why);
	if (known && error) {
		*record = (struct launch_record) { .spec = order.spec,
			.round = order.round,
			.status = LAUNCH_FAILED,
			.error = error };
		memcpy(record->why, why->text, sizeof(record->why));
	}
	recipe_release(&order.recipe);
	free(tasks);
	free(cpus);
	return known ? 0 : error;
}

int command_launch(const struct options *options)
{
	struct launch_record record;
	struct message why;

	lack_watch();
	json_t *json = json_loads(options->arguments[0], 0, NULL);
	if (lack_seen()) {
		json_decref(json);
		return complain(fail(&why, -ENOMEM, "no memory for the order"), &why);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* when the conductor is killed, no orphan goes on */
	if (!json) {
		fail(&why, -EINVAL, "launch takes the order that run and sweep give it");
		return complain(-EINVAL, &why);
	}
	const json_int_t conductor = json_integer_value(json_object_get(json, "conductor"));
	if (conductor && getppid() != conductor) { /* it was killed before it could be watched */
		json_decref(json);
		return EXIT_ENVIRONMENT;
	}
	const int error = measure(json, &record, &why);
	json_decref(json);
	if (error)
		return complain(error, &why);
	json_t *line = launch_to_json(&record);
	if (line && record.error)
		json_object_set_new(line, "error", json_integer(record.error));
	const int bad = line ? json_dumpf(line, stdout, JSON_COMPACT) : -1;
	json_decref(line);
	launch_release(&record);
	return bad ? EXIT_ENVIRONMENT : EXIT_DONE;
}
