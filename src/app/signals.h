// Ends a program on SIGTERM, SIGINT or SIGHUP in an orderly way.
//
// Call block_stop_signals() before the first thread starts, so that only wait_for_stop_signal()
// sees them. Linux.
#pragma once

namespace fairlead::app {

// Also ignores SIGPIPE: a closed socket is an error of its write.
void block_stop_signals();
// Blocks; gives the signal's number.
int wait_for_stop_signal();

}  // namespace fairlead::app
