package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Strangers who ask, people who are blocked, and what goes by: typing, messages that disappear. */
class RequestsPageTest extends PageTest {
  static final String STRANGERS = """
      {privacy: {blocked: ['mallory']}, online: ['bob'], conversations: [
        {user: 'bob', messages: [{text: 'See you', daysAgo: 1}]},
        {user: 'nadia', standing: 'asked', messages: [
          {text: 'Hello, we met at the boathouse.', daysAgo: 0.1},
          {text: 'May I ask you something?', daysAgo: 0.09}]},
        {user: 'mallory', standing: 'blocked', messages: [{text: 'hi', daysAgo: 8}]},
        {name: 'Crew', group: {members: [{user: 'alice'}, {user: 'bob', role: 'admin'},
          {user: 'mallory'}]}, messages: [
          {from: 'bob', text: 'Who has time?', daysAgo: 0.2},
          {from: 'mallory', text: 'I know a shortcut', daysAgo: 0.19}]}]}""";

  private Locator requests() {
    return page.getByRole(AriaRole.REGION,
        new com.microsoft.playwright.Page.GetByRoleOptions().setName("Requests"));
  }

  private Locator in(Locator place, String button) {
    return place.getByRole(AriaRole.BUTTON,
        new Locator.GetByRoleOptions().setName(button).setExact(true));
  }

  @Test
  void strangerStandsApartAndIsAccepted() {
    page = FakePages.open(profile, STRANGERS, "bob");
    assertThat(requests()).containsText("nadia");
    assertThat(requests()).containsText("Would like to write to you");
    assertThat(requests()).not().containsText("May I ask");
    assertThat(conversation("nadia")).hasCount(1);
    assertEquals("Sotto", page.title());
    conversation("nadia").click();
    assertThat(page.getByText("They are not told whether you got or read this")).isVisible();
    assertThat(messages()).hasCount(2);
    assertThat(button("Accept")).hasCount(1);
    button("Accept").click();
    assertThat(requests()).isHidden();
    assertThat(conversation("nadia")).containsText("May I ask you something?");
    assertThat(box("Message")).isFocused();
    assertAsked("accept", 1);
  }

  @Test
  void sendingIsPossibleBeforeTheAnswer() {
    page = FakePages.open(profile, STRANGERS, "nadia");
    box("Message").fill("Yes, go on");
    box("Message").press("Enter");
    assertThat(messages().last()).containsText("Yes, go on");
    assertAsked("sendText", 1);
  }

  @Test
  void declineAsksOnceAndNothingIsLeftOfIt() {
    page = FakePages.open(profile, STRANGERS, "nadia");
    button("Decline").click();
    var dialog = page.getByRole(AriaRole.DIALOG);
    assertThat(dialog).containsText("They are not told.");
    in(dialog, "Cancel").click();
    assertThat(button("Decline")).isFocused();
    engine("Object.assign(e.refusals, {decline: 'The disk is full.'})");
    button("Decline").click();
    in(dialog, "Decline and block").click();
    assertThat(alert()).hasText("The disk is full.");
    engine("delete e.refusals.decline");
    in(dialog, "Decline and block").click();
    assertThat(dialog).hasCount(0);
    assertThat(page.getByText("Choose a conversation")).isVisible();
    assertThat(conversation("nadia")).hasCount(0);
    assertEquals(true, page.evaluate("document.activeElement.matches('.conversations a')"));
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Settings").click();
    button("Privacy").click();
    button("Unblock nadia").click();
    assertThat(button("Unblock nadia")).hasCount(0);
    assertThat(button("Unblock mallory")).isFocused();
    button("Unblock mallory").click();
    assertThat(page.getByText("You have blocked nobody.")).isVisible();
  }

