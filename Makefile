# Tine: how much faster CPU-bound loops get on the cores of this node.
#
#	make run-all      measure everything, leave tables and plots in results/
#	make test         build and run every test
#	make help         the rest

CC       := $(if $(filter default undefined,$(origin CC)),gcc,$(CC))
ARCH     ?= native
PREFIX   ?= /usr/local
BUILD    ?= build
KERNELS  ?=
IMAGE    ?=
VERSION  := 0.1.0

Q := $(if $(V),,@)

# ---- what is built from what ----

# A kernel is one file; KERNELS=path/to/mine.c adds more. Each is compiled once a template: that,
# runtime/team/TEMPLATE.c, includes it. dealt.c holds all variants that deal out units themselves.
KERNEL_FILES := $(sort $(wildcard kernels/*.c)) $(abspath $(KERNELS))
KERNEL_NAMES := $(notdir $(basename $(KERNEL_FILES)))
# What kernels are measured by: kernels, too, in a table of their own.
CEILING_FILES := $(sort $(wildcard kernels/ceilings/*.c))
CEILING_NAMES := $(notdir $(basename $(CEILING_FILES)))
VARIANTS     := sequential openmp pthread pool process one_core global_lock event_loop
COMPILED     := sequential openmp dealt
# one_core differs from pthread in the CPUs alone.
code_of       = $(1:one_core=pthread)
# The whole of tasks is compiled as a kernel is, in two ways more.
WHOLE_FILES  := runtime/tasks/tasks.c
WHOLE_NAMES  := $(notdir $(basename $(WHOLE_FILES)))
OF_TASKS     := openmp_sections openmp_tasks
TEMPLATES    := $(patsubst %,runtime/team/%.c,$(COMPILED) $(OF_TASKS)) $(WHOLE_FILES)
# and once a level of recording: -units stamps each unit, too (runtime/team/member.h).
RECORDED     := $(COMPILED) $(patsubst %,%-units,$(filter-out sequential,$(COMPILED)))
KERNEL_OBJS  := $(foreach v,$(RECORDED),$(patsubst %,$(BUILD)/kernels/%.$(v).o,$(KERNEL_NAMES) $(CEILING_NAMES) $(WHOLE_NAMES))) \
                $(foreach v,$(OF_TASKS) $(OF_TASKS:%=%-units),$(WHOLE_NAMES:%=$(BUILD)/kernels/%.$(v).o))

# What was built for which processor is data in one object; see runtime/machine/isa.h.
ISA_OBJ      := $(BUILD)/runtime/machine/isa.o
# What is preloaded into other programs is a library of its own.
TRACE_SRC    := $(sort $(wildcard runtime/trace/*.c))
RUNTIME_SRC  := $(filter-out $(TEMPLATES) $(TRACE_SRC),$(sort $(wildcard runtime/*.c runtime/*/*.c)))
RUNTIME_OBJS := $(filter-out $(ISA_OBJ),$(RUNTIME_SRC:%.c=$(BUILD)/%.o))
LIB_OBJS     := $(RUNTIME_OBJS) $(KERNEL_OBJS) $(BUILD)/table.o
CLI_OBJS     := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard cli/*.c cli/*/*.c)))
# The formats of timelines know only the runtime and quantities, so that suites can call them.
FORMAT_OBJS  := $(filter $(BUILD)/cli/timeline/% $(BUILD)/cli/quantity.o,$(CLI_OBJS))

PACKAGES     := gsl hwloc jansson libpng libuv libdw
PKG_CFLAGS    = $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS      = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)

WARNINGS     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
                -Wvla -Wwrite-strings $(if $(WERROR),-Werror) \
                $(if $(findstring clang,$(CC)),-Wno-pass-failed -Wno-missing-field-initializers)
# No contraction: a*b+c rounds twice in every variant and on every processor.
CFLAGS       ?= -O3 -g
ALL_CFLAGS    = -std=gnu11 -D_GNU_SOURCE -fopenmp -ffp-contract=off $(CFLAGS) $(SANITIZE) $(WARNINGS) \
                -Ikernels -Iruntime -Icli
# Kernels alone are built for this processor, so that the rest can start anywhere and say so. Loops
# are aligned, so that a variant is not 3 % slower for where its copy of the body happens to lie.
ARCH_CFLAGS   = $(if $(ARCH),-march=$(ARCH)) -fno-math-errno -fno-trapping-math \
                -falign-functions=64 -falign-loops=64
