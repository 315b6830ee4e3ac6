#!/bin/bash
# user.sh RELEASE KIND NUMBER: a user of the soak, who keeps a few things of a kind under way until a file `stop`
# appears. Each thing leaves a line in results/: KIND KEY TASKS EXPECTED-STATUS STATUS [JOB-ID].
set -u
release=$1 kind=$2 number=$3
live=3
cd "$HOME" || exit 1
RANDOM=$((number * 1000 + 7))
# Steps do not reach from 22.05 to 26.05, nor back.
if [ "$release" = 22.05 ]; then partition=old; else partition=new; fi

# Most are short; some live through one or two deaths of the controller.
pick_seconds() {
  local choice=(0 1 1 2 5 8 15 33 50)
  seconds=${choice[$((RANDOM % ${#choice[@]}))]}
}

record() { echo "$*" >>"results/$number"; }

one_srun() {
  local key=$1 code=$2 tasks=$((1 + RANDOM % 4)) status=0
  srun -p "$partition" -n "$tasks" -l bash task.sh "$key" "$seconds" "$code" $((tasks - 1)) \
    >"out/$key" 2>"err/$key" </dev/null || status=$?
  record srun "$key" "$tasks" "$code" "$status"
}

# Two steps side by side, then one over all, as a user at a shell would.
one_salloc() {
  local key=$1 code=$2 status=0
  salloc -p "$partition" -N 2 -n 4 bash user.sh within "$key" "$number" "$seconds" "$code" \
    >"out/$key" 2>"err/$key" </dev/null || status=$?
  record salloc "$key" 0 "$code" "$status"
}

step() {
  local key=$1 tasks=$2 seconds=$3 code=$4 status=0
  srun -l -n "$tasks" "${@:5}" bash task.sh "$key" "$seconds" "$code" >"out/$key" 2>"err/$key" </dev/null || status=$?
  record step "$key" "$tasks" "$code" "$status"
}

if [ "$release" = within ]; then
  key=$2 number=$3 seconds=$4 code=$5
  step "$key.a" 1 "$seconds" "$code" --exact -N1 &
  step "$key.b" 1 1 7 --exact -N1 &
  wait
  step "$key.c" 4 1 0
  exit "$code"
fi

# A batch job over nodes of any release, or one whose script has a step.
one_batch() {
  local key=$1 code=$2 id status=0
  if [ $((RANDOM % 2)) = 0 ]; then
    id=$(sbatch --parsable -N $((1 + RANDOM % 3)) -o "out/$key" \
      --wrap "bash task.sh $key $seconds $code" 2>"err/$key") || status=$?
  else
    id=$(sbatch --parsable -p "$partition" -n 2 -o "out/$key" 2>"err/$key" \
      --wrap "srun -l bash task.sh $key.s $seconds $code >out/$key.s 2>err/$key.s
echo step $key.s 2 $code \$? >results/\$SLURM_JOB_ID
bash task.sh $key 0 $code") || status=$?
  fi
  record batch "$key" 1 0 "$status" "${id:--}" "$code"
}

one_array() {
  local key=$1 code=$2 id status=0
  id=$(sbatch --parsable --array=0-11%8 -o "out/$key.%a" \
    --wrap "bash task.sh $key \$((SLURM_ARRAY_TASK_ID % 4)) $code" 2>"err/$key") || status=$?
  record array "$key" 12 0 "$status" "${id:--}" "$code"
}

count=0
while [ ! -e stop ]; do
  while [ "$(jobs -pr | wc -l)" -ge $live ] && [ ! -e stop ]; do sleep 0.3; done
  pick_seconds
  code=$(((count * 15 + number * 17) % 256))
  # srun takes 253 for its sign of a task that ran out of memory, and exits with 1
  [ $code != 253 ] || code=0
  key=$kind$number-$count
  count=$((count + 1))
  case $kind in
    srun) one_srun "$key" "$code" & sleep 2 ;;
    salloc) one_salloc "$key" "$code" & sleep 3 ;;
    batch) one_batch "$key" "$code"; sleep 3 ;;
    array) one_array "$key" "$code"; sleep 15 ;;
  esac
done
wait
