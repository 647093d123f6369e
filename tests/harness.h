/*
 * harness: one kernel, one variant, one problem in; result text and output bytes out.
 *
 * For Criterion suites: whatever goes wrong on the way fails the test.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <criterion/criterion.h>

#include "team/team.h"

struct how {
	enum variant variant;
	unsigned threads;
	struct schedule schedule;
	uint64_t grain;
	unsigned regions; /* one after the other, of which the last counts; 0: one */
};

/* What came out. Owned by the caller: see computed_release. */
struct computed {
	char text[RESULT_BYTES]; /* empty if the output is all there is */
	void *data;              /* a copy of the output; NULL if the text is all there is */
	size_t bytes;
	struct picture picture; /* the same bytes as a picture */
};

static inline void computed_release(struct computed *c)
{
	free(c->data);
	memset(c, 0, sizeof(*c));
}

static inline bool computed_equal(const struct computed *a, const struct computed *b)
{
	return !strcmp(a->text, b->text) && a->bytes == b->bytes &&
		(!a->bytes || !memcmp(a->data, b->data, a->bytes));
}

/* "pixel_blur pool 3 threads guided,2 size 17x31 n 31 grain 4": which case a failure is about */
static inline const char *describe_case(
	const struct kernel *kernel, const struct how *how, const struct problem *problem)
{
	static char text[200];
	char schedule[SCHEDULE_TEXT];

	snprintf(text, sizeof(text),
		"%s %s %u threads %s size %ux%u x %u channels, n %llu grain %llu", kernel->name,
		variant_name(how->variant), how->threads, schedule_print(how->schedule, schedule),
		problem->size.width, problem->size.height,
		problem->picture ? problem->picture->channels : 0,
		(unsigned long long)problem->size.n, (unsigned long long)how->grain);
	return text;
}

/* All units were done once, by members who ran between the fork and the join. */
static inline void check_seats(const struct team *team, enum variant variant, const char *name)
{
	uint64_t units = 0;

	for (unsigned m = 0; m < team->threads; m++) {
		const struct seat *seat = &team->seats[m];
		units += seat->units;
		if (!seat->start) {
			cr_assert(variant == SEQUENTIAL || variant == OPENMP,
				"%s: member %u did not run", name, m);
			cr_assert_eq(seat->units, 0, "%s: member %u did not start, but did units",
				name, m);
			continue;
		}
		cr_assert(team->fork <= seat->start && seat->start <= seat->complete &&
				seat->complete <= team->join,
			"%s: member %u ran outside its region", name, m);
	}
	cr_assert_eq(units, team->units, "%s: %llu of %llu units done", name,
		(unsigned long long)units, (unsigned long long)team->units);
}

static inline void take_result(
	struct computed *into, const struct kernel *kernel, const struct team *team)
{
	struct partial *total = team->seats[0].partial;

	for (unsigned m = 1; kernel->combine && m < team->threads; m++)
		kernel->combine(total, team->seats[m].partial);
	if (kernel->result)
		kernel->result(total, into->text);
}

static inline void take_output(
	struct computed *into, const struct kernel *kernel, const struct input *input)
{
	if (!kernel->output)
		return;
	const struct output output = kernel->output(input);
	if (!output.bytes)
		return;
	into->bytes = output.bytes;
	into->data = malloc(output.bytes);
	into->picture = output.picture;
	cr_assert_not_null(into->data);
	memcpy(into->data, output.data, output.bytes);
	if (into->picture.pixels)
		into->picture.pixels = into->data;
}

/* As the variant needs it; NULL if that fails. */
static inline struct input *make_input(
	const struct kernel *kernel, enum variant variant, const struct problem *problem)
{
	if (variant == PROCESS)
		memory_share_begin();
	struct input *input = calloc(1, kernel->input_bytes);
	const int error = input ? kernel->setup(input, problem) : 0;
	memory_share_end();
	if (error) {
		free(input);
		return NULL;
	}
	return input;
}

static inline struct computed compute(
	const struct kernel_entry *entry, const struct how *how, const struct problem *problem)
{
	const struct kernel *kernel = entry->kernel;
	const char *name = describe_case(kernel, how, problem);
	const struct clock clock = { .ns_per_tick = 1 };
	struct input *input = make_input(kernel, how->variant, problem);
	const struct team_plan plan = {
		.kernel = kernel,
		.input = input,
		.n = problem->size.n,
		.grain = how->grain,
		.variant = how->variant,
		.threads = how->threads,
		.schedule = how->schedule,
		.clock = &clock,
	};
	struct computed computed = { 0 };
	struct message why = { "" };
	struct team team;

	cr_assert_not_null(input, "%s: setup failed", name);
	cr_assert_eq(team_init(&team, &plan, &why), 0, "%s: %s", name, why.text);
	if (kernel->fill)
		cr_assert_eq(team_fill(&team, kernel->fill, &why), 0, "%s: %s", name, why.text);
	for (unsigned r = 0; r < (how->regions ? how->regions : 1); r++) {
		team_reset(&team);
		cr_assert_eq(entry->region[how->variant](&team), 0, "%s: no region", name);
		check_seats(&team, how->variant, name);
	}
	take_result(&computed, kernel, &team);
	take_output(&computed, kernel, input);
	team_release(&team);
	if (kernel->release)
		kernel->release(input);
	free(input);
	return computed;
}

/* The sequential variant's answer, which has no schedule. */
static inline struct computed compute_sequentially(
	const struct kernel_entry *entry, const struct problem *problem)
{
	const struct how how = { .variant = SEQUENTIAL, .threads = 1, .grain = 1 };

	return compute(entry, &how, problem);
}

/* A picture of bytes without a pattern, the same each time. free(pixels) is the caller's. */
static inline struct picture noise(uint32_t width, uint32_t height, uint32_t channels)
{
	struct picture p = { .width = width, .height = height, .channels = channels };
	const size_t bytes = row_bytes(&p) * height;
	uint64_t state = 88172645463325252u + bytes;

	p.pixels = malloc(bytes);
	cr_assert_not_null(p.pixels);
	for (size_t i = 0; i < bytes; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		p.pixels[i] = (uint8_t)(state >> 32);
	}
	return p;
}

/* Waits of some microseconds, where suites are about something else. */
static const double soon_answered = 1e-6;

/* n elements, or as many as are done soon. */
static inline uint64_t soon(const struct kernel *kernel, uint64_t n)
{
	const uint64_t most = kernel->steep || kernel->begin ? 8 : (1 << 20) / (kernel->bytes + 1);

	return n < most ? n : most;
}

#endif
