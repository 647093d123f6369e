/*
 * run_directories: runs in the test's directory, and what messages say of them.
 */
#ifndef RUN_DIRECTORIES_H
#define RUN_DIRECTORIES_H

#include "directory.h"
#include "records.h"
#include "store/run.h"

static inline size_t size_of_file(const char *path)
{
	struct stat info;

	cr_assert_eq(stat(path, &info), 0, "there is no %s", path);
	return (size_t)info.st_size;
}

static inline void create(struct run *run, const char *name)
{
	json_t *about = json_pack("{ss sI}", "version", "1", "seed", (json_int_t)1 << 60);
	struct message why = { "" };

	cr_assert_eq(run_create(run, at(name), about, &why), 0, "%s", why.text);
	json_decref(about);
}

static inline void append(struct run *run, unsigned round)
{
	struct launch_record launch = launch_of(&numbers, 2, 3);
	struct message why = { "" };

	launch.round = round;
	cr_assert_eq(run_append(run, &launch, &why), 0, "%s", why.text);
}

static inline void create_with_launches(const char *name, unsigned count)
{
	struct run run;

	create(&run, name);
	for (unsigned i = 0; i < count; i++)
		append(&run, i);
	run_release(&run);
}

static inline void load(struct run *run, const char *name)
{
	struct message why = { "" };

	cr_assert_eq(run_load(run, at(name), &why), 0, "%s", why.text);
}

/* The message speaks of DIRECTORY/name..., and goes on as given. */
static inline void expect_message(const struct message *why, const char *format)
{
	char expected[512];

	snprintf(expected, sizeof(expected), format, own_directory);
	cr_expect_str_eq(why->text, expected);
}

#endif
