/*
 * cli, doctor: what it tells of the machine, and of what spoils measurements on it.
 */
#include "cli_sweep.h"

TestSuite(doctor, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);

static struct told doctor(const char *format)
{
	const struct told told = tine("doctor", "--format", format);

	expect_code(&told, 0);
	cr_expect_str_empty(told.err);
	return told;
}

Test(doctor, tells_of_the_machine_in_a_table)
{
	char host[256] = "";
	const struct told told = tine("doctor");

	expect_code(&told, 0);
	cr_expect_str_empty(told.err);
	gethostname(host, sizeof(host) - 1);
	cr_expect_eq(strncmp(told.out, host, strlen(host)), 0, "%s", told.out);
	expect_match(told.out, "^ +CPUs +[1-9][0-9]* cores?, [1-9][0-9]* hardware threads?, ");
	expect_match(told.out, "^ +memory +[0-9.]+ [KMGT]iB, pages of [0-9]+ KiB");
	expect_match(told.out, "^ +clock +[a-z-]+");
	expect_match(told.out, "^ +build +tine [0-9.]+, ");
	cr_expect_str_eq(told.out + strlen(told.out) - 1, "\n");
}

Test(doctor, writes_nothing)
{
	doctor("table");
	cr_expect_str_empty(listing("."));
}

Test(doctor, json_has_machine_and_findings)
{
	json_t *said = parse(doctor("json").out), *one;
	size_t i;

	expect_keys(said, ARGUMENTS("machine", "findings"));
	cr_expect(json_is_object(json_object_get(said, "machine")));
	json_array_foreach (json_object_get(said, "findings"), i, one)
		expect_keys(one, ARGUMENTS("severity", "what", "why", "mend"));
	json_decref(said);
}

/* The two know the machine by the same record: what is in one is in the other. */
Test(doctor, json_machine_is_recorded_in_run_json_too)
{
	small_sweep();
	json_t *about = parse(file_text("D/run.json")), *said = parse(doctor("json").out), *value;
	json_t *then = json_object_get(about, "machine"), *now = json_object_get(said, "machine");
	const char *key;

	json_object_foreach (now, key, value)
		cr_expect_not_null(json_object_get(then, key), "run.json has no '%s'", key);
	json_object_foreach (then, key, value)
		cr_expect_not_null(json_object_get(now, key), "the doctor has no '%s'", key);
	json_decref(said);
	json_decref(about);
}

Test(doctor, csv_has_a_header_and_a_line_a_finding)
{
	setenv("OMP_DYNAMIC", "true", 1);
	const struct told told = doctor("csv");

	cr_expect_eq(strncmp(told.out, "severity,what,why,mend\n", 23), 0, "%s", told.out);
	expect_match(told.out, "^spoils,OMP_DYNAMIC is 'true',.*,unset OMP_DYNAMIC$");
}

Test(doctor, markdown_has_a_header_and_a_line_a_finding)
{
	setenv("OMP_DYNAMIC", "true", 1);
	const struct told told = doctor("markdown");

	expect_match(told.out, "^\\| severity \\| what \\| why \\| mend \\|$");
	expect_match(told.out,
		"^\\| spoils \\| OMP_DYNAMIC is 'true' \\| .* \\| unset OMP_DYNAMIC \\|$");
}

/* libgomp tells of such a value, too. */
Test(doctor, markdown_escapes_what_would_end_a_cell)
{
	setenv("OMP_DYNAMIC", "on|off", 1);
	const struct told told = tine("doctor", "--format", "markdown");

	expect_code(&told, 0);
	expect_match(told.out,
		"^\\| blurs \\| OMP_DYNAMIC is 'on\\\\\\|off', which is not true or false \\| ");
}

