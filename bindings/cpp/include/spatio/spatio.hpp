/// @file
/// libspatio for C++: an embeddable database for moving objects, over the C interface of
/// `spatio.h`.
///
/// One header, C++17 or later, nothing to link but libspatio. It fits programs that are built
/// with `-fno-exceptions -fno-rtti`.
///
/// Two faces, of which a program may use both:
/// - `spatio::Database`, `spatio::Namespace`, `spatio::Polygon`, `spatio::Index`,
///   `spatio::StreamIndex`, `spatio::Pack` and `spatio::Fences` give a `Result<T>`: the value, or
///   the `Error` that says why there is none;
/// - with the macro `SPATIO_EXCEPTIONS` defined before this header, `spatio::throwing::Database`
///   and so on give the value itself, and throw a `spatio::Exception`.
/// Everything else (queries, rows, columns, options) is the same for both.
///
/// Handles are move-only and closed by their destructors. Any number of threads may use one at the
/// same time; moving and destroying one is for one thread alone, as with any object of C++.
/// `Database::close` alone may run beside other calls: those that are begun later are refused.
///
/// Columns are `spatio::span`, which is `std::span` from C++20 on. Times are microseconds since
/// 1970-01-01 UTC, x is the longitude and y the latitude, as `spatio.h` says.
///
/// In this order below: spans, errors and results, the two faces, plain values, options, texts in
/// columns, queries, rows, polygons, namespaces, databases, packed indexes, streamed indexes,
/// packs, fences, what needs no database, the names of the throwing face.

#ifndef SPATIO_SPATIO_HPP
#define SPATIO_SPATIO_HPP

#include <spatio.h>

#include <array>
#include <atomic>
#include <cassert>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>
#if defined(__has_include)
#if __has_include(<version>)
#include <version>
#endif
#endif
#if defined(__cpp_lib_span)
#include <span>
#endif
#if defined(__cpp_lib_ranges)
#include <ranges>
#endif

#if defined(SPATIO_EXCEPTIONS) && !defined(__cpp_exceptions)
#error "SPATIO_EXCEPTIONS needs a compiler that has exceptions turned on"
#endif
#if defined(SPATIO_EXCEPTIONS)
#include <exception>
#endif

// Files that are compiled by different standards, or with and without exceptions, may be linked
// into one program: what differs between them has different names for the linker.
/// @cond internal
#if defined(__cpp_lib_span) && defined(__cpp_exceptions)
#define SPATIO_CPP_BUILD cxx20
#elif defined(__cpp_lib_span)
#define SPATIO_CPP_BUILD cxx20_noexcept
#elif defined(__cpp_exceptions)
#define SPATIO_CPP_BUILD cxx17
#else
#define SPATIO_CPP_BUILD cxx17_noexcept
#endif
/// @endcond

