#include "args.hpp"

#include <cerrno>
#include <cstdlib>
#include <limits>

namespace args {

std::optional<double> try_number(const Json& value) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (value.is(Json::Kind::whole)) return static_cast<double>(value.integer);
  if (value.is(Json::Kind::number)) return value.real;
  if (!value.is(Json::Kind::text)) return std::nullopt;
  if (value.string == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (value.string == "Infinity") return infinity;
  if (value.string == "-Infinity") return -infinity;
  char* end = nullptr;
  const double found = std::strtod(value.string.c_str(), &end);
  if (value.string.empty() || *end != '\0') return std::nullopt;
  return found;
}

std::optional<std::int64_t> try_whole(const Json& value) {
  if (value.is(Json::Kind::whole)) return value.integer;
  if (!value.is(Json::Kind::text) || value.string.empty()) return std::nullopt;
  char* end = nullptr;
  errno = 0;
  const long long found = std::strtoll(value.string.c_str(), &end, 10);
  if (errno != 0 || *end != '\0') return std::nullopt;
  return found;
}

double number(const Json& value) {
  if (const auto found = try_number(value)) return *found;
  nonsense(value.text() + " is no number");
}

std::int64_t whole(const Json& value) {
  if (const auto found = try_whole(value)) return *found;
  nonsense(value.text() + " is no whole number");
}

const std::string& text(const Json& value) {
  if (!value.is(Json::Kind::text)) nonsense(value.text() + " is no text");
  return value.string;
}

std::vector<double> numbers(const Json& value) {
  std::vector<double> found;
  for (const Json& item : value.items) found.push_back(number(item));
  return found;
}

std::vector<std::int64_t> wholes(const Json& value) {
  std::vector<std::int64_t> found;
  for (const Json& item : value.items) found.push_back(whole(item));
  return found;
}

spatio::TextColumn texts(const Json& value) {
  spatio::TextColumn found;
  for (const Json& item : value.items)
    found.push_back(item.is(Json::Kind::null) ? std::string_view() : text(item));
  return found;
}

std::string id(const Json& args) {
  if (!args.has("id_bytes")) return text(args["id"]);
  std::string bytes;
  for (const Json& byte : args["id_bytes"].items) bytes += static_cast<char>(whole(byte));
  return bytes;
}

spatio::Point point(const Json& value) {
  const std::vector<double> found = numbers(value);
  if (found.size() < 2 || found.size() > 3) nonsense(value.text() + " is no position");
  return {found[0], found[1], found.size() == 3 ? found[2] : 0};
}

std::uint32_t limit(const Json& args) {
  return args.has("limit") ? static_cast<std::uint32_t>(whole(args["limit"])) : spatio::no_limit;
}

spatio::Result<spatio::Polygon> polygon(const Json& value) {
  std::vector<std::vector<spatio::Ring>> parts;
  for (const Json& part : value.items) {
    parts.emplace_back();
    for (const Json& ring : part.items) {
      parts.back().emplace_back();
      for (const Json& corner : ring.items) {
        const std::vector<double> xy = numbers(corner);
        parts.back().back().push_back({xy.at(0), xy.at(1)});
      }
    }
  }
  if (parts.size() == 1) return spatio::Polygon::make(parts[0]);
  return spatio::Polygon::make_multi(parts);
}

spatio::Space space(const Json& value) {
  return named<spatio::Space>(
      value, {{"geographic", spatio::Space::geographic}, {"cartesian", spatio::Space::cartesian}});
}

spatio::Metric metric(const Json& value) {
  using spatio::Metric;
  return named<Metric>(value, {{"haversine", Metric::haversine},
                               {"geodesic", Metric::geodesic},
                               {"rhumb", Metric::rhumb},
                               {"euclidean", Metric::euclidean}});
}

}  // namespace args
