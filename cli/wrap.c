#include "wrap.h"

#include <string.h>

void wrap_print(const char *text, size_t indent, FILE *to)
{
	enum { WIDTH = 80 };
	size_t column = 0;

	for (const char *at = text; *at; at += strspn(at, " ")) {
		const size_t length = strcspn(at, " ");
		if (column && column + 1 + length > WIDTH) {
			fprintf(to, "\n%*s", (int)indent, "");
			column = 0;
		} else if (column) {
			fputc(' ', to);
			column++;
		}
		fprintf(to, "%.*s", (int)length, at);
		column += length;
		at += length;
	}
	fputc('\n', to);
}
