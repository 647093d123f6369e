#include "readers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "launch.h"
#include "nearest.h"
#include "plot.h"
#include "values.h"

static const double scale_least = 1e-6, scale_most = 10;

static const char *variant_name_at(const void *context, size_t index)
{
	(void)context;
	return variant_name(index);
}

enum { NAMES_TEXT = 200 };

/* "sequential, openmp, " */
static const char *list_variants(char text[NAMES_TEXT])
{
	int length = 0;

	for (int v = 0; v < VARIANTS_OF_TASKS && length < NAMES_TEXT; v++)
		length += snprintf(
			text + length, (size_t)(NAMES_TEXT - length), "%s, ", variant_name(v));
	return text;
}

static int add_variant(struct options *into, const char *name, struct message *why)
{
	enum variant variant;
	char hint[HINT_TEXT], names[NAMES_TEXT];

	if (!strcmp(name, "all")) {
		into->variants = VARIANTS_ALL_OF_TASKS;
		return 0;
	}
	if (variant_parse(name, &variant))
		return fail(why, -EINVAL, "--variant %s%s: it is %sor all", name,
			nearest_hint(hint, name, variant_name_at, NULL, VARIANTS_OF_TASKS),
			list_variants(names));
	into->variants |= 1u << variant;
	return 0;
}

/* "openmp,pool" */
int read_variant(struct options *into, const char *text, struct message *why)
{
	char name[32];

	for (const char *at = text;; at++) {
		const size_t length = strcspn(at, ",");
		snprintf(name, sizeof(name), "%.*s", (int)length, at);
		const int error = add_variant(into, name, why);
		at += length;
		if (error || !*at)
			return error;
	}
}

int read_keep(struct options *into, const char *text, struct message *why)
{
	(void)text;
	(void)why;
	into->execution.keep = true;
	return 0;
}

int read_switch_interval(struct options *into, const char *text, struct message *why)
{
	const double least_s = 1e-6, most_s = 60;
	double seconds;

	if (read_seconds(&seconds, "--switch-interval", text, NULL) || seconds < least_s ||
		seconds > most_s)
		return fail(why, -EINVAL,
			"--switch-interval %s: give a time from 1us to 1m, such as 5ms", text);
	into->execution.switch_interval_ns = (uint64_t)(seconds * 1e9 + 0.5);
	return 0;
}

/* What may be in a list of counts. */
struct list {
	const char *option;
	unsigned most;
	bool all; /* the word 'all' too, which is ALL_CORES */
};

/* "1,2,4" */
static int read_counts(unsigned *counts, size_t *count, const struct list *list, const char *text,
	struct message *why)
{
	char word[16];
	uint64_t value;

	for (const char *at = text;; at++) {
		const size_t length = strcspn(at, ",");
		snprintf(word, sizeof(word), "%.*s", (int)length, at);
		if (list->all && !strcmp(word, "all"))
			value = ALL_CORES;
		else if (length >= sizeof(word) || read_whole(word, 1, list->most, &value))
			return fail(why, -EINVAL,
				"%s %s: give counts from 1 to %u, separated by commas%s: 1,2,4",
				list->option, text, list->most, list->all ? ", or 'all'" : "");
		if (*count == LIST_MAX)
			return fail(why, -EINVAL, "%s: at most %d counts", list->option, LIST_MAX);
		counts[(*count)++] = (unsigned)value;
		at += length;
		if (!*at)
			return 0;
	}
}

int read_threads(struct options *into, const char *text, struct message *why)
{
	static const struct list threads = { "--threads", THREADS_MAX, true };

	return read_counts(into->threads, &into->thread_count, &threads, text, why);
}

int read_cores(struct options *into, const char *text, struct message *why)
{
	static const struct list cores = { "--cores", THREADS_MAX, true };

	return read_counts(into->cores, &into->core_count, &cores, text, why);
}

int read_chunks(struct options *into, const char *text, struct message *why)
{
	static const struct list chunks = { "--chunks", SCHEDULE_CHUNK_MAX, false };

	return read_counts(into->chunks, &into->chunk_count, &chunks, text, why);
}

static const char *schedule_name_at(const void *context, size_t index)
{
	(void)context;
	return schedule_kind_name(SCHEDULE_STATIC + (enum schedule_kind)index);
}

