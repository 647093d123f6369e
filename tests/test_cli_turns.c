/*
 * cli, turns: sweeps that are given one file launch one after the other, in order, and let go of their
 * turn however they end.
 */
#include "cli_sweep.h"
#include "cli_waiting.h"

#include <sys/inotify.h>

TestSuite(turns, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);

enum { SWEEPS_MOST = 3, LAUNCHES = 20 /* of a sweep */, A_WHILE_US = 300000 };

#define SWEEP(out, file)                                                                           \
	"sweep", "pi", "--size", "1000", "--samples", "1", "--variant", "pool", "--threads", "1",  \
		"--launches", "10", "--turns", file, "--out", out
#define ENDLESS                                                                                    \
	"sum_squares", "--variant", "sequential", "--size", "9000000000000000000", "--launches", "1"

static const struct way usual = { 0 };

/* Begins a launch that goes on until its conductor ends: it is that one's turn. */
static struct job hold_turn(const char *file)
{
	const struct job holder = start(&usual, ARGUMENTS("run", ENDLESS, "--turns", file));

	wait_for_launch(holder.pid);
	return holder;
}

static void let_go(const struct job *holder)
{
	cr_assert_eq(kill(holder->pid, SIGKILL), 0);
	finish(&usual, holder);
}

/* A sweep waits for its turn as soon as it has made its run directory, a moment later at most. */
static void wait_until_it_waits(const char *launches)
{
	for (int ms = 0; access(launches, F_OK) && ms < PATIENCE_MS; ms += 2)
		wait_a_little();
	cr_assert_eq(access(launches, F_OK), 0, "there is no %s", launches);
	usleep(A_WHILE_US);
}

static struct job wait_behind_a_holder(void)
{
	const struct job job = start(&usual, ARGUMENTS(SWEEP("D", "turns")));

	wait_until_it_waits("D/launches.jsonl");
	return job;
}

/* ---- several at once ---- */

struct company {
	struct job jobs[SWEEPS_MOST];
	char files[SWEEPS_MOST][32]; /* their launches.jsonl */
	size_t count;
	int changes; /* an inotify: one event a launch, in their order */
	size_t overlaps, looks;
};

static bool all_done(const struct company *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (lines_in(c->files[i]) < LAUNCHES)
			return false;
	return true;
}

/* Two launches are there at once if one of them is still there after the other was seen. */
static void look_for_overlap(struct company *c)
{
	for (size_t i = 1; i < c->count; i++) {
		const pid_t first = child_of(c->jobs[i - 1].pid);
		c->looks += first != 0;
		c->overlaps +=
			first && child_of(c->jobs[i].pid) && child_of(c->jobs[i - 1].pid) == first;
	}
}

/* All of them wait behind a holder, so that they start together. */
static void start_company(struct company *c, size_t count)
{
	const struct job holder = hold_turn("turns");

	*c = (struct company) { .count = count, .changes = inotify_init1(IN_CLOEXEC) };
	for (size_t i = 0; i < count; i++) {
		const char name[] = { (char)('A' + i), 0 };
		c->jobs[i] = start(&usual, ARGUMENTS(SWEEP(name, "turns")));
		snprintf(c->files[i], sizeof(c->files[i]), "%s/launches.jsonl", name);
	}
	for (size_t i = 0; i < count; i++) {
		wait_until_it_waits(c->files[i]);
		cr_assert_eq(inotify_add_watch(c->changes, c->files[i], IN_MODIFY), (int)i + 1);
	}
	let_go(&holder);
}

/* Who launched, in order: "ABABAB". Each file grows by one write a launch. */
static char *order_of(const struct company *c)
{
	struct inotify_event events[SWEEPS_MOST * LAUNCHES + 1];
	char *order = keep(calloc(SWEEPS_MOST * LAUNCHES + 1, 1));
	const ssize_t bytes = read(c->changes, events, sizeof(events));

	cr_assert_gt(bytes, 0);
	for (size_t e = 0; e < (size_t)bytes / sizeof(events[0]); e++)
		order[e] = (char)('A' + events[e].wd - 1);
	close(c->changes);
	return order;
}

