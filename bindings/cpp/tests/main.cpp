// Runs the suite; afterwards nothing of the library may be left over.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <spatio/spatio.hpp>

int main(int argc, char** argv) {
  const int failed = doctest::Context(argc, argv).run();
  const std::uint64_t left = spatio::live_handles();
  if (left != 0) std::printf("%llu handles are left over\n", static_cast<unsigned long long>(left));
  return failed != 0 || left != 0 ? 1 : 0;
}