int read_schedule(struct options *into, const char *text, struct message *why)
{
	struct message inner;
	char hint[HINT_TEXT], kind[32];

	if (into->schedule_count == LIST_MAX)
		return fail(why, -EINVAL, "--schedule: at most %d of them", LIST_MAX);
	snprintf(kind, sizeof(kind), "%.*s", (int)strcspn(text, ","), text);
	nearest_hint(hint, kind, schedule_name_at, NULL, SCHEDULE_KINDS - SCHEDULE_STATIC);
	if (schedule_parse(text, &into->schedules[into->schedule_count], &inner))
		return fail(why, -EINVAL, "--schedule %s%s", inner.text,
			strstr(hint, kind) ? "" : hint);
	into->schedule_count++;
	return 0;
}

int read_size(struct options *into, const char *text, struct message *why)
{
	struct message inner;

	if (!read_extent(&into->size, text, &inner))
		return 0;
	return fail(why, -EINVAL, "--size %s: %s", text, inner.text);
}

int read_grain(struct options *into, const char *text, struct message *why)
{
	if (read_whole(text, 1, INT64_MAX, &into->grain))
		return fail(why, -EINVAL,
			"--grain %s: give the elements in a unit, a whole number "
			"from 1",
			text);
	return 0;
}

int read_image(struct options *into, const char *text, struct message *why)
{
	(void)why;
	into->image = text;
	return 0;
}

int read_output(struct options *into, const char *text, struct message *why)
{
	struct message inner;

	into->output = text;
	if (picture_format_check(text, &inner))
		return fail(why, -EINVAL, "--output %s", inner.text);
	return 0;
}

int read_gamma(struct options *into, const char *text, struct message *why)
{
	char *end;

	into->gamma = strtod(text, &end);
	if (end == text || *end || !(into->gamma >= 0.01 && into->gamma <= 100))
		return fail(why, -EINVAL, "--gamma %s: give a number from 0.01 to 100", text);
	return 0;
}

int read_shape(struct options *into, const char *text, struct message *why)
{
	(void)why;
	into->shape = text;
	return 0;
}

int read_mean_ns(struct options *into, const char *text, struct message *why)
{
	if (read_whole(text, 1, MEAN_NS_MAX, &into->mean_ns))
		return fail(why, -EINVAL, "--mean-ns %s: give a whole number from 1 to %d", text,
			MEAN_NS_MAX);
	return 0;
}

int read_scale(struct options *into, const char *text, struct message *why)
{
	char *end;

	into->scale = strtod(text, &end);
	if (end == text || *end || !(into->scale >= scale_least && into->scale <= scale_most))
		return fail(why, -EINVAL, "--scale %s: give a number from %g to %g", text,
			scale_least, scale_most);
	return 0;
}

int read_input(struct options *into, const char *text, struct message *why)
{
	if (into->file_count == TEXTS_MOST)
		return fail(why, -EINVAL, "--input: at most %d files", TEXTS_MOST);
	into->files[into->file_count++] = text;
	return 0;
}

static int read_count(unsigned *into, const char *option, const char *text, struct message *why)
{
	uint64_t count;

	if (read_whole(text, 1, LAUNCH_SAMPLES_MAX, &count))
		return fail(why, -EINVAL, "%s %s: give a whole number from 1 to %d", option, text,
			LAUNCH_SAMPLES_MAX);
	*into = (unsigned)count;
	return 0;
}

int read_launches(struct options *into, const char *text, struct message *why)
{
	return read_count(&into->launches, "--launches", text, why);
}

int read_samples(struct options *into, const char *text, struct message *why)
{
	return read_count(&into->samples, "--samples", text, why);
}

int read_bind(struct options *into, const char *text, struct message *why)
{
	struct message inner;

	if (bind_parse(text, &into->bind, &inner))
		return fail(why, -EINVAL, "--bind %s", inner.text);
	return 0;
}

int read_wait(struct options *into, const char *text, struct message *why)
{
	if (wait_parse(text, &into->wait))
		return fail(why, -EINVAL, "--wait %s: it is active or passive", text);
	return 0;
}

int read_format(struct options *into, const char *text, struct message *why)
{
	static const char *const names[FORMATS] = { "table", "csv", "json", "markdown" };

	for (int f = 0; f < FORMATS; f++) {
		if (strcmp(text, names[f]))
			continue;
		into->format = f;
		return 0;
	}
	return fail(why, -EINVAL, "--format %s: it is table, csv, json or markdown", text);
}

int read_quick(struct options *into, const char *text, struct message *why)
{
	(void)text;
	(void)why;
	into->quick = true;
	return 0;
}

int read_out(struct options *into, const char *text, struct message *why)
{
	if (!*text)
		return fail(why, -EINVAL, "--out: give a directory");
	into->out = text;
	return 0;
}

