// What tests share: a folder that goes away, random numbers that repeat, columns of objects.
#pragma once

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <spatio/spatio.hpp>
#include <string>
#include <vector>

// An empty folder of a test, removed at its end.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "spatio-cpp-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// A Cartesian namespace in memory, with `n` objects at random places: the crowd that answers are
// checked against by looking at each.
struct Crowd {
  spatio::Database db = spatio::Database::memory().value();
  spatio::Namespace ns;
  std::vector<spatio::Handle> handles;
  std::vector<double> x, y, z;

  explicit Crowd(std::size_t n, unsigned seed = 7) {
    const auto options = spatio::NamespaceOptions::cartesian().history(spatio::History::on);
    ns = db.create_namespace("crowd", options).value();
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> place(-100, 100);
    spatio::TextColumn ids;
    for (std::size_t i = 0; i < n; i++) {
      ids.push_back("unit:" + std::to_string(i));
      x.push_back(place(random));
      y.push_back(place(random));
      z.push_back(place(random));
    }
    handles.resize(n);
    spatio::Upserts rows{ids, x, y, z};
    rows.handles = handles;
    ns.upsert_batch(rows).value();
  }

  double distance(std::size_t i, spatio::Point p) const {
    return std::sqrt((x[i] - p.x) * (x[i] - p.x) + (y[i] - p.y) * (y[i] - p.y) +
                     (z[i] - p.z) * (z[i] - p.z));
  }
};
