#include "results.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void results_path(char path[RESULTS_PATH], const char *what, unsigned attempt)
{
	char host[256] = "host", when[32] = "", again[16] = "";
	const time_t now = time(NULL);
	struct tm utc;

	gethostname(host, sizeof(host) - 1);
	host[strcspn(host, "./")] = 0;
	if (gmtime_r(&now, &utc))
		strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &utc);
	if (attempt > 1)
		snprintf(again, sizeof(again), "-%u", attempt);
	snprintf(path, RESULTS_PATH, "results/%s-%s%s%s", host, when, what, again);
}
