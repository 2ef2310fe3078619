#!/usr/bin/env bash
# Makes this machine ready: `scripts/setup.sh run` to start the kiosk, `scripts/setup.sh test` to prove it as well.
# Installs what is missing of packages-debian.txt and keeps the pinned requirements in .venv. Safe to repeat.
set -euo pipefail
cd "$(dirname "$0")/.."

level=${1:-run}
case $level in
  run) requirements=(requirements.txt) ;;
  test) requirements=(requirements.txt requirements-dev.txt) ;;
  *) echo "usage: $0 [run|test]" >&2; exit 2 ;;
esac

needs() { # the lines of packages-debian.txt for this level, without comments
  sed -E 's/#.*//; s/[[:space:]]+/ /g; s/ $//' packages-debian.txt | while read -r for_level need; do
    [[ -n $for_level && ($for_level == run || $for_level == "$level") ]] && echo "$need"
  done || true
}


available() { # does this release have the package itself, and not only a name for others?
  [[ $(apt-cache policy "$1" 2>/dev/null) == *Candidate:\ [0-9]* ]]
}

install_packages() {
  local have missing=() names=() need as_root=()
  have=" $(dpkg-query -W -f '${db:Status-Abbrev}=${Package}\n' | sed -n 's/^ii *=//p' | tr '\n' ' ') "
  while read -r need; do
    local found=
    for name in ${need//|/ }; do [[ $have == *" $name "* ]] && found=yes; done
    [[ $found ]] || missing+=("$need")
  done < <(needs)
  ((${#missing[@]})) || return 0

  if ! command -v apt-get >/dev/null; then
    printf 'Please install these first (names as in Debian):\n' >&2
    printf '  %s\n' "${missing[@]}" >&2
    exit 1
  fi
  if ((EUID != 0)); then
    command -v sudo >/dev/null || { echo "Not root, and there is no sudo. Missing: ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
  fi
  echo "Installing Debian packages (apt-get${as_root[0]:+ with ${as_root[0]}}): ${missing[*]}"
  "${as_root[@]}" apt-get update -q
  for need in "${missing[@]}"; do
    local first=
    for name in ${need//|/ }; do
      if [[ -z $first ]] && available "$name"; then first=$name; fi
    done
    names+=("${first:-${need%% *}}")
  done
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${names[@]}"
}

install_requirements() {
  local python=${PYTHON:-python3} stamp=.venv/.ready-$level want
  want=$(cat "${requirements[@]}" | sha256sum)
  if [[ -x .venv/bin/python && -f $stamp && $(<"$stamp") == "$want" ]]; then return 0; fi
  if [[ ! -x .venv/bin/pip ]]; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
      { echo "Python 3.11 or newer is needed; this is $("$python" --version)" >&2; exit 1; }
    echo "Making .venv with $("$python" --version)"
    "$python" -m venv .venv
  fi
  echo "Installing ${requirements[*]} into .venv"
  .venv/bin/python -m pip install -q --disable-pip-version-check $(printf -- '-r %s ' "${requirements[@]}")
  echo "$want" >"$stamp"
}

install_packages
install_requirements
