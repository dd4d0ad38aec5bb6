/* One call of every function on a namespace, for states in which all of them say the same. */
#ifndef SPATIO_CTEST_EVERY_CALL_H
#define SPATIO_CTEST_EVERY_CALL_H

#include "test.h"

/* Calls every function that takes a namespace and checks that it says `status`. */
void every_namespace_call(const spatio_namespace *ns, uint64_t handle, spatio_status status);

#endif
