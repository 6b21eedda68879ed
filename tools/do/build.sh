# Configure and build one preset. Two builds of one preset wait for each other.
# shellcheck shell=bash

# Ninja's lines on a terminal as they are; elsewhere one line a tenth, and whatever is not progress.
ninja_progress() {
  local line tenth last=-1
  while IFS= read -r line; do
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
      tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
      if [ "$tenth" -ne "$last" ] && [ "${BASH_REMATCH[1]}" -gt 0 ]; then
        say "  ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]} files"
        last=$tenth
      fi
    elif [[ $line != "ninja: no work"* && $line != "ninja: Entering"* && $line != "-- "* ]]; then
      printf '%s\n' "$line"
    fi
  done
}

# build_preset <preset> [ninja target...]
build_preset() (
  preset=$1
  shift
  cd "$root"
  mkdir -p build
  grep -q "\"name\": \"$preset\", \"configurePreset\"" CMakePresets.json ||
    fail "unknown preset '$preset' (known: dev release asan tsan fuzz tidy clang)"
  exec 9>"build/.$preset.lock"
  flock -n 9 || { say "waiting for another build of preset $preset" && flock 9; }
  # A machine that only runs the demo has no test libraries, and needs none.
  tests=OFF
  if dpkg-query -W -f='${Status}' libgtest-dev 2>/dev/null | grep -q 'ok installed'; then
    tests=ON
  fi
  if [ ! -f "build/$preset/build.ninja" ] ||
    ! grep -q "^FAIRLEAD_TESTS:BOOL=$tests\$" "build/$preset/CMakeCache.txt"; then
    say "configuring preset $preset"
    mkdir -p "build/$preset"
    # A folder left by a failed first try would keep its broken answers.
    if ! cmake --preset "$preset" -DFAIRLEAD_TESTS=$tests >"build/$preset/configure.log" 2>&1; then
      cat "build/$preset/configure.log" >&2
      rm -f "build/$preset/CMakeCache.txt"
      fail "cmake --preset $preset failed"
    fi
  fi
  for target in "$@"; do
    if [ "$target" = fairlead ] && [ ! -f src/app/main.cpp ]; then
      fail "there is no src/app/main.cpp yet, so there is no fairlead binary to build"
    fi
  done
  say "building preset $preset${*:+: $*}"
  if [ -t 1 ]; then
    nice ninja -C "build/$preset" -j "$jobs" "$@"
  else
    nice ninja -C "build/$preset" -j "$jobs" "$@" 2>&1 | ninja_progress
  fi
)

# The shipped binary, reachable as build/fairlead.
build_release() {
  build_preset release fairlead
  ln -sfn release/fairlead "$root/build/fairlead"
}
