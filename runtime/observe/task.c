#include "observe/task.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine/line.h"

enum { PATH_TEXT = 64, STAT_TEXT = 1024 };

/* ---- what it waits for ---- */

/* FOR_DESCRIPTOR: it depends on what the descriptor in the first argument is. */
enum { FOR_DESCRIPTOR = REASONS };

static const struct {
	long call;
	int reason;
} reasons[] = {
	{ SYS_futex, FOR_LOCK },
	{ SYS_nanosleep, FOR_TIMER },
	{ SYS_clock_nanosleep, FOR_TIMER },
	{ SYS_recvfrom, FOR_NETWORK },
	{ SYS_recvmsg, FOR_NETWORK },
	{ SYS_recvmmsg, FOR_NETWORK },
	{ SYS_sendto, FOR_NETWORK },
	{ SYS_sendmsg, FOR_NETWORK },
	{ SYS_accept, FOR_NETWORK },
	{ SYS_accept4, FOR_NETWORK },
	{ SYS_connect, FOR_NETWORK },
	{ SYS_ppoll, FOR_EVENTS },
	{ SYS_pselect6, FOR_EVENTS },
	{ SYS_epoll_pwait, FOR_EVENTS },
#ifdef SYS_poll /* newer architectures have only the three above */
	{ SYS_poll, FOR_EVENTS },
	{ SYS_select, FOR_EVENTS },
	{ SYS_epoll_wait, FOR_EVENTS },
#endif
#ifdef SYS_epoll_pwait2
	{ SYS_epoll_pwait2, FOR_EVENTS },
#endif
	{ SYS_read, FOR_DESCRIPTOR },
	{ SYS_readv, FOR_DESCRIPTOR },
	{ SYS_write, FOR_DESCRIPTOR },
	{ SYS_writev, FOR_DESCRIPTOR },
	{ SYS_pread64, FOR_DISK },
	{ SYS_pwrite64, FOR_DISK },
	{ SYS_fsync, FOR_DISK },
	{ SYS_fdatasync, FOR_DISK },
	{ SYS_wait4, FOR_CHILD },
	{ SYS_waitid, FOR_CHILD },
	{ SYS_clone, FOR_CHILD }, /* vfork's way: until the child has started another program */
	{ SYS_clone3, FOR_CHILD },
#ifdef SYS_vfork
	{ SYS_vfork, FOR_CHILD },
#endif
};

static enum reason reason_of_descriptor(pid_t process, unsigned long descriptor)
{
	static const struct {
		const char *begins;
		enum reason reason;
	} kinds[] = {
		{ "socket:", FOR_NETWORK },
		{ "pipe:", FOR_PIPE },
		{ "/dev/pts/", FOR_PIPE },
		{ "/dev/tty", FOR_PIPE },
		{ "anon_inode:", FOR_EVENTS },
		{ "/", FOR_DISK },
	};
	char path[PATH_TEXT], target[PATH_TEXT];

	snprintf(path, sizeof(path), "/proc/%d/fd/%lu", (int)process, descriptor);
	const ssize_t length = readlink(path, target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = 0;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		if (!strncmp(target, kinds[k].begins, strlen(kinds[k].begins)))
			return kinds[k].reason;
	return FOR_OTHER;
}

enum reason task_reason(pid_t process, long call, unsigned long argument)
{
	for (size_t r = 0; r < sizeof(reasons) / sizeof(reasons[0]); r++)
		if (reasons[r].call == call)
			return reasons[r].reason == FOR_DESCRIPTOR
				? reason_of_descriptor(process, argument)
				: (enum reason)reasons[r].reason;
	return FOR_OTHER;
}

/* ---- its files ---- */

static void file_of(pid_t process, pid_t thread, const char *name, char path[PATH_TEXT])
{
	snprintf(path, PATH_TEXT, "/proc/%d/task/%d/%s", (int)process, (int)thread, name);
}

static enum reason look_at_reason(pid_t process, pid_t thread, char state)
{
	char path[PATH_TEXT], text[256];
	enum reason reason = FOR_OTHER;
	unsigned long argument;
	long call;

	file_of(process, thread, "syscall", path);
	if (line_read(path, text, sizeof(text)) && sscanf(text, "%ld %lx", &call, &argument) == 2)
		reason = task_reason(process, call, argument);
	return state == 'D' && reason != FOR_CHILD ? FOR_DISK : reason;
}

static uint64_t look_at_switches(pid_t process, pid_t thread)
{
	char path[PATH_TEXT], text[32];
	uint64_t count = 0;

	file_of(process, thread, "status", path);
	if (line_value(path, "voluntary_ctxt_switches", text, sizeof(text)))
		sscanf(text, "%" SCNu64, &count);
	return count;
}

/* Kernels without the account (CONFIG_SCHED_INFO) lack the file; else it is the thread that is gone. */
static bool is_still_there(void)
{
	return access("/proc/self/schedstat", F_OK) != 0;
}

/* Returns whether there is such a thread. */
static bool look_at_schedule(pid_t process, pid_t thread, struct task_look *into)
{
	char path[PATH_TEXT], text[64];
	uint64_t run, ready;

	file_of(process, thread, "schedstat", path);
	if (!line_read(path, text, sizeof(text)) ||
		sscanf(text, "%" SCNu64 " %" SCNu64, &run, &ready) != 2)
		return is_still_there();
	into->run_ns = run;
	into->ready_ns = ready;
	into->ready_known = true;
	return true;
}

static uint64_t ns_of_ticks(uint64_t ticks)
{
	const long hz = sysconf(_SC_CLK_TCK);

	return ticks * (1000000000u / (uint64_t)(hz > 0 ? hz : 100));
}

bool task_parse(const char *line, struct task_look *into)
{
	const char *end = strrchr(line, ')'); /* a name may hold anything */
	uint64_t user, system, start, block;

	*into = (struct task_look) { .reason = FOR_OTHER };
	if (!end ||
		sscanf(end + 1,
			" %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64
			" %*d %*d %*d %*d %*d %*d %" SCNu64 " %*u %*d %*u %*u %*u %*u %*u %*u %*u"
			" %*u %*u %*u %*u %*u %*u %*d %*d %*u %*u %" SCNu64,
			&into->state, &user, &system, &start, &block) != 5)
		return false;
	into->start = start;
	into->run_ns = ns_of_ticks(user + system);
	into->block_ns = ns_of_ticks(block);
	return true;
}

bool task_look(pid_t process, pid_t thread, struct task_look *into)
{
	char path[PATH_TEXT], text[STAT_TEXT];

	file_of(process, thread, "stat", path);
	if (!line_read(path, text, sizeof(text)) || !task_parse(text, into))
		return false;
	into->leader = process == thread;
	if (!look_at_schedule(process, thread, into))
		return false;
	if (into->state == 'R')
		into->voluntary = look_at_switches(process, thread);
	else if (into->state != 'Z')
		into->reason = look_at_reason(process, thread, into->state);
	return true;
}
