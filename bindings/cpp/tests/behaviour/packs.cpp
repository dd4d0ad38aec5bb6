// Packs: frozen, opened, and asked as namespaces are.
#include <fstream>
#include <iterator>

#include "args.hpp"
#include "stage.hpp"

using spatio::Pack;

spatio::FreezeOptions freeze_options(const Json& args) {
  using spatio::IndexLayout;
  spatio::FreezeOptions options;
  if (args.has("layout"))
    options.layout(args::named<IndexLayout>(args["layout"], {{"fast", IndexLayout::fast},
                                                             {"origin", IndexLayout::origin},
                                                             {"both", IndexLayout::both}}));
  if (args.has("threads"))
    options.threads(static_cast<std::uint32_t>(args::whole(args["threads"])));
  return options;
}

std::vector<std::uint8_t> bytes_of(const Stage& stage, const Json& args) {
  std::ifstream in(stage.path(args["path"]), std::ios::binary);
  if (!in) nonsense("no file " + args["path"].text());
  return {std::istreambuf_iterator<char>(in), {}};
}

Json text_or_null(spatio::Bytes bytes) {
  if (bytes.empty()) return {};
  return std::string(bytes.data(), bytes.data() + bytes.size());
}

const char* word(spatio::Space space) {
  return space == spatio::Space::geographic ? "geographic" : "cartesian";
}

namespace {

std::string name_or(const Json& args, std::string_view key) {
  return args.has(key) ? args::text(args[key]) : "pack";
}

Answer keep(Packs& packs, const Json& args, spatio::Result<Pack> opened) {
  if (!opened) return opened.error();
  packs[name_or(args, "as")] = std::move(opened).value();
  return Json::object();
}

spatio::Handle handle_of(const Pack& pack, const Json& value) {
  const std::string& word = args::text(value);
  if (word[0] == '#') return std::strtoull(word.c_str() + 1, nullptr, 10);
  const auto found = pack.get(word);
  if (!found) nonsense(word + " is not in the pack");
  return found->handle;
}

Answer get(const Pack& pack, const Json& args) {
  const auto found = pack.get(args::text(args["id"]));
  if (!found) return found.error();
  const auto payload = pack.payload(found->handle);
  if (!payload) return payload.error();
  if (payload->size() != found->payload_length) nonsense("payload_length is another");
  const bool expires = found->expires_us != spatio::never_us;
  return Json::object({{"found", true},
                       {"at", place(found->position)},
                       {"time_us", found->time_us},
                       {"expires_us", expires ? Json(found->expires_us) : Json()},
                       {"payload", text_or_null(*payload)}});
}

Json info_of(const spatio::PackInfo& info) {
  return Json::object({{"space", word(info.space)},
                       {"objects", Json::of(info.objects)},
                       {"bytes", Json::of(info.bytes)},
                       {"dims", Json::of(info.dims)},
                       {"frozen_us", info.frozen_us}});
}

Answer ask(const Pack& pack, const std::string& op, const Json& args) {
  const Resolve handle = [&](const Json& value) { return handle_of(pack, value); };
  if (op == "pack_query") return ask_pack(pack, handle, args);
  if (op == "pack_query_run") return ask_pack_all(pack, handle, args);
  if (op == "pack_info") return told(pack.info(), info_of);
  if (op == "pack_verify") return told(pack.verify());
  if (op == "pack_get") return get(pack, args);
  if (op == "pack_id")
    return told(pack.id(handle(args["handle"])), [](std::string_view id) {
      return Json::object({{"id", id}});
    });
  if (op == "pack_payload")
    return told(pack.payload(handle(args["handle"])), [](spatio::Bytes payload) {
      return Json::object({{"payload", text_or_null(payload)}});
    });
  nonsense("no such operation: " + op);
}

}  // namespace

Played play_freeze(const Stage& stage, const spatio::Namespace& ns, const std::string& op,
                   const Json& args) {
  if (op != "freeze") return std::nullopt;
  const auto frozen = ns.freeze(stage.path(args["path"]), freeze_options(args));
  return told(frozen, [](const spatio::Frozen& made) {
    return Json::object({{"objects", Json::of(made.objects)}, {"bytes", Json::of(made.bytes)}});
  });
}

Played play_packs(const Stage& stage, Packs& packs, const std::string& op, const Json& args) {
  if (op.rfind("pack_", 0) != 0) return std::nullopt;
  if (op == "pack_open") return keep(packs, args, Pack::open(stage.path(args["path"])));
  if (op == "pack_open_bytes") return keep(packs, args, Pack::open_bytes(bytes_of(stage, args)));
  const auto found = packs.find(name_or(args, "pack"));
  if (found == packs.end()) nonsense("no pack " + name_or(args, "pack"));
  if (op != "pack_close") return ask(found->second, op, args);
  packs.erase(found);
  return Json::object();
}
