package baton.controller.replication;

import java.util.List;
import java.util.Optional;

/**
 * The group as one member sees it.
 *
 * @param self the name of the member whose view this is
 * @param leader who leads, as far as is known
 * @param term the latest term known
 * @param committed the index up to which the log is known to be on a majority's disks
 * @param applied the index up to which it is applied here
 * @param members all members; figures of the others are known to the leader only
 */
public record GroupView(
    String self,
    Optional<String> leader,
    long term,
    long committed,
    long applied,
    List<GroupMember> members) {

  public GroupView {
    members = List.copyOf(members);
  }

  /** Tells whether the member whose view this is leads. */
  public boolean leads() {
    return leader.filter(self::equals).isPresent();
  }

  /** Returns the member of that name. */
  public Optional<GroupMember> member(String name) {
    return members.stream().filter(member -> member.name().equals(name)).findFirst();
  }
}
