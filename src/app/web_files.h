// The web application inside of the binary.
//
// Defined in a source that tools/web/build makes of web/ and that only the fairlead program links:
// tests and tools are built without it. Pure.
#pragma once

#include <span>

#include "api/web_app.h"

namespace fairlead::app {

std::span<api::WebFile const> web_files();

}  // namespace fairlead::app
