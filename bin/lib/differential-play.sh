# shellcheck shell=bash
# Sourced by bin/differential: plays sessions to one controller. It uses the caller's cluster,
# sessions, results, release.
# shellcheck disable=SC2154

# cluster_name SIDE LANE: as long on one side as on the other, since columns are cut at their width, and
# another for each run, since several may play at once.
cluster_name() {
  printf 'differ%s%07d%d\n' "${1:0:1}" "$$" "$2"
}

# play_lane LANE: takes one topic after another of those that are left.
play_lane() {
  local topic expected actual
  while topic=$(next_topic) && [ -n "$topic" ]; do
    echo "== $topic, $(date +%T)"
    play expected "$1" slurmctld "$topic" &
    expected=$!
    play actual "$1" "$against" "$topic" &
    actual=$!
    wait "$expected" || return 1
    wait "$actual" || return 1
    echo "   $topic done, $(date +%T)"
  done
}

# Takes the first line out of the file of topics.
next_topic() {
  (
    flock 9
    head -n 1 "$scratch/topics"
    sed -i 1d "$scratch/topics"
  ) 9>"$scratch/lock"
}

# play SIDE LANE CONTROLLER TOPIC: in a new cluster. What command N of a topic printed goes to
# results/TOPIC/SIDE/NNN.{command,out,err,status}, the job ids to results/TOPIC/SIDE/jobs, in the
# order of submission.
play() {
  local side=$1 controller=$3 topic=$4 name
  name=$(cluster_name "$side" "$2")
  play_topic "$results/$topic/$side" "$sessions/$topic.session"
  keep_logs "$side" "$topic"
  "$cluster" destroy "$name"
}

# play_topic OUT SESSION
play_topic() {
  local out=$1 text line number=0 job
  declare -A jobs=()
  mkdir -p "$out"
  : >"$out/jobs"
  start_side "$name" "$controller" "$2"
  while read -r text; do
    if [[ $text =~ ^not\ ([0-9. ]+):\ (.*)$ ]]; then
      [[ " ${BASH_REMATCH[1]} " != *" $release "* ]] || continue
      text=${BASH_REMATCH[2]}
    fi
    if [[ $text = 'end '* ]]; then
      [[ " ${text#end } " != *" $release "* ]] || break
      continue
    fi
    line=$text
    for job in "${!jobs[@]}"; do line=${line//"{$job}"/${jobs[$job]}}; done
    case $line in
      '' | '#'* | 'conf '*) ;;
      settle) settle "$name" ;;
      'until '*) until_seen "$name" "${line#until }" ;;
      *) number=$((number + 1)); run_line "$(printf '%03d' "$number")" "$text" "$line" ;;
    esac
  done <"$2"
}

# The cluster of a session: three nodes and three partitions, unless its conf lines say otherwise.
start_side() {
  local name=$1 controller=$2 node dir line settings=()
  while read -r line; do settings+=(--set "${line#conf }"); done < <(grep '^conf ' "$3")
  grep -q '^conf NodeName' "$3" || settings+=(
    --set 'NodeName=n1 NodeHostname=n1 Port=6821 Sockets=2 CoresPerSocket=2 RealMemory=4000 Feature=fast,ssd Weight=3'
    --set 'NodeName=n[2-3] NodeHostname=n[2-3] Port=[6822-6823] CPUs=4 RealMemory=2000 Feature=slow Weight=5')
  grep -q '^conf PartitionName' "$3" || settings+=(
    --set 'PartitionName=main Nodes=ALL Default=YES DefaultTime=2:00:00 MaxTime=INFINITE State=UP'
    --set 'PartitionName=short Nodes=n1 MaxTime=10 DefaultTime=5 MaxNodes=1 PriorityTier=2 State=UP'
    --set 'PartitionName=alices Nodes=n[2-3] AllowGroups=alice OverSubscribe=FORCE:2 DefMemPerCPU=50 DefaultTime=1:00:00 State=UP')
  # Fast where Slurm waits for its own sake; ids that nothing else looks like.
  "$cluster" create "$name" --nodes 3 --owner $$ --set FirstJobId=7001 --set KillWait=2 --set DefMemPerCPU=100 \
    --set SchedulerParameters=bf_interval=1,sched_interval=1,sched_min_interval=100000 --set MinJobAge=3600 \
    --set PriorityType=priority/basic \
    "${settings[@]}"
  dir=$("$cluster" dir "$name")
  if [ "$controller" = slurmctld ]; then
    "$cluster" start "$name" controller "$release"
  else
    "$cluster" start "$name" controller -- "$here/baton" controller \
      --slurm-conf "$dir/conf/$release/slurm.conf" --data "$dir/data" \
      --slurm-version "$("$cluster" client "$name" "$release" root scontrol --version | cut -d' ' -f2)"
  fi
  for node in n1 n2 n3; do "$cluster" start "$name" "$node" "$release"; done
  "$cluster" await "$name" 180
  settle "$name"
}

