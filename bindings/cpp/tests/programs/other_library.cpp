// Guards that a library of another interface is refused at once and with a clear message: this
// program takes the place of two functions of the library.
#include <cstdio>
#include <spatio/spatio.hpp>
#include <string>

extern "C" std::uint32_t spatio_abi_version(void) { return 999; }
extern "C" const char* spatio_version(void) { return "9.9.9"; }

static bool is_refused(const spatio::Error& error) {
  const std::string message(error.message());
  std::printf("%s\n", message.c_str());
  return error.status() == spatio::Status::unsupported &&
         message.find("libspatio 9.9.9") != std::string::npos &&
         message.find("interface 999") != std::string::npos &&
         message.find("interface " + std::to_string(SPATIO_ABI_VERSION)) != std::string::npos;
}

int main() {
  const auto library = spatio::check_library();
  const auto db = spatio::Database::memory();
  const auto polygon = spatio::Polygon::make({{{0, 0}, {1, 0}, {0, 1}}});
  const auto report = spatio::Database::check("nowhere");
  if (library || db || polygon || report) return 1;
  const bool all = is_refused(library.error()) && is_refused(db.error()) &&
                   is_refused(polygon.error()) && is_refused(report.error());
  return all && spatio::live_handles() == 0 ? 0 : 1;
}
