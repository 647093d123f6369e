#include "team/wait.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const names[WAITS] = {
	[WAIT_ACTIVE] = "active",
	[WAIT_PASSIVE] = "passive",
};

const char *wait_name(enum wait wait)
{
	return names[wait];
}

int wait_parse(const char *text, enum wait *into)
{
	static const char blanks[] = " \t\n\v\f\r";

	text += strspn(text, blanks);
	for (enum wait w = WAIT_ACTIVE; w < WAITS; w++) {
		const size_t length = strlen(names[w]);
		if (strncasecmp(text, names[w], length) != 0 ||
			text[length + strspn(text + length, blanks)])
			continue;
		*into = w;
		return 0;
	}
	return -EINVAL;
}

enum wait wait_policy(void)
{
	const char *text = getenv("OMP_WAIT_POLICY");
	enum wait wait = WAIT_UNSET;

	if (text)
		wait_parse(text, &wait);
	return wait;
}
