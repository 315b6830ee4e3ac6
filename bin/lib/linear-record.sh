# shellcheck shell=bash
# Sourced by `linear`: records histories of a cluster whose controllers fail. It uses the caller's
# here, top, scratch, check, and the settings histories, operations, controllers, seed, into, calm.
# shellcheck disable=SC2154

name=linear$$
. "$here/controllers.sh"

# begin_recording: the cluster, with all its controllers and nodes.
begin_recording() {
  "$here/packages" build cluster
  "$here/class-archive"
  create_cluster --nodes 4 --cpus 64 --memory 64000 --set DefMemPerCPU=10 --set KillWait=2 \
    --set UnkillableStepTimeout=1800 --set MinJobAge=100000 --set MaxJobCount=100000 \
    --set SlurmctldDebug=info
  install -d -o 2001 -g 2001 "$home"/{begun,ended,out}
  start_all_controllers
  await_all_serving
  for node in n1 n2 n3 n4; do cluster start "$name" "$node" 22.05; done
  cluster await "$name" 90
}

# One fault, and what heals it: a kill -9 with a new start, or a stop of some seconds.
one_fault() {
  local which=$((RANDOM % controllers + 1))
  if [ $((RANDOM % 3)) = 0 ]; then
    signal_controller STOP "$which"
    sleep "0.$((RANDOM % 9 + 1))"
    sleep $((RANDOM % 3))
    signal_controller CONT "$which"
    stops=$((stops + 1))
  else
    kill_controller "$which"
    sleep "0.$((RANDOM % 9))"
    start_controller "$which"
    await_any_serving
    kills=$((kills + 1))
  fi
}

# record_one FILE NUMBER
record_one() {
  local loader
  cluster exec "$name" "$here/load" history --controller "$(controller_addresses)" \
    --munge-socket "$dir/munge/socket" --history "$1" --work-dir "$home" --name "h$2" \
    --clients 8 --jobs "$operations" --every 20 --patience 3 --seed $((seed + $2)) \
    >"$dir/log/load$2.out" 2>&1 </dev/null &
  loader=$!
  while kill -0 $loader 2>/dev/null; do
    sleep "$((RANDOM % 2 + 1)).$((RANDOM % 10))"
    if [ -z "$calm" ] && kill -0 $loader 2>/dev/null; then one_fault; fi
  done
  wait $loader || { tail "$dir/log/load$2.out" >&2; die "the clients of history $2 failed"; }
}

record_histories() {
  local number status=0 began=$SECONDS node
  kills=0 stops=0
  into=${into:-$scratch/histories}
  mkdir -p "$into"
  into=$(cd "$into" && pwd)
  RANDOM=$((seed % 32768))
  echo "$histories histories of $operations operations, controllers: $controllers, --seed $seed"
  trap 'end_cluster; rm -rf "$scratch"' EXIT
  trap 'exit 130' INT TERM
  begin_recording
  for ((number = 1; number <= histories; number++)); do
    record_one "$into/$number.jsonl" "$number"
    check "$into/$number.jsonl" || status=$?
    [ $status = 0 ] || [ $status = 3 ] || exit $status
  done
  echo "$histories histories, $kills kills with -9, $stops stops, $((SECONDS - began)) s"
  [ $status = 0 ] || { keep_cluster; cp "$into"/*.jsonl "$dir/log/"; echo "kept: $dir"; }
  return $status
}
