// Reader: what decoding found wrong, each with the path of the field, and how strict it is.
//
// Used by Codec specialisations. Inputs are read strictly (unknown fields are refused, with the
// nearest right name); answers of GitLab are read leniently (unknown fields are welcome). One
// Reader a decoding; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "schema/field.h"

namespace fairlead::schema {

// More problems of one input are counted, not listed.
inline constexpr std::size_t problems_max = 20;

enum class Unknown { refused, welcome };

struct Problem {
  std::string where;    // "assignees[2].id"; "" is the whole
  std::string message;  // "must be an integer, not \"abc\""
};

class Reader {
 public:
  // Leaves the field again when it dies.
  class [[nodiscard]] Inside {
   public:
    Inside(Reader& reader, std::size_t length) : reader_(reader), length_(length) {}
    Inside(Inside const&) = delete;
    Inside& operator=(Inside const&) = delete;
    ~Inside() { reader_.path_.resize(length_); }

   private:
    Reader& reader_;
    std::size_t length_;
  };

  explicit Reader(Unknown unknown) : unknown_(unknown) {}

  Inside enter(std::string_view member);
  Inside enter(std::size_t index);

  // A problem of the present field: "must be ...", "is missing".
  void fail(std::string message);
  // "must be `wanted`, not <what it is>".
  void wrong_type(std::string_view wanted, Json const& got);
  [[nodiscard]] bool failed() const { return !problems_.empty(); }
  [[nodiscard]] std::size_t problem_count() const { return problems_.size(); }

  // The leaves. Each says false after a problem.
  bool read(Json const& json, bool& out);
  bool read(Json const& json, std::int64_t& out);
  bool read(Json const& json, double& out);
  bool read(Json const& json, std::string& out);
  bool open_object(Json const& json);
  bool open_array(Json const& json);
  // The index of the word in `names`; names.size() after a problem.
  std::size_t read_word(Json const& json, std::span<std::string_view const> names);
  // Refuses members that are not among `names`, unless unknown ones are welcome.
  void check_names(Json const& json, std::span<std::string_view const> names);
  // Range, length, number of items, pattern.
  void check_limits(Json const& json, FieldOptions const& options);
  // The member `name` is required and was not given.
  void missing(std::string_view name, Json const* value);

  // Inputs: invalid_input with the first problem in `message` and `where`, all of them in
  // `details`. Answers: corrupt.
  [[nodiscard]] Result<void> finish() const;

 private:
  Unknown unknown_;
  std::string path_;
  std::vector<Problem> problems_;
};

// `"abc"`, `12`, `an object`, `null`: a value in a message, shortened.
std::string shown(Json const& json);

}  // namespace fairlead::schema