LDLIBS        = $(PKG_LIBS) $(OTF2_LIBS) -lm
# Allocations are counted: see runtime/memory.h.
comma        := ,
WRAP         := $(patsubst %,-Wl$(comma)--wrap=%,malloc calloc realloc aligned_alloc posix_memalign free)
LINK          = $(CC) $(ALL_CFLAGS) $(WRAP)

# Timelines can be written for Vampir where libotf2 3 is; elsewhere they say that it is missing.
OTF2_CONFIG  ?= otf2-config
HAVE_OTF2     = $(shell $(OTF2_CONFIG) --version 2>/dev/null | grep -o ' 3\.[0-9.]*')
OTF2_CFLAGS   = $(if $(HAVE_OTF2),-DHAVE_OTF2 $(shell $(OTF2_CONFIG) --cflags))
OTF2_LIBS     = $(if $(HAVE_OTF2),$(shell $(OTF2_CONFIG) --ldflags) $(shell $(OTF2_CONFIG) --libs))

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.SECONDEXPANSION:
MAKEFLAGS += --no-builtin-rules

# On all cores, unless -j says otherwise; but one goal after another: 'make clean all'.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
ifneq ($(word 2,$(filter-out $(BUILD)/%,$(MAKECMDGOALS))),)
.NOTPARALLEL:
endif
endif

.PHONY: all
all: $(BUILD)/tine $(BUILD)/libtine-trace.so ## build build/tine, and what it preloads

$(BUILD)/tine: $(CLI_OBJS) $(LIB_OBJS) $(ISA_OBJ)
	@echo "  LINK    $@"
	$(Q)$(LINK) $^ -o $@ $(LDLIBS)

# It runs inside of any program: nothing but libc, no sanitizers, and no more names than it needs.
TRACE_CFLAGS  = -std=gnu11 -D_GNU_SOURCE -O2 -g $(WARNINGS) -Iruntime -fPIC -fvisibility=hidden
$(BUILD)/libtine-trace.so: $(TRACE_SRC) $(wildcard runtime/trace/*.h runtime/clock.h) $(BUILD)/flags
	@echo "  LINK    $@"
	$(Q)$(CC) $(TRACE_CFLAGS) -shared -Wl,-z,defs -Wl,-z,now $(TRACE_SRC) -o $@ -ldl -lpthread

define kernel_rule
$(BUILD)/kernels/$(notdir $(basename $(1))).%$(2).o: $(1) runtime/team/%.c $(BUILD)/flags | deps
	@echo "  KERNEL  $$@"
	@mkdir -p $$(@D)
	$(Q)$$(CC) $$(ALL_CFLAGS) $$(ARCH_CFLAGS) -DKERNEL_FILE='"$(abspath $(1))"' \
		-DKERNEL_NAME=$(notdir $(basename $(1))) -DRECORDING=$(3) \
		-Dthe_file_is_named_$(notdir $(basename $(1)))=1 \
		-MMD -MP -c runtime/team/$$*.c -o $$@
endef
define kernel_rules
$(if $(shell expr '$(notdir $(basename $(1)))' : '^[a-z_][a-z0-9_]*$$$$'),,$(error KERNELS: \
	$(1) must be named like a C identifier in lower case, as in my_loop.c))
$(if $(wildcard $(1)),,$(error KERNELS: there is no file $(1)))
$(call kernel_rule,$(1),,1)
$(call kernel_rule,$(1),-units,2)
$(call kernel_rule,$(1),-bare,0)
endef
$(foreach f,$(KERNEL_FILES) $(CEILING_FILES) $(WHOLE_FILES),$(eval $(call kernel_rules,$(f))))
# A ceiling is what the processor can do, in whatever way.
$(BUILD)/kernels/double_multiply_add.%: ARCH_CFLAGS += -ffp-contract=fast

$(ISA_OBJ): ARCH_FOR_ISA = $(ARCH_CFLAGS)
$(BUILD)/cli/gnuplot.o: BUILD_INFO = -DTINE_PLOTS='"$(abspath plots)"'
$(BUILD)/cli/timeline/otf2.o $(BUILD)/cli/timeline/otf2_define.o: BUILD_INFO = $(OTF2_CFLAGS)
$(BUILD)/runtime/machine/build.o: BUILD_INFO = -DBUILD_COMPILER='"$(shell $(CC) --version | head -n 1)"' \
	-DBUILD_FLAGS='"$(strip $(CFLAGS) $(SANITIZE) $(ARCH_CFLAGS) -fopenmp -ffp-contract=off)"' \
	-DTINE_VERSION='"$(VERSION)"'

$(BUILD)/%.o: %.c $(BUILD)/flags | deps
	@echo "  CC      $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ARCH_FOR_ISA) $(BUILD_INFO) $(PKG_CFLAGS) -MMD -MP -c $< -o $@

# The tables of kernels and of ceilings are made from the files' names, so that none can be forgotten.
define table_of
	echo 'const struct kernel_entry $(1)_table[] = {'; \
	for k in $(2); do \
		echo "	{ &kernel_$$k, { $(foreach v,$(VARIANTS) $(3),$${k}_$(call code_of,$(v))$(comma)) },"; \
		echo "		{ $${k}_sequential, $(foreach v,$(filter-out sequential,$(VARIANTS)) $(3),$${k}_$(call code_of,$(v))_units$(comma)) } },"; \
	done; \
	echo '};'; \
	echo 'const unsigned $(1)_count = sizeof($(1)_table) / sizeof($(1)_table[0]);';
endef
$(BUILD)/table.c: $(BUILD)/flags Makefile
	@mkdir -p $(@D)
	@{ echo '/* Made by make from the kernel files. */'; \
	echo '#include "team/team.h"'; \
	for k in $(KERNEL_NAMES) $(CEILING_NAMES) $(WHOLE_NAMES); do \
		echo "extern const struct kernel kernel_$$k;"; \
		$(foreach v,$(filter-out one_core,$(VARIANTS)) $(OF_TASKS),echo "region_fn $${k}_$(v), $${k}_$(v)_units;";) \
	done; \
	$(call table_of,kernel,$(KERNEL_NAMES)) \
	$(call table_of,ceiling,$(CEILING_NAMES)) \
	$(call table_of,whole,$(WHOLE_NAMES),$(OF_TASKS)) \
	} > $@

