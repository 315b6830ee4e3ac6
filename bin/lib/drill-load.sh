# shellcheck shell=bash
# Sourced by the drills with several controllers: jobs that are submitted all the time, clients that
# measure, sessions that live through everything, and tables at the end. It uses what controllers.sh
# and drill-check.sh define, and the caller's controllers.
# shellcheck disable=SC2154,SC2034

work=$dir/work
live_jobs=40      # above this, the next round waits
drain_seconds=240
held_a_second=47
run_a_second=3

count() { find "$home/$1" -type f | wc -l; }
acknowledged() { cat "$home"/ids/* "$work"/held 2>/dev/null | wc -l; }
under_way() { echo $(($(cat "$home"/ids/* 2>/dev/null | wc -l) - $(count ended))); }

# begin_drill: the cluster, with all its controllers and nodes, and the job that the clients measure by.
begin_drill() {
  "$here/class-archive"
  create_cluster --nodes 4 --cpus 64 --memory 64000 --set DefMemPerCPU=10 --set KillWait=2 \
    --set UnkillableStepTimeout=1800 --set MinJobAge=100000 --set MaxJobCount=200000 \
    --set SlurmctldDebug=info
  mkdir -p "$work" "$home"/{ran,ended,ids}
  : >"$home/ids/sbatch"
  cat >"$home/job.sh" <<Y
#!/bin/sh
echo "restart \${SLURM_RESTART_COUNT:-0} on \$SLURMD_NODENAME, process \$\$, \$(date +%T.%N)" >>"$home/ran/\$SLURM_JOB_ID"
sleep 0.\$((SLURM_JOB_ID % 10))
echo "process \$\$, \$(date +%T.%N)" >>"$home/ended/\$SLURM_JOB_ID"
Y
  cat >"$home/step.sh" <<'Y'
#!/bin/sh
# thirty seconds of work that shows
for i in 1 2 3 4 5 6 7 8 9 10; do echo "$SLURM_PROCID $i"; sleep 3; done
Y
  chmod +x "$home/step.sh"
  chown -R 2001:2001 "$home"
  [ "$(type -t make_disks)" != function ] || make_disks
  start_all_controllers
  await_all_serving
  local node
  for node in n1 n2 n3 n4; do cluster start "$name" "$node" 22.05; done
  cluster await "$name" 90
  measured=$(cluster client "$name" 22.05 bob sbatch --parsable -H -o /dev/null --wrap true)
  ignored_user=bob
  cluster client "$name" 22.05 alice sbatch --parsable -o /dev/null job.sh >>"$home/ids/sbatch"
}

in_cluster() { cluster exec "$name" "$here/load" "$@" --munge-socket "$dir/munge/socket" --controller "$(controller_addresses)"; }

# Held jobs are bob's, the others alice's.
start_load() {
  loads=()
  touch "$home/pause"
  in_cluster submit --clients 9 --every $((9000 / held_a_second)) --retry --hold --user 2002 \
    --ids "$work/held" --pause "$home/pause" --stop "$home/stop" >"$dir/log/held.out" 2>&1 </dev/null &
  loads+=($!)
  in_cluster submit --clients 3 --every $((3000 / run_a_second)) --retry --script "$home/job.sh" \
    --work-dir "$home" --ids "$home/ids/load" --pause "$home/pause" --stop "$home/stop" \
    >"$dir/log/load.out" 2>&1 </dev/null &
  loads+=($!)
  start_probes
}

# The two clients that do not give up: a line for each answer, with the times of question and answer.
start_probes() {
  local kind
  for kind in write read; do
    : >"$work/$kind.answers"
    in_cluster probe --kind $kind --job "$measured" --answers "$work/$kind.answers" --every 20 --patience 2 \
      --stop "$home/stop" >"$dir/log/$kind.out" 2>&1 </dev/null &
    loads+=($!)
  done
  # what a program costs that has just been started is not what is measured
  local deadline=$((SECONDS + 60))
  until [ "$(grep -c . "$work/write.answers")" -gt 50 ] && [ "$(grep -c . "$work/read.answers")" -gt 50 ]; do
    [ $SECONDS -lt $deadline ] || die "the clients that measure got no answers (logs: $dir/log)"
    sleep 0.2
  done
}

# pause_load on|off
pause_load() { if [ "$1" = on ]; then touch "$home/pause"; else rm -f "$home/pause"; fi; }

limit_live_jobs() {
  local deadline=$((SECONDS + 40))
  while [ "$(under_way)" -gt $live_jobs ] && [ $SECONDS -lt $deadline ]; do sleep 0.3; done
}

# A step of an srun, and one in an salloc, that live through what comes. Both may have to wait for their
# turn, and salloc may say that its allocation has been revoked once it has given it back itself.
start_sessions() {
  start_session srun srun -n2 -t 10 ./step.sh
  session_srun=$!
  start_session salloc salloc -n2 -t 10 srun ./step.sh
  session_salloc=$!
}

# A shell forgets how a process ended that it waits for after thousands of others: each leaves it in a file.
start_session() {
  local who=$1
  shift
  rm -f "$work/$who.status"
  (
    status=0
    cluster client "$name" 22.05 alice "$@" >"$work/$who.out" 2>"$work/$who.err" </dev/null || status=$?
    echo $status >"$work/$who.status"
  ) &
}

end_sessions() {
  local who pid status lines
  for who in srun salloc; do
    pid=session_$who
    wait "${!pid}" 2>/dev/null || true
    until [ -s "$work/$who.status" ]; do sleep 0.2; done
    status=$(cat "$work/$who.status")
    lines=$(wc -l <"$work/$who.out")
    if [ "$status" != 0 ] || [ "$lines" != 20 ] ||
      grep -qvE '^salloc: (Granted|Relinquishing|Pending|job|Job|Nodes|Waiting)|^srun: job [0-9]+ (queued and waiting for|has been allocated) resources$' "$work/$who.err"; then
      { echo "cycle $cycle: exit code $status, $lines lines of 20"; cat "$work/$who.err"; } >>"$work/$who.failed"
    else
      echo 1 >>"$work/$who.well"
    fi
  done
}

# end_load: stops submitting, and waits until all that was to run has run.
end_load() {
  local deadline=$((SECONDS + drain_seconds)) left=
  rm -f "$home/pause"
  touch "$home/stop"
  wait "${loads[@]}" || true
  while [ $SECONDS -lt $deadline ]; do
    left=$(cluster client "$name" 22.05 alice squeue -h -t R,CG,S -o %i 2>/dev/null | wc -l) || left=unknown
    if [ "$left" = 0 ] && [ "$(under_way)" -le 0 ]; then return 0; fi
    sleep 1
  done
  echo "not all jobs ended within $drain_seconds s: $left run, $(under_way) have not ended"
}

# statistics LABEL: of milliseconds on standard input.
statistics() {
  sort -n | awk -v label="$1" '
    { v[NR] = $1 }
    END {
      if (NR == 0) { printf "%-48s nothing was measured\n", label; exit }
      h = int((NR + 1) / 2); q = int(0.99 * NR + 0.999999); n = int(0.9 * NR + 0.999999)
      printf "%-48s %4d times: median %5d ms, 90 %% %5d, 99 %% %5d, most %5d\n", label, NR, v[h], v[n], v[q], v[NR]
    }'
}

# gaps_table LABEL FAULTS ANSWERS: from each moment to the first answer to a question asked after it.
gaps_table() {
  awk '
    FNR == 1 { file++ }
    file == 1 { fault[++faults] = $1; next }
    { while (next_fault < faults && $1 >= fault[next_fault + 1]) { next_fault++; print ($2 - fault[next_fault]) / 1000000 } }
    ' "$2" "$3" | statistics "$1"
}

times_table() { statistics "$1" < <(cat "$2" 2>/dev/null); }

# failed_clients NAME...: counts them in failures, and shows the first.
failed_clients() {
  local who number
  for who in "$@"; do
    number=$(grep -c '^cycle ' "$work/$who.failed" 2>/dev/null || true)
    printf '%-58s %6s\n' "$who that failed or said something" "${number:-0}"
    if [ -s "$work/$who.failed" ]; then
      head -n 12 "$work/$who.failed" | sed 's/^/    /'
      failures=$((failures + 1))
    fi
  done
}

# Jobs that were held are known, pending, each acknowledged once.
check_held() {
  local lost doubled
  sort "$work/held" >"$work/held.sorted"
  cluster client "$name" 22.05 root squeue -h -u bob -t PD -o %i | sort >"$work/pending"
  doubled=$(uniq -d "$work/held.sorted" | wc -l)
  lost=$(comm -23 <(uniq "$work/held.sorted") "$work/pending" | wc -l)
  printf '%-58s %6s\n' "held jobs acknowledged" "$(wc -l <"$work/held")" \
    "held jobs acknowledged, and not there" "$lost" "ids of held jobs acknowledged twice" "$doubled" \
    "held jobs that nobody got an answer for" \
    "$(comm -13 <(uniq "$work/held.sorted") "$work/pending" | grep -vxc "$measured" || true)"
  [ "$lost$doubled" = 00 ] || failures=$((failures + 1))
}

# finish_drill WHAT: judges; failures counts what was found before.
finish_drill() {
  check_held
  check_jobs || failures=$((failures + 1))
  [ "$failures" = 0 ] || {
    keep_cluster
    echo "FAILED (files: $home, logs: $dir/log)"
    exit 1
  }
  echo "nothing lost or doubled in $1, $((SECONDS - began)) s"
}
