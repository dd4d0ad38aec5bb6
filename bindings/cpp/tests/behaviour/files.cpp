// Files of a case: written, damaged, removed, and looked through without opening them.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "args.hpp"
#include "stage.hpp"

namespace {

namespace fs = std::filesystem;

// The file that a step is about: by its name, or the last one in a folder with an ending.
std::string file(const Stage& stage, const Json& args) {
  const std::string path = stage.path(args["file"]);
  if (!args.has("ending")) return path;
  const std::string& ending = args["ending"].string;
  std::string last;
  for (const auto& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().string();
    const bool fits = name.size() >= ending.size() &&
                      name.compare(name.size() - ending.size(), ending.size(), ending) == 0;
    if (fits) last = std::max(last, name);
  }
  if (last.empty()) nonsense("no file that ends with " + ending);
  return last;
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  if (!(out << bytes).flush()) nonsense("cannot write " + path);
}

void damage(const std::string& op, const std::string& path, const Json& args) {
  std::string bytes = read(path);
  if (op == "flip_byte") {
    char& byte = bytes.at(static_cast<std::size_t>(args::whole(args["offset"])));
    byte = static_cast<char>(byte ^ 0xff);
  } else {
    std::string added;
    for (std::int64_t byte : args::wholes(args["bytes"])) added += static_cast<char>(byte);
    const bool at_end = args["offset"] == Json("end");
    const std::size_t at =
        at_end ? bytes.size() : static_cast<std::size_t>(args::whole(args["offset"]));
    bytes.resize(std::max(bytes.size(), at + added.size()), '\0');
    bytes.replace(at, added.size(), added);
  }
  write(path, bytes);
}

}  // namespace

Played play_files(const Stage& stage, const std::string& op, const Json& args) {
  if (op == "write_file") {
    write(stage.path(args["file"]), args["text"].string);
  } else if (op == "remove_file") {
    if (!fs::remove(file(stage, args))) nonsense("there is no such file");
  } else if (op == "flip_byte" || op == "write_bytes") {
    damage(op, file(stage, args), args);
  } else if (op == "check") {
    return told(spatio::Database::check(stage.path(args["path"])),
                [](const spatio::CheckReport& report) {
                  return Json::object({{"is_sound", report.is_sound},
                                       {"files", Json::of(report.files)},
                                       {"records", Json::of(report.records)},
                                       {"damaged_files", Json::of(report.damaged_files)},
                                       {"torn_tails", Json::of(report.torn_tails)},
                                       {"text", report.text}});
                });
  } else if (op == "salvage") {
    return told(spatio::Database::salvage(stage.path(args["source"]), stage.path(args["target"])),
                [](const spatio::SalvageReport& report) {
                  return Json::object({{"damaged", Json::of(report.damaged)},
                                       {"records_kept", Json::of(report.records_kept)},
                                       {"bytes_dropped", Json::of(report.bytes_dropped)},
                                       {"text", report.text}});
                });
  } else {
    return std::nullopt;
  }
  return Json::object();
}
