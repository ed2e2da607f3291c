package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.util.List;

/** What files look like: on their way, before they are sent, and as an image alone. */
class FilesLooksTest extends LooksTest {
  @Override
  List<State> states() {
    return List.of(
        new State("files", this::moveFiles),
        new State("attached", this::attach),
        new State("image", this::enlarge));
  }

  private void moveFiles() {
    open(FilesPageTest.world(), "bob");
    assertThat(messages()).hasCount(8);
    engine("(e.emit({type: 'file-progress', id: e.messages.get('with-bob')[7].id, done: 12e6,"
        + " total: 31457280}), e.emit({type: 'file-failed', text: 'The connection broke off. Try"
        + " again: it goes on from where it was.', id: e.messages.get('with-bob')[3].id}))");
    assertThat(alert()).isVisible();
  }

  private void attach() {
    open(FilesPageTest.world(), "bob");
    engine("Object.assign(e.refusals, {sendFile: 'This file is too large: this server takes files of"
        + " up to 100 MB.'})");
    page.locator("input[type=file]").setInputFiles(new FilePayload[] {
        new FilePayload("a.txt", "text/plain", new byte[10]),
        new FilePayload("The whole house from every side in the morning.jpeg", "", new byte[10])});
    button("Send").click();
    assertThat(alert().first()).isVisible();
  }

  private void enlarge() {
    open(FilesPageTest.world(), "bob");
    button("Open image panorama.png").click();
    assertThat(page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.IMG)).isVisible();
  }
}
