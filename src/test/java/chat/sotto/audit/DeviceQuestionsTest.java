package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.journal.JournalFile;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupProposal;
import chat.sotto.user.ChangeProof;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor is told of somebody with several devices. */
class DeviceQuestionsTest {
  @TempDir Path data;
  private MadeJournal journal;
  private Member alice;
  private Member bob;
  private Member phone;

  @BeforeEach
  void makeJournal() throws SQLException {
    journal = new MadeJournal(data);
    alice = journal.register("alice");
    bob = journal.register("bob");
    phone = journal.link(bob, "phone");
  }

  private List<Answer> ask(Consumer<Questions> question) throws SQLException {
    journal.close();
    List<Answer> answers = new ArrayList<>();
    try (JournalFile file = JournalFile.open(data)) {
      var questions = new Questions(file, Options.standard(), answers::add);
      question.accept(questions);
      assertEquals(List.of(), questions.findings());
    }
    return answers;
  }

  private static <T extends Answer> List<T> only(Class<T> type, List<Answer> answers) {
    return answers.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Test
  void tellsWhoAddedAndRemovedDevicesAndHow() throws SQLException {
    journal.remove(bob, phone);

    List<DeviceListHistory.Version> lists =
        only(DeviceListHistory.Version.class, ask(questions -> questions.devices("bob")));

    assertEquals(List.of(1L, 2L, 3L), lists.stream().map(one -> one.version()).toList());
    assertEquals(Optional.empty(), lists.get(0).by());
    assertEquals(Optional.of(phone.device), lists.get(1).by());
    assertEquals(Optional.of(ChangeProof.PASSWORD), lists.get(1).proof());
    assertEquals(List.of(phone.device), lists.get(1).added());
    assertEquals(Optional.of(bob.device), lists.get(2).by());
    assertEquals(List.of(phone.device), lists.get(2).removed());
  }

  @Test
  void countsWhatHappenedToAccounts() throws SQLException {
    journal.remove(bob, phone);
    journal.link(alice, "tablet");
    journal.changePassword(alice);
    String batch = journal.archive(bob);
    long size = journal.state(bob).archive().bytes();
    assertTrue(size > 0, batch);

    List<Answer> answers = ask(Questions::summary);

    assertEquals(
        List.of(new Figures.OfAccounts(2, 1, 1, 0, 0, 0, size)),
        only(Figures.OfAccounts.class, answers));
  }

  @Test
  void whatWaitsIsToldOfTheDevicesThatAreThere() throws SQLException {
    GroupId group = journal.found(alice, 7);
    journal.join(group, alice, bob);
    journal.acceptBriefly(alice, bob);
    journal.remove(bob, phone);
    journal.propose(group, bob, new GroupProposal.Devices(journal.list(bob)));
    Instant now = Instant.ofEpochMilli(journal.now());

    List<WaitingForUser.Waiting> waiting =
        only(
            WaitingForUser.Waiting.class, ask(questions -> questions.pending("bob", now)));

    assertEquals(
        List.of(bob.device), waiting.stream().map(WaitingForUser.Waiting::device).toList());
    assertEquals(1, waiting.get(0).entries());
  }

  @Test
  void aDeviceThatCameLaterWaitsForNothingOfBefore() throws SQLException {
    GroupId group = journal.found(bob, 7);
    journal.post(group, bob);
    journal.acceptBriefly(alice, bob);
    Member tablet = journal.link(bob, "tablet");
    Instant now = Instant.ofEpochMilli(journal.now());

    WaitingForUser.Waiting waiting =
        only(WaitingForUser.Waiting.class, ask(questions -> questions.pending("bob", now)))
            .stream()
            .filter(one -> one.device().equals(tablet.device))
            .findFirst()
            .orElseThrow();

    assertEquals(List.of(0L, 0L), List.of(waiting.entries(), waiting.groupEntries()));
  }
}
