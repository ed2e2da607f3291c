package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answering a message, reacting to it, changing and deleting it, and mentioning people. */
class RespondPageTest extends PageTest {
  private Locator message(String text) {
    return messages().filter(new Locator.FilterOptions().setHasText(text));
  }

  private static Locator buttonIn(Locator message, String name) {
    return message.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name));
  }

  /** By the mouse, as the arrow keys are tested on their own. */
  private void choose(Locator message, String item) {
    message.hover();
    buttonIn(message, "Message actions").click();
    role(AriaRole.MENUITEM, item).click();
  }

  private void press(String... keys) {
    for (var key : keys) {
      page.keyboard().press(key);
    }
  }

  private Locator strip() {
    return page.locator(".respond-strip");
  }

  private Object activeText() {
    return page.evaluate("document.activeElement.textContent");
  }

  @Test
  void answerQuotesWhatItAnswersAndLeadsThere() {
    openSample("bob");
    choose(message("Did you get the keys"), "Reply");
    assertThat(box("Message")).isFocused();
    press("Escape");
    assertThat(strip()).isHidden();
    choose(message("Did you get the keys"), "Reply");
    page.keyboard().type("I did");
    conversation("carol").click();
    assertThat(box("Message")).hasValue("");
    assertThat(strip()).isHidden();
    conversation("bob").click();
    assertThat(strip()).containsText("Reply to bob");
    assertThat(box("Message")).hasValue("I did");
    box("Message").press("Enter");
    assertThat(strip()).isHidden();
    assertEquals(List.of("sendText", "with-bob", "I did", "m1"), engine("e.calls.at(-2)"));
    buttonIn(messages().last(), "In reply to bob").click();
    assertThat(messages().first()).isFocused();
    engine("e.receive('with-bob', {text: 'to nothing', replyTo: {id: 'x/1', from: 'bob',"
        + " text: null, kind: 'text'}})");
    assertThat(message("to nothing")).containsText("This message is not in this browser");
    engine("e.receive('with-bob', {text: 'to air', replyTo: {id: 'm2', from: 'alice',"
        + " text: '', kind: 'deleted'}})");
    assertThat(message("to air")).containsText("Deleted message");
  }

  @Test
  void ownTextIsEditedInItsPlaceAndTheDraftComesBack() {
    openSample("bob");
    box("Message").press("ArrowUp");
    assertThat(strip()).containsText("Editing");
    assertThat(box("Message")).hasValue("Opening hours: https://example.org/desk (until 6 pm).");
    press("Escape");
    assertThat(box("Message")).hasValue("");
    box("Message").fill("half a thought");
    press("ArrowUp");
    assertThat(box("Message")).hasValue("half a thought");
    choose(message("at the front desk"), "Edit");
    assertThat(box("Message")).isFocused();
    box("Message").fill("They are with Minna.");
    button("Save").click();
    assertThat(messages().nth(1)).containsText("They are with Minna.");
    assertThat(messages().nth(1)).containsText("edited");
    assertThat(box("Message")).hasValue("half a thought");
    engine("e.refusals.edit = 'The disk is full.'");
    choose(messages().nth(1), "Edit");
    box("Message").fill("Other words");
    press("Enter");
    assertThat(alert()).hasText("The disk is full.");
    assertThat(box("Message")).hasValue("Other words");
    assertAsked("sendText", 0);
  }

  @Test
  void messageIsDeletedForEveryoneAfterOneQuestion() {
    openSample("carol");
    box("Message").press("ArrowUp");
    box("Message").fill("");
    press("Enter");
    assertThat(page.getByRole(AriaRole.DIALOG)).containsText("kept a copy");
    assertThat(button("Cancel")).isFocused();
    press("Escape");
    assertAsked("deleteForAll", 0);
    engine("e.refusals.deleteForAll = 'Not now.'");
    choose(message("Waiting for the net"), "Delete for everyone");
    button("Delete for everyone").click();
    assertThat(alert()).hasText("Not now.");
    engine("delete e.refusals.deleteForAll");
    button("Delete for everyone").click();
    assertThat(messages().last()).containsText("You deleted this message");
    assertThat(log()).isFocused();
    assertThat(conversation("carol")).containsText("You deleted this message");
    assertThat(box("Message")).hasValue("");
    engine("e.receive('with-carol', {text: '👍', from: 'carol'})");
    assertThat(page.locator(".emoji-alone")).hasText("👍");
    engine("e.update(e.messages.get('with-carol').at(-1).id, {kind: 'deleted', text: ''})");
    assertThat(page.locator(".emoji-alone")).hasCount(0);
    assertThat(messages().last()).containsText("carol deleted this message");
    messages().last().hover();
    assertThat(buttonIn(messages().last(), "Message actions")).isHidden();
    message("And one more thing").hover();
    assertThat(buttonIn(message("And one more thing"), "Message actions")).isVisible();
  }

  @Test
  void reactionIsGivenByKeyboardAndTakenBackByAClick() {
    openSample("bob");
    log().focus();
    press("ArrowUp", "Enter", "ArrowUp", "ArrowRight", "Enter");
    var chip = buttonIn(messages().last(), "❤️ 1: alice. Yours");
    assertThat(chip).hasAttribute("title", "❤️ 1: alice. Yours");
    assertThat(messages().last()).isFocused();
    press("Enter", "ArrowDown");
    assertEquals("React…", activeText());
    press("Enter");
    assertThat(page.locator(".emoji-picker:popover-open input")).isFocused();
    page.keyboard().type("tada");
    assertThat(button("tada")).isVisible();
    press("Enter");
    assertThat(buttonIn(messages().last(), "🎉 1: alice. Yours")).isVisible();
    assertThat(messages().last()).isFocused();
    assertThat(chip).hasCount(0);
    buttonIn(messages().last(), "🎉 1").click();
    assertThat(buttonIn(messages().last(), "🎉")).hasCount(0);
    engine("e.update(e.messages.get('with-bob').at(-1).id, {reactions: Array.from({length: 200},"
        + " (_, i) => ({emoji: '<b>' + i, users: ['<img src=x>', 'bob'], mine: false}))})");
    assertThat(buttonIn(messages().last(), "<b>0 2: <img src=x>, bob")).isVisible();
    assertThat(messages().last().locator(".chip")).hasCount(13);
    button("188 more reactions").click();
    assertThat(messages().last().locator("li .chip")).hasCount(200);
    assertThat(messages().last().locator("img, b")).hasCount(0);
  }

  @Test
  void changesOfAMessageAreNotAnnouncedAsNew() {
    openSample("bob");
    engine("e.receive('with-bob', {text: 'hear me'})");
    assertEquals(null, messages().last().getAttribute("aria-live"));
    page.evaluate(DRAWN_TWICE);
    engine("e.update(e.messages.get('with-bob').at(-1).id, {text: 'hear this', edited: true,"
        + " reactions: [{emoji: '👍', users: ['bob'], mine: false}]})");
    assertThat(messages().last()).containsText("hear this");
    assertEquals("off", messages().last().getAttribute("aria-live"));
  }

  @Test
  void peopleAreMentionedByTheirNamesCompleted() {
    openSample("");
    conversation("Boathouse crew").click();
    box("Message").fill("hi ");
    page.keyboard().type("@do");
    assertThat(role(AriaRole.OPTION, "@dora.k")).hasAttribute("aria-selected", "true");
    press("Tab");
    assertThat(box("Message")).hasValue("hi @dora.k ");
    page.keyboard().type("and @");
    assertThat(page.getByRole(AriaRole.OPTION)).hasCount(5);
    press("Escape");
    page.keyboard().type(" :tad");
    assertThat(role(AriaRole.OPTION, ":tada:")).isVisible();
    press("Escape", "Enter");
    assertThat(messages().last().locator(".mention")).hasText("@dora.k");
    conversation("bob").click();
    engine("e.receive([...e.conversations.keys()].find(id => id.startsWith('group:')),"
        + " {from: 'bob', text: '@alice, not `@alice` or x@alice.example'})");
    assertThat(conversation("Boathouse crew")).containsText("you are mentioned");
    conversation("Boathouse crew").click();
    assertThat(messages().last().locator("mark")).hasText(new String[] {"@alice"});
  }
}
