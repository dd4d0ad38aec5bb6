#include "json.hpp"

#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace {

// A reader of UTF-8 text that was made by a program: strict, and without mercy.
class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text) {}

  Json whole_text() {
    Json value = any();
    blanks();
    if (at_ != text_.size()) fail("the end");
    return value;
  }

 private:
  [[noreturn]] void fail(const char* wanted) {
    nonsense("JSON: expected " + std::string(wanted) + " at byte " + std::to_string(at_));
  }
  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string::npos)
      at_++;
  }
  bool take(std::string_view word) {
    if (text_.compare(at_, word.size(), word) != 0) return false;
    at_ += word.size();
    return true;
  }

  Json any() {
    blanks();
    if (take("null")) return {};
    if (take("true")) return true;
    if (take("false")) return false;
    if (take("\"")) return string();
    if (take("[")) return list();
    if (take("{")) return object();
    return number();
  }

  Json number() {
    std::size_t end = text_.find_first_not_of("+-.eE0123456789", at_);
    if (end == std::string::npos) end = text_.size();
    const std::string digits = text_.substr(at_, end - at_);
    if (digits.empty()) fail("a value");
    at_ = end;
    if (digits.find_first_of(".eE") == std::string::npos)
      return static_cast<std::int64_t>(std::strtoll(digits.c_str(), nullptr, 10));
    return std::strtod(digits.c_str(), nullptr);
  }

  std::string string() {
    std::string found;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] != '\\') {
        found += text_[at_++];
        continue;
      }
      at_++;
      const char sign = at_ < text_.size() ? text_[at_++] : '\0';
      if (sign == 'u') {
        append_utf8(found, code_point());
      } else {
        const std::size_t which = std::string_view("nrtbf\"\\/").find(sign);
        if (which == std::string::npos) fail("an escape");
        found += "\n\r\t\b\f\"\\/"[which];
      }
    }
    if (!take("\"")) fail("a quote");
    return found;
  }
  std::uint32_t four_digits() {
    const std::string digits = text_.substr(at_, 4);
    at_ += 4;
    return static_cast<std::uint32_t>(std::strtoul(digits.c_str(), nullptr, 16));
  }
  std::uint32_t code_point() {
    const std::uint32_t high = four_digits();
    if (high < 0xD800 || high > 0xDBFF) return high;
    if (!take("\\u")) fail("the second half of a pair");
    return 0x10000 + ((high - 0xD800) << 10) + (four_digits() - 0xDC00);
  }
  static void append_utf8(std::string& to, std::uint32_t point) {
    const auto byte = [&](std::uint32_t value) { to += static_cast<char>(value); };
    if (point < 0x80) return byte(point);
    const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    const std::uint32_t first[] = {0, 0xC0, 0xE0, 0xF0};
    byte(first[more] | point >> (6 * more));
    for (int i = more - 1; i >= 0; i--) byte(0x80 | (point >> (6 * i) & 0x3F));
  }

  Json list() {
    Json found = Json::list();
    blanks();
    if (take("]")) return found;
    do found.items.push_back(any());
    while (more());
    if (!take("]")) fail("]");
    return found;
  }
  Json object() {
    Json found = Json::object();
    blanks();
    if (take("}")) return found;
    do {
      blanks();
      if (!take("\"")) fail("a name");
      std::string name = string();
      blanks();
      if (!take(":")) fail(":");
      found.set(std::move(name), any());
    } while (more());
    if (!take("}")) fail("}");
    return found;
  }
  bool more() {
    blanks();
    return take(",");
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

void write(const Json& value, std::string& to);

void write_fields(const Json& value, std::string& to) {
  to += '{';
  for (const auto& [name, field] : value.fields) {
    if (to.back() != '{') to += ", ";
    to += name + ": ";
    write(field, to);
  }
  to += '}';
}

void write(const Json& value, std::string& to) {
  char digits[40];
  switch (value.kind) {
    case Json::Kind::null:
      to += "null";
      return;
    case Json::Kind::boolean:
      to += value.truth ? "true" : "false";
      return;
    case Json::Kind::whole:
      to += std::to_string(value.integer);
      return;
    case Json::Kind::number:
      std::snprintf(digits, sizeof digits, "%.17g", value.real);
      to += digits;
      return;
    case Json::Kind::text:
      to += '"' + value.string + '"';
      return;
    case Json::Kind::object:
      write_fields(value, to);
      return;
    case Json::Kind::list:
      break;
  }
  to += '[';
  for (const Json& item : value.items) {
    if (&item != value.items.data()) to += ", ";
    write(item, to);
  }
  to += ']';
}

}  // namespace

Json Json::list(std::vector<Json> items) {
  Json made;
  made.kind = Kind::list;
  made.items = std::move(items);
  return made;
}

Json Json::object(std::vector<Field> fields) {
  Json made;
  made.kind = Kind::object;
  made.fields = std::move(fields);
  return made;
}

Json Json::parse(const std::string& text) { return Reader(text).whole_text(); }

const Json& Json::operator[](std::string_view name) const {
  static const Json null;
  for (const Field& field : fields)
    if (field.first == name) return field.second;
  return null;
}

bool Json::has(std::string_view name) const {
  for (const Field& field : fields)
    if (field.first == name) return true;
  return false;
}

std::string Json::text() const {
  std::string text;
  write(*this, text);
  return text;
}

bool operator==(const Json& a, const Json& b) {
  const bool same_number = a.real == b.real || (std::isnan(a.real) && std::isnan(b.real));
  return a.kind == b.kind && a.truth == b.truth && a.integer == b.integer && same_number &&
         a.string == b.string && a.items == b.items && a.fields == b.fields;
}

void nonsense(const std::string& what) {
  std::fprintf(stderr, "this case makes no sense: %s\n", what.c_str());
  std::abort();
}
