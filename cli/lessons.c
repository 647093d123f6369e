#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "json.h"
#include "lessons/lesson.h"
#include "machine/build.h"
#include "machine/machine.h"
#include "plot.h"
#include "process.h"
#include "results.h"
#include "values.h"

static const double lesson_budget_s = 14; /* so that all of them take less than two minutes */

/* The lessons that are asked for, and where their pictures go. */
struct course {
	const struct options *options;
	struct topology topology;
	struct study *studies; /* as many as are asked for, those that are done in front */
	size_t count, done;
	char directory[RESULTS_PATH];
	bool made_results; /* the directory above, too */
};

/* ---- what was asked for ---- */

static int unknown_lesson(const char *text, struct message *why)
{
	char list[sizeof(why->text) - 64];
	size_t length = 0;

	*list = 0;
	for (size_t l = 0; l < lesson_count && length < sizeof(list); l++)
		length += (size_t)snprintf(list + length, sizeof(list) - length, "\n  %zu  %s",
			l + 1, lessons[l].belief);
	return fail(why, -EINVAL, "there is no lesson '%.20s'; there are%s", text, list);
}

static int choose(struct course *course, struct message *why)
{
	const struct options *o = course->options;
	uint64_t number;

	if (o->format == FORMAT_CSV)
		return fail(why, -EINVAL,
			"--format csv: it is table, json or markdown; beside each picture there "
			"is a CSV");
	course->count = o->argument_count ? o->argument_count : lesson_count;
	course->studies = calloc(course->count, sizeof(*course->studies));
	if (!course->studies)
		return fail(why, -ENOMEM, "no memory for the lessons");
	for (size_t i = 0; i < course->count; i++) {
		number = i + 1;
		if (o->argument_count && read_whole(o->arguments[i], 1, lesson_count, &number))
			return unknown_lesson(o->arguments[i], why);
		course->studies[i].number = number;
		course->studies[i].lesson = &lessons[number - 1];
		course->studies[i].topology = &course->topology;
	}
	return 0;
}

/* ---- the directory ---- */

static int make_named(struct course *course, const char *path, struct message *why)
{
	if (strlen(path) >= sizeof(course->directory))
		return fail(why, -EINVAL, "--output: the name is too long");
	if (mkdir(path, 0777))
		return fail(why, -EINVAL, "--output %s: cannot make a directory there: %s", path,
			strerror(errno));
	strcpy(course->directory, path);
	return 0;
}

static int make_directory(struct course *course, struct message *why)
{
	char path[RESULTS_PATH];

	if (course->options->output)
		return make_named(course, course->options->output, why);
	course->made_results = !mkdir("results", 0777);
	for (unsigned attempt = 1; attempt < RESULTS_TRIES; attempt++) {
		results_path(path, "-lessons", attempt);
		if (!mkdir(path, 0777))
			return strcpy(course->directory, path), 0;
		if (errno != EEXIST)
			break;
	}
	return fail(why, -errno, "cannot make %s for pictures: %s; --output names another", path,
		strerror(errno));
}

static void drop_pictures(struct course *course)
{
	for (size_t i = 0; i < course->count; i++)
		if (course->studies[i].picture)
			plot_remove(course->studies[i].picture);
}

/* What we have made, unless there is something in it. */
static void drop_directories(const struct course *course)
{
	if (*course->directory)
		rmdir(course->directory);
	if (course->made_results)
		rmdir("results");
}

/* ---- lessons ---- */

/* What cannot be drawn is said, and is no error; but a signal that is to end us is. */
static int draw(struct course *course, struct study *study, struct message *why)
{
	struct message undrawn;
	const int error = study_draw(study, course->directory, &undrawn);

	if (error == -EINTR)
		return fail(why, error, "interrupted");
	if (error)
		fprintf(stderr, "tine: %s\n", undrawn.text);
	return 0;
}

static int teach(struct course *course, struct study *study, double budget_s, struct message *why)
{
	const enum format format = course->options->format;

	fprintf(stderr, "tine: lesson %zu: %s?\n", study->number, study->lesson->belief);
	int error = study_make(study, course->options, budget_s, why);
	for (size_t e = 0; e < study->experiment_count && !error; e++)
		tell_disturbed(&study->experiments[e].all);
	if (!error)
		error = draw(course, study, why);
	if (!error && format != FORMAT_JSON) {
		study_print(study, format, stdout);
		fflush(stdout);
	}
	return error;
}

static int teach_all(struct course *course, struct message *why)
{
	const double given_s = course->options->budget_s;
	const double budget_s = given_s > 0 ? given_s / (double)course->count : lesson_budget_s;
	int error = 0;

	for (; course->done < course->count && !error; course->done++)
		error = teach(course, &course->studies[course->done], budget_s, why);
	if (error == -EINTR)
		fail(why, error, "interrupted: nothing of it is kept");
	return error;
}

static int print_json(const struct course *course)
{
	json_t *all = json_array(), *machine = machine_describe(&course->topology);

	for (size_t i = 0; i < course->count; i++)
		json_array_append_new(all, study_to_json(&course->studies[i]));
	if (json_array_size(all) != course->count) { /* memory ran out */
		json_decref(all);
		json_decref(machine);
		return -ENOMEM;
	}
	return json_print(json_pack(
		"{ss so so}", "tine", build_version(), "machine", machine, "lessons", all));
}

static int finish(const struct course *course, struct message *why)
{
	if (course->options->format != FORMAT_JSON)
		studies_print(course->studies, course->count, course->options->format, stdout);
	else if (print_json(course))
		return fail(why, -ENOMEM, "no memory for the lessons");
	return 0;
}

static int worst_code(const struct course *course)
{
	int code = EXIT_DONE;

	for (size_t i = 0; i < course->count; i++)
		for (size_t e = 0; e < course->studies[i].experiment_count; e++) {
			const struct run *run = experiment_run(&course->studies[i].experiments[e]);
			const int one = exit_code_of(run->launches, run->count);
			if (one == EXIT_WRONG || code == EXIT_DONE)
				code = one;
		}
	return code;
}

int command_lessons(const struct options *options)
{
	struct course course = { .options = options };
	struct message why;
	int error = choose(&course, &why);

	if (!error)
		error = topology_load(&course.topology, &why);
	if (!error)
		error = make_directory(&course, &why);
	process_block_signals();
	if (!error)
		error = teach_all(&course, &why);
	if (!error)
		error = finish(&course, &why);
	const int code = error ? complain(error, &why) : worst_code(&course);
	if (error)
		drop_pictures(&course);
	drop_directories(&course);
	for (size_t i = 0; course.studies && i < course.count; i++)
		study_release(&course.studies[i]);
	free(course.studies);
	topology_release(&course.topology);
	return code;
}