  @Test
  void personIsBlockedInTheMenuAndUnblockedInThePlaceOfTheBox() {
    page = FakePages.open(profile, STRANGERS, "bob");
    button("Conversation options").click();
    role(AriaRole.MENUITEM, "Block bob").press("Enter");
    in(page.getByRole(AriaRole.DIALOG), "Block").click();
    assertThat(page.getByText("You have blocked bob.")).isVisible();
    assertThat(box("Message")).isHidden();
    assertThat(conversation("bob")).containsText("Blocked");
    button("Unblock").click();
    assertThat(box("Message")).isFocused();
    button("Details").click();
    button("Block bob").click();
    assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Block bob?");
    assertEquals(List.of("bob"), engine("e.calls.filter(([name]) => name === 'block')"
        + ".map(call => call[1])"));
  }

  @Test
  void whatABlockedMemberWritesIsShownWhenItIsAskedFor() {
    page = FakePages.open(profile, STRANGERS, "");
    assertThat(conversation("Crew")).containsText("Message of mallory, whom you blocked");
    conversation("Crew").click();
    assertThat(messages().last()).containsText("Message of mallory, whom you blocked");
    assertThat(messages().last()).not().containsText("shortcut");
    engine("e.receive([...e.conversations.keys()].at(-1), {from: 'bob', text: 'Which one?',"
        + " replyTo: {id: 'm6', from: 'mallory', text: 'I know a shortcut', kind: 'text'}})");
    var answer = messages().last();
    assertThat(answer).containsText("Which one?");
    assertThat(log()).not().containsText("shortcut");
    in(log(), "Show").click();
    assertThat(answer).containsText("I know a shortcut");
    assertThat(messages().nth(1)).containsText("I know a shortcut");
    assertThat(messages().nth(1)).isFocused();
  }

  @Test
  void memberIsBlockedInTheMenuOfAMessageWithoutAnyConversation() {
    page = FakePages.open(profile, """
        {conversations: [{name: 'Crew', group: {members: [{user: 'alice'}, {user: 'dora'}]},
          messages: [{from: 'dora', text: 'Buy this'}, {from: 'alice', mine: true, text: 'No'}]}]}
        """, "");
    conversation("Crew").click();
    openMenu(messages().last());
    assertThat(role(AriaRole.MENUITEM, "Block alice…")).hasCount(0);
    page.keyboard().press("Escape");
    openMenu(messages().first());
    role(AriaRole.MENUITEM, "Block dora…").press("Enter");
    var dialog = page.getByRole(AriaRole.DIALOG);
    assertThat(dialog).containsText("Block dora?");
    in(dialog, "Block").click();
    assertThat(messages().first()).containsText("Message of dora, whom you blocked");
    assertThat(messages().first()).isFocused();
    in(log(), "Show").click();
    openMenu(messages().first());
    role(AriaRole.MENUITEM, "Unblock dora").click();
    openMenu(messages().first());
    assertThat(role(AriaRole.MENUITEM, "Block dora…")).isVisible();
  }

  private void openMenu(Locator message) {
    message.hover();
    message.locator(".message-actions").click();
  }

  @Test
  void privacyIsChosenForAllDevices() {
    page = FakePages.open(profile, STRANGERS, "");
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Settings").click();
    button("Privacy").click();
    var open = page.getByLabel("Let everybody on this server write to me without asking");
    assertThat(open).not().isChecked();
    open.check();
    assertThat(open).isChecked();
    var typing = page.getByLabel("Show when I am writing");
    engine("Object.assign(e.refusals, {setTyping: 'The disk is full.'})");
    typing.click();
    assertThat(alert()).hasText("The disk is full.");
    assertThat(typing).isChecked();
    engine("e.emit({type: 'privacy', typing: false, openToAll: false})");
    assertThat(typing).not().isChecked();
    assertThat(open).not().isChecked();
    assertEquals(List.of("setOpenToAll", "setTyping"),
        engine("e.calls.map(call => call[0]).filter(name => name.startsWith('set'))"));
  }

