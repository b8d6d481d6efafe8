#!/usr/bin/env bash
# GeoLoop for developers. Each command sets up what it needs, on a fresh Debian 12 as well.
#
#   ./dev.sh demo [DATA]     run the loop end to end, on a synthetic scene or on a folder of real layers
#   ./dev.sh test [ARGS]     run all tests, in QGIS's Python and in the engine's; ARGS go to pytest
#   ./dev.sh newer [ARGS]    run the tests in QGIS that need no engine in a newer QGIS (Debian sid; as root)
#   ./dev.sh lint            ruff, mypy, what QGIS 4 would refuse, and the plugin repository's checks on the zip
#   ./dev.sh setup           only set up
#   ./dev.sh benchmark NAME  run benchmarks/NAME.py; further ARGS go to it
#   ./dev.sh engine ARGS     run the engine's Python
#   ./dev.sh qgis ARGS       run qgis_process with this checkout as the plugin
#   ./dev.sh translate       bring the translations up to date with the texts, and say what lacks
#   ./dev.sh docs            build the documentation site
#   ./dev.sh package [DIR]   make the plugin's zip, in build/ or in DIR
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${GEOLOOP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/geoloop}
system_python=/usr/bin/python3
qgis_packages=(qgis python3-qgis qgis-providers)
other_packages=(
  python3-venv python3-gdal python3-numpy xvfb xauth fonts-dejavu-core git chromium postgresql-15 postgresql-15-postgis-3
  qttools5-dev-tools)

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

qgis_version() { QT_QPA_PLATFORM=offscreen qgis_process --version 2>/dev/null | sed -n 's/^QGIS \([0-9]*\)\.\([0-9]*\).*/\1 \2/p'; }

qgis_is_recent() {
  command -v qgis_process >/dev/null || return 1
  local major minor
  read -r major minor < <(qgis_version) || return 1
  [ "$major" -gt 3 ] || { [ "$major" = 3 ] && [ "$minor" -ge 40 ]; }
}

