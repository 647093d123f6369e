/*
 * store, run: the run directory, in which launches are kept as they are appended, and what else is
 * written there, on full disks as well.
 */
#include <signal.h>
#include <sys/resource.h>

#include "run_directories.h"

TestSuite(memory);
TestSuite(run, .init = make_directory, .fini = remove_directory);

/* ---- the run directory ---- */

Test(run, keeps_what_was_appended)
{
	struct launch_record expected = launch_of(&numbers, 2, 3);
	struct run run;

	create_with_launches("run", 5);
	load(&run, "run");
	cr_assert_eq(run.count, 5);
	cr_expect_not(run.torn);
	for (unsigned i = 0; i < 5; i++) {
		expected.round = i;
		expect_same_launch(&run.launches[i], &expected);
	}
	run_release(&run);
	launch_release(&expected);
}

Test(run, holds_launches_in_memory_as_they_are_appended)
{
	struct run run;

	create(&run, "run");
	for (unsigned i = 0; i < 9; i++) {
		append(&run, i);
		cr_assert_eq(run.count, i + 1);
		cr_expect_eq(run.launches[i].round, i);
		cr_expect_eq(run.launches[i].samples, 2);
	}
	run_release(&run);
}

Test(run, takes_over_the_launch_that_is_appended)
{
	struct launch_record launch = launch_of(&numbers, 2, 3);
	struct run run;

	create(&run, "run");
	cr_assert_eq(run_append(&run, &launch, NULL), 0);
	cr_expect_eq(run.launches[0].regions, launch.regions, "it is not the record's own");
	run_release(&run);
}

Test(run, has_each_launch_on_disk_once_it_is_appended)
{
	struct run run, seen;

	create(&run, "run");
	append(&run, 0);
	append(&run, 1);
	load(&seen, "run");
	cr_expect_eq(seen.count, 2);
	run_release(&seen);
	run_release(&run);
}

Test(run, keeps_what_it_is_about)
{
	struct run run;

	create_with_launches("run", 0);
	load(&run, "run");
	cr_expect_eq(run.count, 0);
	cr_expect_str_eq(json_string_value(json_object_get(run.about, "version")), "1");
	cr_expect_eq(json_integer_value(json_object_get(run.about, "seed")), (json_int_t)1 << 60);
	cr_expect_str_eq(run.path, at("run"));
	run_release(&run);
}

static bool exists(const char *path)
{
	struct stat stat;

	return !lstat(path, &stat);
}

Test(run, is_created_with_the_directories_that_lead_to_it)
{
	create_with_launches("a/b/c", 1);
	cr_expect(exists(at("a/b/c/run.json")));
	cr_expect(exists(at("a/b/c/launches.jsonl")));
	cr_expect_not(exists(at("a/b/c/.beside")));
}

Test(run, is_not_created_over_another)
{
	struct run run;
	struct message why = { "" };
	json_t *about = json_object();

	create_with_launches("run", 2);
	cr_expect_eq(run_create(&run, at("run"), about, &why), -EEXIST);
	expect_message(&why, "cannot make the directory %s/run: File exists");
	json_decref(about);
	load(&run, "run");
	cr_expect_eq(run.count, 2, "the other was changed");
	run_release(&run);
}

Test(run, is_not_created_below_a_file)
{
	struct run run;
	struct message why = { "" };
	json_t *about = json_object();

	put_text(at("file"), "");
	cr_expect_eq(run_create(&run, at("file/run"), about, &why), -ENOTDIR);
	expect_message(&why, "cannot make the directory %s/file/run: Not a directory");
	json_decref(about);
}

/* ---- full disks ---- */

/* As a full disk: files grow no further than this. */
static void limit_files(size_t bytes)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void lift_limit(void)
{
	limit_files(RLIM_INFINITY);
}

Test(run, is_not_created_on_a_full_disk)
{
	struct run run;
	struct message why = { "" };
	json_t *about = json_pack("{ss}", "version", "1");

	limit_files(5);
	const int error = run_create(&run, at("run"), about, &why);
	lift_limit();
	cr_expect_eq(error, -EFBIG);
	expect_message(&why, "cannot write %s/run/run.json: File too large");
	cr_expect_not(exists(at("run/run.json")));
	cr_expect_not(exists(at("run/.beside")));
	json_decref(about);
}

static void append_on_a_full_disk(struct run *run, size_t room)
{
	struct launch_record launch = launch_of(&numbers, 2, 3);
	struct message why = { "" };

	limit_files(size_of_file(at("run/launches.jsonl")) + room);
	const int error = run_append(run, &launch, &why);
	lift_limit();
	cr_expect_eq(error, -EFBIG);
	expect_message(&why, "cannot append to %s/run/launches.jsonl: File too large");
	cr_expect_not_null(launch.regions, "a launch that was not kept stays its owner's");
	launch_release(&launch);
}

Test(run, says_so_when_a_launch_does_not_fit_on_the_disk)
{
	struct run run;

	create(&run, "run");
	append(&run, 0);
	append_on_a_full_disk(&run, 0);
	cr_expect_eq(run.count, 1);
	run_release(&run);
}