namespace spatio {
inline namespace SPATIO_CPP_BUILD {

// ---------------------------------------------------------------------------------------- spans

#if defined(__cpp_lib_span)
using std::span;
#else
/// What `std::span` is from C++20 on, as far as this library needs it: a view of an array.
template <class T>
class span {
 public:
  using element_type = T;
  using value_type = std::remove_cv_t<T>;
  using size_type = std::size_t;
  using iterator = T*;

  constexpr span() noexcept = default;
  constexpr span(T* data, std::size_t size) noexcept : data_(data), size_(size) {}
  template <std::size_t N>
  constexpr span(T (&array)[N]) noexcept : data_(array), size_(N) {}
  /// A vector, an array, a string, another span: whatever has `data()` and `size()`.
  template <
      class Columns, class Data = decltype(std::declval<Columns&>().data()),
      class = decltype(std::declval<Columns&>().size()),
      class = std::enable_if_t<std::is_convertible_v<std::remove_pointer_t<Data> (*)[], T (*)[]> &&
                               (std::is_const_v<T> || std::is_lvalue_reference_v<Columns&&> ||
                                std::is_same_v<Data, T*>)>>
  constexpr span(Columns&& columns) noexcept : data_(columns.data()), size_(columns.size()) {}

  constexpr T* data() const noexcept { return data_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr T& operator[](std::size_t at) const {
    assert(at < size_);
    return data_[at];
  }
  constexpr T& front() const { return (*this)[0]; }
  constexpr T& back() const { return (*this)[size_ - 1]; }
  constexpr T* begin() const noexcept { return data_; }
  constexpr T* end() const noexcept { return data_ + size_; }
  constexpr span subspan(std::size_t from, std::size_t count) const {
    assert(from <= size_ && count <= size_ - from);
    return span(data_ + from, count);
  }
  constexpr span first(std::size_t count) const { return subspan(0, count); }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};
#endif

/// Bytes that are looked at, such as a payload.
using Bytes = span<const std::uint8_t>;

// --------------------------------------------------------------------------- errors and results

/// What a call came to. A code of a later version than this header reads as `internal`.
enum class Status : std::int32_t {
  ok = SPATIO_OK,
  invalid_argument = SPATIO_INVALID_ARGUMENT,
  null_pointer = SPATIO_NULL_POINTER,
  out_of_range = SPATIO_OUT_OF_RANGE,
  buffer_too_small = SPATIO_BUFFER_TOO_SMALL,
  not_found = SPATIO_NOT_FOUND,
  already_exists = SPATIO_ALREADY_EXISTS,
  closed = SPATIO_CLOSED,
  locked = SPATIO_LOCKED,
  unsupported = SPATIO_UNSUPPORTED,
  cancelled = SPATIO_CANCELLED,
  limit_exceeded = SPATIO_LIMIT_EXCEEDED,
  read_only = SPATIO_READ_ONLY,
  invalid_utf8 = SPATIO_INVALID_UTF8,
  io = SPATIO_IO,
  corrupt = SPATIO_CORRUPT,
  format_version = SPATIO_FORMAT_VERSION,
  no_space = SPATIO_NO_SPACE,
  poisoned = SPATIO_POISONED,
  out_of_memory = SPATIO_OUT_OF_MEMORY,
  internal = SPATIO_INTERNAL,
  panic = SPATIO_PANIC,
};

/// The name of a status, such as "NOT_FOUND"; "UNKNOWN" for a number that is none.
inline const char* status_name(Status status) noexcept {
  return spatio_status_name(static_cast<spatio_status>(status));
}

/// Why a call did not do what it should. What was refused changed nothing.
class Error {
 public:
  /// An error of the C interface.
  explicit Error(const spatio_error& raw) noexcept : raw_(raw) {}
  /// An error of one's own.
  Error(Status status, std::string_view message) noexcept : raw_{} {
    raw_.struct_size = sizeof raw_;
    raw_.code = static_cast<spatio_status>(status);
    raw_.row = raw_.offset = UINT64_MAX;
    const std::size_t length =
        message.size() < sizeof raw_.message ? message.size() : sizeof raw_.message - 1;
    std::memcpy(raw_.message, message.data(), length);
  }

  /// What sort of failure it is.
  Status status() const noexcept {
    // The library names every code that it knows, this header's numbers among them.
    switch (raw_.code) {
      case SPATIO_INVALID_ARGUMENT:
      case SPATIO_NULL_POINTER:
      case SPATIO_OUT_OF_RANGE:
      case SPATIO_BUFFER_TOO_SMALL:
      case SPATIO_NOT_FOUND:
      case SPATIO_ALREADY_EXISTS:
      case SPATIO_CLOSED:
      case SPATIO_LOCKED:
      case SPATIO_UNSUPPORTED:
      case SPATIO_CANCELLED:
      case SPATIO_LIMIT_EXCEEDED:
      case SPATIO_READ_ONLY:
      case SPATIO_INVALID_UTF8:
      case SPATIO_IO:
      case SPATIO_CORRUPT:
      case SPATIO_FORMAT_VERSION:
      case SPATIO_NO_SPACE:
      case SPATIO_POISONED:
      case SPATIO_OUT_OF_MEMORY:
      case SPATIO_PANIC:
        return static_cast<Status>(raw_.code);
      default:
        return Status::internal;
    }
  }
  /// The number itself, also one that this header does not know.
  std::int32_t code() const noexcept { return raw_.code; }
  /// Operation, argument, value, for a person; a NUL follows its end.
  std::string_view message() const noexcept { return raw_.message; }
  /// The row of a batch that it is about, counted from 0.
  std::optional<std::size_t> row() const noexcept {
    if (raw_.row == UINT64_MAX) return std::nullopt;
    return static_cast<std::size_t>(raw_.row);
  }
  /// The byte of the file that the message names.
  std::optional<std::uint64_t> offset() const noexcept {
    if (raw_.offset == UINT64_MAX) return std::nullopt;
    return raw_.offset;
  }
  /// The number of the operating system (errno) where there is one, else 0.
  std::int32_t os_error() const noexcept { return raw_.os_error; }

 private:
  spatio_error raw_;
};

/// @cond internal
namespace detail {

[[noreturn]] inline void die(const Error& error) noexcept {
  std::fprintf(stderr, "spatio: %s: %s\n", spatio_status_name(error.code()),
               error.message().data());
  std::abort();
}

}  // namespace detail
/// @endcond

/// The value of a call, or the error that says why there is none.
///
/// ```cpp
/// if (auto bus = buses.get("bus:7")) {
///   draw(bus->position);
/// } else {
///   complain(bus.error().message());
/// }
/// ```
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(const T& value) : held_(std::in_place_index<0>, value) {}
  Result(T&& value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(const Error& error) noexcept : held_(std::in_place_index<1>, error) {}

  /// Whether there is a value.
  bool has_value() const noexcept { return held_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  /// The value, which must be there.
  T& operator*() & noexcept { return *checked(); }
  const T& operator*() const& noexcept { return *checked(); }
  /// Of a temporary result the value itself, so that a loop may walk over `*ns.query(q)`.
  T operator*() && { return std::move(*checked()); }
  T* operator->() noexcept { return checked(); }
  const T* operator->() const noexcept { return checked(); }

  /// The value. Without one the program ends, after the message went to standard error: for
  /// examples and tests, and where a failure is a bug of the program.
  T& value() & {
    if (!has_value()) detail::die(error());
    return **this;
  }
  const T& value() const& {
    if (!has_value()) detail::die(error());
    return **this;
  }
  T value() && {
    if (!has_value()) detail::die(error());
    return *std::move(*this);
  }
  /// The value, or another one.
  template <class U>
  T value_or(U&& other) const& {
    return has_value() ? **this : static_cast<T>(std::forward<U>(other));
  }
  template <class U>
  T value_or(U&& other) && {
    return has_value() ? *std::move(*this) : static_cast<T>(std::forward<U>(other));
  }

  /// The error, which must be there.
  const Error& error() const noexcept {
    assert(!has_value());
    return *std::get_if<1>(&held_);
  }
  /// The status of the error, or `Status::ok`.
  Status status() const noexcept { return has_value() ? Status::ok : error().status(); }

 private:
  T* checked() noexcept {
    assert(has_value());
    return std::get_if<0>(&held_);
  }
  const T* checked() const noexcept {
    assert(has_value());
    return std::get_if<0>(&held_);
  }

  std::variant<T, Error> held_;
};

/// That a call did what it should, or the error that says why not.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() noexcept = default;
  Result(const Error& error) noexcept : error_(error) {}

  bool has_value() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return has_value(); }
  /// Nothing, or the end of the program after the message went to standard error.
  void value() const {
    if (error_) detail::die(*error_);
  }
  /// The error, which must be there.
  const Error& error() const noexcept {
    assert(error_);
    return *error_;
  }
  /// The status of the error, or `Status::ok`.
  Status status() const noexcept { return error_ ? error_->status() : Status::ok; }

 private:
  std::optional<Error> error_;
};

// ------------------------------------------------------------------------------- the two faces

/// The face that gives failures as values.
struct Results {
  /// What a call gives.
  template <class T>
  using Answer = Result<T>;
  /// What a call gives that looks for something which may be absent: without it, an error whose
  /// status is `Status::not_found`.
  template <class T>
  using Maybe = Result<T>;

  /// @cond internal
  template <class Given>
  static Given refuse(const Error& error) {
    return error;
  }
  template <class T>
  static Maybe<T> absent(const Error& error) {
    return error;
  }
  /// @endcond
};

#if defined(SPATIO_EXCEPTIONS)
/// A failure, in the face that throws. Since there is one class for all, `status()` tells apart.
class Exception : public std::exception {
 public:
  explicit Exception(const Error& error) noexcept : error_(error) {}
  const char* what() const noexcept override { return error_.message().data(); }
  Status status() const noexcept { return error_.status(); }
  const Error& error() const noexcept { return error_; }

 private:
  Error error_;
};

/// The face that throws an `Exception`.
struct Throws {
  /// What a call gives.
  template <class T>
  using Answer = T;
  /// What a call gives that looks for something which may be absent.
  template <class T>
  using Maybe = std::optional<T>;

  /// @cond internal
  template <class Given>
  [[noreturn]] static Given refuse(const Error& error) {
    throw Exception(error);
  }
  template <class T>
  static Maybe<T> absent(const Error& error) {
    if (error.status() != Status::not_found) throw Exception(error);
    return std::nullopt;
  }
  /// @endcond
};
#endif

/// @cond internal
namespace detail {

/// Where a call puts its error: only what is read without a failure is set before it.
struct ErrorSlot {
  spatio_error raw;
  ErrorSlot() noexcept {
    raw.struct_size = sizeof raw;
    raw.code = SPATIO_OK;
  }
};

/// Writes an error down as the library would.
inline spatio_status tell(spatio_error* error, Status status, std::string_view message) noexcept {
  const Error made(status, message);
  error->code = static_cast<spatio_status>(status);
  error->os_error = 0;
  error->row = error->offset = UINT64_MAX;
  std::memcpy(error->message, made.message().data(), sizeof error->message);
  return error->code;
}

/// What `call(value, error)` writes into a value, in the form of a face.
template <class Face, class T, class Call>
typename Face::template Answer<T> answer(Call&& call) {
  T value{};
  ErrorSlot slot;
  if (call(value, &slot.raw) != SPATIO_OK) {
    return Face::template refuse<typename Face::template Answer<T>>(Error(slot.raw));
  }
  return value;
}

/// The same for what may be absent.
template <class Face, class T, class Call>
typename Face::template Maybe<T> maybe(Call&& call) {
  T value{};
  ErrorSlot slot;
  if (call(value, &slot.raw) != SPATIO_OK) return Face::template absent<T>(Error(slot.raw));
  return value;
}

/// The same for a call that gives nothing but its status.
template <class Face, class Call>
typename Face::template Answer<void> done(Call&& call) {
  ErrorSlot slot;
  if (call(&slot.raw) != SPATIO_OK) {
    return Face::template refuse<typename Face::template Answer<void>>(Error(slot.raw));
  }
  return typename Face::template Answer<void>();
}

/// Compares the lengths of columns that belong together. The library is told one length for all of
/// them, so that this is the place to see that they differ.
class Lengths {
 public:
  Lengths(const char* operation, std::size_t rows) noexcept : operation_(operation), rows_(rows) {}

  Lengths& column(const char* name, std::size_t size) noexcept {
    if (size != rows_ && wrong_ == nullptr) {
      wrong_ = name;
      size_ = size;
    }
    return *this;
  }
  Lengths& optional(const char* name, std::size_t size) noexcept {
    return size == 0 ? *this : column(name, size);
  }
  bool differ(spatio_error* error) const noexcept {
    if (wrong_ == nullptr) return false;
    char text[160];
    std::snprintf(text, sizeof text, "%s: there are %zu rows, but %s has %zu", operation_, rows_,
                  wrong_, size_);
    tell(error, Status::invalid_argument, text);
    return true;
  }

 private:
  const char* operation_;
  std::size_t rows_;
  const char* wrong_ = nullptr;
  std::size_t size_ = 0;
};

/// The pointer of a column, or NULL for one that was left out.
template <class T>
T* or_null(span<T> column) noexcept {
  return column.empty() ? nullptr : column.data();
}

/// Refuses a library of another interface than this program was compiled for.
inline bool other_library(std::uint32_t loaded, const char* version, spatio_error* error) noexcept {
  if (loaded == SPATIO_ABI_VERSION) return false;
  char text[160];
  std::snprintf(text, sizeof text,
                "libspatio %s, which is loaded, has interface %u, but this program was compiled "
                "for interface %u",
                version, static_cast<unsigned>(loaded), static_cast<unsigned>(SPATIO_ABI_VERSION));
  tell(error, Status::unsupported, text);
  return true;
}

inline bool other_library(spatio_error* error) noexcept {
  return other_library(spatio_abi_version(), spatio_version(), error);
}

/// A path as the library takes it; one with a NUL inside would be another path there.
inline bool torn_path(const std::string& path, const char* operation, spatio_error* error) {
  if (path.find('\0') == std::string::npos) return false;
  tell(error, Status::invalid_argument, std::string(operation) + ": the path has a NUL in it");
  return true;
}

/// A handle of the library: owned, moved, freed.
template <class Handle, void (*free)(Handle*)>
class Owned {
 public:
  Owned() noexcept = default;
  explicit Owned(Handle* raw) noexcept : raw_(raw) {}
  Owned(Owned&& other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
  Owned& operator=(Owned&& other) noexcept {
    Owned taken(std::move(other));
    std::swap(raw_, taken.raw_);
    return *this;
  }
  ~Owned() {
    if (raw_ != nullptr) free(raw_);
  }
  Handle* get() const noexcept { return raw_; }
  Handle** out() noexcept { return &raw_; }

 private:
  Handle* raw_ = nullptr;
};

}  // namespace detail
/// @endcond

// --------------------------------------------------------------------------------- plain values

/// Stands for the id of an object in the fast calls, as long as its database exists.
using Handle = std::uint64_t;

/// An event time that means: now, by the database's clock.
inline constexpr std::int64_t now_us = INT64_MIN;
/// An expiry that never comes.
inline constexpr std::int64_t never_us = INT64_MAX;
/// A limit that is none.
inline constexpr std::uint32_t no_limit = SPATIO_NO_LIMIT;

/// A position: longitude and latitude in degrees and altitude in metres, or x, y, z in any unit.
struct Point {
  double x = 0;
  double y = 0;
  double z = 0;
};

/// A corner of a polygon.
struct Corner {
  double x = 0;
  double y = 0;
};

/// A box from corner to corner; `min_x` above `max_x` crosses the antimeridian.
struct Box {
  double min_x = 0;
  double min_y = 0;
  double max_x = 0;
  double max_y = 0;
};

/// The same from altitude to altitude.
struct Box3 {
  Point min;
  Point max;
};

/// The smallest box around all objects of a namespace, in plain numbers: it does not wrap.
struct Bounds {
  bool is_empty = true;
  Point min;
  Point max;
};

/// What coordinates mean.
enum class Space : std::uint32_t {
  geographic = SPATIO_GEOGRAPHIC,
  cartesian = SPATIO_CARTESIAN,
};

/// Whether trajectories are kept. By default they are in a directory, and are not in memory.
enum class History : std::uint32_t {
  by_default = SPATIO_HISTORY_DEFAULT,
  on = SPATIO_HISTORY_ON,
  off = SPATIO_HISTORY_OFF,
};

/// What an update came to.
enum class Outcome : std::uint32_t {
  /// The object was not there before.
  created = SPATIO_OUTCOME_CREATED,
  /// The object was there, and is now where the update says.
  moved = SPATIO_OUTCOME_MOVED,
  /// The update is older than what is known: it went to history and moved nothing.
  late = SPATIO_OUTCOME_LATE,
};

/// How a distance is measured.
enum class Metric : std::uint32_t {
  haversine = SPATIO_METRIC_HAVERSINE,
  geodesic = SPATIO_METRIC_GEODESIC,
  rhumb = SPATIO_METRIC_RHUMB,
  euclidean = SPATIO_METRIC_EUCLIDEAN,
};

/// The order of a trajectory, and which end a limit keeps.
enum class Order : std::uint32_t {
  oldest_first = SPATIO_OLDEST_FIRST,
  newest_first = SPATIO_NEWEST_FIRST,
};

/// Where an object was between two known positions.
enum class Interpolation : std::uint32_t {
  linear = SPATIO_INTERPOLATE_LINEAR,
  last = SPATIO_INTERPOLATE_LAST,
};

/// An interval of time whose ends belong to it, and how much of it is asked for.
struct During {
  std::int64_t start_us = INT64_MIN;
  std::int64_t end_us = INT64_MAX;
  Order order = Order::oldest_first;
  std::uint32_t limit = no_limit;
};

/// The present state of an object.
struct Object {
  Handle handle = 0;
  Point position;
  /// The event time of that position.
  std::int64_t time_us = 0;
  /// When it expires by the database's clock; `never_us`.
  std::int64_t expires_us = never_us;
  /// Bytes of its payload, to be had by `Namespace::payload`, or `Pack::payload`.
  std::uint32_t payload_length = 0;
};

/// What a single update came to.
struct Written {
  Handle handle = 0;
  Outcome outcome = Outcome::created;
};

/// What a batch of updates came to.
struct Applied {
  /// Rows that set the present state.
  std::uint64_t applied = 0;
  /// Rows that were older than what is known.
  std::uint64_t late = 0;
};

/// Figures about a database; `spatio_stats` of the C interface has the words.
using Stats = spatio_stats;

/// What opening a database found.
struct Recovery {
  bool has_checkpoint = false;
  std::uint64_t segments = 0;
  std::uint64_t records_kept = 0;
  std::uint64_t bytes_dropped = 0;
  std::uint64_t checkpoint_seq = 0;
  /// The first bad byte of the file that `text` names.
  std::optional<std::uint64_t> first_bad_offset;
  /// The same in words.
  std::string text;
};

/// What looking through a database's files found.
struct CheckReport {
  /// Whether an ordinary open would keep every byte that was known to be on disk.
  bool is_sound = false;
  std::uint64_t files = 0;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t damaged_files = 0;
  std::uint64_t torn_tails = 0;
  /// The same in words.
  std::string text;
};

/// What salvaging carried over.
struct SalvageReport {
  std::uint64_t segments = 0;
  std::uint64_t damaged = 0;
  std::uint64_t records_kept = 0;
  std::uint64_t bytes_dropped = 0;
  /// The same in words; empty if they need more than a megabyte.
  std::string text;
};

/// A time as the database counts it.
inline std::int64_t to_us(std::chrono::system_clock::time_point time) noexcept {
  const auto since = std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch());
  return static_cast<std::int64_t>(since.count());
}

/// A time of the database as the standard library counts it.
inline std::chrono::system_clock::time_point from_us(std::int64_t time_us) noexcept {
  return std::chrono::system_clock::time_point(
      std::chrono::floor<std::chrono::system_clock::duration>(std::chrono::microseconds(time_us)));
}

// -------------------------------------------------------------------------------------- options

/// When writes become durable.
enum class Sync : std::uint32_t {
  every = SPATIO_SYNC_EVERY,
  always = SPATIO_SYNC_ALWAYS,
  never = SPATIO_SYNC_NEVER,
};

/// What to do with damage that is found on opening.
enum class OnDamage : std::uint32_t {
  refuse = SPATIO_RECOVERY_STRICT,
  salvage = SPATIO_RECOVERY_SALVAGE,
};

/// How grave a message is.
enum class LogLevel : std::int32_t {
  error = SPATIO_LEVEL_ERROR,
  warning = SPATIO_LEVEL_WARNING,
  info = SPATIO_LEVEL_INFO,
};

/// Takes messages of a database. Any thread calls it, also the database's own; it must not call
/// the database. What it throws is caught and counted by `Database::callback_exceptions`.
using LogCallback = std::function<void(LogLevel, std::string_view)>;

/// Tells the present moment in microseconds since 1970-01-01 UTC. Any thread calls it; it must not
/// call the database. If it throws, the time that it told last stands, and the exception is counted
/// by `Database::callback_exceptions`.
using ClockCallback = std::function<std::int64_t()>;

/// How a database is opened: `Options().sync(Sync::always)`.
class Options {
 public:
  Options() noexcept { spatio_options_init(&raw_, sizeof raw_); }

  Options& sync(Sync policy) noexcept {
    raw_.sync_policy = static_cast<std::uint32_t>(policy);
    return *this;
  }
  /// The period of `Sync::every`.
  Options& sync_period(std::chrono::microseconds period) noexcept {
    raw_.sync_period_us = period.count();
    return *this;
  }
  /// Records gathered before they are handed to the operating system.
  Options& buffer_records(std::uint64_t records) noexcept {
    raw_.buffer_records = records;
    return *this;
  }
  /// Bytes at which a segment of the log is closed and the next begun.
  Options& segment_bytes(std::uint64_t bytes) noexcept {
    raw_.segment_bytes = bytes;
    return *this;
  }
  Options& on_damage(OnDamage what) noexcept {
    raw_.recovery = static_cast<std::uint32_t>(what);
    return *this;
  }
  /// Takes no lock, writes nothing, refuses changes.
  Options& read_only(bool yes = true) noexcept {
    raw_.read_only = yes ? 1 : 0;
    return *this;
  }
  /// Whether the database may have threads of its own. It has by default.
  Options& background(bool yes) noexcept {
    raw_.no_background = yes ? 0 : 1;
    return *this;
  }
  Options& log(LogCallback callback) {
    log_ = std::move(callback);
    return *this;
  }
  Options& clock(ClockCallback callback) {
    clock_ = std::move(callback);
    return *this;
  }

  /// The options of the C interface, without the callbacks.
  const spatio_options& raw() const noexcept { return raw_; }

 private:
  template <class Face>
  friend class BasicDatabase;

  spatio_options raw_;
  LogCallback log_;
  ClockCallback clock_;
};

/// How a namespace is made: `NamespaceOptions::cartesian().history(History::on)`.
class NamespaceOptions {
 public:
  explicit NamespaceOptions(Space space = Space::geographic) noexcept {
    spatio_namespace_options_init(&raw_, sizeof raw_);
    raw_.space = static_cast<std::uint32_t>(space);
  }
  static NamespaceOptions geographic() noexcept { return NamespaceOptions(Space::geographic); }
  static NamespaceOptions cartesian() noexcept { return NamespaceOptions(Space::cartesian); }

  NamespaceOptions& history(History history) noexcept {
    raw_.history = static_cast<std::uint32_t>(history);
    return *this;
  }
  /// How long an object lives after its last update; 0: for ever.
  NamespaceOptions& ttl(std::chrono::microseconds ttl) noexcept {
    raw_.ttl_us = ttl.count();
    return *this;
  }
  const spatio_namespace_options& raw() const noexcept { return raw_; }

 private:
  spatio_namespace_options raw_;
};

/// What a namespace was made with.
struct NamespaceSettings {
  Space space = Space::geographic;
  bool history = false;
  /// 0: objects live for ever.
  std::chrono::microseconds ttl{0};
};

/// Which trees a packed index, or the file of a pack or of fences, has.
enum class IndexLayout : std::uint32_t {
  /// The quick one of this library.
  fast = SPATIO_INDEX_FAST,
  /// The tree of the format, which other programs read too.
  origin = SPATIO_INDEX_ORIGIN,
  /// Both: other programs read the one, this library asks the other.
  both = SPATIO_INDEX_BOTH,
};

/// How the file of a pack or of fences is written: `FreezeOptions().layout(IndexLayout::both)`.
class FreezeOptions {
 public:
  FreezeOptions() noexcept { spatio_freeze_options_init(&raw_, sizeof raw_); }

  /// With the tree of the format every reader of PSINDEX finds boxes in it.
  FreezeOptions& layout(IndexLayout layout) noexcept {
    raw_.layout = static_cast<std::uint32_t>(layout);
    return *this;
  }
  /// Threads that build `IndexLayout::fast`; the bytes do not depend on it.
  FreezeOptions& threads(std::uint32_t threads) noexcept {
    raw_.threads = threads;
    return *this;
  }
  const spatio_freeze_options& raw() const noexcept { return raw_; }

 private:
  spatio_freeze_options raw_;
};

/// What a namespace was frozen into.
struct Frozen {
  /// Objects that were written.
  std::uint64_t objects = 0;
  /// Bytes of the file.
  std::uint64_t bytes = 0;
};

/// What an update of one object brings beside the position:
/// `Upsert().time_us(t).payload("line 100").ttl(30s)`.
class Upsert {
 public:
  /// The event time; without it: now.
  Upsert& time_us(std::int64_t time_us) noexcept {
    time_us_ = time_us;
    return *this;
  }
  /// Bytes that belong to the object, borrowed until the call; without them it keeps what it has,
  /// and an empty payload removes that.
  Upsert& payload(Bytes bytes) noexcept {
    payload_ = bytes.empty() ? reinterpret_cast<const std::uint8_t*>("") : bytes.data();
    payload_length_ = bytes.size();
    return *this;
  }
  Upsert& payload(std::string_view text) noexcept {
    return payload(Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  }
  /// How long from now the object lives without another update; without it, or 0: as the
  /// namespace says.
  Upsert& ttl(std::chrono::microseconds ttl) noexcept {
    ttl_us_ = ttl.count();
    return *this;
  }

 private:
  template <class Face>
  friend class BasicNamespace;

  std::int64_t time_us_ = now_us;
  const std::uint8_t* payload_ = nullptr;
  std::size_t payload_length_ = 0;
  std::int64_t ttl_us_ = 0;
};

// ----------------------------------------------------------------------------- texts in columns

/// Texts or payloads of one after the other, as batches take them. It keeps its memory when it is
/// cleared.
class TextColumn {
 public:
  TextColumn() : offsets_(1, 0) {}
  TextColumn(std::initializer_list<std::string_view> texts) : TextColumn() {
    for (std::string_view text : texts) push_back(text);
  }
  /// From a range of texts.
  template <class Texts, class = decltype(std::string_view(*std::begin(std::declval<Texts&>())))>
  explicit TextColumn(const Texts& texts) : TextColumn() {
    for (const auto& text : texts) push_back(text);
  }

  void push_back(std::string_view text) {
    bytes_.append(text);
    offsets_.push_back(bytes_.size());
  }
  void clear() noexcept {
    bytes_.clear();
    offsets_.resize(1);
  }
  void reserve(std::size_t texts, std::size_t bytes) {
    offsets_.reserve(texts + 1);
    bytes_.reserve(bytes);
  }
  std::size_t size() const noexcept { return offsets_.size() - 1; }
  bool empty() const noexcept { return size() == 0; }
  std::string_view operator[](std::size_t row) const {
    assert(row < size());
    const auto from = static_cast<std::size_t>(offsets_[row]);
    const auto to = static_cast<std::size_t>(offsets_[row + 1]);
    return std::string_view(bytes_).substr(from, to - from);
  }

  /// One number more than there are texts: where each begins, and the last ends.
  const std::uint64_t* offsets() const noexcept { return offsets_.data(); }
  const char* bytes() const noexcept { return bytes_.data(); }

 private:
  std::vector<std::uint64_t> offsets_;
  std::string bytes_;
};

/// Moves of objects whose handles are known, for `Namespace::move_batch`.
struct Moves {
  span<const Handle> handles;
  span<const double> x;
  span<const double> y;
  /// Without it: all 0.
  span<const double> z = {};
  /// Event times, taken as they are; without it: all now.
  span<const std::int64_t> time_us = {};
};

/// Updates by id, for `Namespace::upsert_batch`.
struct Upserts {
  const TextColumn& ids;
  span<const double> x;
  span<const double> y;
  /// Without it: all 0.
  span<const double> z = {};
  /// Event times, taken as they are; without it: all now.
  span<const std::int64_t> time_us = {};
  /// A row without bytes keeps what its object has; without it all keep.
  const TextColumn* payloads = nullptr;
  /// Times to live in microseconds, 0 for the namespace's; without it: all 0.
  span<const std::int64_t> ttl_us = {};
  /// Receives the handles, if it is there.
  span<Handle> handles = {};
};

/// Past positions of one object, for `Namespace::insert_trajectory`.
struct Track {
  span<const std::int64_t> time_us;
  span<const double> x;
  span<const double> y;
  /// Without it: all 0.
  span<const double> z = {};
};

/// Where `Namespace::get_batch` puts the present state of objects; what is left out is not given.
struct States {
  span<double> x = {};
  span<double> y = {};
  span<double> z = {};
  span<std::int64_t> time_us = {};
  /// 1 where the object is here, else 0.
  span<std::uint8_t> found = {};
};

/// Where `Namespace::positions_at` puts positions.
struct Positions {
  span<double> x;
  span<double> y;
  span<double> z = {};
  /// 1, or 0 before the first known position.
  span<std::uint8_t> found = {};
};

/// Columns of one's own for `Namespace::query_into`; what is left out is not given.
struct OwnColumns {
  span<Handle> handles = {};
  span<double> x = {};
  span<double> y = {};
  span<double> z = {};
  span<std::int64_t> time_us = {};
  span<double> distance = {};
};

// -------------------------------------------------------------------------------------- queries

/// Stops the calls that it is given to. Any thread may fire it.
class Cancel {
 public:
  Cancel() noexcept : owned_(spatio_cancel_new()) {}
  /// Stops the calls that run with it, soon, and those that are begun with it, at once.
  void fire() noexcept { spatio_cancel_fire(owned_.get()); }
  /// Makes it fit for use again, when no call uses it.
  void reset() noexcept { spatio_cancel_reset(owned_.get()); }
  spatio_cancel* raw() const noexcept { return owned_.get(); }

 private:
  detail::Owned<spatio_cancel, spatio_cancel_free> owned_;
};

/// @cond internal
namespace detail {

inline spatio_object blank_object() noexcept {
  spatio_object raw{};
  raw.struct_size = sizeof raw;
  return raw;
}
inline Object told(const spatio_object& raw) noexcept {
  return {raw.handle, {raw.x, raw.y, raw.z}, raw.time_us, raw.expires_us, raw.payload_length};
}

/// How many rows columns of one's own have room for, unless they differ.
inline bool room_of(const OwnColumns& out, std::size_t& capacity, spatio_error* error) noexcept {
  const std::size_t sizes[] = {out.handles.size(), out.x.size(),       out.y.size(),
                               out.z.size(),       out.time_us.size(), out.distance.size()};
  for (std::size_t size : sizes) capacity = size > capacity ? size : capacity;
  Lengths lengths("query_into", capacity);
  lengths.optional("handles", sizes[0]).optional("x", sizes[1]).optional("y", sizes[2]);
  lengths.optional("z", sizes[3]).optional("time_us", sizes[4]);
  return !lengths.optional("distance", sizes[5]).differ(error);
}

inline spatio_cancel* raw_cancel(const Cancel* cancel) noexcept {
  return cancel == nullptr ? nullptr : cancel->raw();
}

}  // namespace detail
/// @endcond

/// What polygons of both faces have in common: the handle.
class PolygonHandle {
 public:
  PolygonHandle() noexcept = default;
  const spatio_polygon* raw() const noexcept { return owned_.get(); }

 protected:
  /// @cond internal
  detail::Owned<spatio_polygon, spatio_polygon_free> owned_;
  /// @endcond
};

/// Where distances are measured from: a point, or an object wherever it is.
class Origin {
 public:
  Origin(Point point) noexcept : point_(point) {}
  Origin(double x, double y, double z = 0) noexcept : point_{x, y, z} {}
  /// The object of that handle, which is part of the answer unless it is excluded.
  static Origin object(Handle handle) noexcept {
    Origin origin{Point{}};
    origin.handle_ = handle;
    return origin;
  }

 private:
  friend class Query;

  Point point_;
  std::optional<Handle> handle_;
};

/// The object of that handle as an origin.
inline Origin around(Handle handle) noexcept { return Origin::object(handle); }

/// What is searched.
enum class QueryKind : std::uint32_t {
  circle = SPATIO_QUERY_CIRCLE,
  sphere = SPATIO_QUERY_SPHERE,
  cylinder = SPATIO_QUERY_CYLINDER,
  box = SPATIO_QUERY_BOX,
  box_3d = SPATIO_QUERY_BOX_3D,
  polygon = SPATIO_QUERY_POLYGON,
  everywhere = SPATIO_QUERY_EVERYWHERE,
  nearest = SPATIO_QUERY_NEAREST,
  box_around = SPATIO_QUERY_BOX_AROUND,
  box_3d_around = SPATIO_QUERY_BOX_3D_AROUND,
};

/// A question about where things are now: `Query::circle({13.4, 52.5}, 500).limit(10)`.
///
/// It may be kept and asked again, moved by `origin`. A polygon and an id prefix are borrowed: they
/// must live as long as the query is asked.
class Query {
 public:
  explicit Query(QueryKind kind) noexcept {
    spatio_query_init(&raw_, sizeof raw_, static_cast<std::uint32_t>(kind));
  }

  /// Within a radius along the ground, whatever the altitude; nearest first.
  static Query circle(Origin origin, double radius) noexcept {
    return Query(QueryKind::circle).origin(origin).radius(radius);
  }
  /// Within a radius, altitude included; nearest first.
  static Query sphere(Origin origin, double radius) noexcept {
    return Query(QueryKind::sphere).origin(origin).radius(radius);
  }
  /// Within a radius along the ground and from altitude to altitude; nearest first.
  static Query cylinder(Origin origin, double radius, double min_z, double max_z) noexcept {
    Query query = Query(QueryKind::cylinder).origin(origin).radius(radius);
    query.raw_.min_z = min_z;
    query.raw_.max_z = max_z;
    return query;
  }
  /// The k nearest, altitude included; nearest first, of equal distances in the order of ids.
  static Query nearest(std::uint32_t k, Origin origin) noexcept {
    return Query(QueryKind::nearest).origin(origin).limit(k);
  }
  /// In a box, in no promised order.
  static Query box(Box box) noexcept {
    Query query(QueryKind::box);
    query.raw_.min_x = box.min_x;
    query.raw_.min_y = box.min_y;
    query.raw_.max_x = box.max_x;
    query.raw_.max_y = box.max_y;
    return query;
  }
  /// In a box from altitude to altitude, in no promised order.
  static Query box_3d(Box3 box) noexcept {
    Query query = Query::box({box.min.x, box.min.y, box.max.x, box.max.y});
    query.raw_.kind = SPATIO_QUERY_BOX_3D;
    query.raw_.min_z = box.min.z;
    query.raw_.max_z = box.max.z;
    return query;
  }
  /// In the box of that size (degrees, or units) around an origin; nearest first.
  static Query box_around(Origin origin, double width, double height) noexcept {
    Query query = Query(QueryKind::box_around).origin(origin);
    query.raw_.width = width;
    query.raw_.height = height;
    return query;
  }
  /// The same with a depth of altitudes (metres, or units).
  static Query box_3d_around(Origin origin, double width, double height, double depth) noexcept {
    Query query = Query::box_around(origin, width, height);
    query.raw_.kind = SPATIO_QUERY_BOX_3D_AROUND;
    query.raw_.depth = depth;
    return query;
  }
  /// In a polygon, its border included, in no promised order.
  static Query polygon(const PolygonHandle& polygon) noexcept {
    Query query(QueryKind::polygon);
    query.raw_.polygon = polygon.raw();
    return query;
  }
  static Query polygon(PolygonHandle&& polygon) = delete;
  /// Everything, in no promised order.
  static Query everywhere() noexcept { return Query(QueryKind::everywhere); }

  /// Measures from elsewhere.
  Query& origin(Origin origin) noexcept {
    raw_.x = origin.point_.x;
    raw_.y = origin.point_.y;
    raw_.z = origin.point_.z;
    raw_.origin = origin.handle_.value_or(0);
    return flag(SPATIO_QUERY_AROUND_OBJECT, origin.handle_.has_value());
  }
  /// Metres, or units; of the nearest, how far away they may be.
  Query& radius(double radius) noexcept {
    raw_.radius = radius;
    return *this;
  }
  /// At most so many rows: the nearest where there is an order, else any.
  Query& limit(std::uint32_t rows) noexcept {
    raw_.limit = rows;
    return *this;
  }
  /// Leaves the origin's object out.
  Query& exclude_origin(bool yes = true) noexcept { return flag(SPATIO_QUERY_EXCLUDE_ORIGIN, yes); }
  /// Asks for the column of ids.
  Query& with_ids(bool yes = true) noexcept { return flag(SPATIO_QUERY_WITH_IDS, yes); }
  /// Asks for the column of payloads.
  Query& with_payloads(bool yes = true) noexcept { return flag(SPATIO_QUERY_WITH_PAYLOADS, yes); }
  /// Only from altitude to altitude.
  Query& altitude(double min, double max) noexcept {
    raw_.min_altitude = min;
    raw_.max_altitude = max;
    return *this;
  }
  /// Only objects whose last update has this event time or a later one.
  Query& since_us(std::int64_t time_us) noexcept {
    raw_.since_us = time_us;
    return *this;
  }
  /// Only objects whose last update is at most so long ago by the database's clock.
  Query& max_age(std::chrono::microseconds age) noexcept {
    raw_.max_age_us = age.count();
    return *this;
  }
  /// Only objects whose id begins so. The text is borrowed.
  Query& id_prefix(std::string_view prefix) noexcept {
    raw_.id_prefix = prefix.data();
    raw_.id_prefix_length = prefix.size();
    return *this;
  }

  const spatio_query& raw() const noexcept { return raw_; }

 private:
  Query& flag(std::uint32_t flag, bool yes) noexcept {
    raw_.flags = yes ? raw_.flags | flag : raw_.flags & ~flag;
    return *this;
  }

  spatio_query raw_;
};

static_assert(sizeof(Query) == sizeof(spatio_query) && std::is_standard_layout_v<Query>,
              "an array of queries is handed over as an array of the C interface");

// ----------------------------------------------------------------------------------------- rows

/// One row of an answer: a view, valid until its `Rows` are moved, filled anew or destroyed.
class Row {
 public:
  Handle handle() const noexcept { return at(columns_->handles); }
  double x() const noexcept { return at(columns_->x); }
  double y() const noexcept { return at(columns_->y); }
  double z() const noexcept { return columns_->z == nullptr ? 0 : columns_->z[row_]; }
  Point position() const noexcept { return {x(), y(), z()}; }
  std::int64_t time_us() const noexcept { return at(columns_->time_us); }
  /// The distance from the query's origin, in metres or units; NaN if it has none.
  double distance() const noexcept {
    return columns_->distance == nullptr ? std::numeric_limits<double>::quiet_NaN()
                                         : columns_->distance[row_];
  }
  /// The id, if the query asked for ids.
  std::string_view id() const noexcept {
    return std::string_view(columns_->ids + at(columns_->id_offsets), length(columns_->id_offsets));
  }
  /// The payload, if the query asked for payloads; no bytes: none.
  Bytes payload() const noexcept {
    return Bytes(columns_->payloads + at(columns_->payload_offsets),
                 length(columns_->payload_offsets));
  }
  /// The payload as text.
  std::string_view payload_text() const noexcept {
    const Bytes bytes = payload();
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  /// Its number in the columns.
  std::size_t index() const noexcept { return row_; }

 private:
  friend class RowIterator;

  Row(const spatio_columns* columns, std::size_t row) noexcept : columns_(columns), row_(row) {}

  template <class T>
  T at(const T* column) const noexcept {
    assert(column != nullptr && "the answer has this column");
    return column[row_];
  }
  std::size_t length(const std::uint64_t* offsets) const noexcept {
    return static_cast<std::size_t>(offsets[row_ + 1] - offsets[row_]);
  }

  const spatio_columns* columns_;
  std::size_t row_;
};

/// Walks over rows: of random access for the ranges of C++20, and an input iterator before, because
/// a `Row` is a view and no reference.
class RowIterator {
 public:
  using value_type = Row;
  using reference = Row;
  using pointer = void;
  using difference_type = std::ptrdiff_t;
  using iterator_category = std::input_iterator_tag;
#if defined(__cpp_lib_ranges)
  using iterator_concept = std::random_access_iterator_tag;
#endif

  RowIterator() noexcept = default;
  RowIterator(const spatio_columns* columns, std::size_t row) noexcept
      : columns_(columns), row_(static_cast<std::ptrdiff_t>(row)) {}

  Row operator*() const noexcept { return Row(columns_, static_cast<std::size_t>(row_)); }
  Row operator[](std::ptrdiff_t n) const noexcept { return *(*this + n); }
  RowIterator& operator++() noexcept { return *this += 1; }
  RowIterator operator++(int) noexcept { return std::exchange(*this, *this + 1); }
  RowIterator& operator--() noexcept { return *this -= 1; }
  RowIterator operator--(int) noexcept { return std::exchange(*this, *this - 1); }
  RowIterator& operator+=(std::ptrdiff_t n) noexcept {
    row_ += n;
    return *this;
  }
  RowIterator& operator-=(std::ptrdiff_t n) noexcept { return *this += -n; }

  friend RowIterator operator+(RowIterator it, std::ptrdiff_t n) noexcept { return it += n; }
  friend RowIterator operator+(std::ptrdiff_t n, RowIterator it) noexcept { return it += n; }
  friend RowIterator operator-(RowIterator it, std::ptrdiff_t n) noexcept { return it -= n; }
  friend std::ptrdiff_t operator-(RowIterator a, RowIterator b) noexcept { return a.row_ - b.row_; }
  friend bool operator==(RowIterator a, RowIterator b) noexcept { return a.row_ == b.row_; }
  friend bool operator!=(RowIterator a, RowIterator b) noexcept { return a.row_ != b.row_; }
  friend bool operator<(RowIterator a, RowIterator b) noexcept { return a.row_ < b.row_; }
  friend bool operator>(RowIterator a, RowIterator b) noexcept { return a.row_ > b.row_; }
  friend bool operator<=(RowIterator a, RowIterator b) noexcept { return a.row_ <= b.row_; }
  friend bool operator>=(RowIterator a, RowIterator b) noexcept { return a.row_ >= b.row_; }

 private:
  const spatio_columns* columns_ = nullptr;
  std::ptrdiff_t row_ = 0;
};

/// Rows that follow each other: all of an answer, or those of one query. A view, valid until its
/// `Rows` are moved, filled anew or destroyed.
class RowRange {
 public:
  RowRange() noexcept = default;
  RowRange(const spatio_columns* columns, std::uint64_t first, std::uint64_t last) noexcept
      : columns_(columns),
        first_(static_cast<std::size_t>(first)),
        last_(static_cast<std::size_t>(last)) {}

  RowIterator begin() const noexcept { return RowIterator(columns_, first_); }
  RowIterator end() const noexcept { return RowIterator(columns_, last_); }
  std::size_t size() const noexcept { return last_ - first_; }
  bool empty() const noexcept { return size() == 0; }
  Row operator[](std::size_t row) const noexcept {
    assert(row < size());
    return begin()[static_cast<std::ptrdiff_t>(row)];
  }

  /// The columns of these rows; one that the answer does not have is empty.
  span<const Handle> handles() const noexcept { return part(columns_->handles); }
  span<const double> x() const noexcept { return part(columns_->x); }
  span<const double> y() const noexcept { return part(columns_->y); }
  span<const double> z() const noexcept { return part(columns_->z); }
  span<const std::int64_t> time_us() const noexcept { return part(columns_->time_us); }
  span<const double> distance() const noexcept { return part(columns_->distance); }

 private:
  template <class T>
  span<const T> part(const T* column) const noexcept {
    return column == nullptr ? span<const T>() : span<const T>(column + first_, size());
  }

  const spatio_columns* columns_ = nullptr;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

/// The answer of a call, in columns. Hand the same one to a call in every frame: it is filled anew
/// and, once it is large enough, nothing is allocated. It may outlive its database.
class Rows {
 public:
  Rows() noexcept = default;
  Rows(Rows&& other) noexcept
      : owned_(std::move(other.owned_)), columns_(std::exchange(other.columns_, no_columns())) {}
  Rows& operator=(Rows&& other) noexcept {
    owned_ = std::move(other.owned_);
    columns_ = std::exchange(other.columns_, no_columns());
    return *this;
  }

  std::size_t size() const noexcept { return static_cast<std::size_t>(columns_.rows); }
  bool empty() const noexcept { return size() == 0; }
  RowIterator begin() const noexcept { return RowIterator(&columns_, 0); }
  RowIterator end() const noexcept { return RowIterator(&columns_, size()); }
  Row operator[](std::size_t row) const noexcept {
    assert(row < size());
    return begin()[static_cast<std::ptrdiff_t>(row)];
  }

  /// How many queries (or objects, of a trajectory) were answered.
  std::size_t queries() const noexcept { return static_cast<std::size_t>(columns_.queries); }
  /// The rows of one of them.
  RowRange of(std::size_t query) const& noexcept {
    assert(query < queries());
    return RowRange(&columns_, columns_.offsets[query], columns_.offsets[query + 1]);
  }
  /// All rows.
  RowRange all() const& noexcept { return RowRange(&columns_, 0, columns_.rows); }

  /// The columns; one that the answer does not have is empty.
  span<const Handle> handles() const& noexcept { return all().handles(); }
  span<const double> x() const& noexcept { return all().x(); }
  span<const double> y() const& noexcept { return all().y(); }
  span<const double> z() const& noexcept { return all().z(); }
  span<const std::int64_t> time_us() const& noexcept { return all().time_us(); }
  span<const double> distance() const& noexcept { return all().distance(); }
  // Views of a temporary would look at memory that is gone.
  void of(std::size_t query) const&& = delete;
  void all() const&& = delete;
  void handles() const&& = delete;
  void x() const&& = delete;
  void y() const&& = delete;
  void z() const&& = delete;
  void time_us() const&& = delete;
  void distance() const&& = delete;

  bool has_ids() const noexcept { return columns_.id_offsets != nullptr; }
  bool has_payloads() const noexcept { return columns_.payload_offsets != nullptr; }

  /// The columns of the C interface.
  const spatio_columns& raw() const noexcept { return columns_; }

  /// @cond internal
  /// Lets a call fill the columns; after a failure there are none.
  template <class Call>
  spatio_status fill(Call&& call) {
    columns_.struct_size = sizeof columns_;
    const spatio_status status = call(owned_.out(), &columns_);
    if (status != SPATIO_OK) columns_ = no_columns();
    return status;
  }
  const spatio_result* raw_result() const noexcept { return owned_.get(); }
  /// @endcond

 private:
  static spatio_columns no_columns() noexcept {
    spatio_columns none{};
    none.struct_size = sizeof none;
    return none;
  }

  detail::Owned<spatio_result, spatio_result_free> owned_;
  spatio_columns columns_ = no_columns();
};

// ------------------------------------------------------------------------------------- polygons

/// The corners of a ring, closed or open, in either direction.
using Ring = std::vector<Corner>;

/// A polygon, or several with holes, ready for queries; it does not change.
template <class Face>
class BasicPolygon : public PolygonHandle {
 public:
  template <class T>
  using Answer = typename Face::template Answer<T>;

  /// A polygon of its border and its holes.
  static Answer<BasicPolygon> make(const std::vector<Ring>& rings) { return make_multi({rings}); }
  /// Several polygons, each of its border and its holes.
  static Answer<BasicPolygon> make_multi(const std::vector<std::vector<Ring>>& polygons) {
    std::vector<double> xy;
    std::vector<std::uint64_t> ring_offsets(1, 0), polygon_offsets(1, 0);
    for (const std::vector<Ring>& rings : polygons) {
      for (const Ring& ring : rings) {
        for (const Corner& corner : ring) {
          xy.push_back(corner.x);
          xy.push_back(corner.y);
        }
        ring_offsets.push_back(xy.size() / 2);
      }
      polygon_offsets.push_back(ring_offsets.size() - 1);
    }
    return make_flat(ring_offsets, xy, polygon_offsets);
  }
  /// The same from flat columns: ring r has the corners `ring_offsets[r]` up to, not including,
  /// `ring_offsets[r + 1]`, of which `xy` has two numbers each; polygon p has the rings
  /// `polygon_offsets[p]` up to, not including, `polygon_offsets[p + 1]`, its border first. Without
  /// `polygon_offsets` all rings are of one polygon.
  static Answer<BasicPolygon> make_flat(span<const std::uint64_t> ring_offsets,
                                        span<const double> xy,
                                        span<const std::uint64_t> polygon_offsets = {}) {
    return detail::answer<Face, BasicPolygon>([&](BasicPolygon& made, spatio_error* error) {
      if (detail::other_library(error)) return error->code;
      const std::size_t corners =
          ring_offsets.empty() ? 0 : static_cast<std::size_t>(ring_offsets.back());
      if (detail::Lengths("polygon", 2 * corners).column("xy", xy.size()).differ(error)) {
        return error->code;
      }
      const std::size_t rings = ring_offsets.empty() ? 0 : ring_offsets.size() - 1;
      const std::size_t parts = polygon_offsets.empty() ? 0 : polygon_offsets.size() - 1;
      return spatio_polygon_new(rings, ring_offsets.data(), xy.data(), parts,
                                detail::or_null(polygon_offsets), made.owned_.out(), error);
    });
  }

  /// Whether a point lies in it, its border included.
  Answer<bool> contains(Corner point) const {
    return detail::answer<Face, bool>([&](bool& inside, spatio_error* error) {
      std::uint8_t is_inside = 0;
      const spatio_status status =
          spatio_polygon_contains(raw(), 1, &point.x, &point.y, &is_inside, error);
      inside = is_inside != 0;
      return status;
    });
  }
  /// Which points lie in it: 1 or 0 for each.
  Answer<void> contains(span<const double> x, span<const double> y,
                        span<std::uint8_t> inside) const {
    return detail::done<Face>([&](spatio_error* error) {
      detail::Lengths lengths("polygon_contains", x.size());
      lengths.column("y", y.size()).column("inside", inside.size());
      if (lengths.differ(error)) return error->code;
      return spatio_polygon_contains(raw(), x.size(), x.data(), y.data(), inside.data(), error);
    });
  }
};

// ----------------------------------------------------------------------------------- namespaces

/// @cond internal
namespace detail {

/// What a database shares with its namespaces: callbacks live as long as anything can call them.
struct Shared {
  /// Held by the calls on the database itself, so that closing waits for them.
  std::shared_mutex gate;
  /// Turns later calls away, or closing might wait for as long as others keep calling.
  std::atomic<bool> is_closing{false};
  spatio_db* db = nullptr;
  LogCallback log;
  ClockCallback clock;
  std::atomic<std::uint64_t> exceptions{0};
  std::atomic<std::int64_t> last_us{0};

  /// Calls a callback of the program. No exception may pass through the library.
  template <class Call>
  void guard(Call&& call) noexcept {
#if defined(__cpp_exceptions)
    try {
      call();
    } catch (...) {
      exceptions.fetch_add(1, std::memory_order_relaxed);
    }
#else
    call();
#endif
  }
};

inline void log_trampoline(void* user, std::int32_t level, const char* message,
                           std::size_t length) noexcept {
  auto* shared = static_cast<Shared*>(user);
  shared->guard(
      [&] { shared->log(static_cast<LogLevel>(level), std::string_view(message, length)); });
}

inline std::int64_t clock_trampoline(void* user) noexcept {
  auto* shared = static_cast<Shared*>(user);
  shared->guard([&] { shared->last_us.store(shared->clock(), std::memory_order_relaxed); });
  return shared->last_us.load(std::memory_order_relaxed);
}

}  // namespace detail
/// @endcond

/// A namespace of an open database: a set of objects that share a space and settings.
///
/// Each call that gives `Rows` has two forms: one gives new rows, the other fills those that it is
/// handed, which a loop keeps. After the database was closed, calls are refused as
/// `Status::closed`.
template <class Face>
class BasicNamespace {
 public:
  template <class T>
  using Answer = typename Face::template Answer<T>;
  template <class T>
  using Maybe = typename Face::template Maybe<T>;

  BasicNamespace() noexcept = default;

  /// What it was made with.
  Answer<NamespaceSettings> settings() const {
    return answer<NamespaceSettings>([&](NamespaceSettings& settings, spatio_error* error) {
      spatio_namespace_options raw{};
      raw.struct_size = sizeof raw;
      const spatio_status status = spatio_namespace_settings(ns(), &raw, error);
      settings.space = static_cast<Space>(raw.space);
      settings.history = raw.history == SPATIO_HISTORY_ON;
      settings.ttl = std::chrono::microseconds(raw.ttl_us);
      return status;
    });
  }
  /// How many objects are here, those that expired left out.
  Answer<std::uint64_t> count() const {
    return answer<std::uint64_t>([&](std::uint64_t& objects, spatio_error* error) {
      return spatio_count(ns(), &objects, error);
    });
  }

  // ------------------------------------------------------------------------- ids and handles

  /// The handle of an id, given if it has none yet.
  Answer<Handle> intern(std::string_view id) const {
    return answer<Handle>([&](Handle& handle, spatio_error* error) {
      return spatio_intern(ns(), id.data(), id.size(), &handle, error);
    });
  }
  /// The handles of many ids.
  Answer<void> intern_batch(const TextColumn& ids, span<Handle> handles) const {
    return done([&](spatio_error* error) {
      detail::Lengths lengths("intern_batch", ids.size());
      if (lengths.column("handles", handles.size()).differ(error)) return error->code;
      return spatio_intern_batch(ns(), ids.size(), ids.offsets(), ids.bytes(), handles.data(),
                                 error);
    });
  }
  /// The handle of an id that was seen before.
  Maybe<Handle> find_handle(std::string_view id) const {
    return maybe<Handle>([&](Handle& handle, spatio_error* error) {
      return spatio_find_handle(ns(), id.data(), id.size(), &handle, error);
    });
  }
  /// The id of a handle, valid as long as this namespace is open.
  Answer<std::string_view> id(Handle handle) const {
    return answer<std::string_view>([&](std::string_view& id, spatio_error* error) {
      const char* text = nullptr;
      std::size_t length = 0;
      const spatio_status status = spatio_id(ns(), handle, &text, &length, error);
      id = std::string_view(text, length);
      return status;
    });
  }
  /// The ids of many handles, as rows with handles and ids.
  Answer<Rows> ids(span<const Handle> handles) const {
    return fresh([&](Rows& rows, spatio_error* error) { return fill_ids(handles, rows, error); });
  }
  Answer<void> ids(span<const Handle> handles, Rows& rows) const {
    return done([&](spatio_error* error) { return fill_ids(handles, rows, error); });
  }

  // --------------------------------------------------------------------------------- writing

  /// Says where an object is. An object that is new is made.
  Answer<Written> upsert(std::string_view id, Point at, const Upsert& with = {}) const {
    return answer<Written>([&](Written& written, spatio_error* error) {
      std::uint32_t outcome = 0;
      const spatio_status status =
          spatio_upsert(ns(), id.data(), id.size(), at.x, at.y, at.z, with.time_us_, with.payload_,
                        with.payload_length_, with.ttl_us_, &written.handle, &outcome, error);
      written.outcome = static_cast<Outcome>(outcome);
      return status;
    });
  }
  /// The same for an object whose handle is known: the quickest single call.
  Answer<Outcome> move(Handle handle, Point at, std::int64_t time_us = now_us) const {
    return answer<Outcome>([&](Outcome& outcome, spatio_error* error) {
      std::uint32_t raw = 0;
      const spatio_status status =
          spatio_move(ns(), handle, at.x, at.y, at.z, time_us, &raw, error);
      outcome = static_cast<Outcome>(raw);
      return status;
    });
  }
  /// Moves many objects in one call: the way for a game's frame or a feed's packet. The rows are
  /// checked before the first is written, and take effect in their order.
  Answer<Applied> move_batch(const Moves& moves) const {
    return answer<Applied>([&](Applied& applied, spatio_error* error) {
      detail::Lengths lengths("move_batch", moves.handles.size());
      lengths.column("x", moves.x.size()).column("y", moves.y.size());
      lengths.optional("z", moves.z.size()).optional("time_us", moves.time_us.size());
      if (lengths.differ(error)) return error->code;
      return spatio_move_batch(ns(), moves.handles.size(), moves.handles.data(), moves.x.data(),
                               moves.y.data(), detail::or_null(moves.z),
                               detail::or_null(moves.time_us), &applied.applied, &applied.late,
                               error);
    });
  }
  /// Says where many objects are, by id; those that are new are made. The rows are checked before
  /// the first is written, and take effect in their order.
  Answer<Applied> upsert_batch(const Upserts& rows) const {
    return answer<Applied>([&](Applied& applied, spatio_error* error) {
      detail::Lengths lengths("upsert_batch", rows.ids.size());
      lengths.column("x", rows.x.size()).column("y", rows.y.size());
      lengths.optional("z", rows.z.size()).optional("time_us", rows.time_us.size());
      lengths.optional("ttl_us", rows.ttl_us.size()).optional("handles", rows.handles.size());
      if (rows.payloads != nullptr) lengths.column("payloads", rows.payloads->size());
      if (lengths.differ(error)) return error->code;
      const TextColumn* payloads = rows.payloads;
      return spatio_upsert_batch(
          ns(), rows.ids.size(), rows.ids.offsets(), rows.ids.bytes(), rows.x.data(), rows.y.data(),
          detail::or_null(rows.z), detail::or_null(rows.time_us),
          payloads == nullptr ? nullptr : payloads->offsets(),
          payloads == nullptr ? nullptr : reinterpret_cast<const std::uint8_t*>(payloads->bytes()),
          detail::or_null(rows.ttl_us), detail::or_null(rows.handles), &applied.applied,
          &applied.late, error);
    });
  }
  /// Writes the rows of an Arrow struct array (Arrow C data interface). Both structs stay the
  /// caller's, who releases them.
  Answer<Applied> upsert_arrow(const ArrowSchema& schema, const ArrowArray& array) const {
    return answer<Applied>([&](Applied& applied, spatio_error* error) {
      return spatio_upsert_arrow(ns(), &schema, &array, &applied.applied, &applied.late, error);
    });
  }
  /// Adds past positions to an object's track, in any order; how many there were.
  Answer<std::uint64_t> insert_trajectory(std::string_view id, const Track& track) const {
    return answer<std::uint64_t>([&](std::uint64_t& inserted, spatio_error* error) {
      detail::Lengths lengths("insert_trajectory", track.time_us.size());
      lengths.column("x", track.x.size()).column("y", track.y.size());
      if (lengths.optional("z", track.z.size()).differ(error)) return error->code;
      return spatio_insert_trajectory(ns(), id.data(), id.size(), track.time_us.size(),
                                      track.time_us.data(), track.x.data(), track.y.data(),
                                      detail::or_null(track.z), &inserted, error);
    });
  }
  /// Removes an object; whether it was here. Its track stays.
  Answer<bool> remove(std::string_view id) const {
    return answer<bool>([&](bool& removed, spatio_error* error) {
      std::uint8_t deleted = 0;
      const spatio_status status = spatio_delete(ns(), id.data(), id.size(), &deleted, error);
      removed = deleted != 0;
      return status;
    });
  }
  /// Removes many objects; how many of them were here.
  Answer<std::uint64_t> remove_batch(span<const Handle> handles) const {
    return answer<std::uint64_t>([&](std::uint64_t& deleted, spatio_error* error) {
      return spatio_delete_batch(ns(), handles.size(), handles.data(), &deleted, error);
    });
  }

  // --------------------------------------------------------------------------- present state

  /// The present state of an object, if it is here.
  Maybe<Object> get(std::string_view id) const {
    return maybe<Object>([&](Object& object, spatio_error* error) {
      spatio_object raw = detail::blank_object();
      const spatio_status status = spatio_get(ns(), id.data(), id.size(), &raw, error);
      object = detail::told(raw);
      return status;
    });
  }
  /// The same by handle.
  Maybe<Object> get_by_handle(Handle handle) const {
    // Without the room that `maybe` makes: an object is copied once, out of what the library wrote.
    detail::ErrorSlot slot;
    spatio_object raw;
    raw.struct_size = sizeof raw;
    const spatio_status status = spatio_get_by_handle(ns(), handle, &raw, &slot.raw);
    if (status != SPATIO_OK) return Face::template absent<Object>(Error(slot.raw));
    return detail::told(raw);
  }
  /// The payload of an object, if it is here; no bytes: it has none.
  Maybe<std::vector<std::uint8_t>> payload(Handle handle) const {
    using Payload = std::vector<std::uint8_t>;
    return maybe<Payload>([&](Payload& payload, spatio_error* error) {
      return fill_payload(handle, payload, error);
    });
  }
  /// The same into a vector that a loop keeps; an object that is not here is an error.
  Answer<void> payload(Handle handle, std::vector<std::uint8_t>& payload) const {
    return done([&](spatio_error* error) { return fill_payload(handle, payload, error); });
  }
  /// The present state of many objects.
  Answer<void> get_batch(span<const Handle> handles, const States& out) const {
    return done([&](spatio_error* error) {
      detail::Lengths lengths("get_batch", handles.size());
      lengths.optional("x", out.x.size()).optional("y", out.y.size());
      lengths.optional("z", out.z.size()).optional("time_us", out.time_us.size());
      if (lengths.optional("found", out.found.size()).differ(error)) return error->code;
      return spatio_get_batch(ns(), handles.size(), handles.data(), detail::or_null(out.x),
                              detail::or_null(out.y), detail::or_null(out.z),
                              detail::or_null(out.time_us), detail::or_null(out.found), error);
    });
  }

  // --------------------------------------------------------------------------------- queries

  /// Asks a question.
  Answer<Rows> query(const Query& query, const Cancel* cancel = nullptr) const {
    return run(span<const Query>(&query, 1), cancel);
  }
  Answer<void> query(const Query& query, Rows& rows, const Cancel* cancel = nullptr) const {
    return run(span<const Query>(&query, 1), rows, cancel);
  }
  /// Asks any number of questions in one call: the one call of a game's frame. The rows of
  /// question `q` are `rows.of(q)`.
  Answer<Rows> run(span<const Query> queries, const Cancel* cancel = nullptr) const {
    return fresh([&](Rows& rows, spatio_error* error) {
      return fill_queries(queries, rows, cancel, error);
    });
  }
  Answer<void> run(span<const Query> queries, Rows& rows, const Cancel* cancel = nullptr) const {
    return done([&](spatio_error* error) { return fill_queries(queries, rows, cancel, error); });
  }
  /// Asks one question into columns of one's own, which are all of one length: no more rows are
  /// found. How many there are. At least one column must be there.
  Answer<std::size_t> query_into(const Query& query, const OwnColumns& out) const {
    return answer<std::size_t>([&](std::size_t& rows, spatio_error* error) {
      std::size_t capacity = 0;
      if (!detail::room_of(out, capacity, error)) return error->code;
      return spatio_query_into(ns(), &query.raw(), capacity, detail::or_null(out.handles),
                               detail::or_null(out.x), detail::or_null(out.y),
                               detail::or_null(out.z), detail::or_null(out.time_us),
                               detail::or_null(out.distance), &rows, error);
    });
  }

  /// Within a radius of a point, altitude included, nearest first.
  Answer<Rows> query_radius(Point at, double radius, std::uint32_t limit = no_limit) const {
    return fresh(
        [&](Rows& rows, spatio_error* e) { return fill_radius(at, radius, limit, rows, e); });
  }
  Answer<void> query_radius(Point at, double radius, std::uint32_t limit, Rows& rows) const {
    return done([&](spatio_error* e) { return fill_radius(at, radius, limit, rows, e); });
  }
  /// In a box, in no promised order.
  Answer<Rows> query_box(Box box, std::uint32_t limit = no_limit) const {
    return fresh(
        [&](Rows& rows, spatio_error* error) { return fill_box(box, limit, rows, error); });
  }
  Answer<void> query_box(Box box, std::uint32_t limit, Rows& rows) const {
    return done([&](spatio_error* error) { return fill_box(box, limit, rows, error); });
  }
  /// In a polygon, its border included, in no promised order.
  Answer<Rows> query_polygon(const PolygonHandle& polygon, std::uint32_t limit = no_limit) const {
    return fresh(
        [&](Rows& rows, spatio_error* error) { return fill_polygon(polygon, limit, rows, error); });
  }
  Answer<void> query_polygon(const PolygonHandle& polygon, std::uint32_t limit, Rows& rows) const {
    return done([&](spatio_error* error) { return fill_polygon(polygon, limit, rows, error); });
  }
  /// Within a radius of an object, altitude included, nearest first: itself, then the others.
  Answer<Rows> query_near(Handle origin, double radius, std::uint32_t limit = no_limit) const {
    return fresh(
        [&](Rows& rows, spatio_error* e) { return fill_near(origin, radius, limit, rows, e); });
  }
  Answer<void> query_near(Handle origin, double radius, std::uint32_t limit, Rows& rows) const {
    return done([&](spatio_error* e) { return fill_near(origin, radius, limit, rows, e); });
  }
  /// The k nearest to a point, altitude included, nearest first.
  Answer<Rows> knn(Point at, std::uint32_t k) const {
    return fresh([&](Rows& rows, spatio_error* error) { return fill_knn(at, k, rows, error); });
  }
  Answer<void> knn(Point at, std::uint32_t k, Rows& rows) const {
    return done([&](spatio_error* error) { return fill_knn(at, k, rows, error); });
  }
  /// The convex hull of all objects, as columns x and y: a closed ring against the clock.
  Answer<Rows> convex_hull() const {
    return fresh([&](Rows& rows, spatio_error* error) { return fill_hull(rows, error); });
  }
  Answer<void> convex_hull(Rows& rows) const {
    return done([&](spatio_error* error) { return fill_hull(rows, error); });
  }
  /// The smallest box around all objects.
  Answer<Bounds> bounds() const {
    return answer<Bounds>([&](Bounds& bounds, spatio_error* error) {
      spatio_bounds raw{};
      raw.struct_size = sizeof raw;
      const spatio_status status = spatio_get_bounds(ns(), &raw, error);
      bounds.is_empty = raw.is_empty != 0;
      bounds.min = {raw.min_x, raw.min_y, raw.min_z};
      bounds.max = {raw.max_x, raw.max_y, raw.max_z};
      return status;
    });
  }

  /// Writes all live objects into a file, which appears whole or not at all and answers as a
  /// `Pack` the queries that this namespace answers now.
  Answer<Frozen> freeze(const std::string& path, const FreezeOptions& options = {}) const {
    return answer<Frozen>([&](Frozen& frozen, spatio_error* error) {
      if (detail::torn_path(path, "freeze", error)) return error->code;
      return spatio_freeze(ns(), path.c_str(), &options.raw(), &frozen.objects, &frozen.bytes,
                           error);
    });
  }

  // ----------------------------------------------------------------------------------- past

  /// The positions that an object had in an interval of time.
  Answer<Rows> trajectory(Handle handle, const During& during = {},
                          const Cancel* cancel = nullptr) const {
    return trajectory(span<const Handle>(&handle, 1), during, cancel);
  }
  /// The same of many objects: the rows of object `i` are `rows.of(i)`, and the limit is each's.
  Answer<Rows> trajectory(span<const Handle> handles, const During& during = {},
                          const Cancel* cancel = nullptr) const {
    return fresh([&](Rows& rows, spatio_error* error) {
      return fill_tracks(handles, during, rows, cancel, error);
    });
  }
  Answer<void> trajectory(span<const Handle> handles, const During& during, Rows& rows,
                          const Cancel* cancel = nullptr) const {
    return done([&](spatio_error* e) { return fill_tracks(handles, during, rows, cancel, e); });
  }
  /// Where an object was at an instant; absent before its first known position, and, as an error
  /// in either face, for a handle that was not given out.
  Answer<std::optional<Point>> position_at(Handle handle, std::int64_t time_us,
                                           Interpolation how = Interpolation::linear) const {
    using Found = std::optional<Point>;
    return answer<Found>([&](Found& found, spatio_error* error) {
      Point at;
      std::uint8_t is_known = 0;
      const spatio_status status =
          spatio_positions_at(ns(), 1, &handle, time_us, static_cast<std::uint32_t>(how), &at.x,
                              &at.y, &at.z, &is_known, error);
      if (is_known != 0) found = at;
      return status;
    });
  }
  /// Where many objects were at an instant.
  Answer<void> positions_at(span<const Handle> handles, std::int64_t time_us, Interpolation how,
                            const Positions& out) const {
    return done([&](spatio_error* error) {
      detail::Lengths lengths("positions_at", handles.size());
      lengths.column("x", out.x.size()).column("y", out.y.size());
      lengths.optional("z", out.z.size());
      if (lengths.optional("found", out.found.size()).differ(error)) return error->code;
      return spatio_positions_at(ns(), handles.size(), handles.data(), time_us,
                                 static_cast<std::uint32_t>(how), out.x.data(), out.y.data(),
                                 detail::or_null(out.z), detail::or_null(out.found), error);
    });
  }

  // ------------------------------------------------------------------------------- distances

  /// The distance between two objects, altitude included; NaN if one of them is not here.
  Answer<double> distance_between(Handle a, Handle b, Metric metric) const {
    return answer<double>([&](double& distance, spatio_error* error) {
      return spatio_distance_between(ns(), 1, &a, &b, static_cast<std::uint32_t>(metric), &distance,
                                     error);
    });
  }
  /// The same of many pairs.
  Answer<void> distance_between(span<const Handle> a, span<const Handle> b, Metric metric,
                                span<double> distance) const {
    return done([&](spatio_error* error) {
      detail::Lengths lengths("distance_between", a.size());
      lengths.column("b", b.size()).column("distance", distance.size());
      if (lengths.differ(error)) return error->code;
      return spatio_distance_between(ns(), a.size(), a.data(), b.data(),
                                     static_cast<std::uint32_t>(metric), distance.data(), error);
    });
  }
  /// The distance from an object to a point, altitude included; NaN if it is not here.
  Answer<double> distance_to(Handle handle, Point at, Metric metric) const {
    return answer<double>([&](double& distance, spatio_error* error) {
      return spatio_distance_to(ns(), 1, &handle, at.x, at.y, at.z,
                                static_cast<std::uint32_t>(metric), &distance, error);
    });
  }
  /// The same of many objects.
  Answer<void> distance_to(span<const Handle> handles, Point at, Metric metric,
                           span<double> distance) const {
    return done([&](spatio_error* error) {
      detail::Lengths lengths("distance_to", handles.size());
      if (lengths.column("distance", distance.size()).differ(error)) return error->code;
      return spatio_distance_to(ns(), handles.size(), handles.data(), at.x, at.y, at.z,
                                static_cast<std::uint32_t>(metric), distance.data(), error);
    });
  }

  /// The handle of the C interface.
  const spatio_namespace* raw() const noexcept { return owned_.get(); }

 private:
  template <class F>
  friend class BasicDatabase;

  const spatio_namespace* ns() const noexcept { return owned_.get(); }

  template <class T, class Call>
  Answer<T> answer(Call&& call) const {
    return detail::answer<Face, T>(call);
  }
  template <class T, class Call>
  Maybe<T> maybe(Call&& call) const {
    return detail::maybe<Face, T>(call);
  }
  template <class Call>
  Answer<void> done(Call&& call) const {
    return detail::done<Face>(call);
  }
  template <class Call>
  Answer<Rows> fresh(Call&& call) const {
    return detail::answer<Face, Rows>(call);
  }

  spatio_status fill_ids(span<const Handle> handles, Rows& rows, spatio_error* error) const {
    return rows.fill([&](spatio_result** result, spatio_columns* columns) {
      return spatio_ids(ns(), handles.size(), handles.data(), result, columns, error);
    });
  }
  spatio_status fill_queries(span<const Query> queries, Rows& rows, const Cancel* cancel,
                             spatio_error* error) const {
    return rows.fill([&](spatio_result** result, spatio_columns* columns) {
      return spatio_query_run(ns(), queries.empty() ? nullptr : &queries.data()->raw(),
                              queries.size(), detail::raw_cancel(cancel), result, columns, error);
    });
  }
  spatio_status fill_radius(Point at, double radius, std::uint32_t limit, Rows& rows,
                            spatio_error* error) const {
    return rows.fill([&](spatio_result** result, spatio_columns* columns) {
      return spatio_query_radius(ns(), at.x, at.y, at.z, radius, limit, result, columns, error);
    });
  }
  spatio_status fill_box(Box box, std::uint32_t limit, Rows& rows, spatio_error* error) const {
    return rows.fill([&](spatio_result** result, spatio_columns* columns) {
      return spatio_query_box(ns(), box.min_x, box.min_y, box.max_x, box.max_y, limit, result,
                              columns, error);
    });
  }
  spatio_status fill_polygon(const PolygonHandle& polygon, std::uint32_t limit, Rows& rows,
                             spatio_error* error) const {
    return rows.fill([&](spatio_result** result, spatio_columns* columns) {
      return spatio_query_polygon(ns(), polygon.raw(), limit, result, columns, error);
    });
  }
  spatio_status fill_near(Handle origin, double radius, std::uint32_t limit, Rows& rows,
                          spatio_error* error) const {
    return rows.fill([&](spatio_result** result, spatio_columns* columns) {
      return spatio_query_near(ns(), origin, radius, limit, result, columns, error);
    });
  }
  spatio_status fill_knn(Point at, std::uint32_t k, Rows& rows, spatio_error* error) const {
    return rows.fill([&](spatio_result** result, spatio_columns* columns) {
      return spatio_knn(ns(), at.x, at.y, at.z, k, result, columns, error);
    });
  }
  spatio_status fill_hull(Rows& rows, spatio_error* error) const {
    return rows.fill([&](spatio_result** result, spatio_columns* columns) {
      return spatio_convex_hull(ns(), result, columns, error);
    });
  }
  spatio_status fill_tracks(span<const Handle> handles, const During& during, Rows& rows,
                            const Cancel* cancel, spatio_error* error) const {
    return rows.fill([&](spatio_result** result, spatio_columns* columns) {
      return spatio_trajectory(ns(), handles.size(), handles.data(), during.start_us, during.end_us,
                               static_cast<std::uint32_t>(during.order), during.limit,
                               detail::raw_cancel(cancel), result, columns, error);
    });
  }
  spatio_status fill_payload(Handle handle, std::vector<std::uint8_t>& payload,
                             spatio_error* error) const {
    payload.resize(payload.capacity());
    for (;;) {
      std::size_t length = 0;
      // Without room it is asked for its length only, which is no failure.
      std::uint8_t* room = payload.empty() ? nullptr : payload.data();
      const spatio_status status =
          spatio_get_payload(ns(), handle, room, payload.size(), &length, error);
      const bool has_room = length <= payload.size();
      if (status == SPATIO_OK ? has_room : status != SPATIO_BUFFER_TOO_SMALL) {
        payload.resize(status == SPATIO_OK ? length : 0);
        return status;
      }
      // It may grow until it is asked again, so that twice is not always enough.
      payload.resize(length);
    }
  }

  // The handle is closed before the callbacks go.
  std::shared_ptr<detail::Shared> shared_;
  detail::Owned<spatio_namespace, spatio_namespace_close> owned_;
};

// ------------------------------------------------------------------------------------ databases

/// An open database: a directory, or memory.
///
/// ```cpp
/// auto db = spatio::Database::memory().value();
/// auto units = db.create_namespace("units", spatio::NamespaceOptions::cartesian()).value();
/// units.upsert("tank:1", {10, 20}).value();
/// for (spatio::Row row : units.query_radius({0, 0}, 50).value()) shoot(row.handle());
/// ```
template <class Face>
class BasicDatabase {
 public:
  template <class T>
  using Answer = typename Face::template Answer<T>;
  using Namespace = BasicNamespace<Face>;

  /// One that is closed, to be assigned to.
  BasicDatabase() noexcept = default;
  BasicDatabase(BasicDatabase&&) noexcept = default;
  BasicDatabase& operator=(BasicDatabase&& other) noexcept {
    if (this != &other) {
      shut(nullptr);
      shared_ = std::move(other.shared_);
    }
    return *this;
  }
  /// Closes it. What that fails with is lost: call `close` to hear that the last writes did not
  /// reach the disk.
  ~BasicDatabase() { shut(nullptr); }

  /// Opens a directory, UTF-8, making it if it is missing.
  static Answer<BasicDatabase> open(const std::string& path, const Options& options = {}) {
    return detail::answer<Face, BasicDatabase>([&](BasicDatabase& db, spatio_error* error) {
      if (detail::torn_path(path, "open", error)) return error->code;
      return db.start(path.c_str(), options, error);
    });
  }
  /// Opens a database that is in memory alone.
  static Answer<BasicDatabase> memory(const Options& options = {}) {
    return detail::answer<Face, BasicDatabase>(
        [&](BasicDatabase& db, spatio_error* error) { return db.start(nullptr, options, error); });
  }

  /// Writes everything down and closes the database. Calls on the database that still run are
  /// waited for; later ones, and those on its namespaces, are refused as `Status::closed`. To close
  /// twice is fine. An error says that the last writes did not reach the disk.
  Answer<void> close() {
    return detail::done<Face>([&](spatio_error* error) { return shut(error); });
  }
  bool is_open() const noexcept { return !is_closed(); }

  /// Hands what is buffered to the operating system, without waiting for the disk.
  Answer<void> flush() const {
    return done([](const spatio_db* db, spatio_error* error) { return spatio_flush(db, error); });
  }
  /// Returns once everything accepted so far is on disk.
  Answer<void> sync() const {
    return done([](const spatio_db* db, spatio_error* error) { return spatio_sync(db, error); });
  }
  /// Writes a checkpoint, from which the next opening starts.
  Answer<void> checkpoint() const {
    return done(
        [](const spatio_db* db, spatio_error* error) { return spatio_checkpoint(db, error); });
  }
  /// Frees the memory of objects that have expired; how many there were.
  Answer<std::uint64_t> sweep() const {
    return answer<std::uint64_t>(
        [](const spatio_db* db, std::uint64_t& removed, spatio_error* error) {
          return spatio_sweep(db, &removed, error);
        });
  }
  /// Figures about the whole database.
  Answer<Stats> stats() const {
    return answer<Stats>([](const spatio_db* db, Stats& stats, spatio_error* error) {
      stats.struct_size = sizeof stats;
      return spatio_get_stats(db, &stats, error);
    });
  }
  /// What opening this database found.
  Answer<Recovery> recovery() const {
    return answer<Recovery>([](const spatio_db* db, Recovery& found, spatio_error* error) {
      spatio_recovery raw{};
      raw.struct_size = sizeof raw;
      if (spatio_get_recovery(db, &raw, error) != SPATIO_OK) return error->code;
      found.has_checkpoint = raw.has_checkpoint != 0;
      found.segments = raw.segments;
      found.records_kept = raw.records_kept;
      found.bytes_dropped = raw.bytes_dropped;
      found.checkpoint_seq = raw.checkpoint_seq;
      if (raw.first_bad_offset != UINT64_MAX) found.first_bad_offset = raw.first_bad_offset;
      std::size_t length = 0;
      if (spatio_recovery_text(db, nullptr, 0, &length, error) != SPATIO_OK) return error->code;
      std::vector<char> text(length + 1);
      const spatio_status status =
          spatio_recovery_text(db, text.data(), text.size(), &length, error);
      found.text.assign(text.data(), length);
      return status;
    });
  }

  /// The names of all namespaces, in the order in which they were made.
  Answer<std::vector<std::string>> namespaces() const {
    using Names = std::vector<std::string>;
    return answer<Names>([](const spatio_db* db, Names& names, spatio_error* error) {
      Rows rows;
      const spatio_status status = rows.fill([&](spatio_result** result, spatio_columns* columns) {
        return spatio_namespaces(db, result, columns, error);
      });
      for (Row row : rows) names.emplace_back(row.id());
      return status;
    });
  }
  /// Makes a namespace, or opens the one of that name if its settings are the same.
  Answer<Namespace> create_namespace(std::string_view name,
                                     const NamespaceOptions& options = NamespaceOptions()) const {
    return answer<Namespace>([&](const spatio_db* db, Namespace& ns, spatio_error* error) {
      ns.shared_ = shared_;
      return spatio_namespace_create(db, name.data(), name.size(), &options.raw(), ns.owned_.out(),
                                     error);
    });
  }
  /// Opens a namespace that exists.
  Answer<Namespace> open_namespace(std::string_view name) const {
    return answer<Namespace>([&](const spatio_db* db, Namespace& ns, spatio_error* error) {
      ns.shared_ = shared_;
      return spatio_namespace_open(db, name.data(), name.size(), ns.owned_.out(), error);
    });
  }

  /// How many exceptions the callbacks of this database threw. Each was caught and dropped.
  std::uint64_t callback_exceptions() const noexcept {
    return shared_ == nullptr ? 0 : shared_->exceptions.load(std::memory_order_relaxed);
  }

  /// Reads every record of a database that is not open for writing, and says what is sound.
  static Answer<CheckReport> check(const std::string& path) {
    return detail::answer<Face, CheckReport>([&](CheckReport& report, spatio_error* error) {
      if (detail::other_library(error) || detail::torn_path(path, "check", error)) {
        return error->code;
      }
      spatio_check_report raw{};
      raw.struct_size = sizeof raw;
      const spatio_status status =
          words(report.text, [&](char* text, std::size_t room, std::size_t* length) {
            return spatio_check(path.c_str(), &raw, text, room, length, error);
          });
      report.is_sound = raw.is_sound != 0;
      report.files = raw.files;
      report.records = raw.records;
      report.bytes = raw.bytes;
      report.damaged_files = raw.damaged_files;
      report.torn_tails = raw.torn_tails;
      return status;
    });
  }
  /// Writes what can be read of a damaged database into a new directory. The damaged one is not
  /// changed.
  static Answer<SalvageReport> salvage(const std::string& source, const std::string& target) {
    return detail::answer<Face, SalvageReport>([&](SalvageReport& report, spatio_error* error) {
      if (detail::other_library(error) || detail::torn_path(source, "salvage", error) ||
          detail::torn_path(target, "salvage", error)) {
        return error->code;
      }
      spatio_salvage_report raw{};
      raw.struct_size = sizeof raw;
      const spatio_status status =
          words(report.text, [&](char* text, std::size_t room, std::size_t* length) {
            return spatio_salvage(source.c_str(), target.c_str(), &raw, text, room, length, error);
          });
      report.segments = raw.segments;
      report.damaged = raw.damaged;
      report.records_kept = raw.records_kept;
      report.bytes_dropped = raw.bytes_dropped;
      return status;
    });
  }

 private:
  spatio_status start(const char* path, const Options& options, spatio_error* error) {
    if (detail::other_library(error)) return error->code;
    shared_ = std::make_shared<detail::Shared>();
    shared_->log = options.log_;
    shared_->clock = options.clock_;
    spatio_options raw = options.raw();
    if (shared_->log) {
      raw.log = detail::log_trampoline;
      raw.log_user = shared_.get();
    }
    if (shared_->clock) {
      // A clock that throws later is given the last time; one that never told any has none.
      raw.clock = detail::clock_trampoline;
      raw.clock_user = shared_.get();
      detail::clock_trampoline(shared_.get());
      if (shared_->exceptions.load(std::memory_order_relaxed) > 0) {
        return detail::tell(error, Status::invalid_argument, "open: the clock threw an exception");
      }
    }
    return spatio_open(path, &raw, &shared_->db, error);
  }

  spatio_status shut(spatio_error* error) noexcept {
    if (shared_ == nullptr) return SPATIO_OK;
    shared_->is_closing.store(true, std::memory_order_release);
    const std::unique_lock<std::shared_mutex> held(shared_->gate);
    return spatio_close(std::exchange(shared_->db, nullptr), error);
  }

  bool is_closed() const noexcept {
    return shared_ == nullptr || shared_->is_closing.load(std::memory_order_acquire);
  }
  static spatio_status refuse_closed(spatio_error* error) noexcept {
    return detail::tell(error, Status::closed, "the database is closed");
  }

  template <class T, class Call>
  Answer<T> answer(Call&& call) const {
    return detail::answer<Face, T>([&](T& value, spatio_error* error) {
      if (is_closed()) return refuse_closed(error);
      const std::shared_lock<std::shared_mutex> held(shared_->gate);
      return shared_->db == nullptr ? refuse_closed(error) : call(shared_->db, value, error);
    });
  }
  template <class Call>
  Answer<void> done(Call&& call) const {
    return detail::done<Face>([&](spatio_error* error) {
      if (is_closed()) return refuse_closed(error);
      const std::shared_lock<std::shared_mutex> held(shared_->gate);
      return shared_->db == nullptr ? refuse_closed(error) : call(shared_->db, error);
    });
  }

  /// Room for the words of a report, which a call gives only once it has done its work.
  template <class Call>
  static spatio_status words(std::string& text, Call&& call) {
    std::vector<char> room(1 << 20);
    std::size_t length = 0;
    spatio_status status = call(room.data(), room.size(), &length);
    if (status == SPATIO_OK) text.assign(room.data(), length);
    return status == SPATIO_BUFFER_TOO_SMALL ? SPATIO_OK : status;
  }

  std::shared_ptr<detail::Shared> shared_;
};

// --------------------------------------------------------------------------------- packed indexes

/// No item: what `Index::raycast_closest` writes where a ray hits none.
inline constexpr std::uint32_t no_item = SPATIO_NO_ITEM;

/// How a packed index is built: `IndexOptions().layout(IndexLayout::both)`.
class IndexOptions {
 public:
  IndexOptions() noexcept { spatio_index_options_init(&raw_, sizeof raw_); }

  IndexOptions& layout(IndexLayout layout) noexcept {
    raw_.layout = static_cast<std::uint32_t>(layout);
    return *this;
  }
  /// Bits of a coordinate in the tree of the format: 64, or 32, which makes boxes a little larger.
  IndexOptions& coordinate_bits(std::uint32_t bits) noexcept {
    raw_.coordinate_bits = bits;
    return *this;
  }
  /// Most children of a node of the tree of the format: 2 to 65535.
  IndexOptions& node_size(std::uint32_t children) noexcept {
    raw_.node_size = children;
    return *this;
  }
  /// Each box is followed by its number, for readers that fetch parts of a file.
  IndexOptions& interleaved(bool yes = true) noexcept {
    raw_.interleaved = yes ? 1 : 0;
    return *this;
  }
  /// Threads that build `IndexLayout::fast`; the bytes do not depend on it.
  IndexOptions& threads(std::uint32_t threads) noexcept {
    raw_.threads = threads;
    return *this;
  }
  /// How many bytes of each payload stand once more, close together, for readers that fetch parts
  /// of a file; 0: none. It needs payloads.
  IndexOptions& prefix_bytes(std::uint32_t bytes) noexcept {
    raw_.prefix_bytes = bytes;
    return *this;
  }
  const spatio_index_options& raw() const noexcept { return raw_; }

 private:
  spatio_index_options raw_;
};

/// What a packed index says about itself in words; what is absent is not said. The texts are
/// borrowed: for the call that builds, or from the index that was asked, until it is destroyed.
struct IndexMetadata {
  /// The coordinate reference system, such as "EPSG:4326".
  std::optional<std::string_view> crs = {};
  /// What the payloads are, as a media type, such as "application/json".
  std::optional<std::string_view> content_type = {};
  /// Whose data it is.
  std::optional<std::string_view> attribution = {};
};

/// What a packed index is.
struct IndexInfo {
  /// Axes of its boxes: 2, 3 or 4.
  std::uint32_t dims = 0;
  /// How many items it has; their ids are 0 up to, not including, this.
  std::uint64_t items = 0;
  /// Bytes that it takes, in memory or as a file.
  std::uint64_t bytes = 0;
  IndexLayout layout = IndexLayout::fast;
  /// Bits of a coordinate in the tree of the format; 0 if it has none.
  std::uint32_t coordinate_bits = 0;
  bool has_payloads = false;
  /// Whether `Index::aggregate` can sum up.
  bool has_values = false;
  /// Whether `Index::aggregate` can unite masks.
  bool has_masks = false;
  /// How many bytes of each payload stand once more; 0: none.
  std::uint32_t prefix_bytes = 0;
  /// The least coordinate of any item on each axis: infinity if there is none, 0 beyond `dims`.
  std::array<double, 4> min{};
  /// The greatest: minus infinity if there is none.
  std::array<double, 4> max{};
};

/// What a packed index is built from, in columns that are borrowed for the call.
struct IndexItems {
  /// Axes of the boxes: 2, 3 or 4.
  std::uint32_t dims;
  /// `dims` numbers of each box: the least coordinates of box 0 on each axis, then of box 1 ...
  span<const double> min;
  /// The same of the greatest; without it the boxes are points.
  span<const double> max = {};
  /// Bytes of each item; without it there are none.
  const TextColumn* payloads = nullptr;
  /// A number of each item, for `Index::aggregate`; without it there are none.
  span<const double> values = {};
  /// 64 bits of each item, for `Index::aggregate`; without it there are none.
  span<const std::uint64_t> masks = {};
};

/// Triangles that an index is built from, in a column that is borrowed for the call.
struct Triangles {
  /// Axes of the corners: 2 or 3.
  std::uint32_t dims;
  /// Three corners of each triangle, `dims` numbers of each.
  span<const double> corners;
};

/// Windows, boxes or points that an index is asked about, each of as many numbers as it has axes.
struct Windows {
  /// The least coordinates of window 0 on each axis, then of window 1 ...
  span<const double> min;
  /// The same of the greatest; without it they are points.
  span<const double> max = {};
};

/// Places on the globe, in degrees.
struct Places {
  span<const double> lon;
  span<const double> lat;
};

/// Rays that an index is asked about: the points `origin + t * direction` for t from 0 to `max_t`.
struct Rays {
  /// Where ray 0 begins on each axis, then ray 1 ...
  span<const double> origin;
  /// The same of their directions, which need not have the length 1.
  span<const double> direction;
  /// How far each goes, in lengths of its direction; without it for ever.
  span<const double> max_t = {};
};

/// The item that a ray enters first, or the triangle that it meets first.
struct RayHit {
  std::uint32_t id = no_item;
  /// Where it enters or meets it, in lengths of the direction.
  double t = 0;
};

/// Where `Index::aggregate` puts what it finds of each window; what is left out is not given.
struct Aggregates {
  span<std::uint64_t> counts = {};
  /// 0 of no items or without values.
  span<double> sums = {};
  /// NaN of no items or without values, like `greatest`.
  span<double> least = {};
  span<double> greatest = {};
  /// All bits of any mask; 0 of no items or without masks.
  span<std::uint64_t> masks = {};
};

/// Where `Index::estimate` puts about how many items each window has; what is left out is not
/// given.
struct Estimates {
  /// There are no fewer.
  span<std::uint64_t> lower = {};
  /// There are no more.
  span<std::uint64_t> upper = {};
  /// Guesses between both, as if items were spread evenly in the boxes of nodes.
  span<double> guesses = {};
};

/// The two items that are closest to each other.
struct ClosestPair {
  std::uint32_t id = no_item;
  /// The other item; of the other index, if there are two.
  std::uint32_t other = no_item;
  double distance = 0;
};

/// The answer of a packed index, in columns. Hand the same one to a call in every frame: it is
/// filled anew and, once it is large enough, nothing is allocated. It may outlive its index.
class Hits {
 public:
  Hits() noexcept = default;
  Hits(Hits&& other) noexcept
      : owned_(std::move(other.owned_)), columns_(std::exchange(other.columns_, no_columns())) {}
  Hits& operator=(Hits&& other) noexcept {
    owned_ = std::move(other.owned_);
    columns_ = std::exchange(other.columns_, no_columns());
    return *this;
  }

  /// Rows of all queries together.
  std::size_t size() const noexcept { return static_cast<std::size_t>(columns_.rows); }
  bool empty() const noexcept { return size() == 0; }
  /// How many queries were answered.
  std::size_t queries() const noexcept { return static_cast<std::size_t>(columns_.queries); }

  /// One number more than there are queries: where the rows of each begin, and those of the last
  /// end.
  span<const std::uint64_t> offsets() const& noexcept {
    const std::size_t ends = columns_.offsets == nullptr ? 0 : queries() + 1;
    return span<const std::uint64_t>(columns_.offsets, ends);
  }
  /// The columns; one that the answer does not have is empty. First the items.
  span<const std::uint32_t> ids() const& noexcept { return all(columns_.ids); }
  /// The other item of each pair.
  span<const std::uint32_t> others() const& noexcept { return all(columns_.others); }
  /// How far the items are, or the t at which a ray enters.
  span<const double> distance() const& noexcept { return all(columns_.distance); }
  /// The places of the items in the tree, by which `StreamIndex::payloads` is asked.
  span<const std::uint32_t> ranks() const& noexcept { return all(columns_.ranks); }

  /// The items of one query.
  span<const std::uint32_t> ids_of(std::size_t query) const& noexcept {
    return part(columns_.ids, query);
  }
  /// How far the items of one query are.
  span<const double> distance_of(std::size_t query) const& noexcept {
    return part(columns_.distance, query);
  }
  /// The payload of a row, of an answer that has payloads.
  Bytes payload(std::size_t row) const& noexcept {
    assert(row < size() && columns_.payload_offsets != nullptr);
    const auto from = static_cast<std::size_t>(columns_.payload_offsets[row]);
    const auto to = static_cast<std::size_t>(columns_.payload_offsets[row + 1]);
    return to == from ? Bytes() : Bytes(columns_.payloads + from, to - from);
  }
  // Views of a temporary would look at memory that is gone.
  void offsets() const&& = delete;
  void ids() const&& = delete;
  void others() const&& = delete;
  void distance() const&& = delete;
  void ranks() const&& = delete;
  void ids_of(std::size_t query) const&& = delete;
  void distance_of(std::size_t query) const&& = delete;
  void payload(std::size_t row) const&& = delete;

  /// The columns of the C interface.
  const spatio_hit_columns& raw() const noexcept { return columns_; }

  /// @cond internal
  /// Lets a call fill the columns; after a failure there are none.
  template <class Call>
  spatio_status fill(Call&& call) {
    columns_.struct_size = sizeof columns_;
    const spatio_status status = call(owned_.out(), &columns_);
    if (status != SPATIO_OK) columns_ = no_columns();
    return status;
  }
  /// @endcond

 private:
  static spatio_hit_columns no_columns() noexcept {
    spatio_hit_columns none{};
    none.struct_size = sizeof none;
    return none;
  }
  template <class T>
  span<const T> all(const T* column) const noexcept {
    return column == nullptr ? span<const T>() : span<const T>(column, size());
  }
  template <class T>
  span<const T> part(const T* column, std::size_t query) const noexcept {
    assert(query < queries());
    if (column == nullptr) return {};
    const auto from = static_cast<std::size_t>(columns_.offsets[query]);
    const auto to = static_cast<std::size_t>(columns_.offsets[query + 1]);
    return span<const T>(column + from, to - from);
  }

  detail::Owned<spatio_hits, spatio_hits_free> owned_;
  spatio_hit_columns columns_ = no_columns();
};

/// What packed indexes of both faces have in common: the handle.
class IndexHandle {
 public:
  IndexHandle() noexcept = default;
  const spatio_index* raw() const noexcept { return owned_.get(); }
  /// Axes of its boxes; 0 of one that holds no index.
  std::uint32_t dims() const noexcept { return raw() == nullptr ? 0 : dims_; }

 protected:
  /// @cond internal
  detail::Owned<spatio_index, spatio_index_free> owned_;
  std::uint32_t dims_ = 0;
  /// @endcond
};

/// @cond internal
namespace detail {

/// Rows of a column that has `dims` numbers of each.
inline std::size_t rows_of(span<const double> column, std::uint32_t dims) noexcept {
  return dims == 0 ? 0 : column.size() / dims;
}

/// Refuses a column that is not made of whole rows, or two that have not the same length.
inline bool uneven(const char* operation, std::uint32_t dims, const char* name,
                   span<const double> column, const char* other_name, span<const double> other,
                   bool may_lack_other, spatio_error* error) noexcept {
  char text[160];
  if (dims != 0 && column.size() % dims != 0) {
    std::snprintf(text, sizeof text, "%s: %s has %zu numbers, which are no rows of %u", operation,
                  name, column.size(), static_cast<unsigned>(dims));
  } else if (other.size() != column.size() && !(may_lack_other && other.empty())) {
    std::snprintf(text, sizeof text, "%s: %s has %zu numbers, but %s has %zu", operation, name,
                  column.size(), other_name, other.size());
  } else {
    return false;
  }
  tell(error, Status::invalid_argument, text);
  return true;
}

inline void say(const std::optional<std::string_view>& words, const char*& text,
                std::size_t& length) noexcept {
  if (!words) return;
  text = words->data() == nullptr ? "" : words->data();
  length = words->size();
}

inline spatio_index_metadata raw_metadata(const IndexMetadata& metadata) noexcept {
  spatio_index_metadata raw{};
  raw.struct_size = sizeof raw;
  say(metadata.crs, raw.crs, raw.crs_length);
  say(metadata.content_type, raw.content_type, raw.content_type_length);
  say(metadata.attribution, raw.attribution, raw.attribution_length);
  return raw;
}

inline std::optional<std::string_view> words(const char* text, std::size_t length) noexcept {
  if (text == nullptr) return std::nullopt;
  return std::string_view(text, length);
}

/// Where the payloads of items are: NULL of those that have none.
struct RawPayloads {
  const std::uint64_t* offsets = nullptr;
  const std::uint8_t* bytes = nullptr;

  explicit RawPayloads(const TextColumn* texts) noexcept {
    if (texts == nullptr) return;
    offsets = texts->offsets();
    bytes = reinterpret_cast<const std::uint8_t*>(texts->bytes());
  }
};

inline bool uneven(const char* operation, const IndexItems& items, spatio_error* error) noexcept {
  if (uneven(operation, items.dims, "min", items.min, "max", items.max, true, error)) return true;
  Lengths lengths(operation, rows_of(items.min, items.dims));
  if (items.payloads != nullptr) lengths.column("payloads", items.payloads->size());
  lengths.optional("values", items.values.size()).optional("masks", items.masks.size());
  return lengths.differ(error);
}

inline bool uneven(const char* operation, const Triangles& triangles,
                   spatio_error* error) noexcept {
  const std::uint32_t row = 3 * triangles.dims;
  return uneven(operation, row, "corners", triangles.corners, "corners", triangles.corners, false,
                error);
}

}  // namespace detail
/// @endcond

/// What regions of both faces have in common: the handle.
class RegionHandle {
 public:
  RegionHandle() noexcept = default;
  const spatio_region* raw() const noexcept { return owned_.get(); }

 protected:
  /// @cond internal
  detail::Owned<spatio_region, spatio_region_free> owned_;
  /// @endcond
};

/// A set of points that indexes with as many axes are searched for, its border included; it does
/// not change.
///
/// ```cpp
/// const double here[] = {12, 7, -3};
/// const auto near = spatio::Region::ball(here, 100).value();
/// const auto hits = index.search_region(near).value();
/// ```
template <class Face>
class BasicRegion : public RegionHandle {
 public:
  template <class T>
  using Answer = typename Face::template Answer<T>;

  /// All that is within a Euclidean distance of a point of two, three or four axes.
  static Answer<BasicRegion> ball(span<const double> centre, double radius) {
    return made([&](spatio_region** region, spatio_error* error) {
      return spatio_region_ball(axes(centre), centre.data(), radius, region, error);
    });
  }
  /// All that is within a Euclidean distance of a segment.
  static Answer<BasicRegion> capsule(span<const double> from, span<const double> to,
                                     double radius) {
    return made([&](spatio_region** region, spatio_error* error) {
      if (detail::Lengths("region_capsule", from.size()).column("to", to.size()).differ(error)) {
        return error->code;
      }
      return spatio_region_capsule(axes(from), from.data(), to.data(), radius, region, error);
    });
  }
  /// A cone with a round end: all balls with their centres on its axis that just touch its side, up
  /// to the one whose centre is `length` from the apex. The angle is that between axis and side.
  static Answer<BasicRegion> cone(span<const double> apex, span<const double> direction,
                                  double half_angle_rad, double length) {
    return made([&](spatio_region** region, spatio_error* error) {
      detail::Lengths lengths("region_cone", apex.size());
      if (lengths.column("direction", direction.size()).differ(error)) return error->code;
      return spatio_region_cone(axes(apex), apex.data(), direction.data(), half_angle_rad, length,
                                region, error);
    });
  }
  /// The points x of which `normal . x` is `offset` or more.
  static Answer<BasicRegion> half_space(span<const double> normal, double offset) {
    return made([&](spatio_region** region, spatio_error* error) {
      return spatio_region_half_space(axes(normal), normal.data(), offset, region, error);
    });
  }
  /// The convex hull of points; of three it is a triangle. It lies on the first two axes.
  static Answer<BasicRegion> convex(const std::vector<Corner>& points) {
    std::vector<double> xy;
    for (const Corner& point : points) {
      xy.push_back(point.x);
      xy.push_back(point.y);
    }
    return made([&](spatio_region** region, spatio_error* error) {
      return spatio_region_convex(points.size(), xy.data(), region, error);
    });
  }
  /// A polygon on the first two axes, made ready once for many questions; it may be destroyed then.
  static Answer<BasicRegion> polygon(const PolygonHandle& polygon) {
    return made([&](spatio_region** region, spatio_error* error) {
      return spatio_region_polygon(polygon.raw(), region, error);
    });
  }
  /// What lies between six planes in space, of each the three numbers of its normal, which points
  /// inside, and its offset. It may keep a few boxes beside its edges.
  static Answer<BasicRegion> frustum(const std::array<double, 24>& planes) {
    return made([&](spatio_region** region, spatio_error* error) {
      return spatio_region_frustum(planes.data(), region, error);
    });
  }
  /// What a camera sees, by its matrix row by row: `clip = matrix * (x, y, z, 1)`, with depth from
  /// 0 to w where `depth_from_zero`, else from -w to w. As `frustum`.
  static Answer<BasicRegion> view_projection(const std::array<double, 16>& matrix,
                                             bool depth_from_zero = false) {
    return made([&](spatio_region** region, spatio_error* error) {
      return spatio_region_view_projection(matrix.data(), depth_from_zero ? 1 : 0, region, error);
    });
  }

 private:
  static std::uint32_t axes(span<const double> row) noexcept {
    return static_cast<std::uint32_t>(row.size());
  }
  template <class Call>
  static Answer<BasicRegion> made(Call&& call) {
    return detail::answer<Face, BasicRegion>([&](BasicRegion& region, spatio_error* error) {
      if (detail::other_library(error)) return error->code;
      return call(region.owned_.out(), error);
    });
  }
};

/// A packed index: boxes, or points, of two, three or four axes that do not change, which answers
/// any number of questions in one call. The ids of its items are their places in what it was built
/// from.
///
/// ```cpp
/// const double min[] = {0, 0, 5, 5, 8, 1}, max[] = {2, 2, 6, 9, 9, 2};
/// const auto index = spatio::Index::build({2, min, max}).value();
/// const double from[] = {1, 1}, to[] = {5, 6};
/// const auto hits = index.search({from, to}).value();
/// for (std::uint32_t id : hits.ids()) draw(id);
/// ```
///
/// Each call that gives `Hits` has two forms: one gives new hits, the other fills those that it is
/// handed, which a loop keeps.
template <class Face>
class BasicIndex : public IndexHandle {
 public:
  template <class T>
  using Answer = typename Face::template Answer<T>;

  /// Builds an index in memory; everything is copied.
  static Answer<BasicIndex> build(const IndexItems& items, const IndexOptions& options = {},
                                  const IndexMetadata& metadata = {}) {
    return made([&](spatio_index** index, spatio_error* error) {
      if (detail::uneven("index_build", items, error)) return error->code;
      const spatio_index_metadata said = detail::raw_metadata(metadata);
      const detail::RawPayloads payloads(items.payloads);
      return spatio_index_build(items.dims, detail::rows_of(items.min, items.dims),
                                items.min.data(), detail::or_null(items.max), payloads.offsets,
                                payloads.bytes, detail::or_null(items.values),
                                detail::or_null(items.masks), &said, &options.raw(), index, error);
    });
  }
  /// Builds an index of triangles in memory, for `raycast_triangles`. Its items are their boxes,
  /// which answer each other question.
  static Answer<BasicIndex> build_triangles(const Triangles& triangles,
                                            const IndexOptions& options = {},
                                            const IndexMetadata& metadata = {}) {
    return made([&](spatio_index** index, spatio_error* error) {
      if (detail::uneven("index_build_triangles", triangles, error)) return error->code;
      const spatio_index_metadata said = detail::raw_metadata(metadata);
      const std::size_t rows = detail::rows_of(triangles.corners, 3 * triangles.dims);
      return spatio_index_build_triangles(triangles.dims, rows, triangles.corners.data(), &said,
                                          &options.raw(), index, error);
    });
  }
  /// Builds an index into a file, which is replaced as a whole; how many bytes it has.
  static Answer<std::uint64_t> write(const std::string& path, const IndexItems& items,
                                     const IndexOptions& options = {},
                                     const IndexMetadata& metadata = {}) {
    return detail::answer<Face, std::uint64_t>([&](std::uint64_t& bytes, spatio_error* error) {
      if (detail::other_library(error) || detail::torn_path(path, "index_write", error) ||
          detail::uneven("index_write", items, error)) {
        return error->code;
      }
      const spatio_index_metadata said = detail::raw_metadata(metadata);
      const detail::RawPayloads payloads(items.payloads);
      return spatio_index_write(path.c_str(), items.dims, detail::rows_of(items.min, items.dims),
                                items.min.data(), detail::or_null(items.max), payloads.offsets,
                                payloads.bytes, detail::or_null(items.values),
                                detail::or_null(items.masks), &said, &options.raw(), &bytes, error);
    });
  }
  /// Opens a file, which is mapped: it must not be changed in place while it is open.
  static Answer<BasicIndex> open(const std::string& path) {
    return made([&](spatio_index** index, spatio_error* error) {
      if (detail::torn_path(path, "index_open", error)) return error->code;
      return spatio_index_open(path.c_str(), index, error);
    });
  }
  /// Opens the bytes of a file, which are copied.
  static Answer<BasicIndex> open_bytes(Bytes bytes) {
    return made([&](spatio_index** index, spatio_error* error) {
      const std::uint8_t none = 0;
      const std::uint8_t* data = bytes.empty() ? &none : bytes.data();
      return spatio_index_open_bytes(data, bytes.size(), index, error);
    });
  }

  /// The bytes of its file, for `open_bytes`: a view, valid until the index is destroyed.
  Answer<Bytes> bytes() const& {
    return detail::answer<Face, Bytes>([&](Bytes& bytes, spatio_error* error) {
      const std::uint8_t* data = nullptr;
      std::size_t length = 0;
      const spatio_status status = spatio_index_bytes(raw(), &data, &length, error);
      bytes = Bytes(data, length);
      return status;
    });
  }
  void bytes() const&& = delete;
  /// What it is, and the box of all its items.
  Answer<IndexInfo> info() const {
    return detail::answer<Face, IndexInfo>([&](IndexInfo& info, spatio_error* error) {
      spatio_index_info found{};
      const spatio_status status = get_info(raw(), found, error);
      info.dims = found.dims;
      info.items = found.items;
      info.bytes = found.bytes;
      info.layout = static_cast<IndexLayout>(found.layout);
      info.coordinate_bits = found.coordinate_bits;
      info.has_payloads = found.has_payloads != 0;
      info.has_values = found.has_values != 0;
      info.has_masks = found.has_masks != 0;
      info.prefix_bytes = found.prefix_bytes;
      std::memcpy(info.min.data(), found.min, sizeof found.min);
      std::memcpy(info.max.data(), found.max, sizeof found.max);
      return status;
    });
  }
  /// What it says about itself: views, valid until the index is destroyed.
  Answer<IndexMetadata> metadata() const& {
    return detail::answer<Face, IndexMetadata>([&](IndexMetadata& told, spatio_error* error) {
      spatio_index_metadata found{};
      found.struct_size = sizeof found;
      const spatio_status status = spatio_index_get_metadata(raw(), &found, error);
      told.crs = detail::words(found.crs, found.crs_length);
      told.content_type = detail::words(found.content_type, found.content_type_length);
      told.attribution = detail::words(found.attribution, found.attribution_length);
      return status;
    });
  }
  void metadata() const&& = delete;
  /// Looks through all of it: checksums, trees, payloads, words.
  Answer<void> verify() const {
    return detail::done<Face>(
        [&](spatio_error* error) { return spatio_index_verify(raw(), error); });
  }

  /// The items that share a point with windows, their borders included, in no order.
  Answer<Hits> search(const Windows& windows) const {
    return given([&](Hits& hits, spatio_error* error) { return fill(hits, windows, error); });
  }
  Answer<void> search(const Windows& windows, Hits& hits) const {
    return detail::done<Face>([&](spatio_error* error) { return fill(hits, windows, error); });
  }
  /// How many items share a point with each window.
  Answer<void> count(const Windows& windows, span<std::uint64_t> counts) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_counts(windows, counts, error); });
  }
  /// The same of one window.
  Answer<std::uint64_t> count(const Windows& window) const {
    return detail::answer<Face, std::uint64_t>([&](std::uint64_t& count, spatio_error* error) {
      return fill_counts(window, span<std::uint64_t>(&count, 1), error);
    });
  }
  /// Whether any item shares a point with each window: 1 or 0. It ends at the first.
  Answer<void> any(const Windows& windows, span<std::uint8_t> any) const {
    return detail::done<Face>([&](spatio_error* error) { return fill_any(windows, any, error); });
  }
  /// The same of one window.
  Answer<bool> any(const Windows& window) const {
    return detail::answer<Face, bool>([&](bool& any, spatio_error* error) {
      std::uint8_t is_any = 0;
      const spatio_status status = fill_any(window, span<std::uint8_t>(&is_any, 1), error);
      any = is_any != 0;
      return status;
    });
  }
  /// The items within a Euclidean distance of boxes or points, one distance for each, in no order.
  Answer<Hits> search_within(const Windows& boxes, span<const double> max_distance) const {
    return given([&](Hits& hits, spatio_error* error) {
      return fill_within(hits, boxes, max_distance, error);
    });
  }
  Answer<void> search_within(const Windows& boxes, span<const double> max_distance,
                             Hits& hits) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_within(hits, boxes, max_distance, error); });
  }
  /// The items that share a point with a polygon on the first two axes, exactly, in no order.
  Answer<Hits> search_polygon(const PolygonHandle& polygon) const {
    return given(
        [&](Hits& hits, spatio_error* error) { return fill_polygon(hits, polygon, error); });
  }
  Answer<void> search_polygon(const PolygonHandle& polygon, Hits& hits) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_polygon(hits, polygon, error); });
  }

  /// The k items nearest to boxes or points by Euclidean distance, nearest first, of equal
  /// distances in the order of ids; with `max_distance`, one for each, none further than that.
  Answer<Hits> nearest(const Windows& boxes, std::uint32_t k,
                       span<const double> max_distance = {}) const {
    return given([&](Hits& hits, spatio_error* error) {
      return fill_nearest(hits, boxes, k, max_distance, error);
    });
  }
  Answer<void> nearest(const Windows& boxes, std::uint32_t k, span<const double> max_distance,
                       Hits& hits) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_nearest(hits, boxes, k, max_distance, error); });
  }
  /// The k items nearest to places on the globe, in metres along the great circle, nearest first.
  /// Axis 0 of the index is the longitude and axis 1 the latitude.
  Answer<Hits> nearest_great_circle(const Places& places, std::uint32_t k,
                                    span<const double> max_distance = {}) const {
    return given([&](Hits& hits, spatio_error* error) {
      return fill_globe_nearest(hits, places, k, max_distance, error);
    });
  }
  Answer<void> nearest_great_circle(const Places& places, std::uint32_t k,
                                    span<const double> max_distance, Hits& hits) const {
    return detail::done<Face>([&](spatio_error* error) {
      return fill_globe_nearest(hits, places, k, max_distance, error);
    });
  }
  /// The items within a distance in metres of places on the globe, one for each, in no order.
  Answer<Hits> search_great_circle(const Places& places, span<const double> max_distance) const {
    return given([&](Hits& hits, spatio_error* error) {
      return fill_globe(hits, places, max_distance, error);
    });
  }
  Answer<void> search_great_circle(const Places& places, span<const double> max_distance,
                                   Hits& hits) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_globe(hits, places, max_distance, error); });
  }

  /// The items that rays hit, in the order in which they enter them; `distance` is the t of each.
  Answer<Hits> raycast(const Rays& rays) const {
    return given([&](Hits& hits, spatio_error* error) { return fill_rays(hits, rays, error); });
  }
  Answer<void> raycast(const Rays& rays, Hits& hits) const {
    return detail::done<Face>([&](spatio_error* error) { return fill_rays(hits, rays, error); });
  }
  /// Whether rays hit any item: 1 or 0, for lines of sight.
  Answer<void> raycast_any(const Rays& rays, span<std::uint8_t> any) const {
    return detail::done<Face>([&](spatio_error* error) { return fill_seen(rays, any, error); });
  }
  /// The same of one ray.
  Answer<bool> raycast_any(const Rays& ray) const {
    return detail::answer<Face, bool>([&](bool& any, spatio_error* error) {
      std::uint8_t is_any = 0;
      const spatio_status status = fill_seen(ray, span<std::uint8_t>(&is_any, 1), error);
      any = is_any != 0;
      return status;
    });
  }
  /// The item that each ray enters first, of several the one with the smallest id, and where:
  /// `no_item` and NaN where it hits none.
  Answer<void> raycast_closest(const Rays& rays, span<std::uint32_t> ids,
                               span<double> t = {}) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_closest(rays, ids, t, error); });
  }
  /// The same of one ray, which may hit none.
  Answer<std::optional<RayHit>> raycast_closest(const Rays& ray) const {
    using Hit = std::optional<RayHit>;
    return detail::answer<Face, Hit>([&](Hit& hit, spatio_error* error) {
      RayHit found;
      const spatio_status status =
          fill_closest(ray, span<std::uint32_t>(&found.id, 1), span<double>(&found.t, 1), error);
      if (status == SPATIO_OK && found.id != no_item) hit = found;
      return status;
    });
  }

  /// The triangle that each ray meets first, exactly, and where: `no_item` and NaN where it meets
  /// none; of an index of `build_triangles`.
  Answer<void> raycast_triangles(const Rays& rays, span<std::uint32_t> ids,
                                 span<double> t = {}) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_triangles(rays, ids, t, error); });
  }
  /// The same of one ray, which may meet none.
  Answer<std::optional<RayHit>> raycast_triangles(const Rays& ray) const {
    using Hit = std::optional<RayHit>;
    return detail::answer<Face, Hit>([&](Hit& hit, spatio_error* error) {
      RayHit found;
      const spatio_status status =
          fill_triangles(ray, span<std::uint32_t>(&found.id, 1), span<double>(&found.t, 1), error);
      if (status == SPATIO_OK && found.id != no_item) hit = found;
      return status;
    });
  }

  /// The items that share a point with a region, in no order.
  Answer<Hits> search_region(const RegionHandle& region) const {
    return given([&](Hits& hits, spatio_error* error) { return fill_region(hits, region, error); });
  }
  Answer<void> search_region(const RegionHandle& region, Hits& hits) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_region(hits, region, error); });
  }
  /// How many items share a point with a region.
  Answer<std::uint64_t> count_region(const RegionHandle& region) const {
    return detail::answer<Face, std::uint64_t>([&](std::uint64_t& count, spatio_error* error) {
      return spatio_index_count_region(raw(), region.raw(), &count, error);
    });
  }
  /// Whether any item shares a point with a region; it ends at the first.
  Answer<bool> any_region(const RegionHandle& region) const {
    return detail::answer<Face, bool>([&](bool& any, spatio_error* error) {
      std::uint8_t is_any = 0;
      const spatio_status status = spatio_index_any_region(raw(), region.raw(), &is_any, error);
      any = is_any != 0;
      return status;
    });
  }
  /// About how many items share a point with windows. At the level 0 all is the true number; at 1
  /// items are not looked at, at 2 nor are the lowest nodes, and so on.
  Answer<void> estimate(const Windows& windows, std::uint32_t stop_level,
                        const Estimates& found) const {
    return detail::done<Face>([&](spatio_error* error) {
      if (wrong("index_estimate", windows, error)) return error->code;
      detail::Lengths lengths("index_estimate", rows(windows));
      lengths.optional("lower", found.lower.size()).optional("upper", found.upper.size());
      if (lengths.optional("guesses", found.guesses.size()).differ(error)) return error->code;
      return spatio_index_estimate(raw(), rows(windows), windows.min.data(),
                                   detail::or_null(windows.max), stop_level,
                                   detail::or_null(found.lower), detail::or_null(found.upper),
                                   detail::or_null(found.guesses), error);
    });
  }
  /// The items that no item of another index is within a Euclidean distance of, in no order; at 0
  /// those that none touches.
  Answer<Hits> anti_join(const IndexHandle& other, double max_distance,
                         const Cancel* cancel = nullptr) const {
    return given([&](Hits& hits, spatio_error* error) {
      return fill_alone(hits, other, max_distance, cancel, error);
    });
  }
  Answer<void> anti_join(const IndexHandle& other, double max_distance, Hits& hits,
                         const Cancel* cancel = nullptr) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_alone(hits, other, max_distance, cancel, error); });
  }
  /// The two items that are closest to each other, if there are two; of several pairs that are
  /// equally close any one.
  Answer<std::optional<ClosestPair>> closest_pair(const Cancel* cancel = nullptr) const {
    return closest(nullptr, cancel);
  }
  /// The item of this index and the one of another that are closest to each other.
  Answer<std::optional<ClosestPair>> closest_pair(const IndexHandle& other,
                                                  const Cancel* cancel = nullptr) const {
    // One that holds no index is refused, and not taken for none.
    return other.raw() == nullptr ? closest_to_nothing() : closest(other.raw(), cancel);
  }
  /// Which items hang together, from one to the next within a Euclidean distance: for each item, by
  /// id, the smallest id that it hangs together with. As many labels as there are items.
  Answer<void> components(double max_distance, span<std::uint32_t> labels,
                          const Cancel* cancel = nullptr) const {
    return detail::done<Face>([&](spatio_error* error) {
      return spatio_index_components(raw(), max_distance, detail::raw_cancel(cancel), labels.size(),
                                     labels.data(), error);
    });
  }

  /// All pairs of items within a Euclidean distance of each other, each once, the smaller id in
  /// `ids` and the greater in `others`; at 0 those that touch.
  Answer<Hits> pairs(double max_distance, const Cancel* cancel = nullptr) const {
    return given([&](Hits& hits, spatio_error* error) {
      return fill_pairs(hits, max_distance, cancel, error);
    });
  }
  Answer<void> pairs(double max_distance, Hits& hits, const Cancel* cancel = nullptr) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_pairs(hits, max_distance, cancel, error); });
  }
  /// All pairs of an item of this index (`ids`) and one of another (`others`) within a Euclidean
  /// distance of each other.
  Answer<Hits> join(const IndexHandle& other, double max_distance,
                    const Cancel* cancel = nullptr) const {
    return given([&](Hits& hits, spatio_error* error) {
      return fill_join(hits, other, max_distance, cancel, error);
    });
  }
  Answer<void> join(const IndexHandle& other, double max_distance, Hits& hits,
                    const Cancel* cancel = nullptr) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_join(hits, other, max_distance, cancel, error); });
  }

  /// The payload of an item: a view, valid until the index is destroyed; none if the index has no
  /// payloads.
  Answer<std::optional<Bytes>> payload(std::uint32_t id) const& {
    using Payload = std::optional<Bytes>;
    return detail::answer<Face, Payload>([&](Payload& payload, spatio_error* error) {
      const std::uint8_t* data = nullptr;
      std::size_t length = 0;
      const spatio_status status = spatio_index_payload(raw(), id, &data, &length, error);
      if (data != nullptr) payload = Bytes(data, length);
      return status;
    });
  }
  void payload(std::uint32_t id) const&& = delete;
  /// The payloads of many items, by `Hits::payload`.
  Answer<Hits> payloads(span<const std::uint32_t> ids) const {
    return given([&](Hits& hits, spatio_error* error) { return fill_payloads(hits, ids, error); });
  }
  /// The same; the ids must not lie in these hits.
  Answer<void> payloads(span<const std::uint32_t> ids, Hits& hits) const {
    return detail::done<Face>([&](spatio_error* error) { return fill_payloads(hits, ids, error); });
  }
  /// The boxes of items as they are stored, `dims` numbers of each; `max` may be left out.
  Answer<void> boxes(span<const std::uint32_t> ids, span<double> min, span<double> max = {}) const {
    return detail::done<Face>([&](spatio_error* error) {
      // One that holds no index is refused by the library.
      const std::size_t numbers = dims() == 0 ? min.size() : ids.size() * dims();
      detail::Lengths lengths("index_boxes", numbers);
      lengths.column("min", min.size()).optional("max", max.size());
      if (lengths.differ(error)) return error->code;
      return spatio_index_boxes(raw(), ids.size(), ids.data(), min.data(), detail::or_null(max),
                                error);
    });
  }
  /// How many items share a point with windows, and what their values and masks come to.
  Answer<void> aggregate(const Windows& windows, const Aggregates& found) const {
    return detail::done<Face>([&](spatio_error* error) {
      if (wrong("index_aggregate", windows, error)) return error->code;
      detail::Lengths lengths("index_aggregate", rows(windows));
      lengths.optional("counts", found.counts.size()).optional("sums", found.sums.size());
      lengths.optional("least", found.least.size()).optional("greatest", found.greatest.size());
      if (lengths.optional("masks", found.masks.size()).differ(error)) return error->code;
      return spatio_index_aggregate(
          raw(), rows(windows), windows.min.data(), detail::or_null(windows.max),
          detail::or_null(found.counts), detail::or_null(found.sums), detail::or_null(found.least),
          detail::or_null(found.greatest), detail::or_null(found.masks), error);
    });
  }

 private:
  static spatio_status get_info(const spatio_index* index, spatio_index_info& info,
                                spatio_error* error) noexcept {
    info.struct_size = sizeof info;
    return spatio_index_get_info(index, &info, error);
  }
  template <class Call>
  static Answer<BasicIndex> made(Call&& call) {
    return detail::answer<Face, BasicIndex>([&](BasicIndex& index, spatio_error* error) {
      if (detail::other_library(error)) return error->code;
      spatio_status status = call(index.owned_.out(), error);
      if (status != SPATIO_OK) return status;
      spatio_index_info info{};
      status = get_info(index.raw(), info, error);
      index.dims_ = info.dims;
      return status;
    });
  }
  template <class Call>
  static Answer<Hits> given(Call&& call) {
    return detail::answer<Face, Hits>(call);
  }
  std::size_t rows(const Windows& windows) const noexcept {
    return detail::rows_of(windows.min, dims());
  }
  bool wrong(const char* operation, const Windows& windows, spatio_error* error) const noexcept {
    return detail::uneven(operation, dims(), "min", windows.min, "max", windows.max, true, error);
  }
  bool wrong(const char* operation, const Windows& windows, const char* name, std::size_t size,
             spatio_error* error) const noexcept {
    return wrong(operation, windows, error) ||
           detail::Lengths(operation, rows(windows)).column(name, size).differ(error);
  }
  std::size_t rows(const Rays& rays) const noexcept { return detail::rows_of(rays.origin, dims()); }
  bool wrong(const char* operation, const Rays& rays, spatio_error* error) const noexcept {
    return detail::uneven(operation, dims(), "origin", rays.origin, "direction", rays.direction,
                          false, error) ||
           detail::Lengths(operation, rows(rays))
               .optional("max_t", rays.max_t.size())
               .differ(error);
  }

  spatio_status fill(Hits& hits, const Windows& windows, spatio_error* error) const {
    return hits.fill([&](spatio_hits** out, spatio_hit_columns* columns) {
      if (wrong("index_search", windows, error)) return error->code;
      return spatio_index_search(raw(), rows(windows), windows.min.data(),
                                 detail::or_null(windows.max), out, columns, error);
    });
  }
  spatio_status fill_counts(const Windows& windows, span<std::uint64_t> counts,
                            spatio_error* error) const noexcept {
    if (wrong("index_count", windows, "counts", counts.size(), error)) return error->code;
    return spatio_index_count(raw(), rows(windows), windows.min.data(),
                              detail::or_null(windows.max), counts.data(), error);
  }
  spatio_status fill_any(const Windows& windows, span<std::uint8_t> any,
                         spatio_error* error) const noexcept {
    if (wrong("index_any", windows, "any", any.size(), error)) return error->code;
    return spatio_index_any(raw(), rows(windows), windows.min.data(), detail::or_null(windows.max),
                            any.data(), error);
  }
  spatio_status fill_within(Hits& hits, const Windows& boxes, span<const double> max_distance,
                            spatio_error* error) const {
    return hits.fill([&](spatio_hits** out, spatio_hit_columns* columns) {
      const std::size_t given = max_distance.size();
      if (wrong("index_search_within", boxes, "max_distance", given, error)) return error->code;
      return spatio_index_search_within(raw(), rows(boxes), boxes.min.data(),
                                        detail::or_null(boxes.max), max_distance.data(), out,
                                        columns, error);
    });
  }
  spatio_status fill_polygon(Hits& hits, const PolygonHandle& polygon, spatio_error* error) const {
    return hits.fill([&](spatio_hits** out, spatio_hit_columns* columns) {
      return spatio_index_search_polygon(raw(), polygon.raw(), out, columns, error);
    });
  }
  spatio_status fill_nearest(Hits& hits, const Windows& boxes, std::uint32_t k,
                             span<const double> max_distance, spatio_error* error) const {
    return hits.fill([&](spatio_hits** out, spatio_hit_columns* columns) {
      if (wrong("index_nearest", boxes, error)) return error->code;
      detail::Lengths lengths("index_nearest", rows(boxes));
      if (lengths.optional("max_distance", max_distance.size()).differ(error)) return error->code;
      return spatio_index_nearest(raw(), rows(boxes), boxes.min.data(), detail::or_null(boxes.max),
                                  k, detail::or_null(max_distance), out, columns, error);
    });
  }
  spatio_status fill_globe_nearest(Hits& hits, const Places& places, std::uint32_t k,
                                   span<const double> max_distance, spatio_error* error) const {
    return hits.fill([&](spatio_hits** out, spatio_hit_columns* columns) {
      detail::Lengths lengths("index_nearest_great_circle", places.lon.size());
      lengths.column("lat", places.lat.size()).optional("max_distance", max_distance.size());
      if (lengths.differ(error)) return error->code;
      return spatio_index_nearest_great_circle(raw(), places.lon.size(), places.lon.data(),
                                               places.lat.data(), k, detail::or_null(max_distance),
                                               out, columns, error);
    });
  }
  spatio_status fill_globe(Hits& hits, const Places& places, span<const double> max_distance,
                           spatio_error* error) const {
    return hits.fill([&](spatio_hits** out, spatio_hit_columns* columns) {
      detail::Lengths lengths("index_search_great_circle", places.lon.size());
      lengths.column("lat", places.lat.size()).column("max_distance", max_distance.size());
      if (lengths.differ(error)) return error->code;
      return spatio_index_search_great_circle(raw(), places.lon.size(), places.lon.data(),
                                              places.lat.data(), max_distance.data(), out, columns,
                                              error);
    });
  }
  spatio_status fill_rays(Hits& hits, const Rays& rays, spatio_error* error) const {
    return hits.fill([&](spatio_hits** out, spatio_hit_columns* columns) {
      if (wrong("index_raycast", rays, error)) return error->code;
      return spatio_index_raycast(raw(), rows(rays), rays.origin.data(), rays.direction.data(),
                                  detail::or_null(rays.max_t), out, columns, error);
    });
  }
  spatio_status fill_seen(const Rays& rays, span<std::uint8_t> any,
                          spatio_error* error) const noexcept {
    if (wrong("index_raycast_any", rays, error)) return error->code;
    detail::Lengths lengths("index_raycast_any", rows(rays));
    if (lengths.column("any", any.size()).differ(error)) return error->code;
    return spatio_index_raycast_any(raw(), rows(rays), rays.origin.data(), rays.direction.data(),
                                    detail::or_null(rays.max_t), any.data(), error);
  }
  spatio_status fill_closest(const Rays& rays, span<std::uint32_t> ids, span<double> t,
                             spatio_error* error) const noexcept {
    if (wrong("index_raycast_closest", rays, error)) return error->code;
    detail::Lengths lengths("index_raycast_closest", rows(rays));
    if (lengths.column("ids", ids.size()).optional("t", t.size()).differ(error)) {
      return error->code;
    }
    return spatio_index_raycast_closest(raw(), rows(rays), rays.origin.data(),
                                        rays.direction.data(), detail::or_null(rays.max_t),
                                        ids.data(), detail::or_null(t), error);
  }
  spatio_status fill_triangles(const Rays& rays, span<std::uint32_t> ids, span<double> t,
                               spatio_error* error) const noexcept {
    if (wrong("index_raycast_triangles", rays, error)) return error->code;
    detail::Lengths lengths("index_raycast_triangles", rows(rays));
    if (lengths.column("ids", ids.size()).optional("t", t.size()).differ(error)) {
      return error->code;
    }
    return spatio_index_raycast_triangles(raw(), rows(rays), rays.origin.data(),
                                          rays.direction.data(), detail::or_null(rays.max_t),
                                          ids.data(), detail::or_null(t), error);
  }
  spatio_status fill_region(Hits& hits, const RegionHandle& region, spatio_error* error) const {
    return hits.fill([&](spatio_hits** out, spatio_hit_columns* columns) {
      return spatio_index_search_region(raw(), region.raw(), out, columns, error);
    });
  }
  spatio_status fill_alone(Hits& hits, const IndexHandle& other, double max_distance,
                           const Cancel* cancel, spatio_error* error) const {
    return hits.fill([&](spatio_hits** out, spatio_hit_columns* columns) {
      return spatio_index_anti_join(raw(), other.raw(), max_distance, detail::raw_cancel(cancel),
                                    out, columns, error);
    });
  }
  Answer<std::optional<ClosestPair>> closest(const spatio_index* other,
                                             const Cancel* cancel) const {
    using Pair = std::optional<ClosestPair>;
    return detail::answer<Face, Pair>([&](Pair& pair, spatio_error* error) {
      ClosestPair found;
      const spatio_status status =
          spatio_index_closest_pair(raw(), other, detail::raw_cancel(cancel), &found.id,
                                    &found.other, &found.distance, error);
      if (status == SPATIO_OK && found.id != no_item) pair = found;
      return status;
    });
  }
  Answer<std::optional<ClosestPair>> closest_to_nothing() const {
    using Pair = std::optional<ClosestPair>;
    return detail::answer<Face, Pair>([](Pair&, spatio_error* error) {
      return detail::tell(error, Status::null_pointer, "index_closest_pair: other is NULL");
    });
  }
  spatio_status fill_pairs(Hits& hits, double max_distance, const Cancel* cancel,
                           spatio_error* error) const {
    return hits.fill([&](spatio_hits** out, spatio_hit_columns* columns) {
      return spatio_index_pairs(raw(), max_distance, detail::raw_cancel(cancel), out, columns,
                                error);
    });
  }
  spatio_status fill_join(Hits& hits, const IndexHandle& other, double max_distance,
                          const Cancel* cancel, spatio_error* error) const {
    return hits.fill([&](spatio_hits** out, spatio_hit_columns* columns) {
      return spatio_index_join(raw(), other.raw(), max_distance, detail::raw_cancel(cancel), out,
                               columns, error);
    });
  }
  spatio_status fill_payloads(Hits& hits, span<const std::uint32_t> ids,
                              spatio_error* error) const {
    return hits.fill([&](spatio_hits** out, spatio_hit_columns* columns) {
      return spatio_index_payloads(raw(), ids.size(), ids.data(), out, columns, error);
    });
  }
};

