package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The details of a group: who is in it, and what an admin and a member can change there. */
class GroupDetailsTest extends PageTest {
  private static final String WORLD = """
      {online: ['alice', 'bob', 'erin', 'finn'], unseen: %s, conversations: [{name: 'Crew',
        group: {members: [{user: 'alice', role: '%s'}, {user: 'bob'}, {user: 'carol'},
          {user: 'dora', role: 'invited'}]}}, {user: 'carol', verified: true},
        {user: 'bob', verified: true, keyChanged: true}]}""";
  private static final String NOBODY_REMOVED = "null";

  private void openDetails(String ownRole, String unseen) {
    page = FakePages.open(profile, WORLD.formatted(unseen, ownRole), "");
    conversation("Crew").click();
    button("Details").click();
    assertThat(members()).hasCount(4);
  }

  private void openAsAdmin() {
    openDetails("admin", NOBODY_REMOVED);
  }

  private Locator dialog() {
    return page.getByRole(AriaRole.DIALOG);
  }

  private Locator members() {
    return role(AriaRole.LIST, "Members").getByRole(AriaRole.LISTITEM);
  }

  private Locator member(String user) {
    return members().filter(new Locator.FilterOptions().setHasText(user));
  }

  private Locator in(Locator place, String button) {
    return place.getByRole(AriaRole.BUTTON,
        new Locator.GetByRoleOptions().setName(button).setExact(true));
  }

  private void refuse(String action, String text) {
    engine("Object.assign(e.refusals, {" + action + ": '" + text + "'})");
  }

  @Test
  void rolesAreSaidInWords() {
    openAsAdmin();
    assertThat(member("alice")).containsText("(you)");
    assertThat(member("alice")).containsText("Admin");
    assertThat(member("bob")).containsText("Member");
    assertThat(member("bob").getByText("verified by you")).isHidden();
    assertThat(member("carol").getByText("verified by you")).isVisible();
    assertThat(member("dora")).containsText("Invited, has not answered. Can read from here on.");
    assertThat(dialog()).containsText("3 members, 1 invited");
    engine("e.changeGroup(e.calls.at(-1)[1], {},"
        + " members => members.map(m => ({...m, leaving: m.user > 'bob'})))");
    assertThat(member("carol")).containsText("Is leaving the group.");
    assertThat(member("dora")).containsText("Has declined the invitation.");
  }

  @Test
  void onlyAdminsSeeWhatOnlyAdminsMay() {
    openDetails("member", NOBODY_REMOVED);
    assertThat(box("Add member")).hasCount(0);
    assertThat(members().getByRole(AriaRole.BUTTON))
        .hasText(new String[] {"Block", "Block", "Block"});
    assertThat(button("Rename")).hasCount(0);
    assertThat(button("Leave group")).isVisible();
    engine("e.changeGroup(e.calls.at(-1)[1], {isAdmin: true})");
    assertThat(button("Remove bob")).isVisible();
    assertThat(button("Remove alice")).hasCount(0);
  }

  @Test
  void severalPeopleAreInvitedAtOnce() {
    openAsAdmin();
    assertThat(button("Pick bob")).hasCount(0);
    button("Pick erin").click();
    assertThat(box("Add member")).hasValue("erin, ");
    assertThat(box("Add member")).isFocused();
    assertThat(button("Pick erin")).hasCount(0);
    page.keyboard().type("Hal\u00a0ida");
    button("Add").click();
    assertThat(members()).hasCount(7);
    assertThat(box("Add member")).hasValue("");
    assertEquals(List.of("erin", "hal", "ida"),
        engine("e.calls.find(call => call[0] === 'inviteMembers')[2]"));
    assertAsked("inviteMembers", 1);
  }

  @Test
  void refusedInvitationKeepsTheNames() {
    openAsAdmin();
    box("Add member").fill("erin, x");
    box("Add member").press("Enter");
    assertThat(alert()).containsText("No user name can be: x.");
    assertAsked("inviteMembers", 0);
    refuse("inviteMembers", "Nobody here has the name nobody.");
    box("Add member").fill("erin nobody");
    button("Add").click();
    assertThat(alert()).hasText("Nobody here has the name nobody.");
    assertThat(box("Add member")).hasValue("erin nobody");
  }

  @Test
  void removingAsksFirstAndSaysWhatItMeans() {
    openAsAdmin();
    button("Remove bob").press("Enter");
    assertThat(alert()).containsText("bob gets nothing that is written here from now on.");
    assertThat(button("Cancel")).isFocused();
    page.keyboard().press("Enter");
    assertThat(alert()).hasCount(0);
    assertThat(button("Remove bob")).isFocused();
    page.keyboard().press("Enter");
    assertAsked("removeMember", 0);
    button("Remove now").press("Enter");
    assertThat(members()).hasCount(3);
    assertThat(role(AriaRole.LIST, "Members")).isFocused();
    button("Remove dora").click();
    assertThat(alert()).containsText("This takes back the invitation.");
    button("Take back invitation").click();
    assertThat(members()).hasCount(2);
    assertAsked("removeMember", 2);
  }

  @Test
  void refusedRemovalIsToldAtTheQuestion() {
    openAsAdmin();
    refuse("removeMember", "No connection to the server.");
    button("Remove bob").click();
    button("Remove now").click();
    assertThat(member("bob").getByText("No connection to the server.")).isVisible();
    assertThat(members()).hasCount(4);
    assertThat(button("Remove now")).isEnabled();
  }

