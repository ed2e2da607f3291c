package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Groups in the list and as conversations: making one, being invited, writing, being stopped. */
class GroupPageTest extends PageTest {
  private static final String CREW = """
      {conversations: [{name: 'Crew', group: {members: [{user: 'alice', role: 'admin'},
        {user: 'bob'}], %s}, draft: 'half a thought'}, {user: 'bob', keyChanged: true}]}""";

  private Locator list() {
    return role(AriaRole.NAVIGATION, "Conversations");
  }

  private void openGroup(String name) {
    openSample("");
    conversation(name).click();
    assertThat(role(AriaRole.HEADING, name)).isVisible();
  }

  /** The only group in a world, with {@code fields} of its own, is open. */
  private void openCrew(String fields) {
    page = FakePages.open(profile, CREW.formatted(fields), "");
    conversation("Crew").click();
    assertThat(role(AriaRole.HEADING, "Crew")).isVisible();
  }

  private void change(String fields) {
    engine("e.changeGroup([...e.conversations.keys()].find(id => id.startsWith('group:')), {"
        + fields + "})");
  }

  @Test
  void groupsStandAmongPeopleNewestFirst() {
    openSample("");
    var links = list().getByRole(AriaRole.LINK);
    assertThat(links.nth(1)).hasAccessibleName(Pattern.compile("^bob "));
    assertThat(links.nth(2)).hasAccessibleName(
        Pattern.compile("^Boathouse crew , group, encrypted .*Same here , 1 unread message$"));
    assertThat(links.nth(3)).hasAccessibleName(
        Pattern.compile("^Choir , group, encrypted .*Invitation from carol$"));
    assertThat(conversation("Boathouse crew").locator(".avatar svg")).isVisible();
    engine("e.receive([...e.conversations.values()].find(c => c.name === 'Choir').id,"
        + " {from: 'carol', text: 'news'})");
    assertThat(links.first()).hasAccessibleName(Pattern.compile("^Choir "));
  }

  @Test
  void newGroupIsOpenAndAsksForPeople() {
    openSample("");
    button("New group").click();
    box("Group name").fill("Ski week");
    button("Create").click();
    assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
    assertThat(role(AriaRole.HEADING, "Ski week")).isVisible();
    assertThat(page.getByText("1 member · Encrypted")).isVisible();
    assertThat(log()).containsText("Only the people in this group can read");
    button("Invite people").click();
    assertThat(box("Add member")).isFocused();
    page.keyboard().type("bob carol");
    page.keyboard().press("Enter");
    assertThat(role(AriaRole.LIST, "Members").getByRole(AriaRole.LISTITEM)).hasCount(3);
    page.keyboard().press("Escape");
    assertThat(page.getByText("Nobody else is in this group yet.")).isHidden();
    assertThat(page.getByText("1 member, 2 invited · Encrypted")).isVisible();
  }

  @Test
  void refusedGroupKeepsTheDialog() {
    openSample("");
    button("New group").click();
    box("Group name").press("Enter");
    assertThat(alert()).hasText("Type a name for the group.");
    engine("Object.assign(e.refusals, {createGroup: 'No connection to the server.'})");
    box("Group name").fill("Ski week");
    box("Group name").press("Enter");
    assertThat(alert()).hasText("No connection to the server.");
    assertThat(box("Group name")).hasValue("Ski week");
    page.keyboard().press("Escape");
    assertThat(button("New group")).isFocused();
  }

  @Test
  void invitationSaysWhoAsksAndWhatCanBeRead() {
    openGroup("Choir");
    assertThat(role(AriaRole.HEADING, "carol invites you to this group")).isVisible();
    assertThat(page.locator(".invitation").getByRole(AriaRole.LISTITEM))
        .hasText(new String[] {"carol", "erin"});
    assertThat(page.getByText("You can read what is written from the moment you accept."))
        .isVisible();
    assertThat(box("Message")).isHidden();
    assertThat(button("Details")).isHidden();
    assertThat(button("Accept")).hasCount(1);
    button("Accept").click();
    assertThat(button("Accept")).hasCount(0);
    assertThat(box("Message")).isFocused();
    assertThat(page.getByText("2 members, 1 invited · Encrypted")).isVisible();
  }

  @Test
  void invitationIsAcceptedInTheListAndOpened() {
    openSample("bob");
    assertThat(list().getByRole(AriaRole.GROUP)).hasAccessibleName("Invitation to Choir");
    list().getByRole(AriaRole.BUTTON, named("Accept")).click();
    assertThat(role(AriaRole.HEADING, "Choir")).isVisible();
    assertThat(list().getByRole(AriaRole.BUTTON)).hasCount(0);
    assertAsked("acceptInvitation", 1);
  }

  private static Locator.GetByRoleOptions named(String name) {
    return new Locator.GetByRoleOptions().setName(name);
  }

  @Test
  void declinedInvitationLeavesTheFocusInTheList() {
    openSample("");
    list().getByRole(AriaRole.BUTTON, named("Decline")).press("Enter");
    assertThat(list().getByRole(AriaRole.BUTTON)).hasCount(0);
    assertThat(conversation("Choir")).isFocused();
    assertAsked("declineInvitation", 1);
  }

  @Test
  void answerUnderWayIsNotGivenTwiceAndRefusalIsTold() {
    openGroup("Choir");
    engine("(e.held = new Promise(done => { e.release = done; }), 0)");
    engine("Object.assign(e.refusals, {acceptInvitation: 'This invitation was taken back.'})");
    button("Accept").click();
    assertThat(page.getByText("Telling the group…")).isVisible();
    assertThat(button("Accept")).isDisabled();
    button("Accept").press("Enter");
    button("Decline").press("Enter");
    engine("(e.release(), 0)");
    assertThat(alert()).hasText("This invitation was taken back.");
    assertThat(button("Accept")).isEnabled();
    assertAsked("acceptInvitation", 1);
    assertAsked("declineInvitation", 0);
  }