// -------------------------------------------------------------------------------- streamed indexes

/// A range of the bytes of a file.
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// The bytes of ranges, one by one.
using RangeParts = std::vector<std::vector<std::uint8_t>>;

/// Fetches the ranges that a round of a question needs, for a `StreamIndex`. There are as many
/// parts as ranges, each as long as its range already, to be filled in their order. Any way to
/// fetch is fine: all at once, or one by one. An error that it gives ends the question, and is its
/// error.
///
/// ```cpp
/// const auto read = [file](spatio::span<const spatio::ByteRange> ranges,
///                          spatio::RangeParts& parts) -> spatio::Result<void> {
///   for (std::size_t at = 0; at < ranges.size(); at++) {
///     const auto from = static_cast<off_t>(ranges[at].offset);
///     if (pread(file, parts[at].data(), parts[at].size(), from) !=
///         static_cast<ssize_t>(parts[at].size()))
///       return spatio::Error(spatio::Status::io, "the file cannot be read");
///   }
///   return {};
/// };
/// ```
using RangeReader = std::function<Result<void>(span<const ByteRange> ranges, RangeParts& parts)>;

/// How a packed index is streamed, and what opening it and each question may cost:
/// `StreamOptions().kept_bytes(1 << 24)`.
class StreamOptions {
 public:
  StreamOptions() noexcept { spatio_stream_options_init(&raw_, sizeof raw_); }

