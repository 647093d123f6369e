#include "message.h"

#include <stdarg.h>
#include <stdio.h>

int fail(struct message *m, int code, const char *format, ...)
{
	va_list args;

	if (!m)
		return code;
	va_start(args, format);
	vsnprintf(m->text, sizeof(m->text), format, args);
	va_end(args);
	return code;
}
