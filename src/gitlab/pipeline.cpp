#include "gitlab/pipeline.h"

namespace fairlead::gitlab {

PipelinePhase phase_of(std::string_view status) {
  if (status == "success" || status == "failed" || status == "canceled" || status == "skipped") {
    return PipelinePhase::final;
  }
  if (status == "manual" || status == "scheduled") return PipelinePhase::blocked;
  return PipelinePhase::moving;
}

}  // namespace fairlead::gitlab