  /// Uses the tree of the format where a file has both trees.
  StreamOptions& without_fast(bool yes = true) noexcept {
    raw_.without_fast = yes ? 1 : 0;
    return *this;
  }
  /// Two parts with no more bytes between them are fetched as one range.
  StreamOptions& gap_bytes(std::uint64_t bytes) noexcept {
    raw_.gap_bytes = bytes;
    return *this;
  }
  /// A range of several parts is no longer than this.
  StreamOptions& read_bytes(std::uint64_t bytes) noexcept {
    raw_.read_bytes = bytes;
    return *this;
  }
  /// A round asks for no more than this, unless a single part is larger.
  StreamOptions& round_bytes(std::uint64_t bytes) noexcept {
    raw_.round_bytes = bytes;
    return *this;
  }
  /// How many bytes of the upper levels are kept from the time of opening.
  StreamOptions& kept_bytes(std::uint64_t bytes) noexcept {
    raw_.kept_bytes = bytes;
    return *this;
  }
  /// At most so many ranges for one question, else `Status::limit_exceeded`.
  StreamOptions& max_reads(std::uint64_t reads) noexcept {
    raw_.max_reads = reads;
    return *this;
  }
  /// At most so many bytes for one question; 1 GiB by default.
  StreamOptions& max_bytes(std::uint64_t bytes) noexcept {
    raw_.max_bytes = bytes;
    return *this;
  }
  /// At most so many items that are found.
  StreamOptions& max_items(std::uint64_t items) noexcept {
    raw_.max_items = items;
    return *this;
  }
  const spatio_stream_options& raw() const noexcept { return raw_; }

