package chat.sotto.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Changes of what an event says, or of which events there are, with a chain that is right again:
 * what an operator can do who has no device's key. Empty if there is nothing to change.
 */
final class EventMutations {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

  private final Forger forger;
  private final RandomGenerator random;

  EventMutations(Forger forger, RandomGenerator random) {
    this.forger = forger;
    this.random = random;
  }

  /** A value in an event. @param path with [] for any place in a list */
  private record Field(String path, JsonNode parent, String name, int index) {
    JsonNode value() {
      return parent.isArray() ? parent.get(index) : parent.get(name);
    }

    void set(JsonNode value) {
      if (parent instanceof ArrayNode list) {
        list.set(index, value);
      } else {
        ((ObjectNode) parent).set(name, value);
      }
    }

    void remove() {
      if (parent instanceof ArrayNode list) {
        list.remove(index);
      } else {
        ((ObjectNode) parent).remove(name);
      }
    }
  }

  private static List<Field> fields(JsonNode event) {
    var fields = new ArrayList<Field>();
    collect(event, "", fields);
    return fields;
  }

  private static void collect(JsonNode node, String path, List<Field> fields) {
    if (node.isObject()) {
      node.fieldNames()
          .forEachRemaining(
              name -> {
                String at = path.isEmpty() ? name : path + "." + name;
                fields.add(new Field(at, node, name, 0));
                collect(node.get(name), at, fields);
              });
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        fields.add(new Field(path + "[]", node, "", i));
        collect(node.get(i), path + "[]", fields);
      }
    }
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private String entity() throws SQLException {
    return (String) any(forger.rows("SELECT name FROM event JOIN entity ON id = entity")).get(0);
  }

  private Rewriter rewriter(String entity) throws SQLException {
    return new Rewriter(entity, forger.events(entity));
  }

  private static String type(JsonNode event) {
    return event.path("type").asText();
  }

  /** One value of one event, with the hashes of the log after it or without. */
  Optional<Mutation> rewritten() throws SQLException {
    String entity = entity();
    Rewriter rewriter = rewriter(entity);
    List<String> before = rewriter.texts();
    int index = random.nextInt(rewriter.events().size());
    ObjectNode event = rewriter.events().get(index);
    Field field = any(fields(event));
    String kind = type(event) + " with another " + field.path();
    switch (random.nextInt(8)) {
      case 0 -> {
        kind = type(event) + " without " + field.path();
        field.remove();
      }
      case 1 -> {
        if (!(field.parent() instanceof ArrayNode list)) {
          return Optional.empty();
        }
        kind = type(event) + " with twice " + field.path();
        list.insert(field.index(), field.value().deepCopy());
      }
      case 2, 3 -> field.set(another(field, rewriter.events()));
      default -> field.set(changed(field.value()));
    }
    if (random.nextBoolean()) {
      rewriter.refit();
    }
    return finish(entity, rewriter, before, Mutation.from(kind, entity, index + 1));
  }

  private Optional<Mutation> finish(
      String entity, Rewriter rewriter, List<String> before, Mutation mutation)
      throws SQLException {
    if (rewriter.texts().equals(before)) {
      return Optional.empty();
    }
    forger.replace(entity, rewriter.texts());
    return Optional.of(mutation);
  }

  /** What stands at the same place of another event. */
  private JsonNode another(Field field, List<ObjectNode> events) {
    List<JsonNode> values =
        events.stream()
            .flatMap(event -> fields(event).stream())
            .filter(other -> other.path().equals(field.path()))
            .map(Field::value)
            .toList();
    return any(values).deepCopy();
  }

  private JsonNode changed(JsonNode value) {
    if (value.isTextual() && !value.asText().isEmpty()) {
      var text = new StringBuilder(value.asText());
      int at = random.nextInt(text.length());
      text.setCharAt(at, LETTERS.charAt(random.nextInt(LETTERS.length())));
      return TextNode.valueOf(text.toString());
    } else if (value.isNumber()) {
      return LongNode.valueOf(value.asLong() + (random.nextBoolean() ? 1 : -1));
    } else if (value.isBoolean()) {
      return BooleanNode.valueOf(!value.asBoolean());
    }
    return value;
  }

  /** One that no version knows. */
  Optional<Mutation> fieldAdded() throws SQLException {
    String entity = entity();
    Rewriter rewriter = rewriter(entity);
    List<String> before = rewriter.texts();
    int index = random.nextInt(before.size());
    rewriter.events().get(index).put("remark", "of nobody's");
    return finish(
        entity, rewriter, before, Mutation.from("an unknown field", entity, index + 1));
  }

  Optional<Mutation> deleted() throws SQLException {
    String entity = entity();
    Rewriter rewriter = rewriter(entity);
    List<String> before = rewriter.texts();
    if (before.size() == 1) {
      return Optional.empty();
    }
    int index = random.nextInt(before.size());
    String kind = type(rewriter.events().remove(index)) + " deleted, all that follows made to fit";
    rewriter.refit();
    return finish(entity, rewriter, before, Mutation.from(kind, entity, index + 1));
  }

  Optional<Mutation> inserted() throws SQLException {
    String entity = entity();
    String from = random.nextInt(4) == 0 ? entity() : entity;
    Rewriter rewriter = rewriter(entity);
    List<String> before = rewriter.texts();
    ObjectNode event = any(rewriter(from).events());
    // Behind all others it would be no change of history: a server appends.
    int index = random.nextInt(before.size());
    if (random.nextBoolean()) {
      event.set("time", LongNode.valueOf(timeAt(rewriter.events(), index)));
    }
    rewriter.events().add(index, event);
    rewriter.refit();
    String kind = type(event) + " inserted, all that follows made to fit";
    return finish(entity, rewriter, before, Mutation.from(kind, entity, index + 1));
  }

  private static long timeAt(List<ObjectNode> events, int index) {
    return index == 0
        ? events.get(0).path("time").asLong() - 1
        : events.get(index - 1).path("time").asLong() + 1;
  }

  Optional<Mutation> swapped() throws SQLException {
    String entity = entity();
    Rewriter rewriter = rewriter(entity);
    List<String> before = rewriter.texts();
    if (before.size() == 1) {
      return Optional.empty();
    }
    int index = random.nextInt(before.size() - 1);
    ObjectNode one = rewriter.events().get(index);
    ObjectNode other = rewriter.events().get(index + 1);
    JsonNode time = one.path("time").deepCopy();
    one.set("time", other.path("time").deepCopy());
    other.set("time", time);
    rewriter.events().set(index, other);
    rewriter.events().set(index + 1, one);
    rewriter.refit();
    String kind = type(one) + " after " + type(other) + ", all that follows made to fit";
    return finish(entity, rewriter, before, Mutation.from(kind, entity, index + 1));
  }
}
