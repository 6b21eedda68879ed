// What is counted, and its text for Prometheus (exposition format 0.0.4).
//
// TimedCounts is counted up beside the work, by atomics alone; MetricText writes figures down when
// they are asked for. Names are ours and in base units; values of labels are escaped. Source:
// https://prometheus.io/docs/instrumenting/exposition_formats/ (read 2026-11). TimedCounts is
// thread-safe, MetricText lives on one thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace fairlead {

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

// How long something took, by upper bounds in seconds.
class TimedCounts final {
 public:
  static constexpr std::array<double, 10> buckets{0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60};
  struct Seen {
    std::array<std::int64_t, buckets.size()> within{};  // cumulative
    std::int64_t count{0};
    Milliseconds sum{0};
  };

  void add(Milliseconds took);
  [[nodiscard]] Seen seen() const;

 private:
  std::array<std::atomic<std::int64_t>, buckets.size() + 1> in_{};  // the last one: beyond all
  std::atomic<std::int64_t> milliseconds_{0};
};

class MetricText final {
 public:
  enum class Type { counter, gauge, histogram };
  // Once for each name, before its lines.
  void head(std::string_view name, Type type, std::string_view help);
  void line(std::string_view name, MetricLabels const& labels, std::int64_t value);
  void line(std::string_view name, MetricLabels const& labels, double value);
  // name_bucket, name_sum and name_count.
  void histogram(std::string_view name, MetricLabels const& labels, TimedCounts::Seen const& seen);
  [[nodiscard]] std::string text() const { return out_.str(); }

 private:
  void name_of(std::string_view name, MetricLabels const& labels);
  std::ostringstream out_;
};

}  // namespace fairlead
