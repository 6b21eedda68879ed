// What the process uses, under the names that every Prometheus client library has for it.
//
// Read from /proc/self when asked for; what cannot be read is left out. Thread-safe.
#pragma once

#include "base/clock.h"
#include "base/metric_text.h"

namespace fairlead::api {

void write_process_figures(MetricText& text, Time started_at);

}  // namespace fairlead::api
