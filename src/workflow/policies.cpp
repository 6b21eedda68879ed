#include "workflow/policies.h"

#include "base/text.h"
#include "workflow/duration.h"
#include "workflow/reader.h"

namespace fairlead::workflow {
namespace {

constexpr std::string_view forever = "forever";

void check_age(Reader& reader, Place const& place) {
  if (place.node->is_string() && place.node->scalar.as_string() == forever) return;
  reader.duration(place);
}

void check_count(Reader& reader, Place const& place) {
  if (place.node->is_string() && place.node->scalar.as_string() == forever) return;
  reader.whole_number(place, "'retention.count'", 0);
}

void check_retention(Reader& reader, Place const& place) {
  if (place.node->is_string() && place.node->scalar.as_string() == forever) return;
  if (!reader.mapping(place, "'metadata.retention'", {"age", "count"})) return;
  if (auto const age = Reader::get(place, "age")) check_age(reader, *age);
  if (auto const count = Reader::get(place, "count")) check_count(reader, *count);
}

}  // namespace

Retention retention_of(Document const& document) {
  Json const& said = document.metadata["retention"];
  if (said == Json(forever)) return {.age = Retention::Age{}, .count = Retention::Count{}};
  Retention retention;
  Json const& age = said["age"];
  if (age == Json(forever)) {
    retention.age = Retention::Age{};
  } else if (auto most = duration_from(age); !age.is_null() && most.ok()) {
    retention.age = Retention::Age{.most = *most};
  }
  Json const& count = said["count"];
  if (count == Json(forever)) {
    retention.count = Retention::Count{};
  } else if (count.is_integer() && count.as_integer() >= 0) {
    retention.count = Retention::Count{.most = count.as_integer()};
  }
  return retention;
}

bool sends_markers(Document const& document) {
  Json const& marker = document.metadata["effects"]["marker"];
  return marker != Json("off") && marker != Json(false);
}

void check_policies(Reader& reader, Place const& metadata) {
  if (auto const retention = Reader::get(metadata, "retention")) {
    check_retention(reader, *retention);
  }
  auto const effects = Reader::get(metadata, "effects");
  if (!effects || !reader.mapping(*effects, "'metadata.effects'", {"marker"})) return;
  auto const marker = Reader::get(*effects, "marker");
  // YAML 1.1 tools write `off` as false.
  if (!marker || marker->node->scalar.is_bool()) return;
  reader.word(*marker, "'effects.marker'", {"on", "off"});
}

}  // namespace fairlead::workflow