  @Test
  void everyAuthorIsNamedOnceForTheirMessagesInARow() {
    openGroup("Boathouse crew");
    assertThat(messages()).hasCount(5);
    var headers = log().locator(".message:not(.mine, .continues) .author");
    assertThat(headers).hasText(new String[] {"bob", "carol", "a-rather-long-user-name.of.2026"});
    assertThat(log().locator(".notice").last()).hasText("bob removed mallory.");
    box("Message").fill("See you there");
    box("Message").press("Enter");
    assertThat(messages().last()).containsText("Pending");
  }

  @Test
  void ownMessageThatGetsItsPlaceMovesBelowAndLeavesTheReadersPlace() {
    openGroup("Boathouse crew");
    box("Message").fill("line\n".repeat(60));
    box("Message").press("Enter");
    assertThat(messages()).hasCount(6);
    engine("e.receive(e.calls.find(c => c[0] === 'sendText')[1], {from: 'bob', text: 'first'})");
    assertThat(messages().last()).containsText("first");
    // What came is scrolled to; only then does the reader go elsewhere.
    page.waitForCondition(
        () ->
            (boolean)
                log()
                    .evaluate(
                        "log => log.scrollTop + log.clientHeight >= log.scrollHeight - 1"));
    log().evaluate("log => { log.scrollTop = 0; }");
    assertThat(button("Jump to latest")).isVisible();
    engine("(([, id]) => e.update(e.messages.get(id).findLast(m => m.mine).id,"
        + " {state: 'sent', ordinal: 1e6}))(e.calls.find(c => c[0] === 'sendText'))");
    assertThat(messages().last()).containsText("Sent");
    assertEquals(0, log().evaluate("log => log.scrollTop"));
  }

  @Test
  void textWaitsAsLongAsAMembersKeyIsNotDecided() {
    openCrew("blockedBy: ['bob']");
    assertThat(alert()).containsText("A security key is not the one this browser knows");
    assertThat(page.getByText("Nothing is sent here until you have decided")).isVisible();
    box("Message").press("Enter");
    assertAsked("sendText", 0);
    alert().getByRole(AriaRole.BUTTON).click();
    assertThat(role(AriaRole.HEADING, "bob").first()).isVisible();
    assertThat(alert()).containsText("bob’s security key has changed");
    conversation("Crew").click();
    change("blockedBy: []");
    assertThat(alert()).hasCount(0);
    box("Message").press("Enter");
    assertAsked("sendText", 1);
  }

  @Test
  void adminRemovesAgainWhoCameBackWithTheCopy() {
    openCrew("missed: ['bob']");
    assertThat(alert()).containsText("Out of this group before the server was restored: bob");
    engine("Object.assign(e.refusals, {removeMember: 'No connection.'})");
    button("Remove bob again").click();
    assertThat(alert()).containsText("No connection.");
    engine("Object.assign(e.refusals, {removeMember: undefined})");
    button("Remove bob again").press("Enter");
    assertThat(alert()).hasCount(0);
    assertThat(box("Message")).isFocused();
    box("Message").press("Enter");
    assertAsked("sendText", 1);
  }

  @Test
  void memberWaitsForAnAdminWhoRemovesAgain() {
    openCrew("isAdmin: false, missed: ['bob'], members: [{user: 'alice'}, {user: 'bob'},"
        + " {user: 'carol', role: 'admin'}]");
    assertThat(alert()).containsText("An admin has to remove bob again before you can write here."
        + " Admins of this group: carol.");
    assertThat(alert().getByRole(AriaRole.BUTTON)).hasCount(0);
    box("Message").press("Enter");
    assertAsked("sendText", 0);
    assertThat(box("Message")).hasValue("half a thought");
    change("missed: []");
    assertThat(alert()).hasCount(0);
    box("Message").press("Enter");
    assertAsked("sendText", 1);
  }

  @Test
  void textWaitsForTheKeysOfTheGroup() {
    openCrew("status: 'waiting'");
    assertThat(page.getByText("This browser is waiting for the keys of this group."))
        .isVisible();
    box("Message").press("Enter");
    assertAsked("sendText", 0);
    change("status: 'member'");
    assertThat(page.getByText("This browser is waiting")).isHidden();
    box("Message").press("Enter");
    assertAsked("sendText", 1);
  }

  @Test
  void afterTheEndNothingIsWrittenAndNothingBegunIsLost() {
    openCrew("");
    for (var end : List.of("left:You are not in this group.",
        "removed:You were removed from this group.",
        "lost:The server was restored from a copy in which you are not in this group.")) {
      change("status: '" + end.split(":")[0] + "'");
      assertThat(page.getByText(end.split(":")[1])).isVisible();
      assertThat(box("Message")).isDisabled();
      assertThat(box("Message")).hasValue("half a thought");
      box("Message").press("Enter");
    }
    change("status: 'member', alarm: 'The server shows two histories of this group.'");
    assertThat(alert()).containsText("The server shows two histories of this group.");
    assertThat(page.getByText("Nothing is sent in this group any more.")).isVisible();
    assertThat(conversation("Crew")).hasAccessibleName(
        Pattern.compile("^Crew , group, not safe any more"));
    button("Send").dispatchEvent("click");
    assertAsked("sendText", 0);
  }

  @Test
  void groupWithoutAKnownNameIsAGroup() {
    openCrew("");
    engine("e.change([...e.conversations.keys()][0], {name: null})");
    assertThat(role(AriaRole.HEADING, "Group")).isVisible();
    assertThat(conversation("Group")).isVisible();
  }
}