 private:
  spatio_stream_options raw_;
};

/// What a streamed index is.
struct StreamInfo {
  /// Axes of its boxes: 2, 3 or 4.
  std::uint32_t dims = 0;
  /// How many items it has; their ids, and their ranks, are 0 up to, not including, this.
  std::uint64_t items = 0;
  /// Whether the library's own tree is asked, and not that of the format.
  bool asks_fast = false;
  bool has_payloads = false;
  /// How many first bytes of each payload `StreamIndex::prefixes` gives; 0: none.
  std::uint32_t prefix_bytes = 0;
  /// Whether `StreamIndex::aggregate` has something to add up.
  bool has_aggregates = false;
  /// The least coordinate of any item on each axis: infinity if there is none, 0 beyond `dims`.
  std::array<double, 4> min{};
  /// The greatest: minus infinity if there is none.
  std::array<double, 4> max{};
};

/// What the items of a window of a streamed index come to.
struct StreamAggregate {
  std::uint64_t count = 0;
  double sum = 0;
  /// NaN of no items, like `greatest`.
  double least = 0;
  double greatest = 0;
  /// All bits of their masks.
  std::uint64_t mask = 0;
};

/// The item of a streamed index that a ray enters first.
struct StreamHit {
  std::uint32_t id = no_item;
  /// Its place in the tree, for `StreamIndex::payloads`.
  std::uint32_t rank = 0;
  /// Where the ray enters, in lengths of its direction.
  double t = 0;
};

