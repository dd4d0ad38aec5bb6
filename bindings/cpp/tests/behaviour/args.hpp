// Reading the arguments of a step. What is missing or of another form is a mistake of the case,
// never a default.
#pragma once

#include <optional>
#include <spatio/spatio.hpp>
#include <string>
#include <vector>

#include "json.hpp"

namespace args {

// A number, which may be written as a word or, if it is large, as a string.
double number(const Json& value);
// A whole number of 64 bits, with or without quotes.
std::int64_t whole(const Json& value);
std::optional<std::int64_t> try_whole(const Json& value);
std::optional<double> try_number(const Json& value);
const std::string& text(const Json& value);

std::vector<double> numbers(const Json& value);
std::vector<std::int64_t> wholes(const Json& value);
spatio::TextColumn texts(const Json& value);

// The id of an object, which may be given as bytes.
std::string id(const Json& args);
spatio::Point point(const Json& value);
// `limit`; without one there is none.
std::uint32_t limit(const Json& args);
spatio::Result<spatio::Polygon> polygon(const Json& value);

// What stands for a name: the name's own value, or the number after `#`.
template <class Enum>
Enum named(const Json& value, std::initializer_list<std::pair<const char*, Enum>> names) {
  const std::string& word = text(value);
  if (word[0] == '#') return static_cast<Enum>(std::stoul(word.substr(1)));
  for (const auto& [name, found] : names)
    if (word == name) return found;
  nonsense(word + " is no name");
}
spatio::Space space(const Json& value);
spatio::Metric metric(const Json& value);

}  // namespace args
