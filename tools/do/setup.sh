# Installs what is missing, and nothing else: a machine that has all of it pays one dpkg-query.
# shellcheck shell=bash

package_list="$root/packaging/debian-12-packages.txt"

# Names in one section of the list whose "unless" command is not there.
packages_of() {
  local section=$1 here='' name rest
  while read -r name rest; do
    case $name in
      '' | '#'*) continue ;;
      '['*) here=${name#[} here=${here%]} ;;
      *)
        if [ "$here" != "$section" ]; then continue; fi
        if [[ $rest == unless:* ]] && command -v "${rest#unless: }" >/dev/null; then continue; fi
        echo "$name"
        ;;
    esac
  done <"$package_list"
}

missing_packages() {
  local wanted section
  wanted=$(for section in "$@"; do packages_of "$section"; done)
  # dpkg-query exits 1 when it does not know a name; what it prints is still right.
  # shellcheck disable=SC2086
  comm -23 <(sort -u <<<"$wanted") \
    <(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
      sed -n 's/^installed //p' | sort -u)
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

# Shows apt's own progress (APT::Status-Fd lines) as one line a tenth, or in place on a terminal.
apt_progress() {
  local kind what percent text shown=-1
  while IFS=: read -r kind what percent text; do
    case $kind in dlstatus | pmstatus) ;; *) continue ;; esac
    percent=${percent%%.*}
    if [ -t 1 ]; then
      printf '\r[%s]   %3d %%  %-60.60s' "$(elapsed)" "$percent" "$text"
    elif [ "$kind$((percent / 20))" != "$shown" ]; then
      shown=$kind$((percent / 20))
      say "  $percent %  $text"
    fi
  done
  if [ -t 1 ]; then printf '\r%80s\r' ''; fi
}

setup_packages() {
  local missing log="$root/build/setup.log"
  command -v dpkg-query >/dev/null || {
    say "not a Debian system: install what packaging/debian-12-packages.txt names by hand"
    return 0
  }
  missing=$(missing_packages "$@")
  if [ -z "$missing" ]; then return 0; fi
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    fail "$(printf '%s\n' "packages are missing, and this is neither root nor is there sudo." \
      "As root, run: apt-get install --no-install-recommends $(xargs <<<"$missing")")"
  fi
  say "installing $(wc -l <<<"$missing") Debian packages: $(xargs <<<"$missing")"
  mkdir -p "$root/build"
  as_root apt-get update >"$log" 2>&1 ||
    fail "$(printf '%s\n' "apt-get update failed (see build/setup.log):" "$(tail -n 5 "$log")")"
  # Progress on a descriptor of its own (apt makes it non-blocking, which breaks whoever else writes
  # there), opened behind sudo, which closes what it is given.
  # shellcheck disable=SC2016,SC2086
  if ! as_root sh -c 'log=$1 && shift && exec apt-get install -y --no-install-recommends \
      -o APT::Status-Fd=3 -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" 3>&1 >>"$log" 2>&1' \
    sh "$log" $missing | apt_progress; then
    fail "$(printf '%s\n' "apt-get install failed (see build/setup.log):" \
      "$(grep -E '^(E:|W:|dpkg: error)' "$log" | tail -n 8)")"
  fi
  missing=$(missing_packages "$@")
  [ -z "$missing" ] || fail "still not installed after apt-get install: $(xargs <<<"$missing")"
  say "packages installed"
}

# `npm ci` in every folder under tests/ with a lock file, when the lock file is newer.
setup_npm() {
  local lock dir stamp
  while IFS= read -r lock; do
    dir=$(dirname "$lock")
    stamp="$dir/node_modules/.installed-from-lock"
    if [ -f "$stamp" ] && cmp -s "$lock" "$stamp"; then continue; fi
    say "npm ci in ${dir#"$root"/}"
    (cd "$dir" && npm ci --no-audit --no-fund --loglevel=error) </dev/null ||
      fail "npm ci failed in ${dir#"$root"/}: is the npm registry reachable?"
    cp "$lock" "$stamp"
  done < <(find "$root/tests" "$root/web" -name node_modules -prune -o \
    -name package-lock.json -print 2>/dev/null)
}