int read_seed(struct options *into, const char *text, struct message *why)
{
	if (read_whole(text, 0, UINT32_MAX, &into->seed))
		return fail(why, -EINVAL, "--seed %s: give a whole number from 0 to %" PRIu32, text,
			UINT32_MAX);
	into->has_seed = true;
	return 0;
}

int read_precision(struct options *into, const char *text, struct message *why)
{
	return read_percent(
		&into->precision, "--precision", "the half-width of the interval", text, why);
}

int read_margin(struct options *into, const char *text, struct message *why)
{
	return read_percent(&into->margin, "--margin", "a difference", text, why);
}

int read_relative(struct options *into, const char *text, struct message *why)
{
	(void)text;
	(void)why;
	into->relative = true;
	return 0;
}

int read_fail_above(struct options *into, const char *text, struct message *why)
{
	return read_percent(&into->fail_above, "--fail-above", "a slowdown", text, why);
}

int read_budget(struct options *into, const char *text, struct message *why)
{
	return read_seconds(&into->budget_s, "--budget", text, why);
}

int read_limit(struct options *into, const char *text, struct message *why)
{
	return read_seconds(&into->limit_s, "--limit", text, why);
}

int read_scaling(struct options *into, const char *text, struct message *why)
{
	into->weak = !strcmp(text, "weak");
	if (!into->weak && strcmp(text, "strong") != 0)
		return fail(why, -EINVAL, "--scaling %s: it is strong or weak", text);
	return 0;
}

int read_resume(struct options *into, const char *text, struct message *why)
{
	(void)why;
	into->resume = text;
	return 0;
}

int read_turns(struct options *into, const char *text, struct message *why)
{
	if (!*text)
		return fail(why, -EINVAL, "--turns: give a file");
	into->turns = text;
	return 0;
}

int read_regions(struct options *into, const char *text, struct message *why)
{
	uint64_t count;

	if (read_whole(text, 1, REGIONS_MAX, &count))
		return fail(why, -EINVAL, "--regions %s: give a whole number from 1 to %d", text,
			REGIONS_MAX);
	into->regions = (unsigned)count;
	return 0;
}

int read_drawing(struct options *into, const char *text, struct message *why)
{
	static const char *const names[DRAWINGS] = {
		[DRAWING_TEXT] = "text",
		[DRAWING_SVG] = "svg",
		[DRAWING_PNG] = "png",
		[DRAWING_CHROME] = "chrome",
		[DRAWING_OTF2] = "otf2",
	};

	for (int d = DRAWING_TEXT; d < DRAWINGS; d++) {
		if (strcmp(text, names[d]))
			continue;
		into->drawing = d;
		return 0;
	}
	return fail(why, -EINVAL, "--format %s: it is text, svg, png, chrome or otf2", text);
}

int read_output_file(struct options *into, const char *text, struct message *why)
{
	if (!*text)
		return fail(why, -EINVAL, "--output: give a file");
	into->output = text;
	return 0;
}

int read_all(struct options *into, const char *text, struct message *why)
{
	(void)text;
	(void)why;
	into->all = true;
	return 0;
}

int read_plot_output(struct options *into, const char *text, struct message *why)
{
	into->output = text;
	return plot_format(text)
		? 0
		: fail(why, -EINVAL, "--output %s: give a name that ends in .svg or .png", text);
}

int read_stamp_chunks(struct options *into, const char *text, struct message *why)
{
	(void)text;
	(void)why;
	into->stamp_chunks = true;
	return 0;
}

int read_pthreads(struct options *into, const char *text, struct message *why)
{
	(void)text;
	(void)why;
	into->pthreads = true;
	return 0;
}

int read_max_memory(struct options *into, const char *text, struct message *why)
{
	static const uint64_t least = 4, most = 65536, mebibyte = 1 << 20;
	uint64_t count;

	if (read_whole(text, least, most, &count))
		return fail(why, -EINVAL,
			"--max-memory %s: give a whole number of MiB from %" PRIu64 " to %" PRIu64,
			text, least, most);
	into->memory_bytes = count * mebibyte;
	return 0;
}

int read_directory(struct options *into, const char *text, struct message *why)
{
	if (!*text)
		return fail(why, -EINVAL, "--output: give a directory");
	into->output = text;
	return 0;
}

int read_report_format(struct options *into, const char *text, struct message *why)
{
	into->format = strcmp(text, "json") ? FORMAT_TABLE : FORMAT_JSON;
	if (into->format == FORMAT_TABLE && strcmp(text, "text") != 0)
		return fail(why, -EINVAL, "--format %s: it is text or json", text);
	return 0;
}

int read_help(struct options *into, const char *text, struct message *why)
{
	(void)text;
	(void)why;
	into->help = true;
	return 0;
}
