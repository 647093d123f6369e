#include "machine/isa.h"

#include <stddef.h>

/* Bits of XCR0: SSE and AVX registers; those, the mask and the 512-bit ones; registers 16 to 31. */
enum { AVX = 0x6, AVX512 = 0xe6, APX = 0x80000 };

/* The macros are those that gcc and clang define for what -march lets them use. */
/* clang-format off */
const struct isa_feature isa_features[] = {
#ifdef __SSE3__
	{ "sse3", 1, 0, ISA_ECX, 0, 0 },
#endif
#ifdef __SSSE3__
	{ "ssse3", 1, 0, ISA_ECX, 9, 0 },
#endif
#ifdef __SSE4_1__
	{ "sse4.1", 1, 0, ISA_ECX, 19, 0 },
#endif
#ifdef __SSE4_2__
	{ "sse4.2", 1, 0, ISA_ECX, 20, 0 },
#endif
#ifdef __SSE4A__
	{ "sse4a", 0x80000001, 0, ISA_ECX, 6, 0 },
#endif
#ifdef __POPCNT__
	{ "popcnt", 1, 0, ISA_ECX, 23, 0 },
#endif
#ifdef __LZCNT__
	{ "lzcnt", 0x80000001, 0, ISA_ECX, 5, 0 },
#endif
#ifdef __MOVBE__
	{ "movbe", 1, 0, ISA_ECX, 22, 0 },
#endif
#ifdef __BMI__
	{ "bmi", 7, 0, ISA_EBX, 3, 0 },
#endif
#ifdef __BMI2__
	{ "bmi2", 7, 0, ISA_EBX, 8, 0 },
#endif
#ifdef __TBM__
	{ "tbm", 0x80000001, 0, ISA_ECX, 21, 0 },
#endif
#ifdef __ADX__
	{ "adx", 7, 0, ISA_EBX, 19, 0 },
#endif
#ifdef __AES__
	{ "aes", 1, 0, ISA_ECX, 25, 0 },
#endif
#ifdef __PCLMUL__
	{ "pclmul", 1, 0, ISA_ECX, 1, 0 },
#endif
#ifdef __SHA__
	{ "sha", 7, 0, ISA_EBX, 29, 0 },
#endif
#ifdef __GFNI__
	{ "gfni", 7, 0, ISA_ECX, 8, 0 },
#endif
#ifdef __AVX__
	{ "avx", 1, 0, ISA_ECX, 28, AVX },
#endif
#ifdef __F16C__
	{ "f16c", 1, 0, ISA_ECX, 29, AVX },
#endif
#ifdef __FMA__
	{ "fma", 1, 0, ISA_ECX, 12, AVX },
#endif
#ifdef __FMA4__
	{ "fma4", 0x80000001, 0, ISA_ECX, 16, AVX },
#endif
#ifdef __XOP__
	{ "xop", 0x80000001, 0, ISA_ECX, 11, AVX },
#endif
#ifdef __AVX2__
	{ "avx2", 7, 0, ISA_EBX, 5, AVX },
#endif
#ifdef __VAES__
	{ "vaes", 7, 0, ISA_ECX, 9, AVX },
#endif
#ifdef __VPCLMULQDQ__
	{ "vpclmulqdq", 7, 0, ISA_ECX, 10, AVX },
#endif
#ifdef __AVXVNNI__
	{ "avxvnni", 7, 1, ISA_EAX, 4, AVX },
#endif
#ifdef __AVXIFMA__
	{ "avxifma", 7, 1, ISA_EAX, 23, AVX },
#endif
#ifdef __AVXVNNIINT8__
	{ "avxvnniint8", 7, 1, ISA_EDX, 4, AVX },
#endif
#ifdef __AVXNECONVERT__
	{ "avxneconvert", 7, 1, ISA_EDX, 5, AVX },
#endif
#ifdef __AVXVNNIINT16__
	{ "avxvnniint16", 7, 1, ISA_EDX, 10, AVX },
#endif
#ifdef __AVX512F__
	{ "avx512f", 7, 0, ISA_EBX, 16, AVX512 },
#endif
#ifdef __AVX512CD__
	{ "avx512cd", 7, 0, ISA_EBX, 28, AVX512 },
#endif
#ifdef __AVX512ER__
	{ "avx512er", 7, 0, ISA_EBX, 27, AVX512 },
#endif
#ifdef __AVX512PF__
	{ "avx512pf", 7, 0, ISA_EBX, 26, AVX512 },
#endif
#ifdef __AVX512BW__
	{ "avx512bw", 7, 0, ISA_EBX, 30, AVX512 },
#endif
#ifdef __AVX512DQ__
	{ "avx512dq", 7, 0, ISA_EBX, 17, AVX512 },
#endif
#ifdef __AVX512VL__
	{ "avx512vl", 7, 0, ISA_EBX, 31, AVX512 },
#endif
#ifdef __AVX512IFMA__
	{ "avx512ifma", 7, 0, ISA_EBX, 21, AVX512 },
#endif
#ifdef __AVX512VBMI__
	{ "avx512vbmi", 7, 0, ISA_ECX, 1, AVX512 },
#endif
#ifdef __AVX512VBMI2__
	{ "avx512vbmi2", 7, 0, ISA_ECX, 6, AVX512 },
#endif
#ifdef __AVX512VNNI__
	{ "avx512vnni", 7, 0, ISA_ECX, 11, AVX512 },
#endif
#ifdef __AVX512BITALG__
	{ "avx512bitalg", 7, 0, ISA_ECX, 12, AVX512 },
#endif
#ifdef __AVX512VPOPCNTDQ__
	{ "avx512vpopcntdq", 7, 0, ISA_ECX, 14, AVX512 },
#endif
#ifdef __AVX5124VNNIW__
	{ "avx5124vnniw", 7, 0, ISA_EDX, 2, AVX512 },
#endif
#ifdef __AVX5124FMAPS__
	{ "avx5124fmaps", 7, 0, ISA_EDX, 3, AVX512 },
#endif
#ifdef __AVX512VP2INTERSECT__
	{ "avx512vp2intersect", 7, 0, ISA_EDX, 8, AVX512 },
#endif
#ifdef __AVX512BF16__
	{ "avx512bf16", 7, 1, ISA_EAX, 5, AVX512 },
#endif
#ifdef __AVX512FP16__
	{ "avx512fp16", 7, 0, ISA_EDX, 23, AVX512 },
#endif
#ifdef __APX_F__
	{ "apxf", 7, 1, ISA_EDX, 21, APX },
#endif
	{ NULL, 0, 0, ISA_EAX, 0, 0 },
};
/* clang-format on */
