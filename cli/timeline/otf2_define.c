#include "timeline/timeline.h"

#ifdef HAVE_OTF2

#include "timeline/describe.h"
#include "timeline/otf2_archive.h"

static const struct {
	const char *name, *what;
	OTF2_RegionRole role;
} places[PLACES] = {
	[REGION] = { "region", "from fork to join", OTF2_REGION_ROLE_PARALLEL },
	[COLD] = { "region, cold", "the first of its process", OTF2_REGION_ROLE_PARALLEL },
	[FORK] = { "fork", "until the caller starts on its own part", OTF2_REGION_ROLE_CODE },
	[LATENCY] = { "fork latency", "until the member starts", OTF2_REGION_ROLE_ARTIFICIAL },
	[WORK] = { "work", "the member's part", OTF2_REGION_ROLE_LOOP },
	[UNIT] = { "unit", "one step of the scheduled loop", OTF2_REGION_ROLE_CODE },
	[FURTHER] = { "further units", "not kept one by one", OTF2_REGION_ROLE_CODE },
	[WAIT] = { "wait", "done, until the join", OTF2_REGION_ROLE_BARRIER },
	[JOIN] = { "join", "all are done, and the caller not yet on", OTF2_REGION_ROLE_CODE },
};

static const struct {
	const char *name, *what;
	OTF2_Type type;
} attributes[ATTRIBUTES] = {
	[CPU] = { "CPU", "at its start", OTF2_TYPE_INT32 },
	[CORE] = { "core", "at its start", OTF2_TYPE_INT32 },
	[UNITS] = { "units", "how many", OTF2_TYPE_UINT64 },
	[WHICH_UNIT] = { "number", "which unit it is", OTF2_TYPE_UINT64 },
};

static const struct {
	const char *name, *what;
} metrics[METRICS] = {
	[ALLOCATED] = { "bytes allocated", "asked for by the member" },
	[TOUCHED] = { "bytes first touched", "in pages that the member touched first" },
};

static const struct {
	OTF2_Paradigm paradigm;
	const char *name;
	OTF2_ParadigmClass class;
} paradigms[VARIANTS_OF_TASKS] = {
	[SEQUENTIAL] = { OTF2_PARADIGM_USER, NULL, 0 },
	[OPENMP] = { OTF2_PARADIGM_OPENMP, "OpenMP", OTF2_PARADIGM_CLASS_THREAD_FORK_JOIN },
	[PTHREAD] = { OTF2_PARADIGM_PTHREAD, "POSIX threads",
		OTF2_PARADIGM_CLASS_THREAD_CREATE_WAIT },
	[POOL] = { OTF2_PARADIGM_PTHREAD, "POSIX threads", OTF2_PARADIGM_CLASS_THREAD_CREATE_WAIT },
	[PROCESS] = { OTF2_PARADIGM_USER, NULL, 0 },
	[ONE_CORE] = { OTF2_PARADIGM_PTHREAD, "POSIX threads",
		OTF2_PARADIGM_CLASS_THREAD_CREATE_WAIT },
	[GLOBAL_LOCK] = { OTF2_PARADIGM_PTHREAD, "POSIX threads",
		OTF2_PARADIGM_CLASS_THREAD_CREATE_WAIT },
	[EVENT_LOOP] = { OTF2_PARADIGM_USER, NULL, 0 },
	[OPENMP_SECTIONS] = { OTF2_PARADIGM_OPENMP, "OpenMP",
		OTF2_PARADIGM_CLASS_THREAD_FORK_JOIN },
	[OPENMP_TASKS] = { OTF2_PARADIGM_OPENMP, "OpenMP", OTF2_PARADIGM_CLASS_THREAD_FORK_JOIN },
};

OTF2_Paradigm archive_paradigm(const struct archive *archive)
{
	return paradigms[archive->timeline->spec->variant].paradigm;
}

bool archive_is_openmp(const struct archive *archive)
{
	return archive_paradigm(archive) == OTF2_PARADIGM_OPENMP;
}

OTF2_RegionRef archive_unit(const struct timeline *t, uint64_t unit)
{
	return unit < t->task_count ? PLACES + t->place_count + unit : UNIT;
}

static OTF2_StringRef string(struct archive *a, const char *text)
{
	archive_check(a, OTF2_GlobalDefWriter_WriteString(a->definitions, a->strings, text));
	return a->strings++;
}

static void define_clock(struct archive *a)
{
	const struct timeline *t = a->timeline;
	const uint64_t origin_ns = t->regions[0].fork_ns, per_second = 1000000000;

	archive_check(a,
		OTF2_GlobalDefWriter_WriteClockProperties(a->definitions, per_second, origin_ns,
			t->regions[t->count - 1].join_ns - origin_ns, OTF2_UNDEFINED_TIMESTAMP));
}

static void define_places(struct archive *a)
{
	char id[CASE_ID_MAX];
	const OTF2_StringRef none = string(a, "");
	const OTF2_StringRef case_id = string(a, describe_title(a->timeline, id));

	for (uint32_t p = 0; p < PLACES; p++) {
		const bool implicit = p == WAIT && archive_is_openmp(a);
		const OTF2_RegionRole role =
			implicit ? OTF2_REGION_ROLE_IMPLICIT_BARRIER : places[p].role;
		const OTF2_StringRef name = string(a, places[p].name);
		archive_check(a,
			OTF2_GlobalDefWriter_WriteRegion(a->definitions, p, name,
				p <= COLD ? case_id : name, string(a, places[p].what), role,
				archive_paradigm(a), OTF2_REGION_FLAG_NONE, none, 0, 0));
	}
}

