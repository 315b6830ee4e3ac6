# shellcheck shell=bash
# Sourced by record-goldens: the scenario, in phases of one cluster each. It uses the caller's
# cluster, name, release, dir, steps, output.
# shellcheck disable=SC2154,SC2034

phases=(jobs control steps scheduling configless backup tree rare questions cron mismatch)

# step NAME USER COMMAND...: runs a client of the release; what is sent from now until the next
# step belongs to this one. Output goes to the phase's .out; `last` is its first line.
step() {
  local step=$1 user=$2 status=0 text
  shift 2
  mark "$step" "$*"
  text=$(timeout 60 "$cluster" client "$name" "$release" "$user" "$@" 2>&1 </dev/null) || status=$?
  last=${text%%$'\n'*}
  printf '### %s (%s): %s\n%s\n[%d]\n' "$step" "$user" "$*" "$text" "$status" >>"$output"
  sleep 0.2
}

# mark NAME TEXT: a step that the daemons take by themselves.
mark() {
  printf '%s\t%s\t%s\n' "$EPOCHREALTIME" "$1" "${2//$'\n'/ }" >>"$steps"
}

# background NAME USER COMMAND...: as step, but does not wait for its end.
background() {
  local step=$1 user=$2
  shift 2
  mark "$step" "$*"
  timeout 90 "$cluster" client "$name" "$release" "$user" "$@" >>"$output" 2>&1 </dev/null &
  sleep 0.7
}

# submit NAME SBATCH-ARGUMENT...: as alice; `job` is the id.
submit() {
  local step=$1
  shift
  step "$step" alice sbatch --parsable "$@"
  job=${last%%;*}
}

# start_cluster PHASE NODES CREATE-OPTION...: the phase's cluster, capturing from the start on.
start_cluster() {
  local phase=$1 count=$2 i
  shift 2
  "$cluster" create "$name" --nodes "$count" --owner $$ "$@"
  begin_capture "$dir/$phase.pcap"
  mark start "slurmctld"
  "$cluster" start "$name" controller "$release"
  sleep 1.5
  mark register "slurmd"
  for ((i = 1; i <= count; i++)); do "$cluster" start "$name" "n$i" "$release"; done
  "$cluster" await "$name"
  sleep 1
}

. "$(dirname "${BASH_SOURCE[0]}")/record-jobs.sh"
. "$(dirname "${BASH_SOURCE[0]}")/record-control.sh"
. "$(dirname "${BASH_SOURCE[0]}")/record-phases.sh"
. "$(dirname "${BASH_SOURCE[0]}")/record-rare.sh"