  @Test
  void anyMemberIsBlockedAndUnblockedByWhoeverIsInTheGroup() {
    openDetails("member", NOBODY_REMOVED);
    assertThat(button("Block alice")).hasCount(0);
    button("Block dora").press("Enter");
    assertThat(alert()).containsText("In groups their messages are hidden");
    assertThat(button("Cancel")).isFocused();
    refuse("block", "The disk is full.");
    in(member("dora"), "Block").click();
    assertThat(alert().last()).hasText("The disk is full.");
    engine("delete e.refusals.block");
    in(member("dora"), "Block").press("Enter");
    assertThat(button("Unblock dora")).isFocused();
    assertThat(member("dora")).containsText("Blocked");
    page.keyboard().press("Enter");
    assertThat(button("Block dora")).isFocused();
    assertThat(member("dora")).not().containsText("Blocked");
    assertEquals(List.of("dora", "dora"),
        engine("e.calls.filter(([name]) => name === 'block').map(call => call[1])"));
    engine("e.emit({type: 'conversation', conversation: {id: 'with-dora', user: 'dora', draft: '', "
        + "unread: 0, standing: 'asked', lastOrdinal: 1, name: 'dora', kind: 'person'}})");
    button("Block dora").press("Enter");
    assertThat(alert()).containsText("What dora wrote is erased on your devices");
    assertThat(in(member("dora"), "Decline and block")).isVisible();
  }

  @Test
  void memberBecomesAdminAndBack() {
    openAsAdmin();
    button("Make bob an admin").click();
    assertThat(member("bob")).containsText("Admin");
    assertThat(button("Make bob a member")).isFocused();
    page.keyboard().press("Enter");
    assertThat(member("bob")).containsText("Member");
    refuse("setRole", "Somebody else changed the group. Try again.");
    button("Make carol an admin").click();
    assertThat(member("carol").getByRole(AriaRole.ALERT))
        .hasText("Somebody else changed the group. Try again.");
  }

  @Test
  void groupGetsAnotherName() {
    openAsAdmin();
    button("Rename").click();
    assertThat(box("Group name")).hasValue("Crew");
    assertThat(box("Group name")).isFocused();
    box("Group name").fill("  ");
    box("Group name").press("Enter");
    assertThat(alert()).hasText("Type a name for the group.");
    box("Group name").fill("Crew of 2027");
    button("Save name").click();
    assertThat(box("Group name")).hasCount(0);
    assertThat(dialog()).containsText("Crew of 2027");
    assertThat(button("Rename")).isFocused();
    page.keyboard().press("Escape");
    assertThat(role(AriaRole.HEADING, "Crew of 2027")).isVisible();
    assertThat(button("Details")).isFocused();
  }

  @Test
  void lastAdminIsToldToNameAnother() {
    openAsAdmin();
    refuse("leaveGroup", "You are the only admin. Make somebody else an admin first.");
    button("Leave group").click();
    assertThat(alert()).containsText("come back only if somebody invites you.");
    button("Leave now").click();
    assertThat(alert().last())
        .hasText("You are the only admin. Make somebody else an admin first.");
    engine("delete e.refusals.leaveGroup");
    button("Leave now").click();
    assertThat(dialog()).hasCount(0);
    assertThat(page.getByText("You are not in this group.")).isVisible();
    assertThat(button("Details")).isFocused();
  }

  @Test
  void whoHasNotSeenTheNewestRemovalIsNamed() {
    openDetails("member", "{removed: 'mallory', unseen: ['bob', 'carol']}");
    assertThat(dialog()).containsText(
        "Not everybody has seen yet that mallory is out: bob and carol.");
    engine("(e.world.unseen = {removed: 'mallory', unseen: []}, 0)");
    page.keyboard().press("Escape");
    button("Details").click();
    assertThat(dialog()).containsText("Everybody in the group has seen that mallory is out.");
    refuse("loadUnseen", "No connection to the server.");
    page.keyboard().press("Escape");
    button("Details").click();
    assertThat(dialog()).containsText("No connection to the server.");
  }

  @Test
  void peopleAreNotPickedFromAnOldListWithoutConnection() {
    openAsAdmin();
    engine("e.emit({type: 'connection', status: 'offline'})");
    assertThat(button("Pick erin")).hasCount(0);
  }

  @Test
  void twoHundredMembersAreShownAndChangedAtOnce() {
    page = FakePages.open(profile, """
        {conversations: [{name: 'Everybody', group: {members: [{user: 'alice', role: 'admin'},
          ...Array.from({length: 199}, (_, i) => ({user: 'user' + (1000 + i)}))]}}]}""", "");
    conversation("Everybody").click();
    button("Details").click();
    assertThat(members()).hasCount(200);
    page.evaluate("kept = document.querySelectorAll('.member')[199]");
    var added = (Number) page.evaluate("""
        async () => {
          const id = [...fakeEngine.conversations.keys()][0];
          let added = 0;
          const observer = new MutationObserver(records =>
            records.forEach(({addedNodes}) => { added += addedNodes.length; }));
          observer.observe(document.body, {childList: true, subtree: true});
          for (let i = 0; i < 50; i++) {
            fakeEngine.changeGroup(id, {}, members =>
              members.map((m, at) => at === i + 1 ? {...m, role: 'admin'} : m));
            await new Promise(done => setTimeout(done));
          }
          observer.disconnect();
          return added;
        }""");
    assertTrue(added.intValue() < 50 * 20, "nodes made by 50 changes of a role: " + added);
    assertEquals(true, page.evaluate("kept === document.querySelectorAll('.member')[199]"));
    button("Remove user1198").click();
    button("Remove now").click();
    assertThat(members()).hasCount(199);
  }
}
