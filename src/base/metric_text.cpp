#include "base/metric_text.h"

namespace fairlead {
namespace {

constexpr double milliseconds_in_second = 1'000;
constexpr int digits = 15;

double seconds(Milliseconds time) {
  return static_cast<double>(time.count()) / milliseconds_in_second;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (char const c : text) {
    if (c == '\\' || c == '"') result += '\\';
    if (c == '\n')
      result += "\\n";
    else
      result += c;
  }
  return result;
}

std::string number(double value) {
  std::ostringstream out;
  out.precision(digits);
  out << value;
  return out.str();
}

std::string_view word(MetricText::Type type) {
  switch (type) {
    case MetricText::Type::counter:
      return "counter";
    case MetricText::Type::gauge:
      return "gauge";
    case MetricText::Type::histogram:
      return "histogram";
  }
  return "untyped";
}

}  // namespace

void TimedCounts::add(Milliseconds took) {
  std::size_t i = 0;
  while (i < buckets.size() && seconds(took) > buckets[i])
    ++i;
  in_[i].fetch_add(1, std::memory_order_relaxed);
  milliseconds_.fetch_add(took.count(), std::memory_order_relaxed);
}

TimedCounts::Seen TimedCounts::seen() const {
  Seen seen;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    seen.count += in_[i].load(std::memory_order_relaxed);
    seen.within[i] = seen.count;
  }
  seen.count += in_[buckets.size()].load(std::memory_order_relaxed);
  seen.sum = Milliseconds(milliseconds_.load(std::memory_order_relaxed));
  return seen;
}

void MetricText::head(std::string_view name, Type type, std::string_view help) {
  out_ << "# HELP " << name << ' ' << help << "\n# TYPE " << name << ' ' << word(type) << '\n';
}

void MetricText::name_of(std::string_view name, MetricLabels const& labels) {
  out_ << name;
  for (std::size_t i = 0; i < labels.size(); ++i)
    out_ << (i == 0 ? '{' : ',') << labels[i].first << "=\"" << escaped(labels[i].second) << '"';
  out_ << (labels.empty() ? " " : "} ");
}

void MetricText::line(std::string_view name, MetricLabels const& labels, std::int64_t value) {
  name_of(name, labels);
  out_ << value << '\n';
}

void MetricText::line(std::string_view name, MetricLabels const& labels, double value) {
  name_of(name, labels);
  out_ << number(value) << '\n';
}

void MetricText::histogram(std::string_view name, MetricLabels const& labels,
                           TimedCounts::Seen const& seen) {
  std::string const prefix(name);
  MetricLabels with = labels;
  with.emplace_back("le", "");
  for (std::size_t i = 0; i < TimedCounts::buckets.size(); ++i) {
    with.back().second = number(TimedCounts::buckets[i]);
    line(prefix + "_bucket", with, seen.within[i]);
  }
  with.back().second = "+Inf";
  line(prefix + "_bucket", with, seen.count);
  line(prefix + "_sum", labels, seconds(seen.sum));
  line(prefix + "_count", labels, seen.count);
}

}  // namespace fairlead
