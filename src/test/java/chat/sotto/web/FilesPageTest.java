package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files on the page: attached, sent, shown, loaded, and what can go wrong with them. */
class FilesPageTest extends PageTest {
  static final Path WORLD = Path.of("src/test/js/fake/files-world.js");

  /** Gives an element files as the browser does after a paste or a drop. */
  private static final String WITH_FILES = """
      (element, [type, ...names]) => {
        const data = new DataTransfer();
        for (const name of names) data.items.add(new File(['x'], name));
        const init = {bubbles: true, cancelable: true};
        const event = type === 'paste' ? new ClipboardEvent(type, {...init, clipboardData: data})
          : new DragEvent(type, {...init, dataTransfer: data});
        element.dispatchEvent(event);
        return event.defaultPrevented;
      }""";

  static String world() {
    try {
      return Files.readString(WORLD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void openFiles() {
    page = FakePages.open(profile, world(), "bob");
    assertThat(messages()).hasCount(8);
  }

  private Locator attached() {
    return page.locator("section[aria-label='Attached files']").getByRole(AriaRole.LISTITEM);
  }

  private Locator message(String name) {
    return messages().filter(new Locator.FilterOptions().setHasText(name));
  }

  private Object give(String selector, String type, String... names) {
    var values = new ArrayList<>(List.of(names));
    values.add(0, type);
    return page.locator(selector).evaluate(WITH_FILES, values);
  }

  @Test
  void chosenPastedAndDroppedFilesAreSentWithTheText() {
    openFiles();
    page.locator("input[type=file]").setInputFiles(
        new FilePayload("chosen.txt", "text/plain", "hello".getBytes(StandardCharsets.UTF_8)));
    assertThat(box("Message")).isFocused();
    assertEquals(true, give("textarea", "paste", "pasted.png"));
    give(".conversation", "dragenter", "dropped.pdf");
    assertThat(page.getByText("Drop the files to attach them.")).isVisible();
    assertEquals(true, give(".conversation", "drop", "dropped.pdf"));
    assertThat(page.getByText("Drop the files to attach them.")).isHidden();
    assertThat(attached()).hasCount(3);
    assertThat(page.getByText("3 files go as 3 messages")).isVisible();
    button("Remove pasted.png").click();
    assertThat(box("Message")).isFocused();
    box("Message").fill("both of them");
    box("Message").press("Enter");
    assertThat(attached()).hasCount(0);
    assertThat(message("chosen.txt")).containsText("both of them");
    assertThat(message("dropped.pdf")).containsText("Pending");
    assertAsked("sendFile", 2);
    assertAsked("sendText", 0);
    assertThat(conversation("bob")).containsText("File: dropped.pdf");
    // A file that is dropped beside would open in place of the page.
    assertEquals(true, give(".side", "drop", "beside.pdf"));
    assertThat(attached()).hasCount(0);
  }

  @Test
  void refusedFileStaysWithItsReasonAndTheText() {
    openFiles();
    engine("Object.assign(e.refusals, {sendFile: 'This file is too large.'})");
    give("textarea", "paste", "huge.iso");
    box("Message").fill("keep this");
    button("Send").click();
    assertThat(attached()).containsText("This file is too large.");
    assertThat(box("Message")).hasValue("keep this");
  }

  @Test
  void fileShowsItsNameAsItIsAndHowFarItIs() {
    openFiles();
    var trick = message("invoice");
    assertThat(trick).containsText("invoice�gpj.exe");
    assertThat(trick).containsText("The server kept it until Dec 26, 2016; it may not be there");
    var download = page.waitForDownload(() ->
        trick.getByRole(AriaRole.BUTTON).getByText("Download").click());
    assertEquals("invoice", download.suggestedFilename().substring(0, 7));
    assertEquals(".exe", download.suggestedFilename().replaceFirst(".*(?=\\.)", ""));
    engine("e.emit({type: 'file-progress', done: 3e6, total: 3e7,"
        + " id: e.messages.get('with-bob').at(-1).id})");
    var upload = message("Songs.zip");
    assertThat(upload.getByRole(AriaRole.PROGRESSBAR)).hasAttribute("aria-label",
        "Uploading Songs.zip");
    assertThat(upload).containsText("3 MB of 30 MB");
    upload.getByRole(AriaRole.BUTTON).getByText("Cancel").click();
    assertAsked("cancelFile", 1);
    var gone = message("geojson");
    assertThat(gone).containsText("Kept by the server until Dec 26, 2096");
    engine("e.emit({type: 'file-failed', code: 'file-gone', text: 'This file is gone.',"
        + " id: e.messages.get('with-bob')[2].id})");
    assertThat(gone.getByRole(AriaRole.ALERT)).hasText("This file is gone.");
    assertThat(gone).not().containsText("Kept by the server");
    assertThat(gone.getByText("Try again")).isHidden();
  }

  @Test
  void imageIsShownAndOpensLarge() {
    openFiles();
    var small = button("Open image view.jpg");
    small.scrollIntoViewIfNeeded();
    page.waitForFunction("() => document.querySelector('.picture img').naturalWidth === 1600");
    // The larger one waits until somebody asks for it.
    assertAsked("loadFile", 1);
    assertEquals("200 true", button("Open image panorama.png").locator("img")
        .evaluate("image => image.naturalWidth + ' ' + image.src.startsWith('blob:')"));
    button("Open image panorama.png").focus();
    page.keyboard().press("Enter");
    var dialog = role(AriaRole.DIALOG, "panorama.png");
    assertThat(dialog.getByRole(AriaRole.IMG)).isVisible();
    assertEquals("panorama.png", page.waitForDownload(() -> button("Save").last().click())
        .suggestedFilename());
    page.keyboard().press("Escape");
    assertThat(button("Open image panorama.png")).isFocused();
  }

  @Test
  void nameOfAFileIsNotCutForAButtonOnAPhone() {
    page = FakePages.open(profile, "{conversations: [{user: 'bob', messages: [{kind: 'file',"
        + " text: 'said with it', file: {name: 'report.pdf', size: 2}}]}]}", "bob");
    page.setViewportSize(360, 740);
    assertThat(messages()).containsText("2 bytes");
    assertEquals(true, page.locator(".file-name bdi").first().evaluate(
        "name => name.scrollWidth <= name.clientWidth + 1"));
    assertEquals(true, page.evaluate("document.querySelector('.file').getBoundingClientRect().bottom"
        + " <= document.querySelector('.message .text').getBoundingClientRect().top"));
  }

  @Test
  void whatIsNoImageIsNeverShownAsOne() {
    openFiles();
    engine("e.receive('with-bob', {kind: 'file', text: '', file: {name: 'x.png', size: 90,"
        + " mediaType: 'image/png', isHere: false}, content: new Blob(['<svg xmlns=\"http://www.w3.org"
        + "/2000/svg\"/>'], {type: 'application/octet-stream'})})");
    var received = message("x.png");
    received.scrollIntoViewIfNeeded();
    page.waitForFunction("() => fakeEngine.calls.some(([name]) => name === 'loadFile')");
    assertThat(received.locator("img")).isHidden();
    assertThat(received.getByText("Download")).isVisible();
  }

  @Test
  void hostileNamesOfFilesStayText() throws IOException {
    page = FakePages.open(profile, "{conversations: [{user: 'bob'}]}", "bob");
    assertThat(status()).hasText("Connected");
    var names = HostileTextTest.texts();
    page.evaluate("names => names.forEach(name => fakeEngine.receive('with-bob', {kind: 'file',"
        + " text: '', file: {name, size: 9e9, mediaType: 'image/svg+xml', isHere: false}}))", names);
    assertThat(messages()).hasCount(names.size());
    assertEquals(page.evaluate("async names => { const {plainName} = await import("
        + "'/state/file-names.js'); return names.map(plainName); }", names),
        page.locator(".file-name").allTextContents());
    assertEquals(List.of("undefined", 2, 0, false), page.evaluate("[typeof window.__pwned,"
        + " document.scripts.length, document.querySelectorAll('img[src], iframe, object').length,"
        + " document.documentElement.scrollWidth > innerWidth]"));
    assertAsked("loadFile", 0);
  }
}
