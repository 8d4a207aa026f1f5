#include "window.h"

size_t lme_windows(size_t n, size_t most)
{
    return n / most + (n % most != 0);
}

lme_window lme_window_at(size_t n, size_t most, size_t i)
{
    size_t scored = i * most;
    size_t to = n - scored < most ? n : scored + most;
    if (i == 0)
        return (lme_window){.to = to, .prefixed = true};
    return (lme_window){.from = to - most - 1, .scored = scored, .to = to};
}
