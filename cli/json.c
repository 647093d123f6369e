#include "json.h"

#include <errno.h>
#include <stdio.h>

json_t *number_or_null(bool known, double value)
{
	return known ? json_real(value) : json_null();
}

int json_print_to(json_t *json, FILE *to)
{
	if (!json)
		return -ENOMEM;
	json_dumpf(json, to, JSON_INDENT(2));
	fputc('\n', to);
	json_decref(json);
	return 0;
}

int json_print(json_t *json)
{
	return json_print_to(json, stdout);
}