$(BUILD)/table.o: $(BUILD)/table.c
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

# Changed flags, or kernels added or taken away, rebuild what depends on them.
BUILD_KEY = $(CC) $(ALL_CFLAGS) $(ARCH_CFLAGS) $(KERNEL_FILES) $(CEILING_FILES) $(VERSION)$(HAVE_OTF2)
$(BUILD)/flags: force
	@mkdir -p $(@D)
	@echo '$(BUILD_KEY)' | cmp -s - $@ || echo '$(BUILD_KEY)' > $@
.PHONY: force
force:

.PHONY: deps deps-test deps-check deps-plots deps-bench
deps: ## find the packages that building needs, install them where allowed
	@.make/deps build
deps-test deps-check deps-plots deps-bench: deps
	@.make/deps $(@:deps-%=%)

# ---- running it ----

LATEST = $(shell ls -td results/*/run.json 2>/dev/null | grep -v results/reference | head -n 1 | xargs -r dirname)
RUN    ?= $(LATEST)
SWEEP_OPTIONS ?=

.PHONY: run-all
run-all: all deps-plots ## measure everything on this node, print the tables, leave them and plots in results/
	$(Q)$(BUILD)/tine sweep $(if $(IMAGE),--image $(IMAGE)) $(SWEEP_OPTIONS)

.PHONY: tables plots
tables: all have-run ## print the newest run's tables again (or those of RUN=results/...)
	$(Q)$(BUILD)/tine report $(RUN)
plots: all deps-plots have-run ## draw the newest run's pictures again (or those of RUN=results/...)
	$(Q)$(BUILD)/tine report $(RUN) >/dev/null && ls $(RUN)/plots/*

.PHONY: have-run
have-run:
	@test -n "$(RUN)" || { echo "There is no run in results/ yet: 'make run-all' makes one." >&2; exit 2; }

.PHONY: install
install: all ## install tine and its gnuplot scripts below PREFIX (/usr/local)
	install -D -m 755 $(BUILD)/tine $(DESTDIR)$(PREFIX)/bin/tine
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/lib/tine $(BUILD)/libtine-trace.so
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/tine/plots plots/*.gp

# ---- testing it ----

# Suites are Criterion programs, one a module. They are built with the kernels of tests/kernels too,
# added as any user's: the README's example, and some that are wrong in a way that must be noticed.
SUITES       := $(patsubst tests/%.c,%,$(sort $(wildcard tests/test_*.c)))
SUITE_BINS   := $(SUITES:%=$(BUILD)/tests/%)
TEST_KERNELS := $(sort $(abspath $(wildcard tests/kernels/*.c) $(KERNELS)))
SANITIZERS   := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
TEST_MAKE     = $(MAKE) --no-print-directory KERNELS='$(TEST_KERNELS)'
# What is watched for races are teams, at work on one kernel, and on one that waits for its server.
RACE_MAKE     = $(TEST_MAKE) KERNELS= KERNEL_FILES='kernels/sum_squares.c kernels/fetch.c' CEILING_FILES= \
                CFLAGS='-O1 -g' SANITIZE=-fsanitize=thread

# Programs to be traced: each construct, by both compilers, and without and with optimisation.
# One, dealt.c, is built once a schedule.
DEALT        := schedule_dynamic schedule_guided schedule_nonmonotonic schedule_runtime
TRACED_SRC   := $(filter-out %/plugin.c %/dealt.c,$(sort $(wildcard tests/trace/*.c)))
TRACED       := $(foreach b,gcc0 gcc2 clang,$(patsubst %,$(BUILD)/tests/trace/%.$(b), \
                $(TRACED_SRC:tests/trace/%.c=%) $(DEALT))) \
                $(BUILD)/tests/trace/plugin.so $(BUILD)/tests/trace/static
TRACED_FLAGS := -g -fopenmp -pthread -ldl
traced_source = tests/trace/$(if $(filter $(DEALT),$(1)),dealt,$(1)).c
$(BUILD)/tests/trace/schedule_dynamic.%: TRACED_FLAGS += -DSCHEDULE=dynamic,3
$(BUILD)/tests/trace/schedule_guided.%: TRACED_FLAGS += -DSCHEDULE=guided,2
$(BUILD)/tests/trace/schedule_nonmonotonic.%: TRACED_FLAGS += -DSCHEDULE=nonmonotonic:dynamic,5
$(BUILD)/tests/trace/schedule_runtime.%: TRACED_FLAGS += -DSCHEDULE=runtime
$(BUILD)/tests/trace/%.gcc0: $$(call traced_source,$$*) $(BUILD)/flags | deps-test
	@mkdir -p $(@D)
	$(Q)gcc -O0 $(TRACED_FLAGS) $< -o $@
$(BUILD)/tests/trace/%.gcc2: $$(call traced_source,$$*) $(BUILD)/flags | deps-test
	@mkdir -p $(@D)
	$(Q)gcc -O2 $(TRACED_FLAGS) $< -o $@
$(BUILD)/tests/trace/%.clang: $$(call traced_source,$$*) $(BUILD)/flags | deps-test
	@mkdir -p $(@D)
	$(Q)clang -O2 $(TRACED_FLAGS) $< -o $@
$(BUILD)/tests/trace/plugin.so: tests/trace/plugin.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)gcc -O2 -g -fopenmp -shared -fPIC $< -o $@
$(BUILD)/tests/trace/static: tests/trace/critical.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)gcc -O2 -g -fopenmp -static $< -o $@ 2>/dev/null # it warns of libgomp's own dlopen

# Programs whose nature is known. They are not sanitized: that would be another nature.
NATURES      := $(BUILD)/tests/advise/natures
$(NATURES): tests/advise/natures.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)gcc -O1 -g $(WARNINGS) -pthread $< -o $@

$(BUILD)/tests/test_cli_advise: | $(NATURES) $(BUILD)/tine
$(BUILD)/tests/test_cli_place: | $(BUILD)/tests/tine-alien $(BUILD)/tine
$(BUILD)/tests/test_cli_trace: | $(TRACED) $(BUILD)/tine $(BUILD)/libtine-trace.so
$(BUILD)/tests/test_%: $(BUILD)/tests/test_%.o $(LIB_OBJS) $(FORMAT_OBJS) $(ISA_OBJ) | deps-test
	@echo "  LINK    $@"
	$(Q)$(LINK) $^ -o $@ $(LDLIBS) $(shell pkg-config --libs criterion)

# A tine whose kernels claim to be built for a processor that nobody has any more.
$(BUILD)/tests/isa-alien.o: runtime/machine/isa.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -march=%,$(ALL_CFLAGS)) $(if $(filter x86_64,$(shell uname -m)),-march=knl) -c $< -o $@
$(BUILD)/tests/tine-alien: $(CLI_OBJS) $(LIB_OBJS) $(BUILD)/tests/isa-alien.o
	$(Q)$(LINK) $^ -o $@ $(LDLIBS)

$(BUILD)/tests/race_team: $(BUILD)/tests/race_team.o $(LIB_OBJS) $(ISA_OBJ)
	@echo "  LINK    $@"
	$(Q)$(LINK) $^ -o $@ $(LDLIBS)

# Preloaded: fails allocations, one at a time.
$(BUILD)/tests/fault.so: tests/fault.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O1 -g $(WARNINGS) -shared -fPIC $< -o $@ -ldl

.PHONY: test
test: deps-test ## build and run every test: suites, faults, the suites under sanitizers, race detectors
	@rm -f $(BUILD)/*/counts $(BUILD)/*/failures
	+@status=0; \
	$(TEST_MAKE) BUILD=$(BUILD)/test run-suites LABEL=suite || status=1; \
	$(TEST_MAKE) BUILD=$(BUILD)/test run-faults || status=1; \
	$(TEST_MAKE) BUILD=$(BUILD)/sanitize CFLAGS='-O1 -g' SANITIZE='$(SANITIZERS)' run-suites LABEL=sanitized || status=1; \
	$(RACE_MAKE) BUILD=$(BUILD)/race run-races VARIANTS_WATCHED='pthread pool one-core global-lock event-loop process' || status=1; \
	$(RACE_MAKE) BUILD=$(BUILD)/archer CC=clang run-races VARIANTS_WATCHED='openmp openmp-sections openmp-tasks' || status=1; \
	! ls $(BUILD)/*/failures >/dev/null 2>&1 || { echo FAILED:; cat $(BUILD)/*/failures; }; \
	cat $(BUILD)/*/counts | awk '{ p += $$1; f += $$2; s += $$3 } END { printf "%d skipped\n%d passed, %d failed\n", s, p, f }'; \
	exit $$status

# ---- benchmarks: claims of speed and cost, on a machine that is left alone ----

BARE_OBJS := $(patsubst %,$(BUILD)/kernels/sum_squares.%-bare.o,openmp dealt)
$(BUILD)/tests/bench_recording: $(BARE_OBJS)
$(BUILD)/tests/bench_%: $(BUILD)/tests/bench_%.o $(LIB_OBJS) $(FORMAT_OBJS) $(ISA_OBJ)
	@echo "  LINK    $@"
	$(Q)$(LINK) $^ -o $@ $(LDLIBS)

.PHONY: bench-trace
bench-trace: all $(TRACED) deps-test ## what does tracing cost, and does it find what was injected? Minutes
	$(Q).make/bench-trace $(BUILD)

# Libraries that do what pixel kernels do, those that are here: a file of tests/rivals each.
PACKAGE_OF_opencv         := opencv4
PACKAGE_OF_graphicsmagick := GraphicsMagick
PACKAGE_OF_vips           := vips
RIVALS        = $(foreach r,opencv graphicsmagick vips,$(shell \
	pkg-config --exists $(PACKAGE_OF_$(r)) 2>/dev/null && echo $(r)))
RIVAL_OBJS    = $(RIVALS:%=$(BUILD)/tests/rivals/%.o)
RIVAL_DEFINES = $(foreach r,$(RIVALS),-DHAVE_$(shell echo $(r) | tr a-z A-Z))
RIVAL_CFLAGS  = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PACKAGE_OF_$*)))
RIVAL_LIBS    = $(if $(filter opencv,$(RIVALS)),-lopencv_imgproc -lopencv_core -lstdc++) \
                $(foreach r,$(filter-out opencv,$(RIVALS)),$(shell pkg-config --libs $(PACKAGE_OF_$(r))))
