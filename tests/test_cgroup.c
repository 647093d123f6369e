/*
 * cgroup and line: control groups and other small files of a machine, made up in a temporary directory.
 */
#include "directory.h"
#include "machine/cgroup.h"
#include "machine/line.h"

TestSuite(cgroup, .init = make_directory, .fini = remove_directory);
TestSuite(line, .init = make_directory, .fini = remove_directory);

/* ---- control groups ---- */

/* We are in group `path` of a version 2 hierarchy whose `root` is mounted on DIRECTORY/v2. */
static void join_v2(const char *path, const char *root)
{
	put_below("cgroup", "0::%s\n", path);
	put_below("mountinfo",
		"22 1 0:20 / / rw shared:1 - ext4 /dev/sda1 rw\n"
		"41 31 0:38 %s %s/v2 rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
		root, own_directory);
}

/* The same for a version 1 hierarchy of cpu and cpuacct, on DIRECTORY/v1, and one of memory. */
static void join_v1(const char *path, const char *root)
{
	put_below("cgroup", "4:memory:%s\n3:cpuset:/\n2:cpu,cpuacct:%s\n1:name=systemd:/\n", path,
		path);
	put_below("mountinfo",
		"31 23 0:28 / %s/set rw - cgroup cgroup rw,cpuset\n"
		"32 23 0:29 %s %s/v1 rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"
		"33 23 0:30 %s %s/mem rw,relatime - cgroup cgroup rw,memory\n",
		own_directory, root, own_directory, root, own_directory);
}

Test(cgroup, reads_a_v2_quota)
{
	join_v2("/job/step", "/");
	put_below("v2/job/step/cpu.max", "50000 100000\n");
	cr_expect_eq(cgroup_cpus(own_directory), 0.5);
}

Test(cgroup, takes_max_for_no_v2_quota)
{
	join_v2("/job", "/");
	put_below("v2/job/cpu.max", "max 100000\n");
	cr_expect_eq(cgroup_cpus(own_directory), 0);
}

static void expect_cpus_of_a_step(const char *quota, const char *parents, double cpus)
{
	join_v2("/job/step", "/");
	put_below("v2/job/step/cpu.max", "%s 100000\n", quota);
	put_below("v2/job/cpu.max", "%s 100000\n", parents);
	cr_expect_eq(cgroup_cpus(own_directory), cpus);
}

Test(cgroup, reads_a_quota_that_a_parent_sets)
{
	expect_cpus_of_a_step("max", "1200000", 12);
}

Test(cgroup, takes_the_least_of_its_own_and_its_parents_quotas)
{
	expect_cpus_of_a_step("400000", "200000", 2);
}

Test(cgroup, reads_the_quota_of_a_container_that_sees_its_group_as_the_root)
{
	join_v2("/", "/");
	put_below("v2/cpu.max", "150000 100000\n");
	cr_expect_eq(cgroup_cpus(own_directory), 1.5);
}

Test(cgroup, finds_its_group_below_the_root_that_is_mounted)
{
	join_v2("/docker/1234/step", "/docker/1234");
	put_below("v2/step/cpu.max", "300000 100000\n");
	cr_expect_eq(cgroup_cpus(own_directory), 3);
}

Test(cgroup, takes_the_mount_for_a_group_that_lies_outside_it)
{
	join_v2("/../other", "/");
	put_below("v2/cpu.max", "700000 100000\n");
	put_below("other/cpu.max", "100000 100000\n");
	cr_expect_eq(cgroup_cpus(own_directory), 7);
}

static void expect_v1_cpus(const char *quota, double cpus)
{
	join_v1("/job", "/");
	put_below("v1/job/cpu.cfs_quota_us", "%s\n", quota);
	put_below("v1/job/cpu.cfs_period_us", "100000\n");
	cr_expect_eq(cgroup_cpus(own_directory), cpus);
}

Test(cgroup, reads_a_v1_quota)
{
	expect_v1_cpus("250000", 2.5);
}

Test(cgroup, takes_minus_one_for_no_v1_quota)
{
	expect_v1_cpus("-1", 0);
}

Test(cgroup, sees_no_limit_without_control_groups)
{
	cr_expect_eq(cgroup_cpus(own_directory), 0);
	cr_expect_eq(cgroup_memory_bytes(own_directory), 0);
}

Test(cgroup, reads_a_v2_memory_limit)
{
	join_v2("/job", "/");
	put_below("v2/job/memory.max", "8589934592\n");
	cr_expect_eq(cgroup_memory_bytes(own_directory), 8589934592u);
}

static void expect_v1_memory(const char *limit, uint64_t bytes)
{
	join_v1("/job", "/");
	put_below("mem/job/memory.limit_in_bytes", "%s\n", limit);
	cr_expect_eq(cgroup_memory_bytes(own_directory), bytes);
}

Test(cgroup, reads_a_v1_memory_limit)
{
	expect_v1_memory("4294967296", 4294967296u);
}

Test(cgroup, takes_the_largest_v1_memory_limit_for_none)
{
	expect_v1_memory("9223372036854771712", 0);
}

/* ---- small files ---- */

static void expect_value(const char *key, const char *expected)
{
	char text[64];

	put_below("cpuinfo", "processor\t: 0\ncpu family\t: 26\nempty:\ncpu\t\t: POWER9: new\n");
	cr_expect_eq(line_value(at("cpuinfo"), key, text, sizeof(text)), expected[0] != 0);
	cr_expect_str_eq(text, expected);
}

Test(line, finds_a_key_that_begins_another)
{
	expect_value("cpu", "POWER9: new");
}

Test(line, finds_a_key_of_two_words)
{
	expect_value("cpu family", "26");
}

Test(line, has_no_value_for_a_key_that_is_not_there)
{
	expect_value("model name", "");
}

Test(line, has_no_value_where_none_is_given)
{
	expect_value("empty", "");
}

Test(line, leaves_the_text_empty_without_a_file)
{
	char text[8] = "before";

	cr_expect_not(line_read("/nonexistent/file", text, sizeof(text)));
	cr_expect_str_eq(text, "");
}

Test(line, is_the_first_without_its_newline)
{
	char text[64];

	put_below("two", "tsc\nhpet\n");
	cr_expect(line_read(at("two"), text, sizeof(text)));
	cr_expect_str_eq(text, "tsc");
}

Test(line, goes_on_behind_a_line_that_was_cut)
{
	char text[4];
	struct lines lines;

	put_below("long", "performance\nsave");
	cr_assert(lines_open(&lines, at("long")));
	cr_expect(lines_next(&lines, text, sizeof(text)));
	cr_expect(lines_next(&lines, text, sizeof(text)));
	cr_expect_str_eq(text, "sav");
	cr_expect_not(lines_next(&lines, text, sizeof(text)));
	lines_close(&lines);
}

Test(line, is_found_far_behind_the_first)
{
	char text[64];

	put_below("far", "%*s\n%*s\nkey: value\n", 5000, "", 7000, "");
	cr_expect(line_value(at("far"), "key", text, sizeof(text)));
	cr_expect_str_eq(text, "value");
}

Test(line, cuts_a_line_that_does_not_fit)
{
	char text[4];

	put_below("long", "performance\n");
	cr_expect(line_read(at("long"), text, sizeof(text)));
	cr_expect_str_eq(text, "per");
}
