// Tells one process from all others, so that a refresh left behind by a dead one is seen at once.
//
// The mark of a process is written with "refreshing" into the connection's row. Another process of
// the same machine can then ask whether that process may still be at work; of another machine it
// cannot know and says yes (the patience of the waiting one decides). No state; any thread.
#pragma once

#include <string>
#include <string_view>

namespace fairlead::connection {

// Boot, process namespace, process number and start time: never the same for two processes.
std::string process_mark();
// False only if the process that made `mark` has surely ended.
bool may_live(std::string_view mark);

}  // namespace fairlead::connection
