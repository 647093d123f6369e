/*
 * check: what the doctor's checks are made of; for the files doctor*.c alone.
 *
 * A check looks at a machine's description for one thing, and fills one finding if it is there.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "machine/doctor.h"

typedef bool check_fn(const json_t *machine, struct finding *finding);

/* The checks of the environment's variables: doctor_openmp.c. */
bool check_thread_limit(const json_t *machine, struct finding *finding);
bool check_overridden(const json_t *machine, struct finding *finding);

/* The same by tables of variables: at most one finding each, count of them below. */
enum { VARIABLES_MAX = 16 };
size_t check_variables(const json_t *machine, struct finding findings[VARIABLES_MAX]);

/* Fills a finding and is true, so that checks can `return found(...)`. mend may be NULL. */
bool found(struct finding *finding, enum severity severity, const char *why, const char *mend,
	const char *what, ...) __attribute__((format(printf, 5, 6)));

/* The same for a command with something to fill in. */
void mend_with(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The value of a key, or of an environment variable; NULL if it is unknown or not set. */
const char *known_text(const json_t *machine, const char *key);
const char *variable_of(const json_t *machine, const char *name);

/* False if it is unknown. */
bool known_number(const json_t *machine, const char *key, double *number);

/* The hardware threads we may use of this machine; 0 if it is synthetic. */
unsigned our_threads(const json_t *machine);

/* Those that this machine has running; 0 if that is unknown. */
unsigned threads_online(const json_t *machine);

/* A variable's value as a whole number; false if it is not set or none. */
bool variable_number(const json_t *machine, const char *name, long *number);

#endif
