#include "json.h"

#include <errno.h>
#include <stdio.h>

json_t *number_or_null(bool known, double value)
{
	return known ? json_real(value) : json_null();
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
