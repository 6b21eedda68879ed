// How far an exchange got before it failed: name, connection, certificate, proxy.
//
// The transport writes it into Error::details, so that a checklist can say "the name is right, the
// certificate is not" without reading sentences. Values; any thread.
#pragma once

#include <string_view>

#include "base/error.h"

namespace fairlead::net {

enum class FaultStage { none, dns, tcp, tls, proxy };
// "dns", ...; "" for none.
std::string_view to_string(FaultStage stage);

// none: the error is not of the way to the server.
FaultStage fault_stage(Error const& error);
// The same error, marked.
Error at_stage(Error error, FaultStage stage);

}  // namespace fairlead::net
