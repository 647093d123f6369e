#include "conductor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/shuffle.h"
#include "progress.h"
#include "store/codec.h"

extern char **environ;

static const char self_path[] = "/proc/self/exe";

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP };

static sigset_t watched_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (size_t i = 0; i < sizeof(ending_signals) / sizeof(ending_signals[0]); i++)
		sigaddset(&set, ending_signals[i]);
	return set;
}

void conductor_block_signals(void)
{
	const sigset_t set = watched_signals();

	sigprocmask(SIG_BLOCK, &set, NULL);
}

char *order_to_text(const struct launch_order *order)
{
	json_t *cpus = order->cpus ? json_array() : json_null();

	for (unsigned m = 0; order->cpus && m < order->spec.threads; m++)
		json_array_append_new(cpus, json_integer(order->cpus[m]));
	json_t *json =
		json_pack("{so si si sI sf ss* ss* ss* so}", "case", case_to_json(&order->spec),
			"round", (int)order->round, "samples", (int)order->samples, "budget_ns",
			(json_int_t)order->budget_ns, "gamma", order->gamma, "image", order->image,
			"output", order->output, "output_name", order->output_name, "cpus", cpus);
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	return text;
}

static int cpus_from_json(const json_t *from, unsigned threads, int **into)
{
	*into = NULL;
	if (json_is_null(from))
		return 0;
	if (json_array_size(from) != threads)
		return -EINVAL;
	*into = calloc(threads, sizeof(**into));
	if (!*into)
		return -ENOMEM;
	for (unsigned m = 0; m < threads; m++)
		(*into)[m] = (int)json_integer_value(json_array_get(from, m));
	return 0;
}

int order_from_json(const json_t *json, struct launch_order *into, int **cpus, struct message *why)
{
	const json_t *spec, *cpu_list;
	json_int_t budget;
	int round, samples;
	json_error_t at;

	*into = (struct launch_order) { 0 };
	if (json_unpack_ex((json_t *)json, &at, 0, "{so si si sI sf s?s s?s s?s so}", "case", &spec,
		    "round", &round, "samples", &samples, "budget_ns", &budget, "gamma",
		    &into->gamma, "image", &into->image, "output", &into->output, "output_name",
		    &into->output_name, "cpus", &cpu_list))
		return fail(why, -EINVAL, "not an order for a launch: %s", at.text);
	into->round = (unsigned)round;
	into->samples = (unsigned)samples;
	into->budget_ns = (uint64_t)budget;
	int error = case_from_json(spec, &into->spec, why);
	if (error)
		return error;
	error = cpus_from_json(cpu_list, into->spec.threads, cpus);
	into->cpus = *cpus;
	return error ? fail(why, error, "not an order for a launch: 'cpus' is wrong") : 0;
}

/* What the OpenMP library may not read from the user's environment, since --bind decides it. */
static bool binds(const char *variable)
{
	static const char *const names[] = {
		"OMP_PROC_BIND=", "OMP_PLACES=", "GOMP_CPU_AFFINITY=", "KMP_AFFINITY="
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strncmp(variable, names[i], strlen(names[i])))
			return true;
	return false;
}

/* OMP_PLACES={0},{2},...: one place a member, in order. */
static char *places_of(const struct launch_order *order)
{
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	if (!stream)
		return NULL;
	fputs("OMP_PLACES=", stream);
	for (unsigned m = 0; m < order->spec.threads; m++)
		fprintf(stream, "%s{%d}", m ? "," : "", order->cpus[m]);
	return fclose(stream) ? NULL : text;
}

static char **environment_of(const struct launch_order *order, char *places)
{
	static char bound[] = "OMP_PROC_BIND=close", unbound[] = "OMP_PROC_BIND=false";
	size_t count = 0, kept = 0;

	while (environ[count])
		count++;
	char **all = calloc(count + 3, sizeof(*all));
	if (!all)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (!binds(environ[i]))
			all[kept++] = environ[i];
	all[kept++] = order->cpus ? bound : unbound;
	if (order->cpus)
		all[kept++] = places;
	return all;
}

/* A child's two outputs, kept in memory. */
struct outputs {
	int out, err;
};

