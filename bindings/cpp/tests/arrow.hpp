// The two structs of the Arrow C data interface as its specification prints them, a maker of
// tables to import, and a reader of what was exported.
//
// Source: https://arrow.apache.org/docs/format/CDataInterface.html
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

extern "C" {
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  std::int64_t flags;
  std::int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  std::int64_t length;
  std::int64_t null_count;
  std::int64_t offset;
  std::int64_t n_buffers;
  std::int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};
}

// A table of columns that belong to the test.
class ArrowTable {
 public:
  explicit ArrowTable(std::size_t rows) : rows_(static_cast<std::int64_t>(rows)) {}

  // A column of fixed width.
  ArrowTable& fixed(const char* name, const char* format, const void* values) {
    return add(name, format, {nullptr, values});
  }
  // A column of texts or bytes, whose offsets have 64 bits.
  ArrowTable& texts(const char* name, const char* format, const void* offsets, const void* bytes) {
    return add(name, format, {nullptr, offsets, bytes});
  }

  const ArrowSchema& schema() {
    for (Column& column : columns_) schemas_.push_back(&column.schema);
    schema_ = {"+s", "", nullptr, 0, count(), schemas_.data(), nullptr, keep_schema, nullptr};
    return schema_;
  }
  const ArrowArray& array() {
    for (Column& column : columns_) {
      column.array.buffers = column.buffers.data();
      arrays_.push_back(&column.array);
    }
    array_ = {rows_, 0, 0, 1, count(), &none_, arrays_.data(), nullptr, keep_array, nullptr};
    return array_;
  }

 private:
  struct Column {
    ArrowSchema schema;
    ArrowArray array;
    std::vector<const void*> buffers;
  };

  // The test owns all of it, so that there is nothing to free.
  static void keep_schema(ArrowSchema* schema) { schema->release = nullptr; }
  static void keep_array(ArrowArray* array) { array->release = nullptr; }

  ArrowTable& add(const char* name, const char* format, std::vector<const void*> buffers) {
    const auto n = static_cast<std::int64_t>(buffers.size());
    columns_.push_back({{format, name, nullptr, 0, 0, nullptr, nullptr, keep_schema, nullptr},
                        {rows_, 0, 0, n, 0, nullptr, nullptr, nullptr, keep_array, nullptr},
                        std::move(buffers)});
    return *this;
  }
  std::int64_t count() const { return static_cast<std::int64_t>(columns_.size()); }

  std::int64_t rows_;
  std::deque<Column> columns_;
  std::vector<ArrowSchema*> schemas_;
  std::vector<ArrowArray*> arrays_;
  const void* none_ = nullptr;
  ArrowSchema schema_{};
  ArrowArray array_{};
};

// What was exported, released at the end.
struct ArrowOwned {
  ArrowSchema schema{};
  ArrowArray array{};

  ArrowOwned() = default;
  ArrowOwned(const ArrowOwned&) = delete;
  ArrowOwned& operator=(const ArrowOwned&) = delete;
  ~ArrowOwned() {
    if (schema.release != nullptr) schema.release(&schema);
    if (array.release != nullptr) array.release(&array);
  }

  std::size_t rows() const { return static_cast<std::size_t>(array.length); }
  bool has(std::string_view name) const { return column(name) != nullptr; }
  double real(std::string_view name, std::size_t row) const {
    return static_cast<const double*>(column(name)->buffers[1])[row];
  }
  std::int64_t whole(std::string_view name, std::size_t row) const {
    return static_cast<const std::int64_t*>(column(name)->buffers[1])[row];
  }
  std::string_view text(std::string_view name, std::size_t row) const {
    const ArrowArray* found = column(name);
    const auto* offsets = static_cast<const std::int64_t*>(found->buffers[1]);
    return {static_cast<const char*>(found->buffers[2]) + offsets[row],
            static_cast<std::size_t>(offsets[row + 1] - offsets[row])};
  }

 private:
  const ArrowArray* column(std::string_view name) const {
    for (std::int64_t i = 0; i < schema.n_children; i++)
      if (schema.children[i]->name == name) return array.children[i];
    return nullptr;
  }
};