Test(doctor, says_what_spoils_why_and_what_mends_it)
{
	setenv("OMP_DYNAMIC", "true", 1);
	const struct told told = doctor("table");

	expect_match(told.out, "^ +spoils +OMP_DYNAMIC is 'true'$");
	expect_match(told.out, "^ +why +the library gives regions fewer threads");
	expect_match(told.out, "^ +mend +unset OMP_DYNAMIC$");
	cr_expect_null(strstr(told.out, "Nothing spoils"));
}

Test(doctor, does_not_repeat_advice_that_was_followed)
{
	setenv("OMP_DYNAMIC", "false", 1);
	cr_expect_null(strstr(doctor("table").out, "OMP_DYNAMIC"));
}

static int rank_of(const char *severity)
{
	static const char *const names[] = { "spoils", "blurs", "note" };

	for (int i = 0; i < 3; i++)
		if (!strcmp(severity, names[i]))
			return i;
	cr_assert_fail("there is no severity %s", severity);
	return 0;
}

Test(doctor, tells_the_worst_first)
{
	setenv("OMP_DYNAMIC", "true", 1);
	setenv("OMP_WAIT_POLICY", "passive", 1);
	setenv("OMP_NUM_THREADS", "2", 1);
	json_t *said = parse(doctor("json").out), *one;
	int before = 0;
	size_t i;

	json_array_foreach (json_object_get(said, "findings"), i, one) {
		const int rank = rank_of(json_string_value(json_object_get(one, "severity")));
		cr_expect_geq(rank, before);
		before = rank;
	}
	cr_expect_geq(i, 3);
	cr_expect_eq(before, 2);
	json_decref(said);
}

Test(doctor, sees_a_single_cpu)
{
	keep_to_one_cpu();
	const struct told told = doctor("table");

	expect_match(told.out, "^ +CPUs +1 core, 1 hardware thread, ");
	expect_match(told.out, "^ +spoils +.*single CPU");
	expect_match(told.out, "^ +mend +taskset -c ");
}

Test(doctor, describes_this_machine)
{
	const struct told told = tine("doctor");
	char host[256] = "";

	expect_code(&told, 0);
	cr_assert_eq(gethostname(host, sizeof(host) - 1), 0);
	expect_words(told.out, host);
	expect_match(told.out, "^  CPUs +[0-9]+ cores?, [0-9]+ hardware threads?");
	cr_expect_str_empty(told.err);
}

Test(doctor, says_what_why_and_how_to_mend_it)
{
	setenv("OMP_DYNAMIC", "true", 1);
	const struct told told = tine("doctor");

	expect_code(&told, 0);
	expect_match(told.out, "^  spoils +OMP_DYNAMIC is 'true'$");
	expect_match(told.out, "^  mend +unset OMP_DYNAMIC$");
	cr_expect_null(strstr(told.out, "Nothing spoils"));
}

Test(doctor, says_no_more_of_what_was_mended)
{
	const struct told told = tine("doctor");

	expect_code(&told, 0);
	cr_expect_null(strstr(told.out, "OMP_DYNAMIC"), "%s", told.out);
}

Test(doctor, gives_json_with_the_machine_and_findings)
{
	setenv("OMP_MAX_ACTIVE_LEVELS", "0", 1);
	const struct told told = tine("doctor", "--format", "json");
	json_t *said = json_said(&told), *finding;
	bool seen = false;
	size_t i;

	cr_expect_gt(whole(json_object_get(said, "machine"), "cores"), 0);
	json_array_foreach (json_object_get(said, "findings"), i, finding)
		seen |= !strncmp(json_string_value(json_object_get(finding, "what")),
			"OMP_MAX_ACTIVE_LEVELS", 21);
	cr_expect(seen, "%s", told.out);
	json_decref(said);
}

Test(doctor, gives_csv)
{
	const struct told told = tine("doctor", "--format", "csv");

	expect_code(&told, 0);
	expect_match(told.out, "^severity,what,why,mend$");
}

Test(doctor, takes_no_argument)
{
	const struct told told = tine("doctor", "pi");

	expect_code(&told, 2);
}
