# What a preset can switch. CMakePresets.json is the list of combinations that are built and tested.

option(FAIRLEAD_WERROR "Warnings are errors (on in every preset)" OFF)
option(FAIRLEAD_PCH "Precompile the standard library's headers" ON)
option(FAIRLEAD_TESTS "Build the test programs" ON)
option(FAIRLEAD_FUZZ "Build fuzz/ with libFuzzer instead of the tests (clang only)" OFF)
option(FAIRLEAD_FUZZ_REPLAY "Build fuzz/ as tests that replay their corpus" OFF)
set(FAIRLEAD_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")