/// What was asked of a reader.
struct Spent {
  /// Calls of the reader.
  std::uint64_t rounds = 0;
  /// Ranges of all calls.
  std::uint64_t reads = 0;
  std::uint64_t bytes = 0;
};

/// @cond internal
namespace detail {

using OwnFetch = Owned<spatio_fetch, spatio_fetch_free>;

/// Where a streamed index gets its bytes from, and what that took.
struct Source {
  RangeReader reader;
  std::atomic<std::uint64_t> rounds{0}, reads{0}, bytes{0};

  explicit Source(RangeReader&& given) : reader(std::move(given)) {}

  /// Goes round until a question wants nothing more.
  spatio_status feed(const char* operation, spatio_fetch* fetch, spatio_error* error) {
    std::vector<ByteRange> ranges;
    RangeParts parts;
    std::vector<const std::uint8_t*> places;
    std::vector<std::size_t> sizes;
    for (;;) {
      std::size_t n = 0;
      const std::uint64_t *offsets = nullptr, *lengths = nullptr;
      spatio_status status = spatio_fetch_wanted(fetch, &n, &offsets, &lengths, error);
      if (status != SPATIO_OK) return status;
      if (n == 0) return count(fetch, error);
      ranges.clear();
      parts.resize(n);
      for (std::size_t at = 0; at < n; at++) {
        ranges.push_back({offsets[at], lengths[at]});
        parts[at].resize(static_cast<std::size_t>(lengths[at]));
      }
      const Result<void> read = reader(span<const ByteRange>(ranges.data(), n), parts);
      if (!read) {
        const std::string_view words = read.error().message();
        return tell(error, read.status(), std::string(operation) + ": " + std::string(words));
      }
      places.clear();
      sizes.clear();
      for (const std::vector<std::uint8_t>& part : parts) {
        places.push_back(part.data());
        sizes.push_back(part.size());
      }
      status = spatio_fetch_feed(fetch, parts.size(), places.data(), sizes.data(), error);
      if (status != SPATIO_OK) return status;
    }
  }
  /// Adds up what a question took.
  spatio_status count(const spatio_fetch* fetch, spatio_error* error) noexcept {
    Spent spent;
    const spatio_status status =
        spatio_fetch_spent(fetch, &spent.rounds, &spent.reads, &spent.bytes, error);
    rounds += spent.rounds;
    reads += spent.reads;
    bytes += spent.bytes;
    return status;
  }
};

/// Refuses a point that has not as many numbers as there are axes.
inline bool no_point(const char* operation, std::uint32_t dims, const char* name,
                     span<const double> point, spatio_error* error) noexcept {
  if (dims == 0 || point.size() == dims) return false;
  char text[160];
  std::snprintf(text, sizeof text, "%s: %s has %zu numbers, where the index has %u axes", operation,
                name, point.size(), static_cast<unsigned>(dims));
  tell(error, Status::invalid_argument, text);
  return true;
}

}  // namespace detail
/// @endcond

