#include "machine/cpu.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "machine/line.h"

bool cpu_model(char text[CPU_TEXT])
{
	return line_value("/proc/cpuinfo", "model name", text, CPU_TEXT) || /* x86 */
		line_value("/proc/cpuinfo", "cpu", text, CPU_TEXT);         /* POWER */
}

#if defined(__x86_64__)

static uint64_t xcr0(void)
{
	const unsigned osxsave = 1u << 27;
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & osxsave))
		return 0;
	__asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
	return (uint64_t)d << 32 | a;
}

bool cpu_has(const struct isa_feature *feature)
{
	unsigned regs[4];

	if (!__get_cpuid_count(feature->leaf, feature->subleaf, &regs[ISA_EAX], &regs[ISA_EBX],
		    &regs[ISA_ECX], &regs[ISA_EDX]))
		return false;
	return (regs[feature->reg] >> feature->bit & 1) &&
		(xcr0() & feature->state) == feature->state;
}

bool cpu_hypervisor(char text[CPU_TEXT])
{
	static const struct {
		const char *signature, *name;
	} known[] = {
		{ "KVMKVMKVM", "kvm" },
		{ "Linux KVM Hv", "kvm" },
		{ "VMwareVMware", "vmware" },
		{ "Microsoft Hv", "hyper-v" },
		{ "XenVMMXenVMM", "xen" },
		{ "TCGTCGTCGTCG", "qemu" },
		{ "VBoxVBoxVBox", "virtualbox" },
		{ "bhyve bhyve ", "bhyve" },
	};
	const unsigned under_hypervisor = 1u << 31;
	char signature[13] = "";
	unsigned a, b, c, d;

	text[0] = 0;
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & under_hypervisor))
		return false;
	__cpuid(0x40000000, a, b, c, d);
	memcpy(signature, &b, 4);
	memcpy(signature + 4, &c, 4);
	memcpy(signature + 8, &d, 4);
	snprintf(text, CPU_TEXT, "%s", signature);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(signature, known[i].signature))
			snprintf(text, CPU_TEXT, "%s", known[i].name);
	return text[0] != 0;
}

#else

bool cpu_has(const struct isa_feature *feature)
{
	(void)feature;
	return true;
}

bool cpu_hypervisor(char text[CPU_TEXT])
{
	text[0] = 0;
	return false;
}

#endif

int cpu_check_for(const struct isa_feature *features, struct message *why)
{
	char missing[256] = "", model[CPU_TEXT];
	size_t length = 0;

	for (const struct isa_feature *f = features; f->name; f++)
		if (!cpu_has(f) && length < sizeof(missing))
			length += (size_t)snprintf(missing + length, sizeof(missing) - length,
				"%s%s", length ? ", " : "", f->name);
	if (!length)
		return 0;
	return fail(why, -ENOTSUP,
		"this build uses %s, which this CPU (%s) lacks: rebuild here (make clean all) or "
		"for any x86-64 (make ARCH=x86-64)",
		missing, cpu_model(model) ? model : "model unknown");
}

int cpu_check(struct message *why)
{
	return cpu_check_for(isa_features, why);
}
