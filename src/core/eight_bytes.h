/* Eight bytes of a text looked at at once. Private to core. */
#ifndef LMEVAL_CORE_EIGHT_BYTES_H
#define LMEVAL_CORE_EIGHT_BYTES_H

#include <stdint.h>

#define LME_EACH_BYTE UINT64_C(0x0101010101010101)

/* Bit 7 of a byte is set where it is zero, and perhaps in bytes above such a one (Warren, Hacker's
 * Delight, 6-1). */
static inline uint64_t lme_zero_bytes(uint64_t bytes)
{
    return (bytes - LME_EACH_BYTE) & ~bytes & LME_EACH_BYTE << 7;
}

#endif
