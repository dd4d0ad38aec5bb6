#include "compare.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "args.hpp"

namespace {

// How far a computed number may be off, relative.
constexpr double tolerance = 1e-9;

bool is_computed(const std::string& key) {
  return key == "distance" || key == "distances" || key == "positions";
}

bool same_number(const std::string& key, double wanted, double found) {
  if (std::isnan(wanted) || std::isnan(found)) return std::isnan(wanted) && std::isnan(found);
  if (is_computed(key) && std::isfinite(wanted))
    return std::fabs(wanted - found) <= tolerance * std::max(std::fabs(wanted), 1.0);
  // Stored numbers come back as they were, the sign of a zero too.
  return std::memcmp(&wanted, &found, sizeof wanted) == 0;
}

bool same(const std::string& key, const Json& wanted, const Json& found);

// A third coordinate that is not given is 0.
bool same_place(const Json& wanted, const Json& found) {
  for (std::size_t axis = 0; axis < 3; axis++) {
    const bool is_wanted = axis < wanted.items.size(), is_found = axis < found.items.size();
    if (is_wanted && !(is_found && same("at", wanted.items[axis], found.items[axis]))) return false;
    if (!is_wanted && is_found && args::number(found.items[axis]) != 0) return false;
  }
  return true;
}

bool same_list(const std::string& key, const Json& wanted, const Json& found) {
  return found.is(Json::Kind::list) &&
         std::equal(wanted.items.begin(), wanted.items.end(), found.items.begin(),
                    found.items.end(),
                    [&](const Json& a, const Json& b) { return same(key, a, b); });
}

bool same(const std::string& key, const Json& wanted, const Json& found) {
  switch (wanted.kind) {
    case Json::Kind::object: {
      const auto least = args::try_whole(wanted["at_least"]), value = args::try_whole(found);
      return least && value && *value >= *least;
    }
    case Json::Kind::list:
      return key == "at" ? same_place(wanted, found) : same_list(key, wanted, found);
    case Json::Kind::null:
    case Json::Kind::boolean:
      return wanted == found;
    default:
      break;
  }
  if (wanted.is(Json::Kind::text) && wanted == found) return true;
  const auto whole_a = args::try_whole(wanted), whole_b = args::try_whole(found);
  if (whole_a && whole_b) return *whole_a == *whole_b;
  const auto real_a = args::try_number(wanted), real_b = args::try_number(found);
  return real_a && real_b && same_number(key, *real_a, *real_b);
}

bool same_row(const Json& wanted, const Json& found) {
  if (wanted.fields.size() != found.fields.size()) return false;
  return std::all_of(wanted.fields.begin(), wanted.fields.end(), [&](const Json::Field& field) {
    return found.has(field.first) && same(field.first, field.second, found[field.first]);
  });
}

// Rows in the same order, each with the same fields and no other.
bool same_rows(const Json& wanted, const Json& found) {
  return found.is(Json::Kind::list) && std::equal(wanted.items.begin(), wanted.items.end(),
                                                  found.items.begin(), found.items.end(), same_row);
}

Json by_id(Json rows) {
  std::sort(rows.items.begin(), rows.items.end(),
            [](const Json& a, const Json& b) { return a["id"].string < b["id"].string; });
  return rows;
}

// Whether every row has an id of the list, and none twice.
bool among(const Json& ids, const Json& rows) {
  std::vector<Json> left = ids.items;
  return std::all_of(rows.items.begin(), rows.items.end(), [&](const Json& row) {
    const auto at = std::find(left.begin(), left.end(), row["id"]);
    if (at == left.end()) return false;
    left.erase(at);
    return true;
  });
}

bool contains(const Json& words, const Json& text) {
  return std::all_of(words.items.begin(), words.items.end(), [&](const Json& word) {
    return text.string.find(word.string) != std::string::npos;
  });
}

bool same_handle(const Json& wanted, const Json& found, const Bound& bound) {
  const auto at = bound.find(wanted.string.substr(1));
  return wanted.string[0] == '@' && at != bound.end() && found == Json::of(at->second);
}

std::string each_result(const Json& wanted, const Json& found, const Bound& bound) {
  if (wanted.items.size() != found.items.size()) return "another number of results";
  for (std::size_t i = 0; i < wanted.items.size(); i++) {
    std::string what = difference(wanted.items[i], found.items[i], bound);
    if (!what.empty()) return "result " + std::to_string(i) + ": " + what;
  }
  return {};
}

bool holds(const std::string& key, const Json& wanted, const Json& found, const Bound& bound) {
  if (key == "rows") return same_rows(wanted, found["rows"]);
  if (key == "rows_by_id") return same_rows(wanted, by_id(found["rows"]));
  if (key == "row_count") return wanted == Json::of(found["rows"].items.size());
  if (key == "among") return among(wanted, found["rows"]);
  if (key == "contains") return contains(wanted, found["text"]);
  if (key == "handle") return same_handle(wanted, found["handle"], bound);
  return same(key, wanted, found[key]);
}

}  // namespace

std::string difference(const Json& expected, const Json& found, const Bound& bound) {
  for (const auto& [key, wanted] : expected.fields) {
    if (key == "results") {
      const std::string what = each_result(wanted, found["results"], bound);
      if (!what.empty()) return what;
    } else if (!holds(key, wanted, found, bound)) {
      return key + ": expected " + wanted.text() + ", found " + found.text();
    }
  }
  return {};
}
