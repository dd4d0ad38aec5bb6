/* A stand-in for bcryptprimitives.dll, for Wine 8, which lacks it. Rust's standard library takes
 * its random numbers from `ProcessPrng`; Wine has the same source under another name. It lies beside
 * the tests that run under Wine, and nowhere else: every Windows that Rust runs on has its own. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length);

BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length)
{
    while (length > 0) {
        const ULONG part = length > 0x10000000 ? 0x10000000 : (ULONG)length;
        if (!SystemFunction036(buffer, part)) return FALSE;
        buffer += part;
        length -= part;
    }
    return TRUE;
}
