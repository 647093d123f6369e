#include "timeline/flow.h"

#include <stdarg.h>
#include <stdbool.h>

#include "quantity.h"

static void begin_line(struct flow *flow)
{
	if (flow->at)
		fputc('\n', flow->to);
	fprintf(flow->to, "%*s", (int)flow->indent, "");
	flow->at = flow->indent;
}

/* What is wider than a line is plain text: characters, not colours. */
static void put_broken(struct flow *flow, const char *text)
{
	for (; *text; text++) {
		const bool begins = ((unsigned char)*text & 0xc0) != 0x80;
		if (begins && flow->at == flow->columns)
			begin_line(flow);
		flow->at += begins;
		fputc(*text, flow->to);
	}
}

void flow_add(struct flow *flow, const char *format, ...)
{
	enum { GAP = 2, ITEM_MAX = 512 };
	char text[ITEM_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	const size_t width = display_width(text);
	if (!flow->at || flow->at + GAP + width > flow->columns)
		begin_line(flow);
	else
		flow->at += (size_t)fprintf(flow->to, "%*s", GAP, "");
	if (flow->at + width > flow->columns) {
		put_broken(flow, text);
	} else {
		fputs(text, flow->to);
		flow->at += width;
	}
}

void flow_end(struct flow *flow)
{
	if (flow->at)
		fputc('\n', flow->to);
	flow->at = 0;
}
