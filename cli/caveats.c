#include "caveats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "alternation.h"
#include "analysis/summary.h"

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* ---- one run, twice ---- */

static void tell_if_one(const struct side *a, const struct side *b)
{
	struct stat at_a, at_b;

	if (!stat(a->run.path, &at_a) && !stat(b->run.path, &at_b) && at_a.st_dev == at_b.st_dev &&
		at_a.st_ino == at_b.st_ino)
		fprintf(stderr, "tine: %s is compared with itself\n", a->run.path);
}

/* ---- what else differs ---- */

/*
 * What changes from moment to moment on one machine, or has no bearing on times. Slurm's variables
 * name the job; what it grants shows in cpus_allowed, cpu_quota and memory_bytes.
 */
static bool is_passing(const char *key)
{
	static const char *const keys[] = { "state", "timer_step_ns", "now_hz", "clock_sources",
		"counters", "perf_event_paranoid" };

	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
		if (!strcmp(key, keys[k]))
			return true;
	return !strncmp(key, "SLURM_", 6);
}

static bool is_known(const json_t *value)
{
	return value && !json_is_null(value);
}

static void print_value(const json_t *value)
{
	if (is_known(value))
		json_dumpf(value, stderr, JSON_ENCODE_ANY | JSON_COMPACT);
	else
		fputs("nothing", stderr);
}

/* A key, and what it stands for in each of the runs; `above` is the key of the object around it. */
static void tell_difference(
	size_t *told, const char *above, const char *key, const json_t *a, const json_t *b)
{
	fprintf(stderr, "%s  %s%s%s: ", (*told)++ ? "" : "tine: the runs also differ in\n", above,
		*above ? "." : "", key);
	print_value(a);
	fputs(" and ", stderr);
	print_value(b);
	fputc('\n', stderr);
}

static void tell_objects(size_t *told, const char *above, const json_t *a, const json_t *b);

static void tell_values(
	size_t *told, const char *above, const char *key, const json_t *a, const json_t *b)
{
	if (is_passing(key) || json_equal(a, b) || (!is_known(a) && !is_known(b)))
		return;
	if (!*above && (json_is_object(a) || json_is_object(b)))
		tell_objects(told, key, a, b);
	else
		tell_difference(told, above, key, a, b);
}

/* Every key that either has, whatever a later Tine may add. */
static void tell_objects(size_t *told, const char *above, const json_t *a, const json_t *b)
{
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)a, key, value) {
		tell_values(told, above, key, value, json_object_get(b, key));
	}
	json_object_foreach ((json_t *)b, key, value) {
		if (!json_object_get(a, key))
			tell_values(told, above, key, NULL, value);
	}
}

static void tell_differences(const struct side *a, const struct side *b)
{
	/* the rest of a plan says how much is measured, not what */
	static const char *const plan_keys[] = { "samples", "sample_budget_ns", "gamma", "recipe",
		"execution", "image", "bind", "wait" };
	const json_t *plan_a = json_object_get(a->run.about, "plan"),
		     *plan_b = json_object_get(b->run.about, "plan");
	size_t told = 0;

	tell_objects(&told, "", json_object_get(a->run.about, "machine"),
		json_object_get(b->run.about, "machine"));
	for (size_t k = 0; k < sizeof(plan_keys) / sizeof(plan_keys[0]); k++)
		tell_values(&told, "", plan_keys[k], json_object_get(plan_a, plan_keys[k]),
			json_object_get(plan_b, plan_keys[k]));
}

/* ---- what is left out ---- */

static void tell_cases(const struct pairs *pairs)
{
	if (pairs->only_a || pairs->only_b)
		fprintf(stderr,
			"tine: left out, since the other run has not got them: %zu case%s of "
			"%s, %zu of %s\n",
			pairs->only_a, plural(pairs->only_a), pairs->a->run.path, pairs->only_b,
			pairs->b->run.path);
}

static void tell_launches(const struct run *run)
{
	enum { FAILED, WRONG, DISTURBED, REASONS };
	static const char *const names[] = { "failed", "wrong", "disturbed by other load" };
	size_t counts[REASONS] = { 0 }, told = 0;

	for (size_t l = 0; l < run->count; l++) {
		const struct launch_record *launch = &run->launches[l];
		counts[FAILED] += launch->status == LAUNCH_FAILED;
		counts[WRONG] += launch->status == LAUNCH_WRONG;
		counts[DISTURBED] += launch->status == LAUNCH_OK && launch_is_disturbed(launch);
	}
	for (int r = 0; r < REASONS; r++) {
		if (!counts[r])
			continue;
		if (!told++)
			fprintf(stderr, "tine: launches of %s that are left out: ", run->path);
		fprintf(stderr, "%s%zu %s", told > 1 ? ", " : "", counts[r], names[r]);
	}
	if (told)
		fputc('\n', stderr);
}