$(BUILD)/tests/rivals/found: force
	@mkdir -p $(@D)
	@echo '$(RIVALS)' | cmp -s - $@ || echo '$(RIVALS)' > $@
$(BUILD)/tests/rivals/%.o: tests/rivals/%.c $(BUILD)/flags $(BUILD)/tests/rivals/found
	@echo "  CC      $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(RIVAL_CFLAGS) -MMD -MP -c $< -o $@
$(BUILD)/tests/rivals/%.o: tests/rivals/%.cc $(BUILD)/flags $(BUILD)/tests/rivals/found
	@echo "  CXX     $@"
	$(Q)$(CXX) -O2 -g -Wall -Wextra $(if $(WERROR),-Werror) $(RIVAL_CFLAGS) -MMD -MP -c $< -o $@
$(BUILD)/tests/bench_pixels.o: BUILD_INFO = $(RIVAL_DEFINES)
$(BUILD)/tests/bench_pixels.o: $(BUILD)/tests/rivals/found
$(BUILD)/tests/bench_pixels: $$(RIVAL_OBJS)
$(BUILD)/tests/bench_pixels: LDLIBS += $(RIVAL_LIBS)

BENCHES := bench_recording bench_timeline bench_simulation bench_schedules bench_pixels bench_log_scan
.PHONY: bench-recording bench-timeline bench-simulation bench-schedules bench-pixels
bench-recording: $(BUILD)/tests/bench_recording ## what do stamps cost? Regions of 10 us, recorded and not
	$(Q)$<
