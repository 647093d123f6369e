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

/* One moment by both clocks: the closest of a few pairs, since an interrupt may part one. */
struct moment {
	uint64_t ns, ticks;
};

static struct moment now_by_both(const struct clock *clock)
{
	enum { PAIRS = 8 };
	uint64_t closest = UINT64_MAX;
	struct moment best = { 0 };

	for (int i = 0; i < PAIRS; i++) {
		const uint64_t before = clock_ticks(clock), ns = clock_monotonic_ns();
		const uint64_t apart = clock_ticks(clock) - before;
		if (apart >= closest)
			continue;
		closest = apart;
		best = (struct moment) { ns, before + apart / 2 };
	}
	return best;
}

struct clock clock_calibrate(void)
{
	enum { CALIBRATION_NS = 2000000 };
	struct clock clock = { .tsc = kernel_trusts_tsc(), .ns_per_tick = 1 };

	if (!clock.tsc)
		return clock;
	const struct moment first = now_by_both(&clock);
	while (clock_monotonic_ns() - first.ns < CALIBRATION_NS)
		;
	const struct moment last = now_by_both(&clock);
	clock.ns_per_tick = (double)(last.ns - first.ns) / (double)(last.ticks - first.ticks);
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
