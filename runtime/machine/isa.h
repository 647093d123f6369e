/*
 * isa: the instruction-set extensions that the kernels were compiled for.
 *
 * The table is data in an object of its own, isa.o, compiled with the kernels' -march flags; the
 * code that reads it (cpu.h) is compiled for any CPU, so that it can run, and say what is missing,
 * where the kernels would die of an illegal instruction. isa.c must therefore hold no code.
 */
#ifndef ISA_H
#define ISA_H

#include <stdint.h>

enum isa_register { ISA_EAX, ISA_EBX, ISA_ECX, ISA_EDX };

/* Where the x86 instruction cpuid tells of an extension. */
struct isa_feature {
	const char *name; /* as in -mNAME */
	uint32_t leaf, subleaf;
	enum isa_register reg;
	unsigned bit;
	uint32_t state; /* register state that the system must keep for it: bits of XCR0 */
};

/* Ends with a feature without a name; empty for other processors than x86. */
extern const struct isa_feature isa_features[];

#endif
