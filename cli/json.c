#include "json.h"

#include <errno.h>
#include <stdio.h>

json_t *number_or_null(bool known, double value)
{
	return known ? json_real(value) : json_null();
}

json_t *estimate_to_json(bool known, const struct estimate *e)
{
	return json_pack("{so so so}", "median", number_or_null(known, e->median), "low",
		number_or_null(known && e->interval, e->low), "high",
		number_or_null(known && e->interval, e->high));
}

int json_print(json_t *json)
{
	if (!json)
		return -ENOMEM;
	json_dumpf(json, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(json);
	return 0;
}
