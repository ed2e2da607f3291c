package chat.sotto.endtoend;

import chat.sotto.client.GroupInfo;
import chat.sotto.client.GroupLine;
import chat.sotto.model.GroupId;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What all devices show of the groups at the end of a run that failed, for whoever looks why. */
final class GroupStory {
  private final GroupCrowd crowd;

  GroupStory(GroupCrowd crowd) {
    this.crowd = crowd;
  }

  @Override
  public String toString() {
    return crowd.groups().stream().map(this::of).collect(Collectors.joining("\n\n"));
  }

  private String of(GroupId group) {
    var lines = new TreeMap<Long, String>();
    var shownBy = new TreeMap<Long, String>();
    List<Person> devices = crowd.people();
    for (int i = 0; i < devices.size(); i++) {
      for (GroupLine line : devices.get(i).client.groups().lines(group)) {
        String seen = line.from() + " " + line.state() + ": " + line.text();
        lines.merge(
            line.sequenceNr(), seen, (all, one) -> all.contains(one) ? all : all + " | " + one);
        shownBy.merge(line.sequenceNr(), " " + i, String::concat);
      }
    }
    String standings =
        devices.stream()
            .map(device -> devices.indexOf(device) + " " + standing(device, group))
            .collect(Collectors.joining("\n"));
    String log =
        lines.keySet().stream()
            .map(nr -> nr + " [" + shownBy.get(nr) + " ] " + lines.get(nr))
            .collect(Collectors.joining("\n"));
    return group + "\n" + standings + "\n" + log;
  }

  private String standing(Person device, GroupId group) {
    String name = device.name + (crowd.isLate(device) ? " (late)" : "");
    return device
        .client
        .groups()
        .find(group)
        .map(GroupStory::standing)
        .map(what -> name + " " + what)
        .orElse(name + " does not know it");
  }

  private static String standing(GroupInfo info) {
    return info.standing()
        + " up to "
        + info.sequenceNr()
        + " in epoch "
        + info.epoch()
        + info.alarm().map(alarm -> " " + alarm).orElse("");
  }
}