/* Whole ones. */
static void expect_two_launches(const char *name)
{
	struct run run;

	load(&run, name);
	cr_expect_eq(run.count, 2);
	cr_expect_not(run.torn);
	run_release(&run);
}

Test(run, keeps_earlier_launches_when_half_a_launch_fits_on_the_disk)
{
	struct run run;

	create(&run, "run");
	append(&run, 0);
	append(&run, 1);
	append_on_a_full_disk(&run, 20);
	run_release(&run);
	expect_two_launches("run");
}

Test(run, leaves_the_file_as_it_was_when_half_a_launch_fits_on_the_disk)
{
	struct run run;

	create(&run, "run");
	append(&run, 0);
	char *before = file_text(at("run/launches.jsonl"));
	append_on_a_full_disk(&run, 20);
	cr_expect_str_eq(file_text(at("run/launches.jsonl")), before);
	cr_expect_not(run.torn);
	run_release(&run);
}

Test(run, goes_on_once_the_disk_has_room_again)
{
	struct run run;

	create(&run, "run");
	append(&run, 0);
	append_on_a_full_disk(&run, 20);
	append(&run, 1);
	run_release(&run);
	expect_two_launches("run");
}

/* ---- runs that are gone when released ---- */

Test(memory, keeps_launches_without_a_directory)
{
	struct run run = run_in_memory();

	for (unsigned i = 0; i < 5; i++)
		append(&run, i);
	cr_assert_eq(run.count, 5);
	cr_expect_eq(run.launches[4].round, 4);
	cr_expect_null(run.path);
	run_release(&run);
}

Test(memory, is_empty_after_release)
{
	struct run run = run_in_memory();

	append(&run, 0);
	run_release(&run);
	cr_expect_eq(run.count, 0);
	cr_expect_null(run.launches);
	cr_expect_lt(run.fd, 0);
}

/* ---- derived files ---- */

Test(run, writes_a_derived_file_whole)
{
	struct run run;

	create(&run, "run");
	cr_assert_eq(run_write_file(&run, "a.csv", "a,b\n1,2\n", NULL), 0);
	cr_expect_str_eq(file_text(at("run/a.csv")), "a,b\n1,2\n");
	cr_expect_not(exists(at("run/.beside")), "a leftover");
	run_release(&run);
}

Test(run, replaces_a_derived_file_by_a_shorter_one)
{
	struct run run;

	create(&run, "run");
	cr_assert_eq(run_write_file(&run, "a.csv", "a,b\n1,2\n", NULL), 0);
	cr_assert_eq(run_write_file(&run, "a.csv", "a\n", NULL), 0);
	cr_expect_str_eq(file_text(at("run/a.csv")), "a\n");
	run_release(&run);
}

static int write_on_a_full_disk(const struct run *run, struct message *why)
{
	limit_files(3);
	const int error = run_write_file(run, "a.csv", "a,b\n1,2\n", why);
	lift_limit();
	return error;
}

Test(run, leaves_no_half_of_a_derived_file)
{
	struct run run;
	struct message why = { "" };

	create(&run, "run");
	cr_expect_eq(write_on_a_full_disk(&run, &why), -EFBIG);
	expect_message(&why, "cannot write %s/run/a.csv: File too large");
	cr_expect_not(exists(at("run/a.csv")), "half a file");
	cr_expect_not(exists(at("run/.beside")), "a leftover");
	run_release(&run);
}

Test(run, leaves_a_derived_file_as_it_was_if_the_new_one_does_not_fit)
{
	struct run run;

	create(&run, "run");
	cr_assert_eq(run_write_file(&run, "a.csv", "old contents\n", NULL), 0);
	cr_expect_eq(write_on_a_full_disk(&run, NULL), -EFBIG);
	cr_expect_str_eq(file_text(at("run/a.csv")), "old contents\n");
	run_release(&run);
}

Test(run, leaves_nothing_where_a_directory_has_the_name_of_a_derived_file)
{
	struct run run;
	struct message why = { "" };

	create(&run, "run");
	cr_assert_eq(mkdir(at("run/a.csv"), 0777), 0);
	cr_expect_eq(run_write_file(&run, "a.csv", "a\n", &why), -EISDIR);
	expect_message(&why, "cannot write %s/run/a.csv: Is a directory");
	cr_expect_not(exists(at("run/.beside")), "a leftover");
	run_release(&run);
}

Test(run, makes_a_directory_once_or_again)
{
	struct run run;

	create(&run, "run");
	cr_expect_eq(run_make_dir(&run, "plots", NULL), 0);
	cr_expect_eq(run_make_dir(&run, "plots", NULL), 0);
	cr_expect_eq(run_write_file(&run, "plots/a.gp", "plot\n", NULL), 0);
	cr_expect(exists(at("run/plots/a.gp")));
	run_release(&run);
}

Test(run, says_so_when_a_directory_cannot_be_made)
{
	struct run run;
	struct message why = { "" };

	create(&run, "run");
	cr_expect_eq(run_make_dir(&run, "run.json/plots", &why), -ENOTDIR);
	expect_message(&why, "cannot make the directory %s/run/run.json/plots: Not a directory");
	run_release(&run);
}
