/*
 * cli_calm: what tine says when no other load disturbs its launches.
 *
 * Tests run side by side, and disturb one another's launches, which then do not count. Where a test
 * looks at what counts, it asks again, and is skipped if there is no rest to be had for so long.
 */
#ifndef CLI_CALM_H
#define CLI_CALM_H

#include <sys/file.h>
#include <time.h>

#include "cli.h"

static inline time_t calm_until(void)
{
	return time(NULL) + 15;
}

/*
 * Better than asking again is to ask one after the other: waits until no other test is between this
 * and close() of what it returns.
 */
static inline int take_turn(void)
{
	const int turn = open(tine_path, O_RDONLY | O_CLOEXEC);

	cr_assert_eq(flock(turn, LOCK_EX), 0);
	return turn;
}

/* What tine says when no launch was disturbed that a number rests on. */
static inline struct told calm_as(const char *const *arguments)
{
	const int turn = take_turn();

	for (const time_t until = calm_until(); time(NULL) < until;) {
		const struct told told = tine_as(&(struct way) { 0 }, arguments);
		if (!strstr(told.err, "disturbed by other load")) {
			close(turn);
			return told;
		}
	}
	close(turn);
	skip("other load disturbs every launch");
}

static inline bool all_count(const json_t *said, json_int_t launches)
{
	const json_t *cases = json_object_get(said, "cases");
	json_t *one;
	size_t i;

	json_array_foreach (cases, i, one)
		if (whole(one, "launches") < launches &&
			!*json_string_value(json_object_get(one, "error")))
			return false;
	return true;
}

/* What tine says in JSON, with so many launches a case, when all of them count; json_decref it. */
static inline json_t *calm_json_as(json_int_t launches, const char *const *arguments)
{
	for (const time_t until = calm_until(); time(NULL) < until;) {
		const struct told told = tine_as(&(struct way) { 0 }, arguments);
		json_t *said = parse(told.out);
		if (all_count(said, launches))
			return said;
		json_decref(said);
	}
	skip("other load disturbs every launch");
}

#define calm_json(launches, ...) calm_json_as(launches, ARGUMENTS(__VA_ARGS__, "--format", "json"))

/* What tine says in a table, when all launches count. */
static inline struct told calm_table_as(const char *const *arguments)
{
	for (const time_t until = calm_until(); time(NULL) < until;) {
		const struct told told = tine_as(&(struct way) { 0 }, arguments);
		if (!strstr(told.out, "disturbed, left out"))
			return told;
	}
	skip("other load disturbs every launch");
}

#define calm_table(...) calm_table_as(ARGUMENTS(__VA_ARGS__))

#endif
