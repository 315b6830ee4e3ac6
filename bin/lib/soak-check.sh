# shellcheck shell=bash
# Sourced by `soak`: what became of everything that its users started. It uses the caller's cluster, name, home.
# shellcheck disable=SC2154

# What a client says whose own request met a controller that died: it is turned away before anything ran.
turned_away='Zero Bytes|[Cc]onnection|Unable to contact|[Cc]ommunication|Socket timed out|Unexpected message|Unspecified error|Transport endpoint|missing socket'

# lines DIRECTORY: "NAME N" for each file NAME with N lines.
lines() {
  (cd "$home/$1" && find . -type f -printf '%f\0' | xargs -0 -r awk '
    { n[FILENAME]++ } END { for (name in n) print name, n[name] }') | sort
}

# verdict WHAT LINES: the count, and the first five.
verdict() {
  local number
  number=$(grep -c . <<<"$2" || true)
  printf '%-66s %6s\n' "$1" "$number"
  [ "$number" != 0 ] || return 0
  faults=$((faults + number))
  head -n 5 <<<"$2" | sed 's/^/    /'
}

figure() { printf '%-66s %6s\n' "$1" "$2"; }

# Each thing with what its tasks wrote: KIND KEY TASKS EXPECTED STATUS STARTED ENDED TWICE [ID CODE]
tally() {
  awk '
    FILENAME == ARGV[1] { sub(/\.[0-9]+$/, "", $1); ran[$1]++; if ($2 > 1) twice[$1]++; next }
    FILENAME == ARGV[2] { sub(/\.[0-9]+$/, "", $1); if ($2 == 1) ended[$1]++; next }
    { print $1, $2, $3, $4, $5, ran[$2] + 0, ended[$2] + 0, twice[$2] + 0 ($6 == "" ? "" : " " $6 " " $7) }
  ' "$work/ran" "$work/ended" "$work/results"
}

# The output of a labelled step is two lines from each task, and no other.
wrong_output() {
  local kind key tasks rest
  while read -r kind key tasks rest; do
    case $kind in srun | step) ;; *) continue ;; esac
    awk -v key="$key" -v tasks="$tasks" '
      $2 == key && ($3 == "begins" || $3 == "ends") { seen[$1 " " $3]++; good++; next } { bad++ }
      END { for (i = 0; i < tasks; i++) if (seen[i ": begins"] != 1 || seen[i ": ends"] != 1) bad++
        exit (bad || good != 2 * tasks) }' "$home/out/$key" || echo "$kind $key: $(tr '\n' '|' <"$home/out/$key" | cut -c1-150)"
  done <"$work/right"
}

# excused FILE: of things that ended otherwise than expected, those whose client was turned away.
excused() {
  local kind key rest
  while read -r kind key rest; do
    ! grep -qE "$turned_away" "$home/err/$key" || echo "$kind $key $rest"
  done <"$1"
}

explain() {
  local kind key rest
  while read -r kind key rest; do
    echo "$kind $key $rest: $(tr '\n' '|' <"$home/err/$key" | cut -c1-300)"
  done
}

# unheard: the sallocs that found no controller for so long that they could not say how they ended.
unheard() { grep -l 'Unable to clean up job allocation' "$home"/err/salloc* | sed 's/.*\///' | sort; }

# Their jobs, which nobody gives back before their time limit, as with slurmctld (ADR 0031).
unheard_jobs() {
  sed -nE 's/.*Unable to clean up job allocation (JobId=)?([0-9]+).*/\2/p' "$home"/err/salloc*
}

# The job of each srun, salloc and array task, as the tasks themselves told it, with the exit code it must have.
owners() {
  awk 'NR == FNR { if ($1 == "srun") code[$2] = $4; if ($1 == "salloc") code[$2 ".c"] = $4
         if ($1 == "batch" || $1 == "array") code[$2] = $10; next }
       { file = FILENAME; sub(/.*\//, "", file); sub(/\.[0-9]+$/, "", file)
         if (file in code) print $1, code[file], file }' "$work/right" "$home"/ran/* | sort -u
}

