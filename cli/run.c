#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "conductor.h"
#include "machine/machine.h"
#include "tables.h"
#include "team/team.h"

/* The launches of a run, in memory alone. */
struct kept {
	struct launch_record *launches;
	size_t count;
};

static int keep(void *context, struct launch_record *launch, struct message *why)
{
	struct kept *kept = context;
	struct launch_record *more =
		realloc(kept->launches, (kept->count + 1) * sizeof(*kept->launches));

	if (!more) {
		launch_release(launch);
		return fail(why, -ENOMEM, "no memory for one more launch");
	}
	kept->launches = more;
	kept->launches[kept->count++] = *launch;
	return 0;
}

static void kept_release(struct kept *kept)
{
	for (size_t i = 0; i < kept->count; i++)
		launch_release(&kept->launches[i]);
	free(kept->launches);
}

static int print(const struct summaries *all, const struct plan *plan, enum format format)
{
	json_t *machine = format == FORMAT_JSON ? machine_describe(&plan->topology) : NULL;
	json_t *json = machine ? tables_to_json(all, machine) : NULL;

	json_decref(machine);
	if (format == FORMAT_CSV)
		tables_print_csv(all, rows_all, stdout);
	else if (format != FORMAT_JSON)
		tables_print(all, rows_all, format, stdout);
	else if (!json)
		return -ENOMEM;
	else
		json_dumpf(json, stdout, JSON_INDENT(2)), putchar('\n');
	json_decref(json);
	return 0;
}

/* ---- the picture that --output asks for ---- */

static int check_output_kernel(const struct plan *plan, struct message *why)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (!plan->cases[i].size.width)
			return fail(why, -EINVAL, "--output: %s makes no picture",
				plan->cases[i].kernel);
		if (strcmp(plan->cases[i].kernel, plan->cases[0].kernel) != 0)
			return fail(why, -EINVAL, "--output takes one kernel: %s or %s",
				plan->cases[0].kernel, plan->cases[i].kernel);
	}
	return 0;
}

/* A new file beside the output, or the output itself if that is a device; *path is the caller's. */
static int open_beside(const char *output, char **path, struct message *why)
{
	struct stat status;
	const bool device = !stat(output, &status) && !S_ISREG(status.st_mode);
	int fd;

	if (device)
		*path = strdup(output);
	else if (asprintf(path, "%s.XXXXXX", output) < 0)
		*path = NULL;
	if (!*path)
		return fail(why, -ENOMEM, "no memory for a path");
	fd = device ? open(*path, O_WRONLY | O_CLOEXEC) : mkostemp(*path, O_CLOEXEC);
	if (fd < 0) {
		fail(why, -EINVAL, "--output %s cannot be written: %s", output, strerror(errno));
		free(*path);
		*path = NULL;
		return -EINVAL;
	}
	if (!device)
		fchmod(fd, 0644);
	close(fd);
	return 0;
}

/* Lets a launch of the sequential case write the picture, before anything else is measured. */
static int write_output(const struct plan *plan, const char *output, struct message *why)
{
	const struct launch_order order = {
		.spec = plan->cases[0],
		.samples = 1,
		.gamma = plan->gamma,
		.image = plan->image,
		.output_name = output,
	};
	struct launch_order with_path = order;
	struct launch_record record;
	char *path = NULL;
	int error = check_output_kernel(plan, why);

	if (!error)
		error = open_beside(output, &path, why);
	if (error)
		return error;
	with_path.output = path;
	error = conductor_launch(&with_path, &record, why);
	if (!error && record.status != LAUNCH_OK)
		error = fail(why, -EINVAL, "--output %s cannot be written: %s", output, record.why);
	if (!error)
		launch_release(&record);
	if (!error && strcmp(path, output) != 0 && rename(path, output))
		error = fail(
			why, -errno, "--output %s cannot be written: %s", output, strerror(errno));
	if (error && strcmp(path, output) != 0)
		unlink(path);
	free(path);
	return error;
}

static void warn_of_crowding(const struct plan *plan)
{
	unsigned most = 0;

	for (size_t i = 0; i < plan->count; i++)
		if (plan->cases[i].threads > most)
			most = plan->cases[i].threads;
	if (most > plan->topology.hardware_threads)
		fprintf(stderr,
			"tine: %u threads share %u hardware threads: they take turns, and "
			"are not bound\n",
			most, plan->topology.hardware_threads);
}

int command_run(const struct options *options)
{
	struct plan plan;
	struct kept kept = { 0 };
	struct summaries all = { 0 };
	struct message why;
	int code, error = plan_for_run(&plan, options, &why);

	if (error)
		return complain(error, &why);
	conductor_block_signals();
	if (options->output)
		error = write_output(&plan, options->output, &why);
	if (!error) {
		warn_of_crowding(&plan);
		error = conductor_run(&plan, false, keep, &kept, &why);
	}
	if (error == -EINTR)
		fail(&why, error, "interrupted: the table holds the %zu launches until then",
			kept.count);
	if ((!error || (error == -EINTR && kept.count)) &&
		(summaries_make(&all, plan.cases, plan.count, kept.launches, kept.count) ||
			print(&all, &plan, options->format)))
		error = fail(&why, -ENOMEM, "no memory for the table");
	code = error ? complain(error, &why) : exit_code_of(kept.launches, kept.count);
	summaries_release(&all);
	kept_release(&kept);
	plan_release(&plan);
	return code;
}
