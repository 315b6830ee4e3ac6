# shellcheck shell=bash
# Sourced by bin/differential: plays a session to one controller. It uses the caller's cluster,
# session, results, release.
# shellcheck disable=SC2154

# play SIDE CONTROLLER: what command N printed goes to results/SIDE/NNN.{command,out,err,status},
# the job ids to results/SIDE/jobs, in the order of submission.
play() {
  local controller=$2 name=differ-${1:0:1}${release/./} out=$results/$1 line number=0
  declare -A jobs=()
  mkdir -p "$out"
  : >"$out/jobs"
  start_side "$name" "$controller"
  while read -r line; do
    case $line in
      '' | '#'*) ;;
      settle) settle "$name" ;;
      *) number=$((number + 1)); run_line "$(printf '%03d' "$number")" "$line" ;;
    esac
  done <"$session"
}

start_side() {
  local name=$1 controller=$2 node dir
  # Fast where Slurm waits for its own sake; ids that nothing else looks like.
  "$cluster" create "$name" --nodes 3 --owner $$ --set FirstJobId=7001 --set KillWait=2 --set DefMemPerCPU=100 \
    --set SchedulerParameters=bf_interval=2,sched_interval=2,sched_min_interval=100000 --set MinJobAge=3600 \
    --set 'NodeName=n1 NodeHostname=n1 Port=6821 Sockets=2 CoresPerSocket=2 RealMemory=4000 Feature=fast,ssd Weight=3' \
    --set 'NodeName=n[2-3] NodeHostname=n[2-3] Port=[6822-6823] CPUs=4 RealMemory=2000 Feature=slow Weight=5' \
    --set 'PartitionName=main Nodes=ALL Default=YES DefaultTime=2:00:00 MaxTime=INFINITE State=UP' \
    --set 'PartitionName=short Nodes=n1 MaxTime=10 DefaultTime=5 MaxNodes=1 PriorityTier=2 State=UP' \
    --set 'PartitionName=alices Nodes=n[2-3] AllowGroups=alice OverSubscribe=FORCE:2 DefMemPerCPU=50 DefaultTime=1:00:00 State=UP'
  dir=$("$cluster" dir "$name")
  if [ "$controller" = slurmctld ]; then
    "$cluster" start "$name" controller "$release"
  else
    "$cluster" start "$name" controller -- "$here/baton" controller \
      --slurm-conf "$dir/conf/slurm.conf" --data "$dir/data"
  fi
  for node in n1 n2 n3; do "$cluster" start "$name" "$node" "$release"; done
  "$cluster" await "$name" 60
  settle "$name"
}

# run_line NUMBER LINE: a client's command; its job id is kept if the line gives it a name.
run_line() {
  local file=$out/$1 line=$2 label='' user command job status=0
  if [[ $line =~ ^([a-z]+)\ =\ (.*)$ ]]; then
    label=${BASH_REMATCH[1]}
    line=${BASH_REMATCH[2]}
  fi
  user=${line%% *}
  command=${line#* }
  echo "$line" >"$file.command"
  for job in "${!jobs[@]}"; do command=${command//"{$job}"/${jobs[$job]}}; done
  timeout 60 "$cluster" client "$name" "$release" "$user" sh -c "$command" \
    >"$file.out" 2>"$file.err" </dev/null || status=$?
  echo "$status" >"$file.status"
  # All ids, named or not, so that ids after a submission that only one side took still compare.
  if [[ $command == *sbatch* && $status = 0 ]]; then
    job=$(grep -oE '[0-9]+' "$file.out" | head -1)
    echo "${job:-0}" >>"$out/jobs"
  fi
  [ -z "$label" ] || jobs[$label]=$(grep -oE '[0-9]+' "$file.out" | head -1 || echo 0)
}

# settle NAME: until jobs and nodes have looked the same for three seconds, with nothing under way.
settle() {
  local before='' now same=0 round
  for ((round = 0; round < 60; round++)); do
    now=$("$cluster" client "$1" "$release" root sh -c \
      "squeue -h -a -t all -o '%i %T %r %N'; sinfo -h -N -o '%N %T'" 2>&1)
    if [ "$now" = "$before" ] && ! grep -qE 'COMPLETING|CONFIGURING|PENDING None|completing' <<<"$now"; then
      same=$((same + 1))
      [ $same -lt 4 ] || return 0
    else
      same=0
    fi
    before=$now
    sleep 0.7
  done
  echo "not settled:"
  echo "$now"
}