/* One of its own name, that is otherwise as `like`. */
static void define_named(struct archive *a, OTF2_RegionRef ref, const char *text, enum place like)
{
	const OTF2_StringRef none = string(a, ""), what = string(a, places[like].what);
	const OTF2_StringRef name = string(a, text);

	archive_check(a,
		OTF2_GlobalDefWriter_WriteRegion(a->definitions, ref, name, name, what,
			places[like].role, archive_paradigm(a), OTF2_REGION_FLAG_NONE, none, 0, 0));
}

static void define_named_places(struct archive *a)
{
	const struct timeline *t = a->timeline;
	char name[DESCRIPTION_MAX];

	for (uint32_t p = 0; p < t->place_count; p++)
		define_named(a, PLACES + p, t->places[p], REGION);
	for (uint64_t i = 0; i < t->task_count; i++)
		define_named(a, archive_unit(t, i), describe_unit(t, i, name), UNIT);
}

static void define_attributes(struct archive *a)
{
	for (uint32_t i = 0; i < ATTRIBUTES; i++) {
		const OTF2_StringRef name = string(a, attributes[i].name);
		archive_check(a,
			OTF2_GlobalDefWriter_WriteAttribute(a->definitions, i, name,
				string(a, attributes[i].what), attributes[i].type));
	}
}

static void define_memory(struct archive *a)
{
	const OTF2_MetricMemberRef members[METRICS] = { ALLOCATED, TOUCHED };
	const OTF2_StringRef unit = string(a, "bytes");

	for (uint32_t i = 0; i < METRICS; i++) {
		const OTF2_StringRef name = string(a, metrics[i].name);
		archive_check(a,
			OTF2_GlobalDefWriter_WriteMetricMember(a->definitions, i, name,
				string(a, metrics[i].what), OTF2_METRIC_TYPE_OTHER,
				OTF2_METRIC_ABSOLUTE_POINT, OTF2_TYPE_UINT64, OTF2_BASE_DECIMAL, 0,
				unit));
	}
	archive_check(a,
		OTF2_GlobalDefWriter_WriteMetricClass(a->definitions, THE_ONE, METRICS, members,
			OTF2_METRIC_ASYNCHRONOUS, OTF2_RECORDER_KIND_CPU));
}

static void define_process(struct archive *a)
{
	const struct timeline *t = a->timeline;
	char id[CASE_ID_MAX];
	const OTF2_StringRef host = string(a, t->host), class = string(a, "node");
	const OTF2_StringRef process = string(a, describe_title(t, id));
	const OTF2_Paradigm paradigm = archive_paradigm(a);

	archive_check(a,
		OTF2_GlobalDefWriter_WriteSystemTreeNode(
			a->definitions, THE_ONE, host, class, OTF2_UNDEFINED_SYSTEM_TREE_NODE));
	archive_check(a,
		OTF2_GlobalDefWriter_WriteSystemTreeNodeDomain(
			a->definitions, THE_ONE, OTF2_SYSTEM_TREE_DOMAIN_SHARED_MEMORY));
	archive_check(a,
		OTF2_GlobalDefWriter_WriteLocationGroup(a->definitions, THE_ONE, process,
			OTF2_LOCATION_GROUP_TYPE_PROCESS, THE_ONE, OTF2_UNDEFINED_LOCATION_GROUP));
	if (paradigms[t->spec->variant].name)
		archive_check(a,
			OTF2_GlobalDefWriter_WriteParadigm(a->definitions, paradigm,
				string(a, paradigms[t->spec->variant].name),
				paradigms[t->spec->variant].class));
}

void archive_define_location(struct archive *a, unsigned member, uint64_t events)
{
	char name[DESCRIPTION_MAX];

	archive_check(a,
		OTF2_GlobalDefWriter_WriteLocation(a->definitions, member,
			string(a, describe_member(a->timeline, member, name)),
			OTF2_LOCATION_TYPE_CPU_THREAD, events, THE_ONE));
}

void archive_define_team(struct archive *a)
{
	enum { ALL_LOCATIONS, TEAM };
	uint64_t members[THREADS_MAX];
	const uint32_t count = a->timeline->team;
	const OTF2_StringRef name = string(a, "team");

	for (uint32_t m = 0; m < count; m++)
		members[m] = m;
	archive_check(a,
		OTF2_GlobalDefWriter_WriteGroup(a->definitions, ALL_LOCATIONS, name,
			OTF2_GROUP_TYPE_COMM_LOCATIONS, archive_paradigm(a), OTF2_GROUP_FLAG_NONE,
			count, members));
	archive_check(a,
		OTF2_GlobalDefWriter_WriteGroup(a->definitions, TEAM, name,
			OTF2_GROUP_TYPE_COMM_GROUP, archive_paradigm(a), OTF2_GROUP_FLAG_NONE,
			count, members));
	archive_check(a,
		OTF2_GlobalDefWriter_WriteComm(a->definitions, THE_ONE, name, TEAM,
			OTF2_UNDEFINED_COMM, OTF2_COMM_FLAG_NONE));
}

void archive_define(struct archive *a)
{
	define_clock(a);
	define_places(a);
	define_named_places(a);
	define_attributes(a);
	if (a->timeline->memory)
		define_memory(a);
	define_process(a);
}

#endif
