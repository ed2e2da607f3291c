package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.user.UserEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an operator would do who changes one event of an entity and makes everything fit that needs
 * no key: numbers, hashes of logs, totals, and what acknowledgements say of numbers.
 */
final class Rewriter {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final String entity;
  private final List<ObjectNode> events = new ArrayList<>();

  Rewriter(String entity, List<String> stored) {
    this.entity = entity;
    stored.forEach(event -> events.add(parsed(event)));
  }

  static ObjectNode parsed(String event) {
    try {
      return (ObjectNode) MAPPER.readTree(event);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  List<ObjectNode> events() {
    return events;
  }

  List<String> texts() {
    return events.stream().map(JsonNode::toString).toList();
  }

  /** As many entries stand before each as its number says, and hashes follow. */
  void refit() {
    if (entity.startsWith("User|")) {
      refitInbox(new UserName(entity.substring("User|".length())));
    } else {
      refitGroup(new GroupId(entity.substring("Group|".length())));
    }
  }

  private static Bytes bytes(ObjectNode event) {
    return Bytes.of(event.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void refitInbox(UserName user) {
    Bytes head = Statements.inboxStart(user, 1);
    long number = 0;
    Map<String, Long> totals = new HashMap<>();
    Map<Long, Long> places = new HashMap<>();
    for (int i = 0; i < events.size(); i++) {
      ObjectNode event = events.get(i);
      String type = event.path("type").asText();
      if (type.equals("accepted")) {
        number++;
        event.put("sequenceNr", number);
        places.put(number, i + 1L);
        for (JsonNode copy : event.path("copies")) {
          if (copy instanceof ObjectNode fields) {
            String device = fields.path("device").asText();
            fields.put("total", totals.merge(device, fields.path("size").asLong(), Long::sum));
          }
        }
        head = refit(event, head, user);
      } else if (type.equals("acked")) {
        refit(event, user, places);
      }
    }
  }

  private static Bytes refit(ObjectNode event, Bytes head, UserName user) {
    try {
      var accepted = (UserEvent.Accepted) UserEvent.CODEC.decode(bytes(event));
      Bytes hash = Statements.entryHash(head, user, accepted.entry());
      event.put("hash", hash.toString());
      return hash;
    } catch (RuntimeException unreadable) {
      return head;
    }
  }

  private static void refit(ObjectNode event, UserName user, Map<Long, Long> places) {
    for (JsonNode item : event.path("items")) {
      Long place = places.get(item.path("sequenceNr").asLong());
      boolean isOfInbox = item.path("owner").asText().equals(user.value());
      if (isOfInbox && event.has("journalNr") && place != null) {
        event.put("journalNr", place);
      }
    }
  }

  private void refitGroup(GroupId group) {
    Bytes head = GroupState.empty(group).head().hash();
    long number = 0;
    for (ObjectNode event : events) {
      event.put("sequenceNr", ++number);
      try {
        var signed = (GroupEvent.Signed) GroupEvent.CODEC.decode(bytes(event));
        head = GroupStatements.entryHash(head, group, signed.entry());
        event.put("hash", head.toString());
      } catch (RuntimeException unreadable) {
        // It stays as it is: the chain of what follows begins where it stood.
      }
    }
  }
}
