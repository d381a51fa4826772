"""Pictures on their way into the page and out of it: dropping, pasting, opening, copying, saving."""

from studio_case import StudioCase, png, stripes


class FileTests(StudioCase):
    context_options = {"permissions": ["clipboard-read", "clipboard-write"]}

    def bring(self, kind, name, target="window"):
        """Dispatches an event that brings a green picture."""
        self.page.evaluate(
            "async ([kind, name]) => { const canvas = new OffscreenCanvas(64, 48); const context = canvas.getContext('2d');"
            " context.fillStyle = '#0a0'; context.fillRect(0, 0, 64, 48); const data = new DataTransfer();"
            " data.items.add(new File([await canvas.convertToBlob()], name, {type: 'image/png'}));"
            " const init = {bubbles: true, cancelable: true};"
            " if (kind === 'paste') document.body.dispatchEvent(new ClipboardEvent('paste', {...init, clipboardData: data}));"
            " else for (const type of ['dragenter', 'dragover', 'drop'])"
            " document.body.dispatchEvent(new DragEvent(type, {...init, dataTransfer: data})); }",
            [kind, name],
        )
        self.until(f"studio.editor.original?.name === '{name}'")
        self.assertEqual(self.pixel(10, 10), [0, 170, 0])

    def test_dropping_and_pasting(self):
        self.bring("drop", "dropped.png")
        self.assertFalse(self.page.locator("#drop").is_visible())
        self.bring("paste", "pasted.png")

    def test_the_clipboard_of_the_system(self):
        self.open(png(64, 48, lambda x, y: (200, 10, 60)))
        self.page.focus("#view")
        self.page.keyboard.press("Control+c")
        self.until("document.getElementById('status').textContent === 'Copied'")
        self.open()
        self.page.keyboard.press("Control+v")
        self.until("studio.editor.hole.width === 64")
        self.assertEqual(self.pixel(10, 10), [200, 10, 60])

    def test_opening_by_keys(self):
        # The driver takes choosers over from here on, and not from the moment when the first is expected.
        self.page.on("filechooser", lambda _: None)
        self.page.evaluate("1")
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Control+o")
        chooser.value.set_files({"name": "keys.png", "mimeType": "image/png", "buffer": stripes()})
        self.page.wait_for_selector("#welcome", state="hidden")
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("u")
        hole = png(320, 240, lambda x, y: (255 * (x < 10),) * 3)
        chooser.value.set_files({"name": "hole.png", "mimeType": "image/png", "buffer": hole})
        self.until("studio.editor.hole.count === 2400")
        with self.page.expect_download() as download:
            self.page.keyboard.press("Shift+S")
        self.assertEqual(download.value.suggested_filename, "keys-hole.png")

    def test_a_file_that_is_no_picture_changes_nothing(self):
        self.open()
        self.drag([(80, 100), (120, 100)])
        count = self.painted()
        self.page.set_input_files("#file", {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"})
        self.page.wait_for_selector(".message.error")
        self.assertIn("notes.txt: expected a JPEG, PNG or WebP picture", self.page.inner_text("#messages"))
        self.assertEqual(self.painted(), count)

    def test_the_work_on_the_picture_before_comes_back(self):
        self.open()
        self.choose_model("methods/harmonic")
        self.drag([(80, 100), (120, 100)])
        self.fill()
        filled = self.pixel(100, 100)
        self.drag([(200, 60), (220, 60)])
        count = self.painted()
        self.open(stripes(64, 48), "other.png")
        self.until("studio.editor.hole.width === 64")
        self.assertIn("other.png is open", self.page.inner_text("#messages"))
        self.page.click(".message .action")
        self.until(f"studio.editor.hole.count === {count}")
        self.assertEqual((self.pixel(100, 100), self.results()), (filled, 1))
        self.reload()
        self.assertEqual((self.painted(), self.pixel(100, 100), self.results()), (count, filled, 1))
        self.page.click("#undo")
        self.page.click("#undo")
        self.until("studio.editor.current.id === 0")
        # A picture that nothing was made of is not asked about.
        self.open(stripes(64, 48), "other.png")
        self.until("studio.editor.hole.width === 64")
        self.page.click(".message:last-child button[aria-label=Dismiss]")
        self.open()
        self.until("studio.editor.hole.width === 320")
        self.assertEqual(self.page.inner_text("#messages"), "")
