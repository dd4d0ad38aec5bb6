// Guards results and errors: what a failure tells, and what a result without a value does.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "support.hpp"

using spatio::Error;
using spatio::Result;
using spatio::Status;

TEST_CASE("a result holds a value or an error") {
  const Result<int> five = 5;
  CHECK(five);
  CHECK(*five == 5);
  CHECK(five.value() == 5);
  CHECK(five.value_or(7) == 5);
  CHECK(five.status() == Status::ok);

  const Result<int> none = Error(Status::not_found, "there is none");
  CHECK_FALSE(none);
  CHECK(none.value_or(7) == 7);
  CHECK(none.status() == Status::not_found);
  CHECK(none.error().message() == "there is none");

  const Result<void> done;
  CHECK(done);
  done.value();
  const Result<void> refused = Error(Status::closed, "closed");
  CHECK(refused.status() == Status::closed);
}

TEST_CASE("a result moves what it holds") {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(3);
  const std::unique_ptr<int> taken = std::move(made).value();
  CHECK(*taken == 3);
  const auto again = Result<std::unique_ptr<int>>(std::make_unique<int>(4)).value_or(nullptr);
  CHECK(*again == 4);
}

TEST_CASE("a loop may walk over the value of a temporary result") {
  // The value must outlive the result that it came in; AddressSanitizer would see if not.
  const Crowd crowd(50);
  std::size_t seen = 0;
  for (const spatio::Row row : crowd.ns.query(spatio::Query::everywhere()).value())
    seen += row.handle() > 0 ? 1 : 1;
  for (const spatio::Row row : *crowd.ns.query(spatio::Query::everywhere()))
    seen += row.handle() > 0 ? 1 : 1;
  CHECK(seen == 100);
}

TEST_CASE("the value of a result without one ends the program with the message") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // The runner's own handler would tell the story of a crash.
    std::signal(SIGABRT, SIG_DFL);
    dup2(ends[1], 2);
    static_cast<void>(Result<int>(Error(Status::not_found, "no bus 7")).value());
    _exit(0);
  }
  close(ends[1]);
  std::string said;
  char buffer[256];
  for (ssize_t n = 0; (n = read(ends[0], buffer, sizeof buffer)) > 0;)
    said.append(buffer, static_cast<std::size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  CHECK_FALSE((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  CHECK(said.find("spatio: NOT_FOUND: no bus 7") != std::string::npos);
}

TEST_CASE("an error tells operation, argument and value, and the row of a batch") {
  const Crowd crowd(3);
  const std::vector<double> x{1, 2, NAN}, y{1, 2, 3};
  const auto refused = crowd.ns.move_batch({crowd.handles, x, y});
  REQUIRE_FALSE(refused);
  CHECK(refused.status() == Status::out_of_range);
  CHECK(refused.error().row() == 2);
  CHECK_FALSE(refused.error().offset());
  CHECK(refused.error().message().find("NaN") != std::string_view::npos);

  const auto unknown = crowd.ns.query_near(999, 1);
  CHECK(unknown.status() == Status::not_found);
  CHECK_FALSE(unknown.error().row());
}

TEST_CASE("an error of the operating system tells its number") {
  const TempFolder folder;
  const std::string path = folder / "file";
  std::FILE* file = std::fopen(path.c_str(), "w");
  std::fclose(file);
  const auto refused = spatio::Database::open(path);
  REQUIRE_FALSE(refused);
  CHECK(refused.status() == Status::io);
  CHECK(refused.error().os_error() != 0);
}

TEST_CASE("a code of a later version reads as internal, and its number can be had") {
  spatio_error raw{};
  raw.code = 4711;
  const Error error(raw);
  CHECK(error.status() == Status::internal);
  CHECK(error.code() == 4711);
  CHECK(std::string(spatio::status_name(static_cast<Status>(4711))) == "UNKNOWN");
}

TEST_CASE("every status of the header reads as itself") {
  for (std::int32_t code = 1; code < 100; code++) {
    spatio_error raw{};
    raw.code = code;
    const bool is_known = std::string(spatio_status_name(code)) != "UNKNOWN";
    const Status expected = is_known ? static_cast<Status>(code) : Status::internal;
    CHECK(Error(raw).status() == expected);
  }
}

TEST_CASE("a message that is too long is cut") {
  const Error error(Status::io, std::string(2000, 'x'));
  CHECK(error.message().size() == sizeof(spatio_error::message) - 1);
}
