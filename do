#!/usr/bin/env bash
# Everything a developer does with this repository. `./do help` lists the commands; the list is made
# from the comments that begin with "##" below, so that it cannot go stale.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$root/tools/do/common.sh"
source "$root/tools/do/setup.sh"
source "$root/tools/do/build.sh"
source "$root/tools/do/test.sh"

## setup [build|test|check]   install the Debian and npm packages that are missing (default: all)
do_setup() {
  if [ $# -eq 0 ]; then set -- build test check; fi
  setup_packages "$@"
  if [[ " $* " == *" test "* ]]; then setup_npm; fi
  summary "set-up complete"
}

## build [preset]             build/fairlead from the release preset; with a preset, all it has
do_build() {
  setup_packages build
  if [ $# -eq 0 ]; then
    build_release
    summary "built build/fairlead"
  else
    setup_packages test
    case $1 in clang | fuzz | tidy) setup_packages check ;; esac
    build_preset "$1" "${@:2}"
    summary "built everything of preset $1 in build/$1"
  fi
}

## test [suite] [args]        all suites, or one (tests/suites/): each ends in "N passed, N failed"
do_test() {
  if [ $# -gt 0 ]; then require_suite "$1"; fi
  setup_packages build test
  setup_npm
  if [ $# -eq 0 ]; then run_all_suites; else run_suite "$@"; fi
}

## demo [args]                set up, build and show the main job end to end (--keep leaves it up)
do_demo() {
  setup_packages build
  build_release
  say "starting the demo"
  exec "$root/build/fairlead" demo "$@"
}

## run <args>                 build, then run build/fairlead with these arguments
do_run() {
  setup_packages build
  build_release
  exec "$root/build/fairlead" "$@"
}

## sim [args]                 deterministic simulation of the engine under faults
do_sim() {
  if [ -x "$root/tests/sim/run" ]; then
    setup_packages build test
    "$root/tests/sim/run" "$@"
  else
    fail "there is no simulation yet: it arrives with the engine's crash proofs, in tests/sim/"
  fi
}

## fuzz [--seconds N] [target]  run every fuzz target with its corpus (default 60 s each)
do_fuzz() {
  setup_packages build test check
  "$root/tools/fuzz/run" "$@"
}

## bench [name]               benchmarks of bench/: programs (*.cpp) and scripts (executable files)
do_bench() {
  setup_packages build test
  "$root/tools/bench/run" "$@"
}

## fmt [--reflow]             format all C++ sources; --reflow also breaks comments too long
do_fmt() {
  setup_packages check
  cd "$root"
  mkdir -p build
  cp .clang-format build/clang-format
  if [ "${1:-}" = --reflow ]; then
    # Not always on: it breaks code examples in comments like prose. Read what it did.
    sed -i 's/^ReflowComments: false/ReflowComments: true/' build/clang-format
  fi
  cpp_sources | xargs -0 -r -P "$jobs" -n 20 clang-format-14 -i --style=file:build/clang-format
  summary "formatted $(cpp_sources | tr -cd '\0' | wc -c) files"
}

## lint [check]               layers, banned calls, headers, lengths, links, format (tidy if named)
do_lint() {
  setup_packages build test check
  cd "$root"
  /usr/bin/python3 tools/lint/run.py "$@"
}

## new action <name>          scaffold src/gitlab/actions/<name>.cpp and its golden folder
do_new() {
  [ $# -eq 2 ] || fail "usage: ./do new action <name>, for example: ./do new action close-milestone"
  /usr/bin/python3 "$root/tools/new/new.py" "$@"
}

## docs                       write docs/reference from the catalogue of the built binary
do_docs() {
  setup_packages build
  build_release
  /usr/bin/python3 "$root/tools/docs/reference.py" "$root/build/fairlead"
}

## help                       this text
do_help() {
  echo "usage: ./do <command> [arguments]"
  echo
  sed -n 's/^## /  /p' "$root/do"
  echo
  echo "Suites of ./do test: $(suites | xargs)"
  echo "Presets of ./do build: dev release asan tsan fuzz tidy clang"
  echo "FAIRLEAD_PRESET=asan ./do test unit    runs a suite with another preset (default: dev)"
}

command=${1:-help}
case $command in -h | --help) command=help ;; esac
if ! declare -F "do_$command" >/dev/null; then
  echo "./do: unknown command '$command'" >&2
  do_help >&2
  exit 2
fi
shift $(($# > 0 ? 1 : 0))
"do_$command" "$@"
