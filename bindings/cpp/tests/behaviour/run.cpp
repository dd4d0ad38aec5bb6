// Guards that this SDK behaves as every other: plays the cases of tests/behaviour/*.json, whose
// expected values an oracle worked out, and tells what they reach.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "stage.hpp"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> topics() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(SPATIO_BEHAVIOUR_FOLDER))
    if (entry.path().extension() == ".json") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

Json read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Json::parse({std::istreambuf_iterator<char>(in), {}});
}

// The first thing about a case that is not as expected.
std::string play(const Json& test_case, std::map<std::string, int>& reached) {
  Stage stage(test_case);
  int number = 0;
  for (const Json& step : test_case["steps"].items) {
    const std::string& op = step["op"].string;
    reached[op]++;
    const std::string what = stage.step(op, step);
    if (!what.empty()) return "step " + std::to_string(number) + ", " + op + ": " + what;
    number++;
  }
  return {};
}

}  // namespace

TEST_CASE("every case of the behaviour suite holds") {
  std::map<std::string, int> reached;
  int passed = 0;
  for (const fs::path& path : topics()) {
    const Json topic = read(path);
    for (const Json& test_case : topic["cases"].items) {
      const std::string what = play(test_case, reached);
      const std::string& name = test_case["name"].string;
      CHECK_MESSAGE(what.empty(), name << ": " << what);
      passed += what.empty() ? 1 : 0;
    }
  }
  // Every need that a case may have is met here, so that none is left out.
  std::printf("behaviour: %d cases passed, 0 left out; operations reached:", passed);
  for (const auto& [op, times] : reached) std::printf(" %s %d", op.c_str(), times);
  std::printf("\n");
  CHECK(passed >= 200);
}

TEST_CASE("a wrong answer is told from a right one") {
  const auto holds = [](const char* expected, const char* found) {
    return difference(Json::parse(expected), Json::parse(found), {{"h", 7}}).empty();
  };
  const char* row = R"({"rows":[{"id":"a","at":[1,2,0],"distance":5.0}]})";
  CHECK(holds(R"({"rows":[{"id":"a","at":[1,2],"distance":5.000000001}]})", row));
  CHECK_FALSE(holds(R"({"rows":[{"id":"a","at":[1,2],"distance":5.0001}]})", row));
  CHECK_FALSE(holds(R"({"rows":[{"id":"a","at":[1,2.000000001],"distance":5}]})", row));
  CHECK_FALSE(holds(R"({"rows":[{"id":"a","at":[1,2]}]})", row));
  CHECK_FALSE(holds(R"({"rows":[]})", row));
  CHECK_FALSE(holds(R"({"row_count":1,"among":["b"]})", row));
  CHECK(holds(R"({"row_count":1,"among":["b","a"]})", row));
  CHECK_FALSE(holds(R"({"found":true})", R"({"found":false})"));
  CHECK_FALSE(holds(R"({"found":true})", "{}"));
  CHECK(holds(R"({"handle":"@h"})", R"({"handle":7})"));
  CHECK_FALSE(holds(R"({"handle":"@i"})", R"({"handle":7})"));
  CHECK_FALSE(holds(R"({"x":[0.0]})", R"({"x":[-0.0]})"));
  CHECK(holds(R"({"n":{"at_least":2}})", R"({"n":2})"));
  CHECK_FALSE(holds(R"({"n":{"at_least":3}})", R"({"n":2})"));
  CHECK_FALSE(holds(R"({"t":"9223372036854775807"})", R"({"t":"9223372036854775806"})"));
  CHECK(Json::parse(R"(["\u00e9\ud83d\ude00\n", -5, 1e3])").items[0].string ==
        "\xC3\xA9\xF0\x9F\x98\x80\n");
}
