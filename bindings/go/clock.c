#include "clock.h"

int64_t spatio_go_clock_read(void *user) {
    return __atomic_load_n((const int64_t *)user, __ATOMIC_SEQ_CST);
}