static char *launch_together(struct company *c, size_t count)
{
	start_company(c, count);
	for (int ms = 0; !all_done(c) && ms < PATIENCE_MS; ms += 2) {
		look_for_overlap(c);
		wait_a_little();
	}
	for (size_t i = 0; i < count; i++) {
		const struct told told = finish(&usual, &c->jobs[i]);
		expect_code(&told, 0);
	}
	return order_of(c);
}

Test(turns, launches_of_two_sweeps_are_never_there_at_once)
{
	struct company company;

	launch_together(&company, 2);
	cr_expect_gt(company.looks, 3);
	cr_expect_eq(company.overlaps, 0, "%zu of %zu looks", company.overlaps, company.looks);
}

/*
 * Nobody comes twice before all others. Where the machine is so busy that a sweep is not back in the
 * line after a whole launch of another, it may be left out now and then.
 */
static void expect_rotation(size_t sweeps)
{
	struct company company;
	const char *order = launch_together(&company, sweeps);
	const size_t all = strlen(order);
	size_t too_early = 0;

	for (size_t i = 0; i < all; i++)
		for (size_t before = 1; before < sweeps && before <= i; before++)
			too_early += order[i] == order[i - before];
	cr_expect_leq(8 * too_early, all, "%s", order);
	cr_expect_geq(8 * all, 7 * sweeps * LAUNCHES, "twice in a row is one event: %s", order);
}

Test(turns, two_sweeps_alternate)
{
	expect_rotation(2);
}

Test(turns, three_sweeps_go_round)
{
	expect_rotation(3);
}

Test(turns, of_different_files_do_not_wait_for_each_other)
{
	const struct job holder = hold_turn("another");
	const struct told told = tine(SWEEP("D", "turns"));

	expect_code(&told, 0);
	let_go(&holder);
}

/* ---- who ends ---- */

Test(turns, a_holder_that_is_killed_lets_go)
{
	const struct job holder = hold_turn("turns"), waiting = wait_behind_a_holder();

	cr_expect_eq(lines_in("D/launches.jsonl"), 0, "it did not wait");
	let_go(&holder);
	const struct told told = finish(&usual, &waiting);
	expect_code(&told, 0);
	cr_expect_eq(lines_in("D/launches.jsonl"), LAUNCHES);
}

static void expect_waiting_sweep_ended_by(int signal)
{
	const struct job holder = hold_turn("turns"), waiting = wait_behind_a_holder();

	cr_assert_eq(kill(waiting.pid, signal), 0);
	const struct told told = finish(&usual, &waiting);
	expect_code(&told, 130);
	expect_match(told.err, "interrupted.*tine sweep --resume D");
	let_go(&holder);
}

Test(turns, a_waiting_sweep_ends_by_SIGINT)
{
	expect_waiting_sweep_ended_by(SIGINT);
}

Test(turns, a_waiting_sweep_ends_by_SIGTERM)
{
	expect_waiting_sweep_ended_by(SIGTERM);
}

Test(turns, a_waiting_run_ends_by_SIGINT)
{
	const struct job holder = hold_turn("turns");
	const struct job waiting = start(&usual, ARGUMENTS("run", "pi", "--turns", "turns"));

	usleep(A_WHILE_US);
	cr_assert_eq(kill(waiting.pid, SIGINT), 0);
	const struct told told = finish(&usual, &waiting);
	expect_code(&told, 130);
	expect_words(told.err, "interrupted before the first launch was done");
	let_go(&holder);
}

/* Who ended while it waited is not waited for. */
Test(turns, a_killed_waiting_sweep_is_not_waited_for)
{
	const struct job holder = hold_turn("turns"), waiting = wait_behind_a_holder();
	const struct job behind = start(&usual, ARGUMENTS(SWEEP("E", "turns")));

	wait_until_it_waits("E/launches.jsonl");
	let_go(&waiting);
	let_go(&holder);
	const struct told told = finish(&usual, &behind);
	expect_code(&told, 0);
}

/* ---- the file ---- */

static void expect_no_file(const char *file, const char *reason)
{
	const struct told told = tine(SWEEP("D", file));

	expect_code(&told, 2);
	expect_words(told.err, "--turns");
	expect_words(told.err, reason);
	cr_expect_str_empty(told.out);
	cr_expect_str_empty(listing("."));
}

