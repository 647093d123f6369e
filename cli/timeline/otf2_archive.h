/*
 * otf2_archive: an OTF2 archive that is being written: its definitions (otf2_define.c) and events
 * (otf2.c). Only where libotf2 is.
 */
#ifndef TIMELINE_OTF2_ARCHIVE_H
#define TIMELINE_OTF2_ARCHIVE_H

#include <otf2/otf2.h>

#include "timeline/timeline.h"

/* What is defined, by the numbers that events have for it. */
enum place { REGION, COLD, FORK, LATENCY, WORK, UNIT, FURTHER, WAIT, JOIN, PLACES };
enum attribute { CPU, CORE, UNITS, WHICH_UNIT, ATTRIBUTES };
enum metric { ALLOCATED, TOUCHED, METRICS };

/* Everything of a kind that there is only one of has this number. */
enum { THE_ONE = 0 };

struct archive {
	const struct timeline *timeline;
	OTF2_Archive *handle;
	OTF2_EvtWriter *events; /* of the location that is being written */
	OTF2_GlobalDefWriter *definitions;
	OTF2_AttributeList *with; /* attributes of the next event, which empties it */
	OTF2_StringRef strings;   /* defined so far */
	OTF2_ErrorCode error;     /* the first; what comes after it does not count */
	char said[256];           /* by OTF2, of it */
};

/* Keeps the first error. */
void archive_check(struct archive *archive, OTF2_ErrorCode code);

OTF2_Paradigm archive_paradigm(const struct archive *archive);
bool archive_is_openmp(const struct archive *archive);

/* Where a unit is: tasks by their own names come behind all other places. */
OTF2_RegionRef archive_unit(const struct timeline *timeline, uint64_t unit);

/* All but locations and the team, before the first event. */
void archive_define(struct archive *archive);

/* When all of the member's events are written. */
void archive_define_location(struct archive *archive, unsigned member, uint64_t events);

/* The team is a communicator of all locations, which are defined. Of OpenMP alone. */
void archive_define_team(struct archive *archive);

#endif