/// A packed index whose bytes lie elsewhere, read part by part: few rounds of reads for a question,
/// each of all that it needs then. Items have ranks beside their ids, by which their payloads are
/// asked for.
///
/// ```cpp
/// const auto towns = spatio::StreamIndex::open(size, read).value();
/// const double from[] = {5, 45}, to[] = {15, 55};
/// const auto hits = towns.search({from, to}).value();
/// const auto names = towns.payloads(hits.ranks()).value();
/// ```
///
/// A question is about one window, point or ray. Each that gives `Hits` has two forms, as of
/// `Index`. Any number of threads may ask one, if its reader may be called by them.
template <class Face>
class BasicStreamIndex {
 public:
  template <class T>
  using Answer = typename Face::template Answer<T>;

  /// Holds no index; every question is refused.
  BasicStreamIndex() noexcept = default;

  /// Opens the index of so many bytes that a reader reads, in two or three rounds.
  static Answer<BasicStreamIndex> open(std::uint64_t bytes, RangeReader reader,
                                       const StreamOptions& options = {}) {
    return detail::answer<Face, BasicStreamIndex>(
        [&](BasicStreamIndex& index, spatio_error* error) {
          if (detail::other_library(error)) return error->code;
          index.source_ = std::make_unique<detail::Source>(std::move(reader));
          detail::OwnFetch fetch;
          spatio_status status = spatio_stream_begin(bytes, &options.raw(), fetch.out(), error);
          if (status == SPATIO_OK) status = index.source_->feed("stream_open", fetch.get(), error);
          if (status == SPATIO_OK) {
            status = spatio_stream_open(fetch.get(), index.owned_.out(), error);
          }
          if (status != SPATIO_OK) return status;
          spatio_stream_info info{};
          status = get_info(index.raw(), info, error);
          index.dims_ = info.dims;
          return status;
        });
  }

  const spatio_stream* raw() const noexcept { return owned_.get(); }
  /// Axes of its boxes; 0 of one that holds no index.
  std::uint32_t dims() const noexcept { return raw() == nullptr ? 0 : dims_; }

  /// What it is, and the box of all its items.
  Answer<StreamInfo> info() const {
    return detail::answer<Face, StreamInfo>([&](StreamInfo& info, spatio_error* error) {
      spatio_stream_info found{};
      const spatio_status status = get_info(raw(), found, error);
      info.dims = found.dims;
      info.items = found.items;
      info.asks_fast = found.asks_fast != 0;
      info.has_payloads = found.has_payloads != 0;
      info.prefix_bytes = found.prefix_bytes;
      info.has_aggregates = found.has_aggregates != 0;
      std::memcpy(info.min.data(), found.min, sizeof found.min);
      std::memcpy(info.max.data(), found.max, sizeof found.max);
      return status;
    });
  }
  /// What opening it and all questions that were answered took.
  Spent spent() const noexcept {
    if (source_ == nullptr) return {};
    return {source_->rounds, source_->reads, source_->bytes};
  }

  /// The items that share a point with a window, its borders included: ids and ranks, in no order.
  Answer<Hits> search(const Windows& window) const {
    return given([&](Hits& hits, spatio_error* error) { return fill(hits, window, error); });
  }
  Answer<void> search(const Windows& window, Hits& hits) const {
    return detail::done<Face>([&](spatio_error* error) { return fill(hits, window, error); });
  }
  /// How many items share a point with a window. What lies wholly inside is not read.
  Answer<std::uint64_t> count(const Windows& window) const {
    return detail::answer<Face, std::uint64_t>([&](std::uint64_t& count, spatio_error* error) {
      if (wrong("stream_count", window, error)) return error->code;
      const auto begin = [&](spatio_fetch** fetch) {
        return spatio_stream_count(raw(), window.min.data(), detail::or_null(window.max), fetch,
                                   error);
      };
      return take_count("stream_count", count, begin, error);
    });
  }
  /// The items that share a point with a region of as many axes, or on the first two: ids and
  /// ranks, in no order.
  Answer<Hits> search_region(const RegionHandle& region) const {
    return given([&](Hits& hits, spatio_error* error) { return fill_region(hits, region, error); });
  }
  Answer<void> search_region(const RegionHandle& region, Hits& hits) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_region(hits, region, error); });
  }
  /// How many items share a point with a region. What lies wholly inside is not read.
  Answer<std::uint64_t> count_region(const RegionHandle& region) const {
    return detail::answer<Face, std::uint64_t>([&](std::uint64_t& count, spatio_error* error) {
      const auto begin = [&](spatio_fetch** fetch) {
        return spatio_stream_count_region(raw(), region.raw(), fetch, error);
      };
      return take_count("stream_count_region", count, begin, error);
    });
  }
  /// The items within a Euclidean distance of one box or point, in no order; what is exactly as far
  /// belongs to it, and at 0 it is what touches.
  Answer<Hits> search_within(const Windows& box, double max_distance) const {
    return given([&](Hits& hits, spatio_error* error) {
      return fill_within(hits, box, max_distance, error);
    });
  }
  Answer<void> search_within(const Windows& box, double max_distance, Hits& hits) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_within(hits, box, max_distance, error); });
  }
  /// How many items are within a Euclidean distance of one box or point.
  Answer<std::uint64_t> count_within(const Windows& box, double max_distance) const {
    return detail::answer<Face, std::uint64_t>([&](std::uint64_t& count, spatio_error* error) {
      if (wrong("stream_count_within", box, error)) return error->code;
      const auto begin = [&](spatio_fetch** fetch) {
        return spatio_stream_count_within(raw(), box.min.data(), detail::or_null(box.max),
                                          max_distance, fetch, error);
      };
      return take_count("stream_count_within", count, begin, error);
    });
  }
  /// What the values of the items of a window come to; `Status::not_found` if there are none.
  Answer<StreamAggregate> aggregate(const Windows& window) const {
    return detail::answer<Face, StreamAggregate>([&](StreamAggregate& found, spatio_error* error) {
      if (wrong("stream_aggregate", window, error)) return error->code;
      return ask(
          "stream_aggregate",
          [&](spatio_fetch** fetch) {
            return spatio_stream_aggregate(raw(), window.min.data(), detail::or_null(window.max),
                                           fetch, error);
          },
          [&](spatio_fetch* fetch) {
            return spatio_fetch_aggregate(fetch, &found.count, &found.sum, &found.least,
                                          &found.greatest, &found.mask, error);
          },
          error);
    });
  }
  /// The k items nearest to a point by Euclidean distance, nearest first, of equal distances in the
  /// order of ids; none further than `max_distance`.
  Answer<Hits> nearest(span<const double> point, std::uint32_t k,
                       double max_distance = std::numeric_limits<double>::infinity()) const {
    return given([&](Hits& hits, spatio_error* error) {
      return fill_nearest(hits, point, k, max_distance, error);
    });
  }
  Answer<void> nearest(span<const double> point, std::uint32_t k, double max_distance,
                       Hits& hits) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill_nearest(hits, point, k, max_distance, error); });
  }
  /// The k items nearest to a place on the globe, in metres along the great circle, as `nearest`;
  /// what boxes mean there is said at `Index::nearest_great_circle`.
  Answer<Hits> nearest_great_circle(
      double lon, double lat, std::uint32_t k,
      double max_distance = std::numeric_limits<double>::infinity()) const {
    return given([&](Hits& hits, spatio_error* error) {
      return fill_globe_nearest(hits, {lon, lat}, k, max_distance, error);
    });
  }
  Answer<void> nearest_great_circle(double lon, double lat, std::uint32_t k, double max_distance,
                                    Hits& hits) const {
    return detail::done<Face>([&](spatio_error* error) {
      return fill_globe_nearest(hits, {lon, lat}, k, max_distance, error);
    });
  }
  /// The items within a distance in metres of a place on the globe, in no order.
  Answer<Hits> search_great_circle(double lon, double lat, double max_distance) const {
    return given([&](Hits& hits, spatio_error* error) {
      return fill_globe(hits, {lon, lat}, max_distance, error);
    });
  }
  Answer<void> search_great_circle(double lon, double lat, double max_distance, Hits& hits) const {
    return detail::done<Face>([&](spatio_error* error) {
      return fill_globe(hits, {lon, lat}, max_distance, error);
    });
  }
  /// The item that a ray enters first, of several the one with the smallest id; it may hit none.
  Answer<std::optional<StreamHit>> raycast_closest(
      span<const double> origin, span<const double> direction,
      double max_t = std::numeric_limits<double>::infinity()) const {
    using Hit = std::optional<StreamHit>;
    return detail::answer<Face, Hit>([&](Hit& hit, spatio_error* error) {
      Hits hits;
      const spatio_status status = fill_ray(hits, origin, direction, max_t, error);
      if (!hits.empty()) hit = StreamHit{hits.ids()[0], hits.ranks()[0], hits.distance()[0]};
      return status;
    });
  }
  /// The payloads of items by their ranks, a row for each: `Hits::payload`. `Status::not_found` if
  /// the index has none.
  Answer<Hits> payloads(span<const std::uint32_t> ranks) const {
    return given([&](Hits& hits, spatio_error* error) {
      return fill_payloads(hits, ranks, "stream_payloads", spatio_stream_payloads, error);
    });
  }
  /// The ranks may be those of the very hits that are filled.
  Answer<void> payloads(span<const std::uint32_t> ranks, Hits& hits) const {
    return detail::done<Face>([&](spatio_error* error) {
      return fill_payloads(hits, ranks, "stream_payloads", spatio_stream_payloads, error);
    });
  }
  /// The first bytes of payloads, which lie close together: as many of each as
  /// `StreamInfo::prefix_bytes` says. `Status::not_found` if the file does not have them apart.
  Answer<Hits> prefixes(span<const std::uint32_t> ranks) const {
    return given([&](Hits& hits, spatio_error* error) {
      return fill_payloads(hits, ranks, "stream_prefixes", spatio_stream_prefixes, error);
    });
  }
  Answer<void> prefixes(span<const std::uint32_t> ranks, Hits& hits) const {
    return detail::done<Face>([&](spatio_error* error) {
      return fill_payloads(hits, ranks, "stream_prefixes", spatio_stream_prefixes, error);
    });
  }

 private:
  static spatio_status get_info(const spatio_stream* stream, spatio_stream_info& info,
                                spatio_error* error) noexcept {
    info.struct_size = sizeof info;
    return spatio_stream_get_info(stream, &info, error);
  }
  template <class Call>
  static Answer<Hits> given(Call&& call) {
    return detail::answer<Face, Hits>(call);
  }
  bool wrong(const char* operation, const Windows& window, spatio_error* error) const noexcept {
    return detail::no_point(operation, dims(), "min", window.min, error) ||
           (!window.max.empty() && detail::no_point(operation, dims(), "max", window.max, error));
  }
  /// Begins a question, feeds it, and takes its answer.
  template <class Begin, class Take>
  spatio_status ask(const char* operation, Begin&& begin, Take&& take, spatio_error* error) const {
    detail::OwnFetch fetch;
    spatio_status status = begin(fetch.out());
    if (status == SPATIO_OK) status = source_->feed(operation, fetch.get(), error);
    return status == SPATIO_OK ? take(fetch.get()) : status;
  }
  /// Asks a question whose answer is a number.
  template <class Begin>
  spatio_status take_count(const char* operation, std::uint64_t& count, Begin&& begin,
                           spatio_error* error) const {
    const auto take = [&](spatio_fetch* fetch) { return spatio_fetch_count(fetch, &count, error); };
    return ask(operation, begin, take, error);
  }
  /// Asks a question whose answer is hits.
  template <class Begin>
  spatio_status find(const char* operation, Hits& hits, Begin&& begin, spatio_error* error) const {
    return hits.fill([&](spatio_hits** out, spatio_hit_columns* columns) {
      return ask(
          operation, begin,
          [&](spatio_fetch* fetch) { return spatio_fetch_hits(fetch, out, columns, error); },
          error);
    });
  }
  spatio_status fill(Hits& hits, const Windows& window, spatio_error* error) const {
    const auto begin = [&](spatio_fetch** fetch) {
      if (wrong("stream_search", window, error)) return error->code;
      return spatio_stream_search(raw(), window.min.data(), detail::or_null(window.max), fetch,
                                  error);
    };
    return find("stream_search", hits, begin, error);
  }
  spatio_status fill_region(Hits& hits, const RegionHandle& region, spatio_error* error) const {
    const auto begin = [&](spatio_fetch** fetch) {
      return spatio_stream_search_region(raw(), region.raw(), fetch, error);
    };
    return find("stream_search_region", hits, begin, error);
  }
  spatio_status fill_within(Hits& hits, const Windows& box, double max_distance,
                            spatio_error* error) const {
    const auto begin = [&](spatio_fetch** fetch) {
      if (wrong("stream_search_within", box, error)) return error->code;
      return spatio_stream_search_within(raw(), box.min.data(), detail::or_null(box.max),
                                         max_distance, fetch, error);
    };
    return find("stream_search_within", hits, begin, error);
  }
  spatio_status fill_globe(Hits& hits, Corner at, double max_distance, spatio_error* error) const {
    const auto begin = [&](spatio_fetch** fetch) {
      return spatio_stream_search_great_circle(raw(), at.x, at.y, max_distance, fetch, error);
    };
    return find("stream_search_great_circle", hits, begin, error);
  }
  spatio_status fill_globe_nearest(Hits& hits, Corner at, std::uint32_t k, double max_distance,
                                   spatio_error* error) const {
    const auto begin = [&](spatio_fetch** fetch) {
      return spatio_stream_nearest_great_circle(raw(), at.x, at.y, k, max_distance, fetch, error);
    };
    return find("stream_nearest_great_circle", hits, begin, error);
  }
  spatio_status fill_nearest(Hits& hits, span<const double> point, std::uint32_t k,
                             double max_distance, spatio_error* error) const {
    const auto begin = [&](spatio_fetch** fetch) {
      if (detail::no_point("stream_nearest", dims(), "point", point, error)) return error->code;
      return spatio_stream_nearest(raw(), point.data(), k, max_distance, fetch, error);
    };
    return find("stream_nearest", hits, begin, error);
  }
  spatio_status fill_ray(Hits& hits, span<const double> origin, span<const double> direction,
                         double max_t, spatio_error* error) const {
    const char* operation = "stream_raycast_closest";
    const auto begin = [&](spatio_fetch** fetch) {
      if (detail::no_point(operation, dims(), "origin", origin, error) ||
          detail::no_point(operation, dims(), "direction", direction, error)) {
        return error->code;
      }
      return spatio_stream_raycast_closest(raw(), origin.data(), direction.data(), max_t, fetch,
                                           error);
    };
    return find(operation, hits, begin, error);
  }
  template <class Call>
  spatio_status fill_payloads(Hits& hits, span<const std::uint32_t> ranks, const char* operation,
                              Call* call, spatio_error* error) const {
    const auto begin = [&](spatio_fetch** fetch) {
      return call(raw(), ranks.size(), ranks.data(), fetch, error);
    };
    return find(operation, hits, begin, error);
  }

  std::unique_ptr<detail::Source> source_;
  detail::Owned<spatio_stream, spatio_stream_free> owned_;
  std::uint32_t dims_ = 0;
};

// ----------------------------------------------------------------------------------------- packs

/// What a pack is.
struct PackInfo {
  Space space = Space::geographic;
  /// How many objects it has; their handles are 0 up to, not including, this.
  std::uint64_t objects = 0;
  /// Bytes of the file.
  std::uint64_t bytes = 0;
  /// When it was frozen by the database's clock; the present of every question.
  std::int64_t frozen_us = 0;
  /// How many coordinates are stored: 2 if all altitudes are 0, else 3.
  std::uint32_t dims = 0;
};

/// A pack: the objects of a namespace as they were when it was frozen, in a file that never
/// changes.
///
/// ```cpp
/// buses.freeze("buses.psindex").value();
/// const auto pack = spatio::Pack::open("buses.psindex").value();
/// const auto near = pack.query(spatio::Query::circle({13.4, 52.5}, 500).with_ids()).value();
/// for (const spatio::Row bus : near) draw(bus.id(), bus.position());
/// ```
///
/// Its handles are its own: places in the order of ids. Calls that give `Rows` have two forms, as
/// those of a namespace have.
template <class Face>
class BasicPack {
 public:
  template <class T>
  using Answer = typename Face::template Answer<T>;
  template <class T>
  using Maybe = typename Face::template Maybe<T>;

