// Guards that files of C++17 and C++20, with and without exceptions, go into one program. The
// linker takes one of several inline functions that have the same name, so these must not have.
#include <spatio/spatio.hpp>

int part_17();
int part_20();
int part_17_noexcept();
int part_20_noexcept();

int main() {
  const bool right =
      part_17() == 2 && part_20() == 2 && part_17_noexcept() == 2 && part_20_noexcept() == 2;
  return right && spatio::live_handles() == 0 ? 0 : 1;
}
