#include "clock.h"

#include <stdio.h>
#include <string.h>

static bool kernel_trusts_tsc(void)
{
	char name[16] = "";

#if defined(__x86_64__)
	FILE *file =
		fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
	if (!file)
		return false;
	if (!fgets(name, sizeof(name), file))
		name[0] = 0;
	fclose(file);
#endif
	return strcmp(name, "tsc\n") == 0;
}

struct clock clock_calibrate(void)
{
	enum { CALIBRATION_NS = 10000000 };
	struct clock clock = { .tsc = kernel_trusts_tsc(), .ns_per_tick = 1 };

	if (!clock.tsc)
		return clock;
	const uint64_t ns = clock_monotonic_ns(), ticks = clock_ticks(&clock);
	uint64_t ns_later, ticks_later;
	do {
		ns_later = clock_monotonic_ns();
		ticks_later = clock_ticks(&clock);
	} while (ns_later - ns < CALIBRATION_NS);
	clock.ns_per_tick = (double)(ns_later - ns) / (double)(ticks_later - ticks);
	return clock;
}

uint64_t clock_step_ns(const struct clock *clock)
{
	enum { READINGS = 10000 };
	uint64_t least = UINT64_MAX, before = clock_ticks(clock);

	for (int i = 0; i < READINGS; i++) {
		const uint64_t now = clock_ticks(clock);
		if (now > before && now - before < least)
			least = now - before;
		before = now;
	}
	const uint64_t ns = least == UINT64_MAX ? 0 : clock_ns_between(clock, 0, least);
	return ns ? ns : 1;
}

const char *clock_name(const struct clock *clock)
{
	return clock->tsc ? "tsc" : "monotonic";
}