static int spawn(
	const char *order_text, char *const *environment, const struct outputs *to, pid_t *child)
{
	char name[] = "tine", command[] = "launch";
	char *const argv[] = { name, command, (char *)order_text, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, to->out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, to->err, STDERR_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	const int error = posix_spawn(child, self_path, &actions, &attributes, argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return -error;
}

/* Waits for the child. Returns 0 and its status, or -EINTR after ending it. */
static int await_child(pid_t child, int *status)
{
	const sigset_t set = watched_signals();

	for (;;) {
		siginfo_t info;
		if (sigwaitinfo(&set, &info) == SIGCHLD) {
			if (waitpid(child, status, WNOHANG) == child)
				return 0;
		} else if (info.si_signo != SIGCHLD) {
			kill(child, SIGKILL);
			waitpid(child, status, 0);
			return -EINTR;
		}
	}
}

/* What a child wrote, as text in memory of the caller's; NULL if there is no memory. */
static char *contents(int fd)
{
	const off_t size = lseek(fd, 0, SEEK_END);
	char *text = size < 0 ? NULL : calloc((size_t)size + 1, 1);

	if (text && pread(fd, text, (size_t)size, 0) != size) {
		free(text);
		text = NULL;
	}
	return text;
}

static void record_failure(
	struct launch_record *into, const struct launch_order *order, const char *why)
{
	*into = (struct launch_record) {
		.spec = order->spec,
		.round = order->round,
		.status = LAUNCH_FAILED,
	};
	snprintf(into->why, sizeof(into->why), "%s", why);
}

/* What a child that left no record said last, or how it ended. */
static void record_death(
	struct launch_record *into, const struct launch_order *order, int status, char *said)
{
	struct message m;
	const size_t length = said ? strlen(said) : 0;
	char *line = said;

	if (length && said[length - 1] == '\n')
		said[length - 1] = 0;
	if (said && strrchr(said, '\n'))
		line = strrchr(said, '\n') + 1;
	if (WIFSIGNALED(status))
		fail(&m, 0, "ended by signal %d (%s)", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else
		fail(&m, 0, "exit code %d%s%s", WEXITSTATUS(status), line && *line ? ": " : "",
			line ? line : "");
	record_failure(into, order, m.text);
}

static void read_record(struct launch_record *into, const struct launch_order *order, int status,
	const struct outputs *from)
{
	char *text = contents(from->out), *said = contents(from->err);
	struct message m;
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;

	if (!json)
		record_death(into, order, status, said);
	else if (launch_from_json(json, into, &m))
		record_failure(into, order, m.text);
	json_decref(json);
	free(said);
	free(text);
}

static int launch_with(const struct launch_order *order, const char *order_text,
	char *const *environment, struct launch_record *into, struct message *why)
{
	const struct outputs to = {
		.out = memfd_create("tine-out", MFD_CLOEXEC),
		.err = memfd_create("tine-err", MFD_CLOEXEC),
	};
	pid_t child;
	int status = 0, error = to.out < 0 || to.err < 0 ? -errno : 0;

	if (!error)
		error = spawn(order_text, environment, &to, &child);
	if (error)
		fail(why, error, "cannot start a launch: %s", strerror(-error));
	if (!error)
		error = await_child(child, &status);
	if (!error)
		read_record(into, order, status, &to);
	if (to.out >= 0)
		close(to.out);
	if (to.err >= 0)
		close(to.err);
	return error;
}

int conductor_launch(
	const struct launch_order *order, struct launch_record *into, struct message *why)
{
	char *text = order_to_text(order);
	char *places = order->cpus ? places_of(order) : NULL;
	char **environment = environment_of(order, places);
	const bool ready = text && environment && (places || !order->cpus);
	const int error = ready ? launch_with(order, text, environment, into, why)
				: fail(why, -ENOMEM, "no memory to start a launch");

	free(environment);
	free(places);
	free(text);
	return error;
}

static int launch_case(const struct plan *plan, size_t index, unsigned round,
	struct launch_record *into, struct message *why)
{
	const struct case_spec *spec = &plan->cases[index];
	int *cpus;
	int error = topology_bind(&plan->topology, plan->bind, spec->threads, &cpus, why);

	if (error)
		return error;
	const struct launch_order order = {
		.spec = *spec,
		.round = round,
		.cpus = cpus,
		.samples = plan->samples,
		.budget_ns = plan->budget_ns,
		.gamma = plan->gamma,
		.image = plan->image,
	};
	error = conductor_launch(&order, into, why);
	free(cpus);
	return error;
}

static int run_round(const struct plan *plan, unsigned round, struct progress *progress,
	keep_launch_fn *keep, void *context, struct message *why)
{
	size_t *order = calloc(plan->count, sizeof(*order));
	int error = order ? shuffle(order, plan->count, plan->seed + round) : -ENOMEM;

	if (error)
		fail(why, error, "no memory for a random order");
	for (size_t i = 0; i < plan->count && !error; i++) {
		struct launch_record launch;
		progress_show(progress, &plan->cases[order[i]]);
		error = launch_case(plan, order[i], round, &launch, why);
		if (error)
			break;
		progress_step(progress, &launch);
		error = keep(context, &launch, why);
	}
	free(order);
	return error;
}

int conductor_run(const struct plan *plan, bool progress_always, keep_launch_fn *keep,
	void *context, struct message *why)
{
	struct progress progress;
	int error = 0;

	conductor_block_signals();
	progress_init(&progress, plan->count * plan->launches, progress_always);
	for (unsigned round = 0; round < plan->launches && !error; round++)
		error = run_round(plan, round, &progress, keep, context, why);
	progress_end(&progress);
	return error;
}
