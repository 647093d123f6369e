/*
 * describe: what the formats of timelines have in common: who took part in a region, on which CPU,
 * and what processes, regions and members are called.
 */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "timeline/timeline.h"

/*
 * Whether a member ran in this region. A team can be smaller in one region than in another; the
 * records of those who were not in it are zero.
 */
bool took_part(const struct region_record *region, const struct member_record *member);

/* When the last member had done its part: then nothing is left but to join. */
uint64_t last_complete_ns(const struct timeline *timeline, const struct region_record *region);

/* The CPU that a member was on whenever it was looked at. */
enum { CPU_UNKNOWN = -1, CPU_SEVERAL = -2 };
int cpu_of_member(const struct timeline *timeline, unsigned member);

/* A CPU's core, or -1 if it is unknown. */
int core_of_cpu(const struct timeline *timeline, int cpu);

enum { DESCRIPTION_MAX = CASE_ID_MAX + 272 };

/* The title, or else the case's id. Returns text. */
char *describe_title(const struct timeline *timeline, char text[CASE_ID_MAX]);

/* "sum_squares/openmp/t4/static/n1000 on node17". Returns text. */
char *describe_process(const struct timeline *timeline, char text[DESCRIPTION_MAX]);

/* "region 3", or "region 0, cold". Returns text. */
char *describe_region(const struct timeline *timeline, size_t region, char text[DESCRIPTION_MAX]);

/* "unit 3", or of tasks "4 sum_squares/1000", counted from 1. Returns text. */
char *describe_unit(const struct timeline *timeline, uint64_t unit, char text[DESCRIPTION_MAX]);

/* "member 3, CPU 5, core 2", or as much as is known. Returns text. */
char *describe_member(const struct timeline *timeline, unsigned member, char text[DESCRIPTION_MAX]);

#endif
