/* Loaded before the C library (LD_PRELOAD): each time that somebody asks for the wall clock it has
 * been set back by another hour. Other clocks are as they are. */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the system's are its own */
int clock_gettime(clockid_t clock, struct timespec *time)
{
    static long hours; /* NOLINT(cppcoreguidelines-avoid-non-const-global-variables) */
    long result = syscall(SYS_clock_gettime, clock, time);
    if (clock == CLOCK_REALTIME)
        time->tv_sec -= 3600 * ++hours;
    return (int)result;
}
