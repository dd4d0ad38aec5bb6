// What a case plays on: a folder, a clock, the databases, namespaces and indexes it has open, and
// the check of what came of each step.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <spatio/spatio.hpp>
#include <string>
#include <vector>

#include "../support.hpp"
#include "compare.hpp"
#include "json.hpp"

// What comes of a step: an answer, or the refusal.
struct Answer {
  Json value;
  std::optional<spatio::Error> error;

  Answer(Json found) : value(std::move(found)) {}
  Answer(const spatio::Error& refusal) : error(refusal) {}
};

// The answer of a call, put into the words of the cases.
template <class T, class Words>
Answer told(const spatio::Result<T>& result, Words&& words) {
  if (!result) return result.error();
  return Answer(words(*result));
}
inline Answer told(const spatio::Result<void>& result) {
  if (!result) return result.error();
  return Answer(Json::object());
}

Json place(spatio::Point at);

// The packed indexes of a case by their names.
using Indexes = std::map<std::string, spatio::Index>;
// A streamed index and the memory that it reads.
struct Streamed {
  struct Memory {
    std::vector<std::uint8_t> file;
    std::uint64_t rounds = 0;
  };
  std::shared_ptr<Memory> memory = std::make_shared<Memory>();
  spatio::StreamIndex index;
};
using Streams = std::map<std::string, Streamed>;
// Its packs, and its fences.
using Packs = std::map<std::string, spatio::Pack>;
using AllFences = std::map<std::string, spatio::Fences>;
// The handle that a case means.
using Resolve = std::function<spatio::Handle(const Json&)>;

class Stage {
 public:
  explicit Stage(const Json& test_case);

  // Plays a step; what is not as expected, or nothing.
  std::string step(const std::string& op, const Json& step);

  // The handles that a case means: `@name` of a bound one, `#number`, or the id of an object.
  spatio::Handle handle(const spatio::Namespace& ns, const Json& value) const;
  std::vector<spatio::Handle> handles(const spatio::Namespace& ns, const Json& value) const;
  std::string path(const Json& value) const { return folder_ / value.string; }

 private:
  struct Open {
    spatio::Database db;
    std::map<std::string, spatio::Namespace> spaces;
  };

  Answer play(const std::string& op, const Json& args);
  Answer open(const Json& args);
  spatio::Options options(const Json& options);
  Open& database(const Json& args);

  TempFolder folder_;
  std::atomic<std::int64_t> clock_us_;
  std::map<std::string, Open> open_;
  Indexes indexes_;
  Streams streams_;
  Packs packs_;
  AllFences fences_;
  spatio::Hits hits_;
  Bound bound_;
};

// The rooms: each plays a step if it is one of its own.
using Played = std::optional<Answer>;
Played play_whole(const Stage& stage, spatio::Database& db, const std::string& op,
                  const Json& args);
Played play_files(const Stage& stage, const std::string& op, const Json& args);
Played play_shapes(const std::string& op, const Json& args);
Played play_objects(const Stage& stage, const spatio::Namespace& ns, const std::string& op,
                    const Json& args);
Played play_batches(const Stage& stage, const spatio::Namespace& ns, const std::string& op,
                    const Json& args);
Played play_queries(const Stage& stage, const spatio::Namespace& ns, const std::string& op,
                    const Json& args);
Played play_past(const Stage& stage, const spatio::Namespace& ns, const std::string& op,
                 const Json& args);
Played play_indexes(const Stage& stage, Indexes& indexes, spatio::Hits& hits, const std::string& op,
                    const Json& args);
Played play_streams(const Indexes& indexes, Streams& streams, spatio::Hits& hits,
                    const std::string& op, const Json& args);
Played play_freeze(const Stage& stage, const spatio::Namespace& ns, const std::string& op,
                   const Json& args);
Played play_packs(const Stage& stage, Packs& packs, const std::string& op, const Json& args);
Played play_fences(const Stage& stage, AllFences& fences, const std::string& op, const Json& args);

// The region that a step describes.
spatio::Result<spatio::Region> region_of(const Json& given);

// A query, or several, to a pack, asked in every way.
Answer ask_pack(const spatio::Pack& pack, const Resolve& handle, const Json& args);
Answer ask_pack_all(const spatio::Pack& pack, const Resolve& handle, const Json& args);

// What both rooms of packs read and write in one way.
spatio::FreezeOptions freeze_options(const Json& args);
std::vector<std::uint8_t> bytes_of(const Stage& stage, const Json& args);
Json text_or_null(spatio::Bytes bytes);
const char* word(spatio::Space space);
