# For the suites in tests/suites/: source this first. It gives them
#   need_tests [program...]   builds test programs of the preset (default: all of them)
#   need_binary               builds the fairlead binary and puts its path into $FAIRLEAD
#   run_ctest <label> [name...]  runs test programs and prints "N passed, N failed"
# FAIRLEAD_PRESET picks the preset; without it tests use `dev` and the binary is the release one.
# shellcheck shell=bash
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/tools/do/common.sh"
source "$root/tools/do/build.sh"
preset=${FAIRLEAD_PRESET:-dev}
python=/usr/bin/python3

# A suite that cannot even build has failed once.
cannot() {
  say "$*"
  echo "0 passed, 1 failed"
  exit 1
}

need_tests() {
  if [ $# -eq 0 ]; then set -- tests; fi
  build_preset "$preset" "$@" || cannot "the test programs do not build"
}

need_binary() {
  if [ -n "${FAIRLEAD_PRESET:-}" ]; then
    build_preset "$preset" fairlead || cannot "the fairlead binary does not build"
    export FAIRLEAD="$root/build/$preset/fairlead"
  else
    { build_preset release fairlead && ln -sfn release/fairlead "$root/build/fairlead"; } ||
      cannot "the fairlead binary does not build"
    export FAIRLEAD="$root/build/fairlead"
  fi
}

run_ctest() {
  local label=$1 results pattern='.' status=0
  shift
  if [ $# -gt 0 ]; then pattern="^($(IFS='|' && echo "$*"))\$"; fi
  results="$root/build/$preset/test-results/$label"
  rm -rf "$results"
  mkdir -p "$results"
  export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_stack_use_after_return=1}"
  export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
  export TSAN_OPTIONS="${TSAN_OPTIONS:-suppressions=$root/tools/tests/tsan.supp}"
  (cd "$root/build/$preset" && GTEST_OUTPUT="xml:$results/" GTEST_COLOR=no \
    ctest -j "$jobs" -L "^$label\$" -R "$pattern" --output-on-failure --no-tests=error \
    --output-junit "$results/ctest.junit") || status=$?
  "$python" "$root/tools/tests/count.py" "$results" || status=1
  return "$status"
}