keep_logs() {
  [ -z "$keep" ] || cp -r "$("$cluster" dir "$name")/log" "$results/$2/$1.log" || true
}

# run_line NUMBER TEXT LINE: a client's command, as it is written and with ids for the names of jobs; the
# id that it prints is kept if the line gives it a name.
run_line() {
  local file=$out/$1 line=$3 label='' user command status round
  if [[ $line =~ ^([a-z]+)\ =\ (.*)$ ]]; then
    label=${BASH_REMATCH[1]}
    line=${BASH_REMATCH[2]}
  fi
  user=${line%% *}
  command=${line#* }
  echo "${2#"${label:+$label = }"}" >"$file.command"
  # slurmctld from 24.11 on now and then refuses a change and tells a leftover errno instead of a reason.
  for round in 1 2 3 4 5 6 7 8 9; do
    status=0
    timeout 60 "$cluster" client "$name" "$release" "$user" sh -c "$command" \
      >"$file.out" 2>"$file.err" </dev/null || status=$?
    grep -q 'Resource temporarily unavailable for job' "$file.err" || break
  done
  echo "$status" >"$file.status"
  # All ids, named or not, so that ids after a submission that only one side took still compare.
  if [[ $command =~ sbatch|salloc\ --no-shell && $status = 0 ]]; then
    job=$(grep -oE "[0-9]+" "$file.out" | head -1 || true)
    [ -z "$job" ] || echo "$job" >>"$out/jobs"
  fi
  [ -z "$label" ] || jobs[$label]=$(grep -oE '[0-9]+' "$file.out" | head -1 || echo 0)
}

# settle NAME: until jobs and nodes have looked the same for two seconds, with nothing under way. What backfill plans for
# a node that nobody uses comes and goes; after ten seconds reasons may, too: from 24.11 on slurmctld tells its main
# scheduler's and backfill's in turn.
settle() {
  local before='' now same=0 round
  for ((round = 0; round < 60; round++)); do
    now=$("$cluster" client "$1" "$release" root sh -c \
      "squeue -h -a -t all -o '%i %T %r %N'; sinfo -h -N -o '%N %T' | sed 's/planned/idle/; s/-$//'" 2>&1 || true)
    [ $round -lt 20 ] || now=$(sed -E 's/^([0-9_]+ PENDING) .*/\1/' <<<"$now")
    if [ "$now" = "$before" ] && ! grep -qE 'COMPLETING|CONFIGURING|PENDING None|completing' <<<"$now"; then
      same=$((same + 1))
      [ $same -lt 4 ] || return 0
    else
      same=0
    fi
    [ $round = 59 ] || before=$now
    sleep 0.5
  done
  echo "not settled:"
  diff <(echo "$before") <(echo "$now") || echo "$now"
}

# until_seen NAME 'JOB STATE', 'STEP RUNNING', 'JOB.* GONE' or 'idle': until the job is in the state, the step is
# there, the job has no numbered step, or no job is in any state but waiting.
until_seen() {
  local round now=''
  # a submission that both sides refused: the rest of the topic is played all the same
  [[ $2 != 0\ * && $2 != 0.* ]] || return 0
  for ((round = 0; round < 100; round++)); do
    if [ "$2" = idle ]; then
      now=$("$cluster" client "$1" "$release" root squeue -h -a -t R,S,CG,CF -o '%i %T' 2>&1 || true)
      [ -n "$now" ] || return 0
    elif [[ $2 = *.'* GONE' ]]; then
      now=$("$cluster" client "$1" "$release" root squeue -h -s -j "${2%%.*}" -o '%i' 2>&1 || true)
      grep -qE '\.[0-9]+$' <<<"$now" || return 0
    elif [[ $2 = *.* ]]; then
      now=$("$cluster" client "$1" "$release" root squeue -h -s -o '%i' 2>&1 || true)
      ! grep -qFx "${2% *}" <<<"$now" || return 0
    else
      now=$("$cluster" client "$1" "$release" root squeue -h -a -t all -j "${2% *}" -o '%i %T' 2>&1 || true)
      [ "$now" != "$2" ] || return 0
    fi
    sleep 0.2
  done
  echo "not seen: $2, but: $now"
}