/* ---- results ---- */

static const char *result_of(const struct run *run, const struct case_spec *spec)
{
	for (size_t l = 0; l < run->count; l++)
		if (run->launches[l].status == LAUNCH_OK && case_same(&run->launches[l].spec, spec))
			return run->launches[l].result;
	return NULL;
}

/* Parallel sums of floating-point numbers may differ from launch to launch; sequential ones do not. */
static void tell_results(const struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		const struct case_spec *spec = pairs->cases[i].spec;
		const char *a = result_of(&pairs->a->run, spec),
			   *b = result_of(&pairs->b->run, spec);
		if (spec->variant == SEQUENTIAL && a && b && strcmp(a, b) != 0)
			fprintf(stderr,
				"tine: %s does not compute the same in both runs: its result is "
				"%s in A and %s in B\n",
				spec->kernel, a, b);
	}
}

/* ---- the machine's doing, or the program's ---- */

/* The file that both were given on one host, or NULL. */
static const char *common_file(const struct side *a, const struct side *b)
{
	const json_t *host_a = json_object_get(json_object_get(a->run.about, "machine"), "host"),
		     *host_b = json_object_get(json_object_get(b->run.about, "machine"), "host");
	const char *file_a = a->plan.turns_file, *file_b = b->plan.turns_file;

	return file_a && file_b && !strcmp(file_a, file_b) && json_equal(host_a, host_b) ? file_a
											 : NULL;
}

const char *caveats_turns(const struct side *a, const struct side *b)
{
	const char *file = common_file(a, b);
	const struct alternation turns = alternation_of(&a->run, &b->run);

	return turns.known && !turns.met ? NULL : file;
}

static void tell_turns(const struct pairs *pairs)
{
	const struct run *a = &pairs->a->run, *b = &pairs->b->run;
	const struct alternation turns = alternation_of(a, b);
	const char *file = common_file(pairs->a, pairs->b);

	if (!file)
		return;
	if (!turns.known)
		fprintf(stderr,
			"tine: both runs were given --turns %s, but did not record when they "
			"launched: whether they met the same machine is not known\n",
			file);
	else if (!turns.met)
		fprintf(stderr,
			"tine: both runs were given --turns %s, but did not run at the same time\n",
			file);
	else if (turns.apart_a || turns.apart_b)
		fprintf(stderr,
			"tine: both runs took turns by %s, but for %zu of %zu launches of %s and "
			"%zu of %zu of %s, which may have met another machine\n",
			file, turns.apart_a, a->count, a->path, turns.apart_b, b->count, b->path);
	else
		fprintf(stderr, "tine: both runs took turns by %s, and met the same machine\n",
			file);
}

/* What happened to all cases alike is more likely the machine's doing than the program's. */
static void tell_shift(const struct pairs *pairs, double margin)
{
	const bool beyond = fabs(log(pairs->shift)) > log(1 + margin);

	if (pairs->ratios < 2)
		return;
	fprintf(stderr, "tine: the median of all %zu ratios B / A is %.3f", pairs->ratios,
		pairs->shift);
	if (pairs->relative)
		fputs(": B's times are divided by it, so that cases are compared with one "
		      "another",
			stderr);
	else if (beyond && caveats_turns(pairs->a, pairs->b))
		fputs(": that is the program's doing rather than the machine's", stderr);
	else if (beyond)
		fputs(": it may be the machine that changed; sweeps that take turns (--turns "
		      "FILE) meet the same one, and --relative takes out what all cases share",
			stderr);
	fputc('\n', stderr);
}

void caveats_tell(const struct pairs *pairs, double margin)
{
	tell_if_one(pairs->a, pairs->b);
	tell_differences(pairs->a, pairs->b);
	tell_cases(pairs);
	tell_launches(&pairs->a->run);
	tell_launches(&pairs->b->run);
	tell_results(pairs);
	tell_turns(pairs);
	tell_shift(pairs, margin);
}
