# shellcheck shell=bash
# Sourced by bin/bench: what the measurements come to, as JSON and for people.
# shellcheck disable=SC2016  # jq's variables

# summary FILE: medians over the rounds, and ratios; every number of a side is under its name.
summary() {
  jq -s --argjson cores "$(nproc)" --argjson load "$(cut -d ' ' -f 1 /proc/loadavg)" '
    def median: sort | if length == 0 then null
      elif length % 2 == 1 then .[length / 2 | floor]
      else (.[length / 2 - 1] + .[length / 2]) / 2 end;
    def each(f): map(f) | median;
    def perRequest(f): each(if .answered == 0 then null else 1000 * f / .answered end);
    def side: {rounds: length, perSecond: each(.perSecond // 0), p50Ms: each(.p50Ms), p99Ms: each(.p99Ms // .maxMs),
      failed: (map((.refused // 0) + (.unknown // 0) + (.notSent // 0) + (.failed // 0)) | add),
      controllerCpuMs: perRequest(.controllerCpuSeconds), mungedCpuMs: perRequest(.mungedCpuSeconds),
      clientCpuMs: perRequest(.clientCpuSeconds // 0)};
    def ratio($f): if .slurmctld[$f] > 0 then .baton[$f] / .slurmctld[$f] else null end;
    def sides(k): group_by(k) | map({key: (.[0] | k)} + (group_by(.side) | map({(.[0].side): side}) | add)
      | . + {ratio: {perSecond: ratio("perSecond"), p50Ms: ratio("p50Ms"), controllerCpuMs: ratio("controllerCpuMs")}});
    def of($case): map(select(.case == $case));
    {cores: $cores, loadAverage: $load,
     munge: (of("munge") | if length == 0 then null else {decodesPerSecond: each(.perSecond), encodesPerSecond: each(.encodesPerSecond)} end),
     first: (of("first") | sides(.clients) | map({clients: .key} + del(.key)) | first),
     submit: (of("submit") | sides(.clients) | map({clients: .key} + del(.key))),
     squeue: (of("squeue") | sides(.jobs) | map({jobs: .key} + del(.key))),
     query: (of("query") | sides(.jobs) | map({jobs: .key} + del(.key)))}' "$1"
}

# rows FILE PROGRAM: its tab-separated lines as a table.
rows() {
  jq -r "$2" "$1" | awk -F '\t' '
    { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } fields = NF }
    END {
      for (row = 1; row <= NR; row++) {
        line = ""
        for (i = 1; i <= fields; i++) line = line sprintf("%" width[i] "s  ", cell[row, i])
        sub(/ +$/, "", line)
        print line
      }
    }'
}

# report FILE: a summary, for people.
report() {
  local numbers='def n($d): if . == null then "-" else (. * pow(10; $d) | round / pow(10; $d) | tostring) end;
    def sides($f; $d): (.slurmctld[$f] | n($d)), (.baton[$f] | n($d));'
  jq -r '"\n\(.cores) cores, load average \(.loadAverage); medians over the rounds; ratios are Baton/slurmctld"' "$1"
  if [ "$(jq '.submit | length' "$1")" != 0 ]; then
    printf '\nSubmissions acknowledged a second (more is better)\n'
    rows "$1" "$numbers"'(["clients", "slurmctld", "Baton", "ratio", "p50 ms slurmctld", "Baton", "p99 ms slurmctld", "Baton", "CPU ms slurmctld", "Baton", "failed slurmctld", "Baton"],
      (.submit[] | [.clients, sides("perSecond"; 0), (.ratio.perSecond | n(2)), sides("p50Ms"; 1), sides("p99Ms"; 1),
        sides("controllerCpuMs"; 2), sides("failed"; 0)])) | @tsv'
    jq -r "$numbers"'"munged alone decodes \(.munge.decodesPerSecond | n(0)) credentials a second; a submission takes one decode and, in 22.05, one encode for the answer; the client as many.",
      (.submit[-1] | "Where the time goes with \(.clients) clients, CPU ms a submission: Baton \(.baton.controllerCpuMs | n(2)), its munged \(.baton.mungedCpuMs | n(2)), the load client \(.baton.clientCpuMs | n(2)); slurmctld \(.slurmctld.controllerCpuMs | n(2)), its munged \(.slurmctld.mungedCpuMs | n(2)), the load client \(.slurmctld.clientCpuMs | n(2))."),
      (.first | "The first 2,000 after a start, \(.clients) clients: \(.slurmctld.perSecond | n(0)) a second with slurmctld, \(.baton.perSecond | n(0)) with Baton, CPU ms each \(.slurmctld.controllerCpuMs | n(2)) and \(.baton.controllerCpuMs | n(2)); then both took 32,500 more before the rounds."),
      "Baton acknowledges when the job is in its log on disk; slurmctld saves its state some seconds after it has acknowledged."' "$1"
  fi
  if [ "$(jq '.squeue | length' "$1")" != 0 ]; then
    printf '\nsqueue: median ms from start to end of the program, and CPU ms of the controller for each (less is better)\n'
    queue_rows "$1" squeue "$numbers"
    printf '\nThe same question from the load client, which starts no program: ms to the decoded answer, CPU ms of the controller\n'
    queue_rows "$1" query "$numbers"
    jq -r "$numbers"'.query[-1] as $q | .squeue[-1] |
      "Where the time goes with \(.jobs) jobs: of the \(.baton.p50Ms | n(0)) ms of squeue with Baton the controller computes \(.baton.controllerCpuMs | n(1)), with slurmctld \(.slurmctld.controllerCpuMs | n(1)) of \(.slurmctld.p50Ms | n(0)); the rest is squeue and munged. The queue is at rest while it is asked for."' "$1"
  fi
}

queue_rows() {
  rows "$1" "$3"'(["jobs", "slurmctld", "Baton", "ratio", "CPU slurmctld", "CPU Baton", "ratio"],
    (.'"$2"'[] | [.jobs, sides("p50Ms"; 1), (.ratio.p50Ms | n(2)), sides("controllerCpuMs"; 2), (.ratio.controllerCpuMs | n(2))])) | @tsv'
}