# The address of the machine's own bookworm mirror: backports lie beside it. A machine has one of the two formats.
bookworm_mirror() {
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
    awk '$1 == "deb" { for (i = 2; i < NF; i++) if ($i ~ /^[a-z+]+:\/\// && $(i + 1) == "bookworm") { print $i; exit } }'
  { cat /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
    awk 'tolower($1) == "uris:" { uri = $2 } tolower($1) == "suites:" { for (i = 2; i <= NF; i++) if ($i == "bookworm" && uri) { print uri; exit } }'
}

add_backports() {
  local mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  mirror=$(bookworm_mirror | sed -n 1p)
  if [ -z "$mirror" ]; then
    echo "QGIS 3.40 or newer is needed, and no Debian 12 package source was found to take it from; install QGIS yourself and run this again." >&2
    exit 1
  fi
  {
    printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\n' "$mirror"
    [ ! -f "$keyring" ] || printf 'Signed-By: %s\n' "$keyring"
  } | as_root tee /etc/apt/sources.list.d/geoloop-backports.sources >/dev/null
}

setup_system() {
  local lacking=() package
  for package in "${other_packages[@]}"; do
    dpkg -s "$package" >/dev/null 2>&1 || lacking+=("$package")
  done
  if qgis_is_recent && [ ${#lacking[@]} = 0 ]; then return; fi
  export DEBIAN_FRONTEND=noninteractive
  echo "Installing QGIS and what the tests need (once) …" >&2
  qgis_is_recent || add_backports
  as_root apt-get update -q >&2
  [ ${#lacking[@]} = 0 ] || as_root apt-get install -yq --no-install-recommends "${lacking[@]}" >&2
  qgis_is_recent || as_root apt-get install -yq --no-install-recommends -t bookworm-backports "${qgis_packages[@]}" >&2
}

setup_engine() {
  GEOLOOP_HOME="$cache" "$system_python" "$root/processing_provider/engine/installer.py" \
    --device cpu --base-python "$system_python" --also "$root/requirements/dev.txt" >&2
  engine_python=$(GEOLOOP_HOME="$cache" "$system_python" "$root/processing_provider/engine/installer.py" \
    --device cpu --base-python "$system_python" --also "$root/requirements/dev.txt" --print-path)
  export GEOLOOP_ENGINE_PYTHON="$engine_python"
}

setup_qgis_python() {
  local key folder
  key=$(sha256sum "$root/requirements/qgis-dev.txt" | cut -c1-12)
  folder="$cache/qgis-python-$key"
  if [ ! -x "$folder/bin/python" ]; then
    echo "Making the Python that tests QGIS (once) …" >&2
    rm -rf "$folder.draft"
    "$system_python" -m venv --system-site-packages "$folder.draft"
    "$folder.draft/bin/python" -m pip install -q -r "$root/requirements/qgis-dev.txt" >&2
    mv "$folder.draft" "$folder"
  fi
  qgis_python="$folder/bin/python"
}

setup_docs() {
  local key
  key=$(sha256sum "$root/requirements/docs.txt" | cut -c1-12)
  docs_python="$cache/docs-$key/bin/python"
  if [ ! -x "$docs_python" ]; then
    rm -rf "$cache/docs-$key" "$cache/docs-$key.draft"
    "$system_python" -m venv "$cache/docs-$key"
    "$docs_python" -m pip install -q --no-deps -r "$root/requirements/docs.txt" >&2 || { rm -rf "$cache/docs-$key"; exit 1; }
  fi
}

# setup_stubs: PyQt6's own description of itself, for the check of what QGIS 4 would refuse.
setup_stubs() {
  local key
  key=$(sha256sum "$root/requirements/qt6-stubs.txt" | cut -c1-12)
  qt6_stubs="$cache/qt6-stubs-$key"
  if [ ! -d "$qt6_stubs" ]; then
    rm -rf "$qt6_stubs.draft"
    "$engine_python" -m pip install -q --no-deps --target "$qt6_stubs.draft" -r "$root/requirements/qt6-stubs.txt" >&2
    mv "$qt6_stubs.draft" "$qt6_stubs"
  fi
  export GEOLOOP_QT6_STUBS="$qt6_stubs"
}

# qgis_process must see this checkout, a profile of its own, and none of the user's.
setup_profile() {
  export QT_QPA_PLATFORM=offscreen QGIS_PLUGINPATH="$root/.dev" QGIS_CUSTOM_CONFIG_PATH="$cache/qgis-profile"
  local settings="$QGIS_CUSTOM_CONFIG_PATH/profiles/default/QGIS"
  mkdir -p "$settings"
  [ -f "$settings/QGIS3.ini" ] || printf '[PythonPlugins]\ngeoloop=true\nprocessing=true\n' >"$settings/QGIS3.ini"
}

setup() {
  setup_system
  setup_engine
  setup_qgis_python
  setup_stubs
  setup_profile
}

demo() {
  local out="${GEOLOOP_DEMO_OUT:-$root/demo-output}"
  "$engine_python" "$root/examples/demo.py" "$@" --out "$out"
}

# One run of pytest: results into $reports/NAME.xml; "no tests ran" (5) is no failure where $narrowed to some tests.
pytest_run() {
  local name=$1 status=0
  shift
  "$@" --junit-xml "$reports/$name.xml" || status=$?
  [ "$status" = 0 ] || { [ "$status" = 5 ] && [ "$narrowed" = yes ]; } || failed=1
}

run_tests() {
  failed=0
  narrowed=$([ $# = 0 ] || echo yes)
  reports=$(mktemp -d)
  cd "$root"
  # A process for each core and one thread in each; a file stays in one process, for what its tests share. A process
  # that dies ends the run: started anew, its tests would be waited for in vain.
  local shared_out=(-n "$(nproc)" --maxprocesses 8 --dist loadfile --max-worker-restart 0)
  OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 pytest_run engine "$engine_python" -m pytest \
    "${shared_out[@]}" tests/benchmarks tests/core tests/examples tests/house "$@"
  pytest_run qgis "$qgis_python" -m pytest "${shared_out[@]}" tests/qgis -o qgis_gui_enabled=false "$@"
  "$system_python" "$root/tests/summary.py" "$reports"/*.xml || failed=1
  rm -rf "$reports"
  return "$failed"
}

lint() {
  cd "$root"
  "$engine_python" -m ruff check .
  "$engine_python" -m mypy
  "$engine_python" checks/qt6.py "$qt6_stubs"
  git ls-files 'plugin.py' 'processing_provider/*.py' 'ui/*.py' | xargs "$system_python" checks/qgis_enums.py
  check_zip
}

# The documentation site, in build/site; a broken link or a page that is not there ends it.
docs() {
  "$system_python" "$root/site/generate.py" "$root/build/docs-site"
  NO_MKDOCS_2_WARNING=1 "$docs_python" -m mkdocs build --quiet --strict --clean -f "$root/build/docs-site/mkdocs.yml"
  rm -rf "$root/build/site"
  mv "$root/build/docs-site/site" "$root/build/site"
  echo "$root/build/site/index.html"
}

# make_zip TREE ZIP: the plugin's zip of a commit, without what .gitattributes leaves out.
make_zip() {
  mkdir -p "$(dirname "$2")"
  git -C "$root" archive --format=zip --prefix=geoloop/ --output="$2" "$1"
}

# What the plugin repository would say to a zip of the files as they are now, committed or not.
check_zip() {
  local tree
  tree=$(git -C "$root" stash create)
  make_zip "${tree:-HEAD}" "$root/build/checked.zip"
  "$engine_python" "$root/checks/plugin_zip.py" "$root/build/checked.zip"
}

package() {
  local version zip
  version=$(sed -n 's/^version=//p' "$root/metadata.txt")
  zip="${1:-$root/build}/geoloop-$version.zip"
  make_zip HEAD "$zip"
  echo "$zip"
}

command=${1:-}
[ $# = 0 ] || shift
case $command in
  demo) setup; demo "$@" ;;
  test) setup; run_tests "$@" ;;
  lint) setup_system; setup_engine; setup_stubs; lint ;;
  setup) setup ;;
  benchmark) setup; name=$1; shift; exec "$engine_python" "$root/benchmarks/$name.py" "$@" ;;
  engine) setup_engine; exec "$engine_python" "$@" ;;
  qgis) setup; exec qgis_process "$@" ;;
  newer) exec "$root/checks/newer_qgis.sh" "$cache/sid" "$(bookworm_mirror | sed -n 1p)" "$@" ;;
  translate) setup_system; "$system_python" "$root/translations/extract.py" ;;
  docs) setup_system; setup_docs; setup_profile; docs ;;
  package) package "$@" ;;
  *) sed -n '2,/^set -/p' "$0" | sed -n 's/^# \{0,1\}//p'; exit 2 ;;
esac
