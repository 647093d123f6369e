/*
 * doctor: what about a machine will spoil a measurement, why, and what mends it.
 *
 * It knows the machine by its description alone (machine.h), so a recorded run can be examined as
 * well as this machine. What the description does not know, the doctor says nothing about, but for
 * the frequency: that it is unknown is easily taken for that it is fixed.
 */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <jansson.h>
#include <stddef.h>

/* Worst first. */
enum severity {
	SPOILS, /* numbers are not what they claim: CPUs or threads that are not there, a debug build */
	BLURS, /* numbers scatter, or shift from machine to machine and hour to hour */
	NOTE,  /* worth knowing when one reads them */
	SEVERITIES
};

/* "spoils", "blurs", "note". */
const char *severity_name(enum severity severity);

enum { FINDING_TEXT = 200 };

struct finding {
	enum severity severity;
	char what[FINDING_TEXT]; /* "the governor is 'powersave', not 'performance'" */
	const char *why;         /* what that does to numbers; static */
	char mend[FINDING_TEXT]; /* a shell command; "" if there is none */
};

enum { FINDINGS_MAX = 48 };

/*
 * Examines a description made by machine_describe. Writes the findings, worst first and then in the
 * order of the checks, into an array of FINDINGS_MAX, which is room for all there can be. Returns
 * how many there are.
 */
size_t doctor_examine(const json_t *machine, struct finding *findings);

#endif