bench-timeline: $(BUILD)/tests/bench_timeline deps-plots ## are 4096 members analysed and drawn within a second?
	$(Q)$< plots
bench-simulation: $(BUILD)/tests/bench_simulation ## how fast are predictions? 10^6 units on 1024 simulated cores
	$(Q)$<
bench-schedules: $(BUILD)/tests/bench_schedules all ## are the recommended schedules right? 100 loops whose best is known, 15 minutes
	$(Q)$< $(BUILD)/tine
bench-pixels: deps-bench ## are the pixel kernels as fast as they should be beside OpenCV, GraphicsMagick, libvips?
	$(Q)$(MAKE) --no-print-directory $(BUILD)/tests/bench_pixels
	$(Q)$(BUILD)/tests/bench_pixels

.PHONY: bench-overhead
bench-overhead: all ## is the pool at the limit of this machine? Fork, join and dispatch against the floor, 4 minutes
	$(Q).make/bench-overhead $(BUILD)

.PHONY: bench-predict
bench-predict: all ## do predictions come true on the cores there are? All kernels, eight schedules, 7 minutes
	$(Q).make/bench-predict $(BUILD) $(BUILD)/predictions.csv

.PHONY: bench-roof
bench-roof: deps ## are kernels at this machine's limit, and ceilings at likwid-bench's? gcc and clang, 5 minutes
	+$(Q).make/bench-roof $(BUILD)

