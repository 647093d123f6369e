/*
 * cpu: the processor this process runs on.
 */
#ifndef CPU_H
#define CPU_H

#include <stdbool.h>

#include "machine/isa.h"
#include "message.h"

enum { CPU_TEXT = 128 };

/* The model's name, "AMD EPYC 9654 96-Core Processor". False, and text empty, if unknown. */
bool cpu_model(char text[CPU_TEXT]);

/* Whose virtual machine this is: "kvm", "vmware". False, and text empty, if none shows itself. */
bool cpu_hypervisor(char text[CPU_TEXT]);

/* Whether the CPU has the feature and the system keeps the registers that it uses. */
bool cpu_has(const struct isa_feature *feature);

/*
 * Whether what was compiled for these features, which end with one without a name, can run here.
 * Returns 0, or -ENOTSUP and a message that names those that are missing.
 */
int cpu_check_for(const struct isa_feature *features, struct message *why);

/* The same for the features that this program's kernels were compiled for. */
int cpu_check(struct message *why);

#endif
