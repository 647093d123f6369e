/*
 * session: one launch in progress, and its steps, a file each. For runtime/launch.c alone.
 */
#ifndef SESSION_H
#define SESSION_H

#include "clock.h"
#include "image.h"
#include "launch.h"
#include "launch/delays.h"
#include "tasks/set.h"
#include "team/team.h"

/* What the sequential variant made of a kernel's input, or of a task's. */
struct reference {
	char text[RESULT_BYTES];
	void *output;
};

struct session {
	const struct launch_order *order;
	const struct kernel_entry *entry;
	struct launch_record *record;
	struct clock clock;
	struct picture picture;
	struct text texts[TEXTS_MOST];
	size_t text_count;     /* mapped */
	struct task_set tasks; /* of the whole of tasks; else empty */
	struct input *input;
	bool input_ready;
	struct team team;
	struct delays delays;         /* of the team that is measured */
	struct reference *references; /* one, or one a task */
	uint64_t origin;              /* ticks of the first fork that was recorded; 0: none yet */
};

/* Those that return an int return 0, or a negative errno and a message. */

/* prepare.c: binds the process to member 0's CPU; makes picture, texts, input and team, and fills. */
int prepare(struct session *s, struct message *why);
int prepare_input(struct session *s, struct message *why);
void release_input(struct session *s);

/* region.c: runs one, after which the partials are combined in the first seat's; keeps it. */
int run_region(struct session *s, enum variant variant, struct message *why);
int run_region_units(struct session *s, struct message *why);
double region_ns(const struct session *s);
void keep_region(struct session *s, struct region_record *region, double sample_ns);
int keep_trace(struct session *s, struct region_record *region); /* -ENOMEM without message */

/* Whether regions of the order's variant can be recorded at the `units` level. */
bool has_units(const struct session *s);

/*
 * verify.c: the sequential variant's result, which every region's must equal, and its output, which
 * the output must equal; of tasks, each one's. What does not is noted in the record.
 */
int make_reference(struct session *s, struct message *why);
void release_references(struct session *s);
void check_partial(struct session *s);
void check_output(struct session *s);
int keep_result(struct session *s, struct message *why);

/* sample.c: all that is timed. */
int take_times(struct session *s, struct message *why);

/* watch.c: what members allocate and touch first, on an input that takes the place of the old one. */
int take_memory(struct session *s, struct message *why);

/* parts.c: what the parts of a region cost. */
int take_parts(struct session *s, struct message *why);

#endif
