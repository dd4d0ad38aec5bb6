// Guards that the SDK has everything that the C interface has: reads the names of all functions
// from spatio.h and looks for a call of each; compiles every member of every class.
#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <spatio/spatio.hpp>
#include <string>

// The structs of Arrow are only declared; the members that take them compile all the same.
template class spatio::BasicDatabase<spatio::Results>;
template class spatio::BasicNamespace<spatio::Results>;
template class spatio::BasicPolygon<spatio::Results>;
template class spatio::BasicIndex<spatio::Results>;
template class spatio::BasicStreamIndex<spatio::Results>;
template class spatio::BasicRegion<spatio::Results>;
template class spatio::BasicPack<spatio::Results>;
template class spatio::BasicFences<spatio::Results>;
#if defined(SPATIO_EXCEPTIONS)
template class spatio::BasicDatabase<spatio::Throws>;
template class spatio::BasicNamespace<spatio::Throws>;
template class spatio::BasicPolygon<spatio::Throws>;
template class spatio::BasicIndex<spatio::Throws>;
template class spatio::BasicStreamIndex<spatio::Throws>;
template class spatio::BasicRegion<spatio::Throws>;
template class spatio::BasicPack<spatio::Throws>;
template class spatio::BasicFences<spatio::Throws>;
#endif

namespace {

// Functions that the SDK does not call, and why.
const std::map<std::string, std::string> not_needed{
    {"spatio_result_columns", "every call that fills rows gives their columns at once"},
    {"spatio_hits_columns", "every call that fills hits gives their columns at once"},
};

std::string code_of(const char* path) {
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::string code;
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, 2, "/*") == 0) {
      at = text.find("*/", at) + 2;
    } else if (text.compare(at, 2, "//") == 0) {
      at = text.find('\n', at);
    } else {
      code += text[at++];
    }
  }
  return code;
}

std::set<std::string> called(const std::string& code) {
  static const std::regex call("\\b(spatio_[a-z0-9_]+)\\s*[(,>]");
  std::set<std::string> names;
  for (std::sregex_iterator it(code.begin(), code.end(), call), end; it != end; ++it)
    names.insert((*it)[1]);
  return names;
}

// A declaration has its type before its name and its parenthesis after it.
std::set<std::string> declared(const std::string& code) {
  static const std::regex declaration("[a-z0-9_]+\\s+\\*?(spatio_[a-z0-9_]+)\\(");
  std::set<std::string> names;
  for (std::sregex_iterator it(code.begin(), code.end(), declaration), end; it != end; ++it)
    names.insert((*it)[1]);
  return names;
}

}  // namespace

TEST_CASE("the SDK calls every function of the header") {
  const std::set<std::string> wanted = declared(code_of(SPATIO_C_HEADER));
  const std::set<std::string> used = called(code_of(SPATIO_CPP_HEADER));
  CHECK(wanted.size() >= 65);
  for (const std::string& name : wanted) {
    const bool is_used = used.count(name) > 0, is_excused = not_needed.count(name) > 0;
    CHECK_MESSAGE(is_used != is_excused, name << (is_used ? " needs no excuse" : " is missing"));
  }
  for (const auto& excuse : not_needed)
    CHECK_MESSAGE(wanted.count(excuse.first) == 1, excuse.first);
  std::printf("functions of the header: %zu, called by the SDK: %zu\n", wanted.size(),
              wanted.size() - not_needed.size());
}

TEST_CASE("a function that is missing would be seen") {
  CHECK(declared("spatio_status spatio_new_one(int a);\nconst char *spatio_word(void);") ==
        std::set<std::string>{"spatio_new_one", "spatio_word"});
  CHECK(called("return spatio_a(b, spatio_c);").count("spatio_b") == 0);
}