.PHONY: bench-compare
bench-compare: deps ## is 'tine compare' to be believed here? A/A sweeps and a known slowdown, 20 minutes
	+$(Q).make/bench-compare $(BUILD)

.PHONY: bench-executions
bench-executions: all ## what is parallel, and what is only concurrent? Loops, waits, and both, 5 minutes
	$(Q).make/bench-executions $(BUILD)

.PHONY: bench-log-scan
bench-log-scan: $(BUILD)/tests/bench_log_scan ## is log_scan as fast as grep? 1 GiB that is in memory, 1 minute
	$(Q).make/bench-log-scan $<

.PHONY: run-suites run-races run-faults
run-suites: $(BUILD)/tine $(BUILD)/libtine-trace.so $(BUILD)/tests/tine-alien $(TRACED) $(NATURES) $(SUITE_BINS)
	@.make/run-tests $(BUILD) $(LABEL) $(SUITE_BINS)
run-faults: $(BUILD)/tine $(BUILD)/tests/fault.so
	@.make/run-faults $(BUILD)
run-races: $(BUILD)/tests/race_team
	@.make/run-races $(BUILD) $(BUILD)/tests/race_team $(VARIANTS_WATCHED)

.PHONY: check
check: deps-check ## formatting, static analysis, and a build in which warnings are errors: as for tests with WERROR=1
	@echo "  FORMAT"
	$(Q)clang-format --dry-run --Werror $(shell git ls-files '*.c' '*.h')
	@echo "  CPPCHECK"
	$(Q)cppcheck -j$(shell nproc) --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
		--inline-suppr --suppress=missingIncludeSystem -D__x86_64__ -Iruntime -Ikernels -Icli \
		$(filter-out $(TEMPLATES),$(RUNTIME_SRC)) $(wildcard cli/*.c cli/*/*.c)
	@echo "  README's kernel is the one that is tested"
	$(Q)awk '/^```$$/ { c = 0 } c; /^```c$$/ { c = 1 }' README.md | diff - tests/kernels/pi.c
	+$(Q)$(TEST_MAKE) BUILD=$(BUILD)/test WERROR=1 all $(BENCHES:%=$(BUILD)/test/tests/%)
	@echo "check: all is well"

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: clean
clean: ## remove everything that was built; results stay
	rm -rf $(BUILD)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