Test(turns, of_a_directory_are_refused)
{
	expect_no_file(".", "Is a directory");
}

Test(turns, in_a_directory_that_is_missing_are_refused)
{
	expect_no_file("nowhere/turns", "nowhere/turns: No such file or directory");
}

Test(turns, without_a_name_are_refused)
{
	expect_no_file("", "give a file");
}

static const char *turns_in_run_json(void)
{
	json_t *plan = plan_in_run_json();
	const char *file = json_string_value(json_object_get(plan, "turns"));
	const char *copy = file ? keep(strdup(file)) : NULL;

	json_decref(plan);
	return copy;
}

Test(turns, are_recorded_by_their_absolute_path)
{
	char path[PATH_MAX];

	cr_assert_eq(mkdir("sub", 0777), 0);
	const struct told told = tine(SWEEP("D", "sub/../turns"));
	expect_code(&told, 0);
	cr_assert_not_null(realpath("turns", path));
	cr_assert_not_null(turns_in_run_json());
	cr_expect_str_eq(turns_in_run_json(), path);
}

Test(turns, are_not_recorded_where_there_are_none)
{
	small_sweep();
	cr_expect_null(turns_in_run_json());
}

/* ---- going on with a sweep ---- */

static void sweep_cut_short(const char *file)
{
	const struct job job = start(&usual, ARGUMENTS(SWEEP("D", file)));

	wait_for_lines("D/launches.jsonl", 3);
	let_go(&job);
	cr_assert_lt(lines_in("D/launches.jsonl"), LAUNCHES, "it was over before");
}

Test(turns, are_taken_again_by_resume)
{
	sweep_cut_short("turns");
	const size_t before = lines_in("D/launches.jsonl");
	const struct job holder = hold_turn("turns");
	const struct job resumed = start(&usual, ARGUMENTS("sweep", "--resume", "D"));

	usleep(2 * A_WHILE_US);
	cr_expect_eq(lines_in("D/launches.jsonl"), before, "it did not wait");
	let_go(&holder);
	const struct told told = finish(&usual, &resumed);
	expect_code(&told, 0);
	expect_complete(LAUNCHES / 2);
}

/* Six launches, which were precise enough then, and are not any more. */
static void sweep_that_must_look_again(void)
{
	const struct told told = tine("sweep", "pi", "--size", "1000", "--samples", "1",
		"--variant", "sequential", "--precision", "100%", "--turns", "turns", "--out", "D");
	json_t *about = parse(file_text("D/run.json"));

	expect_code(&told, 0);
	json_object_set_new(json_object_get(about, "plan"), "precision", json_real(1e-9));
	json_object_set_new(json_object_get(about, "plan"), "launches_most", json_integer(7));
	cr_assert_eq(json_dump_file(about, "D/run.json", 0), 0);
	json_decref(about);
}

/* To look costs time on a CPU, which may be one that another sweep measures on. */
Test(turns, are_taken_to_look_at_the_precision)
{
	sweep_that_must_look_again();
	const struct job holder = hold_turn("turns");
	const struct job resumed = start(&usual, ARGUMENTS("sweep", "--resume", "D"));

	usleep(4 * A_WHILE_US);
	const char *meanwhile = text_of(resumed.err);
	let_go(&holder);
	const struct told told = finish(&usual, &resumed);
	expect_code(&told, 0);
	expect_words(meanwhile, "members are");
	cr_expect_null(strstr(meanwhile, "not precise yet"), "%s", meanwhile);
	expect_words(told.err, "not precise yet");
}

Test(turns, are_taken_again_by_a_file_that_was_removed)
{
	sweep_cut_short("turns");
	cr_assert_eq(unlink("turns"), 0);
	const struct told told = tine("sweep", "--resume", "D");

	expect_code(&told, 0);
	expect_complete(LAUNCHES / 2);
}

Test(turns, are_refused_by_resume_where_their_directory_is_gone)
{
	cr_assert_eq(mkdir("sub", 0777), 0);
	sweep_cut_short("sub/turns");
	cr_assert(!unlink("sub/turns") && !rmdir("sub"));
	const struct told told = tine("sweep", "--resume", "D");

	expect_code(&told, 2);
	expect_match(told.err, "--turns /.*/sub/turns: No such file or directory");
}
