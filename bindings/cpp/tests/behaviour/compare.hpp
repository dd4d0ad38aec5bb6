// Comparing an answer with what a case expects.
//
// What is expected must be there; an answer may say more than is asked, but a row may not.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "json.hpp"

// The handles that a case gave names.
using Bound = std::map<std::string, std::uint64_t>;

// What is not as expected; nothing if all is.
std::string difference(const Json& expected, const Json& found, const Bound& bound);
