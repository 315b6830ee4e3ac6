# shellcheck shell=bash
# Sourced by the drills: were all acknowledged jobs run, once, to their end? A task of an array goes
# by the array's id and its number. Jobs of ignored_user are not asked about. It uses the caller's cluster, name, home.
# shellcheck disable=SC2154

# lines DIRECTORY: "ID N" for each file named ID with N lines, sorted for join.
lines() {
  (cd "$home/$1" && find . -type f -printf '%f\0' | xargs -0 -r awk '
    { n[FILENAME]++ } END { for (id in n) print id, n[id] }') | sort
}

# verdict WHAT IDS: prints the count, and the first ids with what their scripts wrote.
verdict() {
  local number id
  number=$(grep -c . <<<"$2" || true)
  printf '%-58s %6s\n' "$1" "$number"
  [ "$number" != 0 ] || return 0
  faults=$((faults + number))
  while read -r id; do
    echo "    job $id: $(grep "^JobId=$id " "$home/jobs" | grep -oE ' (JobState|Reason|Restarts|ExitCode|NodeList)=[^ ]*' | tr -d '\n')"
    sed 's/^/      ran: /' "$home/ran/$id" 2>/dev/null || true
    sed 's/^/      ended: /' "$home/ended/$id" 2>/dev/null || true
  done < <(head -n 5 <<<"$2")
}

# check_jobs: 0 when all is well.
check_jobs() {
  local work faults=0
  work=$(mktemp -d)
  cat "$home"/ids/* | sort >"$work/answers"
  sort -u "$work/answers" >"$work/acknowledged"
  cluster client "$name" 22.05 root scontrol -o show jobs |
    grep -v " UserId=${ignored_user:-nobody}(" |
    sed -E 's/^JobId=[0-9]+ (ArrayJobId=([0-9]+) ArrayTaskId=([0-9]+) )/JobId=\2_\3 \1/' >"$home/jobs"
  sed -nE 's/^JobId=([0-9_]+) .*/\1/p' "$home/jobs" | sort -u >"$work/known"
  lines ran >"$work/ran"
  lines ended >"$work/ended"
  printf '%-58s %6s\n' "jobs acknowledged to sbatch" "$(wc -l <"$home/ids/sbatch")"
  printf '%-58s %6s\n' "jobs acknowledged to the load client" "$(wc -l <"$home/ids/load")"
  printf '%-58s %6s\n' "jobs known that nobody got an answer for" \
    "$(comm -13 "$work/acknowledged" "$work/known" | wc -l)"
  sed -nE 's/.* JobState=([A-Z_]+) .* ExitCode=([0-9:]+) .*/\1 \2/p' "$home/jobs" | sort | uniq -c |
    while read -r number state; do printf '%-58s %6s\n' "jobs that are $state" "$number"; done
  verdict "ids acknowledged twice" "$(uniq -d "$work/answers")"
  verdict "acknowledged, but not known to the controller" "$(comm -23 "$work/acknowledged" "$work/known")"
  verdict "acknowledged, but the script never ran" \
    "$(join -v1 "$work/acknowledged" "$work/ran")"
  verdict "the script ran more than once" "$(awk '$2 > 1 { print $1 }' "$work/ran")"
  verdict "the script ran, but not once to its end" \
    "$(join -v1 "$work/ran" <(awk '$2 == 1' "$work/ended") | awk '{ print $1 }')"
  verdict "known, but not COMPLETED with exit code 0:0" \
    "$(grep -vE ' JobState=COMPLETED .* ExitCode=0:0 ' "$home/jobs" | sed -nE 's/^JobId=([0-9_]+) .*/\1/p')"
  verdict "the script ran, but the job is not known" \
    "$(join -v1 "$work/ran" "$work/known" | awk '{ print $1 }')"
  rm -rf "$work"
  [ "$faults" = 0 ] && [ -s "$home/ids/load" ] && [ -s "$home/ids/sbatch" ]
}
