// Writing and reading single objects, ids and handles.
#include "args.hpp"
#include "stage.hpp"

namespace {

using spatio::Namespace;
using spatio::Outcome;

const char* word(Outcome outcome) {
  switch (outcome) {
    case Outcome::created:
      return "CREATED";
    case Outcome::moved:
      return "MOVED";
    case Outcome::late:
      return "LATE";
  }
  return "an outcome that the cases do not know";
}

Json text_or_null(const std::vector<std::uint8_t>& bytes) {
  if (bytes.empty()) return {};
  return std::string(bytes.begin(), bytes.end());
}

Answer state(const Namespace& ns, const spatio::Result<spatio::Object>& result) {
  if (!result) return result.error();
  const spatio::Object& object = *result;
  std::vector<std::uint8_t> payload{1, 2, 3};
  const auto fetched = ns.payload(object.handle, payload);
  if (!fetched) return fetched.error();
  if (payload.size() != object.payload_length) nonsense("payload_length is another");
  const bool expires = object.expires_us != spatio::never_us;
  return Json::object({{"found", true},
                       {"at", place(object.position)},
                       {"time_us", object.time_us},
                       {"expires_us", expires ? Json(object.expires_us) : Json()},
                       {"payload", text_or_null(payload)}});
}

Answer upsert(const Namespace& ns, const Json& args) {
  std::string payload;
  spatio::Upsert with;
  if (args.has("payload_bytes"))
    payload.assign(static_cast<std::size_t>(args::whole(args["payload_bytes"])), 'x');
  if (args.has("payload")) payload = args::text(args["payload"]);
  if (args.has("payload_bytes") || args.has("payload")) with.payload(payload);
  if (args.has("time_us")) with.time_us(args::whole(args["time_us"]));
  if (args.has("ttl_us")) with.ttl(std::chrono::microseconds(args::whole(args["ttl_us"])));
  return told(ns.upsert(args::id(args), args::point(args["at"]), with), [](const spatio::Written&
                                                                               written) {
    return Json::object({{"outcome", word(written.outcome)}, {"handle", Json::of(written.handle)}});
  });
}

Answer move(const Namespace& ns, spatio::Handle handle, const Json& args) {
  const spatio::Point at = args::point(args["at"]);
  const auto moved =
      args.has("time_us") ? ns.move(handle, at, args::whole(args["time_us"])) : ns.move(handle, at);
  return told(moved, [](Outcome outcome) {
    return Json::object({{"late", outcome == Outcome::late}});
  });
}

Json found_handle(spatio::Handle handle) {
  return Json::object({{"found", true}, {"handle", Json::of(handle)}});
}

Answer settings(const Namespace& ns) {
  return told(ns.settings(), [](const spatio::NamespaceSettings& settings) {
    const bool is_cartesian = settings.space == spatio::Space::cartesian;
    return Json::object({{"space", is_cartesian ? "cartesian" : "geographic"},
                         {"ttl_us", std::int64_t{settings.ttl.count()}},
                         {"history", settings.history}});
  });
}

}  // namespace

Played play_objects(const Stage& stage, const Namespace& ns, const std::string& op,
                    const Json& args) {
  if (op == "upsert") return upsert(ns, args);
  if (op == "get") return state(ns, ns.get(args::id(args)));
  if (op == "intern") return told(ns.intern(args::id(args)), found_handle);
  if (op == "find_handle") return told(ns.find_handle(args::id(args)), found_handle);
  if (op == "settings") return settings(ns);
  if (op == "count")
    return told(ns.count(), [](std::uint64_t objects) {
      return Json::object({{"objects", Json::of(objects)}});
    });
  if (op == "delete")
    return told(ns.remove(args::id(args)), [](bool deleted) {
      return Json::object({{"deleted", deleted}});
    });
  if (!args.has("handle")) return std::nullopt;

  const spatio::Handle handle = stage.handle(ns, args["handle"]);
  if (op == "move") return move(ns, handle, args);
  if (op == "get_by_handle") return state(ns, ns.get_by_handle(handle));
  if (op == "id")
    return told(ns.id(handle), [](std::string_view id) { return Json::object({{"id", id}}); });
  if (op == "get_payload")
    return told(ns.payload(handle), [](const std::vector<std::uint8_t>& payload) {
      return Json::object({{"found", true}, {"payload", text_or_null(payload)}});
    });
  return std::nullopt;
}