  BasicPack() noexcept = default;

  /// Opens a file that `Namespace::freeze` wrote. It is mapped: it must not be changed in place
  /// while it is open.
  static Answer<BasicPack> open(const std::string& path) {
    return detail::answer<Face, BasicPack>([&](BasicPack& pack, spatio_error* error) {
      if (detail::other_library(error) || detail::torn_path(path, "pack_open", error)) {
        return error->code;
      }
      return spatio_pack_open(path.c_str(), pack.owned_.out(), error);
    });
  }
  /// Opens the bytes of such a file, which are copied.
  static Answer<BasicPack> open_bytes(Bytes bytes) {
    return detail::answer<Face, BasicPack>([&](BasicPack& pack, spatio_error* error) {
      if (detail::other_library(error)) return error->code;
      return spatio_pack_open_bytes(bytes.data(), bytes.size(), pack.owned_.out(), error);
    });
  }

  /// What it is.
  Answer<PackInfo> info() const {
    return detail::answer<Face, PackInfo>([&](PackInfo& info, spatio_error* error) {
      spatio_pack_info found{};
      found.struct_size = sizeof found;
      const spatio_status status = spatio_pack_get_info(raw(), &found, error);
      info.space = static_cast<Space>(found.space);
      info.objects = found.objects;
      info.bytes = found.bytes;
      info.frozen_us = found.frozen_us;
      info.dims = found.dims;
      return status;
    });
  }
  /// Looks through all of it: checksums, the tree, the order of ids.
  Answer<void> verify() const {
    return detail::done<Face>(
        [&](spatio_error* error) { return spatio_pack_verify(raw(), error); });
  }

  /// Asks a question; an origin that is an object is a handle of this pack.
  Answer<Rows> query(const Query& query, const Cancel* cancel = nullptr) const {
    return run(span<const Query>(&query, 1), cancel);
  }
  Answer<void> query(const Query& query, Rows& rows, const Cancel* cancel = nullptr) const {
    return run(span<const Query>(&query, 1), rows, cancel);
  }
  /// Asks any number of questions in one call; the rows of question `q` are `rows.of(q)`.
  Answer<Rows> run(span<const Query> queries, const Cancel* cancel = nullptr) const {
    return detail::answer<Face, Rows>(
        [&](Rows& rows, spatio_error* error) { return fill(queries, rows, cancel, error); });
  }
  Answer<void> run(span<const Query> queries, Rows& rows, const Cancel* cancel = nullptr) const {
    return detail::done<Face>(
        [&](spatio_error* error) { return fill(queries, rows, cancel, error); });
  }
  /// Asks one question into columns of one's own, as `Namespace::query_into` does.
  Answer<std::size_t> query_into(const Query& query, const OwnColumns& out) const {
    return detail::answer<Face, std::size_t>([&](std::size_t& rows, spatio_error* error) {
      std::size_t capacity = 0;
      if (!detail::room_of(out, capacity, error)) return error->code;
      return spatio_pack_query_into(raw(), &query.raw(), capacity, detail::or_null(out.handles),
                                    detail::or_null(out.x), detail::or_null(out.y),
                                    detail::or_null(out.z), detail::or_null(out.time_us),
                                    detail::or_null(out.distance), &rows, error);
    });
  }

  /// An object, if it is here.
  Maybe<Object> get(std::string_view id) const {
    return detail::maybe<Face, Object>([&](Object& object, spatio_error* error) {
      spatio_object found = detail::blank_object();
      const spatio_status status = spatio_pack_get(raw(), id.data(), id.size(), &found, error);
      object = detail::told(found);
      return status;
    });
  }
  /// The id of a handle: a view, valid until the pack is destroyed.
  Answer<std::string_view> id(Handle handle) const& {
    return detail::answer<Face, std::string_view>([&](std::string_view& id, spatio_error* error) {
      const char* text = nullptr;
      std::size_t length = 0;
      const spatio_status status = spatio_pack_id(raw(), handle, &text, &length, error);
      id = std::string_view(text, length);
      return status;
    });
  }
  void id(Handle handle) const&& = delete;
  /// The payload of an object, where it lies: a view, valid until the pack is destroyed; no bytes:
  /// it has none.
  Answer<Bytes> payload(Handle handle) const& {
    return detail::answer<Face, Bytes>([&](Bytes& payload, spatio_error* error) {
      const std::uint8_t* data = nullptr;
      std::size_t length = 0;
      const spatio_status status = spatio_pack_payload(raw(), handle, &data, &length, error);
      payload = Bytes(data, length);
      return status;
    });
  }
  void payload(Handle handle) const&& = delete;

  /// The handle of the C interface.
  const spatio_pack* raw() const noexcept { return owned_.get(); }

 private:
  spatio_status fill(span<const Query> queries, Rows& rows, const Cancel* cancel,
                     spatio_error* error) const {
    return rows.fill([&](spatio_result** result, spatio_columns* columns) {
      return spatio_pack_query(raw(), queries.empty() ? nullptr : &queries.data()->raw(),
                               queries.size(), detail::raw_cancel(cancel), result, columns, error);
    });
  }

  detail::Owned<spatio_pack, spatio_pack_free> owned_;
};

// ---------------------------------------------------------------------------------------- fences

/// What fences are built from: `FenceItems(Space::geographic).add("park", park, "no cars")`.
///
/// Ids and payloads are copied; polygons are borrowed and must live until the fences are built.
/// Their edges are straight in longitude and latitude, and what crosses the antimeridian is to be
/// cut there.
class FenceItems {
 public:
  explicit FenceItems(Space space) noexcept : space_(space) {}

  /// Adds a fence, whose id no other one has.
  FenceItems& add(std::string_view id, const PolygonHandle& polygon,
                  std::string_view payload = {}) {
    ids_.push_back(id);
    polygons_.push_back(polygon.raw());
    payloads_.push_back(payload);
    return *this;
  }
  FenceItems& add(std::string_view id, const PolygonHandle& polygon, Bytes payload) {
    return add(id, polygon,
               std::string_view(reinterpret_cast<const char*>(payload.data()), payload.size()));
  }
  FenceItems& add(std::string_view id, PolygonHandle&& polygon, std::string_view = {}) = delete;
  FenceItems& add(std::string_view id, PolygonHandle&& polygon, Bytes) = delete;
  std::size_t size() const noexcept { return polygons_.size(); }

 private:
  template <class Face>
  friend class BasicFences;

  Space space_;
  TextColumn ids_;
  TextColumn payloads_;
  std::vector<const spatio_polygon*> polygons_;
};

/// What fences are.
struct FencesInfo {
  Space space = Space::geographic;
  /// How many there are; their handles are 0 up to, not including, this.
  std::uint64_t fences = 0;
  /// Bytes that they take, in memory or as a file.
  std::uint64_t bytes = 0;
};

/// One fence: views, valid until its fences are destroyed.
struct Fence {
  /// Its place in the order of ids.
  Handle handle = 0;
  std::string_view id = {};
  /// No bytes: it has none.
  Bytes payload = {};

  /// The payload as text.
  std::string_view payload_text() const noexcept {
    return std::string_view(reinterpret_cast<const char*>(payload.data()), payload.size());
  }
};

/// What the rows of fences have beside their handles.
enum class FenceColumns : std::uint32_t {
  handles = 0,
  ids = SPATIO_QUERY_WITH_IDS,
  payloads = SPATIO_QUERY_WITH_PAYLOADS,
  all = SPATIO_QUERY_WITH_IDS | SPATIO_QUERY_WITH_PAYLOADS,
};

/// Boxes that fences are asked about, in columns; `min_x` above `max_x` crosses the antimeridian.
struct BoxColumns {
  span<const double> min_x;
  span<const double> min_y;
  span<const double> max_x;
  span<const double> max_y;
};

/// Fences: polygons with ids that do not change, in memory or in a file, asked which of them
/// contain a point or meet a box, for any number of them in one call.
///
/// ```cpp
/// const auto zones = spatio::Fences::build(
///     spatio::FenceItems(spatio::Space::geographic).add("park", park).add("harbour", harbour))
///     .value();
/// const auto found = zones.containing(x, y).value();  // columns of many vehicles
/// for (std::size_t i = 0; i < found.queries(); i++)
///   for (spatio::Handle zone : found.of(i).handles()) enter(vehicles[i], zone);
/// ```
///
/// Borders belong to a fence, answers are exact, and the fences of a point are in the order of
/// their ids.
template <class Face>
class BasicFences {
 public:
  template <class T>
  using Answer = typename Face::template Answer<T>;
  template <class T>
  using Maybe = typename Face::template Maybe<T>;

  BasicFences() noexcept = default;

  /// Builds fences in memory; everything is copied.
  static Answer<BasicFences> build(const FenceItems& items) {
    return detail::answer<Face, BasicFences>([&](BasicFences& fences, spatio_error* error) {
      if (detail::other_library(error)) return error->code;
      const detail::RawPayloads payloads(&items.payloads_);
      return spatio_fences_build(static_cast<std::uint32_t>(items.space_), items.size(),
                                 items.ids_.offsets(), items.ids_.bytes(), items.polygons_.data(),
                                 payloads.offsets, payloads.bytes, fences.owned_.out(), error);
    });
  }
  /// Builds fences into a file, which is replaced as a whole; how many bytes it has.
  static Answer<std::uint64_t> write(const std::string& path, const FenceItems& items,
                                     const FreezeOptions& options = {}) {
    return detail::answer<Face, std::uint64_t>([&](std::uint64_t& bytes, spatio_error* error) {
      if (detail::other_library(error) || detail::torn_path(path, "fences_write", error)) {
        return error->code;
      }
      const detail::RawPayloads payloads(&items.payloads_);
      return spatio_fences_write(path.c_str(), static_cast<std::uint32_t>(items.space_),
                                 items.size(), items.ids_.offsets(), items.ids_.bytes(),
                                 items.polygons_.data(), payloads.offsets, payloads.bytes,
                                 &options.raw(), &bytes, error);
    });
  }
  /// Opens a file, which is mapped: it must not be changed in place while it is open.
  static Answer<BasicFences> open(const std::string& path) {
    return detail::answer<Face, BasicFences>([&](BasicFences& fences, spatio_error* error) {
      if (detail::other_library(error) || detail::torn_path(path, "fences_open", error)) {
        return error->code;
      }
      return spatio_fences_open(path.c_str(), fences.owned_.out(), error);
    });
  }
  /// Opens the bytes of a file, which are copied.
  static Answer<BasicFences> open_bytes(Bytes bytes) {
    return detail::answer<Face, BasicFences>([&](BasicFences& fences, spatio_error* error) {
      if (detail::other_library(error)) return error->code;
      return spatio_fences_open_bytes(bytes.data(), bytes.size(), fences.owned_.out(), error);
    });
  }

  /// What they are.
  Answer<FencesInfo> info() const {
    return detail::answer<Face, FencesInfo>([&](FencesInfo& info, spatio_error* error) {
      spatio_fences_info found{};
      found.struct_size = sizeof found;
      const spatio_status status = spatio_fences_get_info(raw(), &found, error);
      info.space = static_cast<Space>(found.space);
      info.fences = found.fences;
      info.bytes = found.bytes;
      return status;
    });
  }
  /// Looks through all of them: checksums, the tree, the order of ids, every ring.
  Answer<void> verify() const {
    return detail::done<Face>(
        [&](spatio_error* error) { return spatio_fences_verify(raw(), error); });
  }

  /// The fences that contain points; those of point `i` are `rows.of(i)`.
  Answer<Rows> containing(span<const double> x, span<const double> y,
                          FenceColumns with = FenceColumns::handles) const {
    return detail::answer<Face, Rows>(
        [&](Rows& rows, spatio_error* error) { return fill(x, y, with, rows, error); });
  }
  Answer<void> containing(span<const double> x, span<const double> y, FenceColumns with,
                          Rows& rows) const {
    return detail::done<Face>([&](spatio_error* error) { return fill(x, y, with, rows, error); });
  }
  /// The fences that contain one point, with ids and payloads.
  Answer<Rows> containing(Corner point) const {
    return containing(span<const double>(&point.x, 1), span<const double>(&point.y, 1),
                      FenceColumns::all);
  }
  /// The fences that share a point with boxes; those of box `i` are `rows.of(i)`.
  Answer<Rows> intersecting(const BoxColumns& boxes,
                            FenceColumns with = FenceColumns::handles) const {
    return detail::answer<Face, Rows>(
        [&](Rows& rows, spatio_error* error) { return fill(boxes, with, rows, error); });
  }
  Answer<void> intersecting(const BoxColumns& boxes, FenceColumns with, Rows& rows) const {
    return detail::done<Face>([&](spatio_error* error) { return fill(boxes, with, rows, error); });
  }
  /// The fences that share a point with one box, with ids and payloads.
  Answer<Rows> intersecting(Box box) const {
    using Column = span<const double>;
    const BoxColumns boxes{Column(&box.min_x, 1), Column(&box.min_y, 1), Column(&box.max_x, 1),
                           Column(&box.max_y, 1)};
    return intersecting(boxes, FenceColumns::all);
  }

  /// The fence with an id, if there is one.
  Maybe<Fence> get(std::string_view id) const& {
    return detail::maybe<Face, Fence>([&](Fence& fence, spatio_error* error) {
      spatio_fence found = blank();
      const spatio_status status = spatio_fences_get(raw(), id.data(), id.size(), &found, error);
      fence = told(found);
      return status;
    });
  }
  void get(std::string_view id) const&& = delete;
  /// The fence of a handle, which an answer gave.
  Answer<Fence> get_by_handle(Handle handle) const& {
    return detail::answer<Face, Fence>([&](Fence& fence, spatio_error* error) {
      spatio_fence found = blank();
      const spatio_status status = spatio_fences_get_by_handle(raw(), handle, &found, error);
      fence = told(found);
      return status;
    });
  }
  void get_by_handle(Handle handle) const&& = delete;

  /// The handle of the C interface.
  const spatio_fences* raw() const noexcept { return owned_.get(); }

 private:
  static spatio_fence blank() noexcept {
    spatio_fence fence{};
    fence.struct_size = sizeof fence;
    return fence;
  }
  static Fence told(const spatio_fence& raw) noexcept {
    return {raw.handle, std::string_view(raw.id, raw.id_length),
            Bytes(raw.payload, raw.payload_length)};
  }

  spatio_status fill(span<const double> x, span<const double> y, FenceColumns with, Rows& rows,
                     spatio_error* error) const {
    return rows.fill([&](spatio_result** result, spatio_columns* columns) {
      detail::Lengths lengths("fences_containing", x.size());
      if (lengths.column("y", y.size()).differ(error)) return error->code;
      return spatio_fences_containing(raw(), x.size(), x.data(), y.data(),
                                      static_cast<std::uint32_t>(with), result, columns, error);
    });
  }
  spatio_status fill(const BoxColumns& boxes, FenceColumns with, Rows& rows,
                     spatio_error* error) const {
    return rows.fill([&](spatio_result** result, spatio_columns* columns) {
      detail::Lengths lengths("fences_intersecting", boxes.min_x.size());
      lengths.column("min_y", boxes.min_y.size()).column("max_x", boxes.max_x.size());
      if (lengths.column("max_y", boxes.max_y.size()).differ(error)) return error->code;
      return spatio_fences_intersecting(raw(), boxes.min_x.size(), boxes.min_x.data(),
                                        boxes.min_y.data(), boxes.max_x.data(), boxes.max_y.data(),
                                        static_cast<std::uint32_t>(with), result, columns, error);
    });
  }

  detail::Owned<spatio_fences, spatio_fences_free> owned_;
};

// ----------------------------------------------------------------------- what needs no database

/// @cond internal
namespace detail {

template <class Face>
typename Face::template Answer<double> distance(Space space, Metric metric, Point a, Point b) {
  return answer<Face, double>([&](double& distance, spatio_error* error) {
    return spatio_distance(static_cast<std::uint32_t>(space), static_cast<std::uint32_t>(metric),
                           a.x, a.y, a.z, b.x, b.y, b.z, &distance, error);
  });
}

template <class Face>
typename Face::template Answer<void> export_arrow(const Rows& rows, ArrowSchema& schema,
                                                  ArrowArray& array) {
  return done<Face>([&](spatio_error* error) {
    return spatio_result_export_arrow(rows.raw_result(), &schema, &array, error);
  });
}

template <class Face>
typename Face::template Answer<void> check_library() {
  return done<Face>(
      [&](spatio_error* error) { return other_library(error) ? error->code : SPATIO_OK; });
}

}  // namespace detail
/// @endcond

/// The version of the library, such as "0.1.0".
inline const char* version() noexcept { return spatio_version(); }

/// Handles, results, polygons and cancels of the whole process that were not freed yet: 0 at the
/// end of a program that leaks nothing.
inline std::uint64_t live_handles() noexcept { return spatio_live_handles(); }

/// Whether the library that is loaded has the interface that this program was compiled for. Opening
/// a database asks this too, and is refused as `Status::unsupported` if not.
inline Result<void> check_library() { return detail::check_library<Results>(); }

/// The distance between two points, altitude included.
inline Result<double> distance(Space space, Metric metric, Point a, Point b) {
  return detail::distance<Results>(space, metric, a, b);
}

/// Shows rows as an Arrow struct array (Arrow C data interface) without copying them. The array
/// shares their memory and keeps it, whatever happens to the rows, which may be exported any number
/// of times. Who has the two structs releases them.
inline Result<void> export_arrow(const Rows& rows, ArrowSchema& schema, ArrowArray& array) {
  return detail::export_arrow<Results>(rows, schema, array);
}

// ------------------------------------------------------------------------------- names of faces

/// A database whose calls give a `Result`.
using Database = BasicDatabase<Results>;
/// A namespace whose calls give a `Result`.
using Namespace = BasicNamespace<Results>;
/// A polygon whose calls give a `Result`.
using Polygon = BasicPolygon<Results>;
/// A packed index whose calls give a `Result`.
using Index = BasicIndex<Results>;
/// A region whose calls give a `Result`.
using Region = BasicRegion<Results>;
/// A streamed index whose calls give a `Result`.
using StreamIndex = BasicStreamIndex<Results>;
/// A pack whose calls give a `Result`.
using Pack = BasicPack<Results>;
/// Fences whose calls give a `Result`.
using Fences = BasicFences<Results>;

#if defined(SPATIO_EXCEPTIONS)
/// The same names for programs that want exceptions: calls give the value itself, and throw an
/// `Exception`. What may be absent (`get`, `find_handle`, `payload`) is a `std::optional`.
///
/// ```cpp
/// #define SPATIO_EXCEPTIONS
/// #include <spatio/spatio.hpp>
/// namespace sp = spatio::throwing;
///
/// sp::Database db = sp::Database::open("fleet");
/// ```
namespace throwing {

/// A database whose calls throw.
using Database = BasicDatabase<Throws>;
/// A namespace whose calls throw.
using Namespace = BasicNamespace<Throws>;
/// A polygon whose calls throw.
using Polygon = BasicPolygon<Throws>;
/// A packed index whose calls throw.
using Index = BasicIndex<Throws>;
/// A region whose calls throw.
using Region = BasicRegion<Throws>;
/// A streamed index whose calls throw.
using StreamIndex = BasicStreamIndex<Throws>;
/// A pack whose calls throw.
using Pack = BasicPack<Throws>;
/// Fences whose calls throw.
using Fences = BasicFences<Throws>;

/// As `spatio::check_library`, but it throws.
inline void check_library() { detail::check_library<Throws>(); }
/// As `spatio::distance`, but it throws.
inline double distance(Space space, Metric metric, Point a, Point b) {
  return detail::distance<Throws>(space, metric, a, b);
}
/// As `spatio::export_arrow`, but it throws.
inline void export_arrow(const Rows& rows, ArrowSchema& schema, ArrowArray& array) {
  detail::export_arrow<Throws>(rows, schema, array);
}

using spatio::Aggregates;
using spatio::Applied;
using spatio::around;
using spatio::Bounds;
using spatio::Box;
using spatio::Box3;
using spatio::BoxColumns;
using spatio::ByteRange;
using spatio::Bytes;
using spatio::Cancel;
using spatio::CheckReport;
using spatio::ClosestPair;
using spatio::Corner;
using spatio::During;
using spatio::Error;
using spatio::Estimates;
using spatio::Exception;
using spatio::Fence;
using spatio::FenceColumns;
using spatio::FenceItems;
using spatio::FencesInfo;
using spatio::FreezeOptions;
using spatio::from_us;
using spatio::Frozen;
using spatio::Handle;
using spatio::History;
using spatio::Hits;
using spatio::IndexInfo;
using spatio::IndexItems;
using spatio::IndexLayout;
using spatio::IndexMetadata;
using spatio::IndexOptions;
using spatio::Interpolation;
using spatio::live_handles;
using spatio::LogLevel;
using spatio::Metric;
using spatio::Moves;
using spatio::NamespaceOptions;
using spatio::NamespaceSettings;
using spatio::never_us;
using spatio::no_item;
using spatio::no_limit;
using spatio::now_us;
using spatio::Object;
using spatio::OnDamage;
using spatio::Options;
using spatio::Order;
using spatio::Origin;
using spatio::Outcome;
using spatio::OwnColumns;
using spatio::PackInfo;
using spatio::Places;
using spatio::Point;
using spatio::Positions;
using spatio::Query;
using spatio::QueryKind;
using spatio::RangeParts;
using spatio::RangeReader;
using spatio::RayHit;
using spatio::Rays;
using spatio::Recovery;
using spatio::Ring;
using spatio::Row;
using spatio::RowRange;
using spatio::Rows;
using spatio::SalvageReport;
using spatio::Space;
using spatio::Spent;
using spatio::States;
using spatio::Stats;
using spatio::Status;
using spatio::status_name;
using spatio::StreamAggregate;
using spatio::StreamHit;
using spatio::StreamInfo;
using spatio::StreamOptions;
using spatio::Sync;
using spatio::TextColumn;
using spatio::to_us;
using spatio::Track;
using spatio::Triangles;
using spatio::Upsert;
using spatio::Upserts;
using spatio::version;
using spatio::Windows;
using spatio::Written;

}  // namespace throwing
#endif

}  // namespace SPATIO_CPP_BUILD
}  // namespace spatio

/// @cond internal
#if defined(__cpp_lib_ranges)
template <>
inline constexpr bool std::ranges::enable_view<spatio::RowRange> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<spatio::RowRange> = true;
#endif
/// @endcond

#undef SPATIO_CPP_BUILD

#endif  // SPATIO_SPATIO_HPP
