package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import java.util.List;

/** What requests, blocked people and what goes by look like. */
class RequestsLooksTest extends LooksTest {
  @Override
  List<State> states() {
    return List.of(
        new State("requests", this::flood),
        new State("request", () -> ask("nadia")),
        new State("request-declined", this::decline),
        new State("person-blocked", () -> ask("mallory")),
        new State("block", this::block),
        new State("block-member", this::blockMember),
        new State("hidden", () -> openTalk("Crew")),
        new State("privacy-blocked", this::openPrivacy),
        new State("passing", this::pass),
        new State("timer", this::setTimer));
  }

  private void ask(String user) {
    open(RequestsPageTest.STRANGERS, user);
    assertThat(messages().first()).isVisible();
  }

  private void openTalk(String name) {
    open(RequestsPageTest.STRANGERS, "");
    conversation(name).click();
    assertThat(messages().last()).isVisible();
  }

  /** More than there is room for, one with a name as long as there are. */
  private void flood() {
    open("{conversations: Array.from({length: 40}, (_, i) => ({user: i === 39"
        + " ? 'a-rather-long-user-name.of.2026' : 'stranger' + i, standing: 'asked', messages:"
        + " [{text: 'Buy this', daysAgo: 40 - i}]})).concat({user: 'bob', messages: []})}", "");
    assertThat(button("Show all 40 requests")).isVisible();
  }

  private void decline() {
    ask("nadia");
    engine("Object.assign(e.refusals, {accept: 'The disk of this device is full.'})");
    button("Accept").click();
    assertThat(alert()).isVisible();
    button("Decline").click();
    assertThat(button("Decline and block")).isVisible();
  }

  private void block() {
    ask("bob");
    button("Details").click();
    button("Block bob").click();
    assertThat(button("Cancel")).isFocused();
  }

  /** One who is blocked already, above one who is asked about. */
  private void blockMember() {
    open(RequestsPageTest.STRANGERS.replace("{user: 'mallory'}]",
        "{user: 'mallory'}, {user: 'a-rather-long-user-name.of.2026'}], isAdmin: true"), "");
    conversation("Crew").click();
    button("Details").click();
    button("Block a-rather-long-user-name.of.2026").click();
    assertThat(button("Cancel")).isFocused();
  }

  private void openPrivacy() {
    open("{privacy: {blocked: ['mallory', 'a-rather-long-user-name.of.2026']}}", "");
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Settings").click();
    button("Privacy").click();
    button("Unblock mallory").focus();
  }

  /** Messages that disappear, and more people writing than there is room for. */
  private void pass() {
    openTalk("Crew");
    engine("(window.crew = [...e.conversations.keys()].find(id => id.startsWith('group:')),"
        + " e.change(crew, {disappearAfter: 2419200}),"
        + " e.receive(crew, {from: 'bob', text: 'Until then', disappearAfter: 86400}),"
        + " e.receive(crew, {mine: true, from: 'alice', state: 'sent', text: 'Yes',"
        + " disappearAfter: 3600, goneAt: Date.now() + 1800000}),"
        + " ['bob', 'a-rather-long-user-name.of.2026', 'dora.k'].forEach(user =>"
        + " e.emit({type: 'typing', conversation: crew, user, isWriting: true})))");
    assertThat(page.locator(".writing")).containsText("are writing…");
  }

  private void setTimer() {
    ask("bob");
    engine("e.change('with-bob', {disappearAfter: 5400})");
    button("Details").click();
    page.getByLabel("Messages disappear").selectOption("After another time…");
    page.getByLabel("How long").fill("9999");
    button("Set").click();
    assertThat(alert()).isVisible();
  }
}
