# Shared by ./do, the suites and CI. Expects $root; defines what all of them print and where the
# compiler cache may look.
# shellcheck shell=bash

jobs=${FAIRLEAD_JOBS:-$(nproc)}
# One clock for a command and all it starts.
export FAIRLEAD_STARTED=${FAIRLEAD_STARTED:-$EPOCHSECONDS}

# Cache hits whatever folder the clone lies in, and with a precompiled header.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime

elapsed() {
  local s=$((EPOCHSECONDS - FAIRLEAD_STARTED))
  printf '%d:%02d' $((s / 60)) $((s % 60))
}

say() { printf '[%s] %s\n' "$(elapsed)" "$*"; }
summary() { printf '[%s] done: %s\n' "$(elapsed)" "$*"; }

fail() {
  printf './do: %s\n' "$*" >&2
  exit 1
}

# The C++ files this repository formats and checks, NUL-separated: tracked and new ones.
cpp_sources() {
  git -C "$root" ls-files -z --cached --others --exclude-standard -- \
    'src/*.cpp' 'src/*.h' 'testing/*.cpp' 'testing/*.h' 'tests/*.cpp' 'tests/*.h' \
    'fuzz/*.cpp' 'bench/*.cpp' 'tools/*.cpp' ':!tools/lint/selftest/*'
}
