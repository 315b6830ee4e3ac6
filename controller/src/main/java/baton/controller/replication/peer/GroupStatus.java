package baton.controller.replication.peer;

import baton.controller.replication.GroupMember;
import baton.controller.replication.GroupView;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Who belongs to a group, who leads and how far they are, as names and values for the door. */
final class GroupStatus {

  /**
   * A change of the leader to this member.
   *
   * @param millis how long no leader had been heard of before
   */
  record Failover(Instant at, long millis) {}

  private GroupStatus() {}

  /**
   * Tells what a member knows.
   *
   * @param last null when this member has not become the leader of others
   */
  static Map<String, String> of(MemberIdentity self, GroupView view, Failover last) {
    Map<String, String> all = new TreeMap<>(Answers.done());
    all.put("cluster", self.cluster());
    all.put("answered-by", MemberName.id(view.self()));
    all.put("leader", view.leader().map(MemberName::id).orElse(""));
    all.put("term", Long.toString(view.term()));
    all.put("committed", Long.toString(view.committed()));
    all.put("applied", Long.toString(view.applied()));
    if (last != null) {
      all.put("failover-at", last.at().toString());
      all.put("failover-millis", Long.toString(last.millis()));
    }
    int number = 0;
    for (GroupMember member : view.members()) {
      String key = "member." + number++ + ".";
      all.put(key + "id", MemberName.id(member.name()));
      all.put(key + "name", member.name());
      all.put(key + "address", member.address());
      all.put(
          key + "role",
          view.leader().filter(member.name()::equals).isPresent() ? "leader" : "follower");
      all.put(
          key + "lag",
          member.matched() < 0
              ? ""
              : Long.toString(Math.max(0, view.committed() - member.matched())));
      all.put(
          key + "heard-millis",
          member.heardMillisAgo() < 0 ? "" : Long.toString(member.heardMillisAgo()));
    }
    return all;
  }
}
