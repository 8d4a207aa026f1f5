/* Tells AddressSanitizer which bytes of an arena's blocks were handed out, so that it finds
 * overruns between objects of one block too. Without it, nothing. */
#ifndef LMEVAL_CORE_POISON_H
#define LMEVAL_CORE_POISON_H

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define LME_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LME_ASAN 1
#endif
#endif

#ifdef LME_ASAN
#include <sanitizer/asan_interface.h>

static inline void lme_poison(void *start, size_t size)
{
    __asan_poison_memory_region(start, size);
}

static inline void lme_unpoison(void *start, size_t size)
{
    __asan_unpoison_memory_region(start, size);
}
#else
static inline void lme_poison(void *start, size_t size)
{
    (void)start;
    (void)size;
}

static inline void lme_unpoison(void *start, size_t size)
{
    (void)start;
    (void)size;
}
#endif

#endif
