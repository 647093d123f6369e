#include <string.h>

#include "launch.h"
#include "lessons/lesson.h"

static void row_of_case(const struct summary *s, struct study_row *into)
{
	const bool is_baseline = s->spec.variant == SEQUENTIAL;

	*into = (struct study_row) {
		.member = s->spec.variant == EVENT_LOOP ? "task" : "thread",
		.threads = s->spec.threads,
		.launches = s->launches,
		.schedule = s->spec.schedule,
		.is_baseline = is_baseline,
		.waits = launch_waits(s->spec.kernel),
		.seconds = s->launches ? &s->seconds : NULL,
		.speedup = s->has_speedup && !is_baseline ? &s->speedup : NULL,
	};
	snprintf(into->how, sizeof(into->how), "%s", variant_name(s->spec.variant));
	tables_note(s, into->note);
}

/* The loop in one thread, then in several. */
static void row_of_python(const struct python *python, bool threads, struct study_row *into)
{
	*into = (struct study_row) {
		.member = "thread",
		.threads = threads ? python->threads : 1,
		.launches = python->launches,
		.is_baseline = !threads,
		.seconds = threads ? &python->threads_s : &python->sequential_s,
		.speedup = threads ? &python->speedup : NULL,
	};
	snprintf(into->how, sizeof(into->how), "%s%s", python->name, threads ? " threads" : "");
	snprintf(into->note, sizeof(into->note), "verified; %d squares%s", PYTHON_SQUARES,
		python_lock_name(python->lock));
}

bool study_row(const struct study *study, size_t experiment, size_t index, struct study_row *into)
{
	const struct summaries *all = &study->experiments[experiment].all;
	const bool python = !experiment && study->python.known;

	if (index < all->count)
		row_of_case(&all->rows[index], into);
	else if (python && index < all->count + 2)
		row_of_python(&study->python, index > all->count, into);
	else
		return false;
	return true;
}

static bool same_schedule(struct schedule a, struct schedule b)
{
	return a.kind == b.kind && a.chunk == b.chunk;
}

struct varied study_varied(const struct study *study, size_t experiment)
{
	struct varied varied = { false, false, false };
	struct study_row first = { .is_baseline = true }, row;

	for (size_t i = 0; study_row(study, experiment, i, &row); i++) {
		if (first.is_baseline)
			first = row;
		if (row.is_baseline)
			continue;
		varied.how |= strcmp(row.how, first.how) != 0;
		varied.threads |= row.threads != first.threads;
		varied.schedule |= row.schedule.kind != SCHEDULE_NONE &&
			!same_schedule(row.schedule, first.schedule);
	}
	return varied;
}