check_soak() {
  local work faults=0
  work=$(mktemp -d)
  lines ran >"$work/ran"
  lines ended >"$work/ended"
  cat "$home"/results/* >"$work/results"
  tally >"$work/tally"
  awk '$4 == $5 && $6 == $3 && $7 == $3 && $8 == 0 || $1 == "salloc" && $4 == $5' "$work/tally" >"$work/right"
  awk '!($4 == $5 && $6 == $3 && $7 == $3 && $8 == 0 || $1 == "salloc" && $4 == $5)' "$work/tally" >"$work/wrong"
  awk '$6 == 0 && $5 != 0' "$work/wrong" >"$work/never"
  excused "$work/never" >"$work/away"
  # An sbatch whose answer was lost cannot know of its job, which ran as it should.
  awk '($1 == "batch" || $1 == "array") && $5 != 0 && $6 == $3 && $7 == $3 && $8 == 0' "$work/wrong" >"$work/whole"
  excused "$work/whole" >"$work/unanswered"
  cluster client "$name" 22.05 root scontrol -o show jobs >"$home/jobs"
  sed -nE 's/^JobId=([0-9]+) .* JobState=([A-Z_]+) .* ExitCode=([0-9]+):([0-9]+) .*/\1 \2 \3 \4/p' "$home/jobs" >"$work/jobs"
  awk '{ print $1 }' "$work/right" | sort | uniq -c | while read -r number kind; do figure "right: $kind" "$number"; done
  figure "different exit codes among them" "$(awk '$1 == "srun" || $1 == "step" { print $4 }' "$work/right" | sort -u | wc -l)"
  awk '{ print $1 }' "$work/away" | sort | uniq -c |
    while read -r number kind; do figure "turned away, their request was cut off: $kind" "$number"; done
  figure "jobs whose sbatch was cut off before it was answered, and that ran" "$(wc -l <"$work/unanswered")"
  awk '{ print $2 }' "$work/jobs" | sort | uniq -c | while read -r number state; do figure "jobs that are $state" "$number"; done
  figure "jobs launched anew" "$(grep -cE ' Restarts=[1-9]' "$home/jobs" || true)"
  verdict "srun, salloc, sbatch or a task of theirs that went wrong" \
    "$(cat "$work/away" "$work/unanswered" | grep -vxFf - "$work/wrong" | explain)"
  verdict "tasks that ran more than once" "$(awk '$2 > 1' "$work/ran")"
  verdict "tasks that began and did not end" "$(join -v1 "$work/ran" "$work/ended")"
  verdict "steps whose output is not what their tasks wrote" "$(wrong_output)"
  unheard >"$work/unheard" || true
  figure "sallocs that found no controller when they ended" "$(wc -l <"$work/unheard")"
  owners | grep -vFf <(sed 's/.*/ &./' "$work/unheard") >"$work/owners" || true
  verdict "jobs that are not known" \
    "$(awk 'NR == FNR { known[$1]; next } !($1 in known)' "$work/jobs" "$work/owners")"
  verdict "jobs with another exit code or state than their tasks had" \
    "$(awk 'NR == FNR { code[$1] = $2; next } $1 in code && ($3 != code[$1] || $4 != 0 ||
      $2 != (code[$1] ? "FAILED" : "COMPLETED")) { print $0, "expected", code[$1] }' "$work/owners" "$work/jobs")"
  verdict "jobs that neither completed nor failed" "$(awk 'FILENAME == ARGV[1] { left[$1]; next }
      $2 != "COMPLETED" && $2 != "FAILED" && !($1 in left)' <(unheard_jobs) "$work/jobs")"
  [ "$faults" = 0 ] && [ "$(wc -l <"$work/right")" -gt 50 ] || return 1
  rm -rf "$work"
}
