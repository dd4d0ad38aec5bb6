// JSON as the behaviour cases hold it: values, a reader, and a writer for messages.
//
// A whole number stays one, beside numbers with a fraction, because handles and times need all 64
// bits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct Json {
  enum class Kind { null, boolean, whole, number, text, list, object };
  using Field = std::pair<std::string, Json>;

  Kind kind = Kind::null;
  bool truth = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string string;
  std::vector<Json> items;
  std::vector<Field> fields;

  Json() = default;
  Json(bool value) : kind(Kind::boolean), truth(value) {}
  Json(std::int64_t value) : kind(Kind::whole), integer(value) {}
  Json(double value) : kind(Kind::number), real(value) {}
  Json(std::string value) : kind(Kind::text), string(std::move(value)) {}
  Json(const char* value) : Json(std::string(value)) {}
  Json(std::string_view value) : Json(std::string(value)) {}
  static Json of(std::uint64_t value) { return Json(static_cast<std::int64_t>(value)); }
  static Json list(std::vector<Json> items = {});
  static Json object(std::vector<Field> fields = {});
  static Json parse(const std::string& text);

  bool is(Kind other) const { return kind == other; }
  // The field of that name, or null.
  const Json& operator[](std::string_view name) const;
  bool has(std::string_view name) const;
  void set(std::string name, Json value) { fields.emplace_back(std::move(name), std::move(value)); }
  std::string text() const;
};

bool operator==(const Json& a, const Json& b);
inline bool operator!=(const Json& a, const Json& b) { return !(a == b); }

// A case that makes no sense ends the run: it is a mistake in the cases or in the runner.
[[noreturn]] void nonsense(const std::string& what);
