#include "launch/session.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POISON = 0xa5 };

/* What is verified: a kernel, or one of several tasks. */
struct subject {
	const struct kernel *kernel;
	const struct input *input;
	struct partial *partial;
	struct reference *reference;
	char *result;               /* where the record keeps it */
	char whose[TASK_TEXT + 32]; /* "" or "task 2, count_up/1000: " */
};

static uint64_t subject_count(const struct session *s)
{
	return s->order->tasks ? s->tasks.count : 1;
}

static struct subject subject_at(const struct session *s, uint64_t i)
{
	struct subject subject = { s->entry->kernel, s->input, s->team.seats[0].partial,
		&s->references[i], s->record->result, "" };
	char text[TASK_TEXT];

	if (!s->order->tasks)
		return subject;
	const struct task *task = &s->tasks.tasks[i];
	subject.kernel = task->entry->kernel;
	subject.input = task->input;
	subject.partial = task->team.seats[0].partial;
	subject.result = s->record->task_results[i];
	snprintf(subject.whose, sizeof(subject.whose), "task %" PRIu64 ", %s: ", i + 1,
		task_print(&s->order->tasks[i], text));
	return subject;
}

static struct output output_of(const struct subject *subject)
{
	const struct kernel *kernel = subject->kernel;

	return kernel->output ? kernel->output(subject->input) : (struct output) { 0 };
}

static int keep_reference(const struct subject *subject, struct message *why)
{
	const struct output output = output_of(subject);
	struct reference *reference = subject->reference;

	if (subject->kernel->result)
		subject->kernel->result(subject->partial, reference->text);
	if (!output.bytes)
		return 0;
	reference->output = malloc(output.bytes);
	if (!reference->output)
		return fail(why, -ENOMEM, "no memory for a reference of %zu bytes", output.bytes);
	memcpy(reference->output, output.data, output.bytes);
	memset(output.data, POISON, output.bytes);
	return 0;
}

int make_reference(struct session *s, struct message *why)
{
	const uint64_t count = subject_count(s);

	s->references = calloc(count, sizeof(*s->references));
	if (s->order->tasks) {
		s->record->task_results = calloc(count, sizeof(*s->record->task_results));
		s->record->tasks = count;
	}
	if (!s->references || (s->order->tasks && !s->record->task_results))
		return fail(why, -ENOMEM, "no memory for references");
	int error = run_region(s, SEQUENTIAL, why);
	for (uint64_t i = 0; i < count && !error; i++) {
		const struct subject subject = subject_at(s, i);
		error = keep_reference(&subject, why);
	}
	return error;
}

void release_references(struct session *s)
{
	for (uint64_t i = 0; s->references && i < subject_count(s); i++)
		free(s->references[i].output);
	free(s->references);
}

static bool close_enough(double got, double wanted, double tolerance)
{
	return fabs(got - wanted) <= tolerance * fmax(fabs(got), fabs(wanted));
}

static void __attribute__((format(printf, 2, 3)))
wrong(struct launch_record *record, const char *format, ...)
{
	va_list args;

	record->status = LAUNCH_WRONG;
	va_start(args, format);
	vsnprintf(record->why, sizeof(record->why), format, args);
	va_end(args);
}

static void check_units(struct session *s)
{
	uint64_t units = 0;

	for (unsigned m = 0; m < s->team.threads; m++)
		units += s->team.seats[m].units;
	if (units != s->team.units)
		wrong(s->record, "the team did %" PRIu64 " units instead of %" PRIu64, units,
			s->team.units);
	for (uint64_t i = 0; i < s->tasks.count; i++)
		if (s->tasks.tasks[i].done != 1)
			wrong(s->record, "task %" PRIu64 " was done %u times", i + 1,
				s->tasks.tasks[i].done);
}

static void check_result(struct session *s, const struct subject *subject)
{
	const struct kernel *kernel = subject->kernel;
	const char *reference = subject->reference->text;
	char text[RESULT_BYTES] = "";

	if (!kernel->result)
		return;
	kernel->result(subject->partial, text);
	memcpy(subject->result, text, sizeof(text));
	const bool same = kernel->tolerance > 0
		? close_enough(strtod(text, NULL), strtod(reference, NULL), kernel->tolerance)
		: !strcmp(text, reference);
	if (!same)
		wrong(s->record, "%sthe result %s differs from the sequential variant's %s",
			subject->whose, text, reference);
}

void check_partial(struct session *s)
{
	check_units(s);
	for (uint64_t i = 0; i < subject_count(s); i++) {
		const struct subject subject = subject_at(s, i);
		check_result(s, &subject);
	}
}

static bool same_doubles(const double *got, const double *wanted, size_t count, double tolerance)
{
	for (size_t i = 0; i < count; i++)
		if (!close_enough(got[i], wanted[i], tolerance))
			return false;
	return true;
}

static void check_one_output(struct session *s, const struct subject *subject)
{
	const double tolerance = subject->kernel->tolerance;
	const struct output output = output_of(subject);
	const void *wanted = subject->reference->output;

	if (!output.bytes)
		return;
	const bool same = tolerance > 0
		? same_doubles(output.data, wanted, output.bytes / sizeof(double), tolerance)
		: !memcmp(output.data, wanted, output.bytes);
	if (!same)
		wrong(s->record, "%sthe %s differs from the sequential variant's", subject->whose,
			output.picture.pixels ? "picture" : "array");
}

void check_output(struct session *s)
{
	for (uint64_t i = 0; i < subject_count(s); i++) {
		const struct subject subject = subject_at(s, i);
		check_one_output(s, &subject);
	}
}

/*
 * FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) over 64-bit little-endian words, the last one
 * filled up with zeros: a word at a time, since arrays are large and every launch hashes its own.
 */
static uint64_t hash(const uint8_t *data, size_t bytes)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < bytes; i += sizeof(uint64_t)) {
		uint64_t word = 0;
		memcpy(&word, data + i, bytes - i < sizeof(word) ? bytes - i : sizeof(word));
		h = (h ^ le64toh(word)) * 0x100000001b3u;
	}
	return h;
}

static void print_hash(const void *data, size_t bytes, char text[RESULT_BYTES])
{
	snprintf(text, RESULT_BYTES, "%016" PRIx64, hash(data, bytes));
}

int keep_result(struct session *s, struct message *why)
{
	const struct launch_order *order = s->order;
	struct output output = { 0 };

	for (uint64_t i = 0; i < subject_count(s); i++) {
		const struct subject subject = subject_at(s, i);
		output = output_of(&subject);
		if (!subject.kernel->result)
			print_hash(output.data, output.bytes, subject.result);
	}
	if (order->tasks)
		print_hash(s->record->task_results,
			s->record->tasks * sizeof(*s->record->task_results), s->record->result);
	if (!order->output)
		return 0;
	return picture_write(order->output, order->output_name, &output.picture, why);
}
