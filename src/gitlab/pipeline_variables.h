// Variables of a new pipeline: {NAME: value}, or a list of {key, value, variable_type}.
//
// GitLab takes the list only; the map is what people write. Source:
// https://docs.gitlab.com/api/pipelines/#create-a-new-pipeline (checked on 19.5). Value.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "schema/codec.h"

namespace fairlead::gitlab {

enum class VariableType { env_var, file };
constexpr auto enum_names(VariableType) {
  using Name = schema::EnumName<VariableType>;
  return std::array{Name{VariableType::env_var, "env_var", "Environment variable"},
                    Name{VariableType::file, "file", "File"}};
}

struct PipelineVariable {
  std::string key;
  std::string value;
  VariableType variable_type{VariableType::env_var};

  static constexpr auto fields() {
    using schema::field;
    return std::tuple{
        field("key", &PipelineVariable::key,
              {.label = "Name", .help = "Letters, digits and _.", .max_length = 255}),
        field("value", &PipelineVariable::value, {.label = "Value"}),
        field("variable_type", &PipelineVariable::variable_type,
              {.label = "Type", .help = "Text, or a file that holds it.", .defaulted = true})};
  }
};

struct PipelineVariables {
  std::vector<PipelineVariable> list;
};

}  // namespace fairlead::gitlab

namespace fairlead::schema {

template <>
struct Codec<gitlab::PipelineVariables> {
  static void decode(Json const& json, gitlab::PipelineVariables& out, Reader& reader);
  static Json encode(gitlab::PipelineVariables const& value) {
    return Codec<std::vector<gitlab::PipelineVariable>>::encode(value.list);
  }
  static Json schema(Unknown unknown);
};

}  // namespace fairlead::schema