  @Test
  void timerIsSetInTheDetailsAndShownInTheConversation() {
    page = FakePages.open(profile, STRANGERS, "bob");
    button("Details").click();
    var choice = page.getByLabel("Messages disappear");
    choice.selectOption("1 day");
    button("Set").click();
    choice.selectOption("After another time…");
    page.getByLabel("How long").fill("0");
    button("Set").click();
    assertThat(alert()).containsText("Choose a number above 0");
    page.getByLabel("How long").fill("3");
    button("Set").click();
    assertThat(alert()).hasCount(0);
    assertThat(choice).hasValue(String.valueOf(3 * 86_400));
    page.keyboard().press("Escape");
    assertThat(page.getByText("Messages disappear after 3 days")).isAttached();
    assertEquals(List.of(86_400, 3 * 86_400),
        engine("e.calls.filter(([name]) => name === 'setDisappear').map(call => call[2])"));
    engine("(e.receive('with-bob', {text: 'read me', disappearAfter: 86400}),"
        + " e.receive('with-bob', {text: 'soon', disappearAfter: 86400,"
        + " goneAt: Date.now() + 3 * 3600000}))");
    assertThat(messages().nth(1)).containsText("Disappears 1 day after it is read");
    assertThat(messages().last().getByTitle("Disappears in 3 hours")).isVisible();
  }

  @Test
  void whatDisappearsTakesNeitherThePlaceNorTheFocusAlong() {
    page = FakePages.open(profile, """
        {conversations: [{user: 'bob', messages: Array.from({length: 60}, (_, i) =>
          ({text: 'message ' + i, disappearAfter: 5, daysAgo: 0.5}))}]}""", "bob");
    assertThat(messages()).hasCount(60);
    var read = messages().filter(new Locator.FilterOptions().setHasText("message 30"));
    read.evaluate("message => message.scrollIntoView({block: 'center'})");
    assertThat(button("Jump to latest")).isVisible();
    log().focus();
    page.keyboard().press("ArrowDown");
    var focused = (String) page.evaluate("document.activeElement.querySelector('.text').textContent");
    var place = read.boundingBox().y;
    engine("e.go('with-bob', e.messages.get('with-bob').filter(({text}) => text === '" + focused
        + "' || Number(text.slice(8)) < 10).map(({id}) => id))");
    assertThat(messages()).hasCount(49);
    assertEquals(place, read.boundingBox().y, 1.5, "the reader's place is kept");
    assertThat(messages().filter(new Locator.FilterOptions().setHasText(
        "message " + (Integer.parseInt(focused.substring(8)) + 1)))).isFocused();
    read.hover();
    read.getByRole(AriaRole.BUTTON).click();
    assertThat(role(AriaRole.MENUITEM, "Reply")).isFocused();
    engine("e.go('with-bob', e.messages.get('with-bob').filter(({text}) => text === 'message 30')"
        + ".map(({id}) => id))");
    assertThat(role(AriaRole.MENUITEM, "Reply")).isHidden();
    assertThat(messages().filter(new Locator.FilterOptions().setHasText("message 31"))).isFocused();
    engine("e.go('with-bob', e.messages.get('with-bob').map(({id}) => id))");
    assertThat(messages()).hasCount(0);
    assertThat(log()).isFocused();
  }

  @Test
  void whoIsWritingIsSaidWithoutMovingAnything() {
    page = FakePages.open(profile, STRANGERS, "");
    conversation("Crew").click();
    assertThat(messages()).hasCount(2);
    var place = messages().last().boundingBox();
    engine("(window.crew = e.conversations.keys().find(id => id.startsWith('group:')),"
        + " ['mallory', 'bob'].forEach(user => e.emit({type: 'typing', conversation: crew, user,"
        + " isWriting: true})))");
    assertThat(page.locator(".writing")).hasText("bob is writing…");
    assertThat(conversation("Crew")).containsText("bob is writing…");
    engine("e.emit({type: 'typing', conversation: crew, user: 'dora', isWriting: true})");
    assertThat(page.locator(".writing")).hasText("bob and dora are writing…");
    assertEquals(place.y, messages().last().boundingBox().y);
    engine("e.receive(crew, {from: 'bob', text: 'I have'})");
    assertThat(page.locator(".writing")).hasText("dora is writing…");
    engine("e.emit({type: 'connection', status: 'reconnecting'})");
    assertThat(page.locator(".writing")).hasText("");
    box("Message").fill("me too");
    box("Message").fill("");
    assertEquals(List.of(true, false),
        engine("e.calls.filter(([name]) => name === 'typing').map(call => call[2])"));
  }
}
