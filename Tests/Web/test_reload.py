"""A page that is loaded anew goes on where it was."""

from studio_case import StudioCase, png, stripes


class ReloadTests(StudioCase):
    def setUp(self):
        super().setUp()
        self.choose_model("methods/harmonic")

    def labels(self):
        return self.page.evaluate("studio.editor.results.map(({label, note}) => [label, note])")

    def test_pictures_strokes_results_and_the_way_back(self):
        self.open()
        original = self.pixel(100, 100)
        self.drag([(80, 100), (120, 100)])
        first = self.painted()
        self.fill()
        filled = self.pixel(100, 100)
        self.drag([(200, 60), (220, 60)])
        second = self.painted()
        self.page.keyboard.press("g")
        grown = self.painted()
        self.page.click("#undo")
        self.until(f"studio.editor.hole.count === {second}")
        results = self.labels()
        self.reload()
        self.assertEqual((self.painted(), self.pixel(100, 100), self.labels()), (second, filled, results))
        self.assertEqual(self.page.inner_text("#results li:nth-child(2)").split("\n")[0], "1. Harmonic (smoothest)")
        # Forward to what was taken back, and back to the beginning.
        self.page.click("#redo")
        self.until(f"studio.editor.hole.count === {grown}")
        self.assertTrue(self.page.is_disabled("#redo"))
        for _ in range(2):
            self.page.keyboard.press("Control+z")
        self.until("studio.editor.hole.count === 0")
        self.page.keyboard.press("Control+z")
        self.until(f"studio.editor.hole.count === {first}")
        self.assertEqual(self.pixel(100, 100), original)
        # Once more in the middle of it.
        self.reload()
        self.assertEqual((self.painted(), self.pixel(100, 100)), (first, original))
        self.page.click("#undo")
        self.until("studio.editor.hole.count === 0")
        self.assertTrue(self.page.is_disabled("#undo"))
        for _ in range(4):
            self.page.keyboard.press("Control+Shift+z")
        self.until(f"studio.editor.hole.count === {grown}")
        self.assertEqual(self.pixel(100, 100), filled)
        # What was filled last can be filled again.
        self.page.click("#again")
        self.until("studio.editor.results.length === 2")
        self.assertEqual(self.pixel(100, 100), filled)

    def test_older_results_stay_and_another_picture_begins_anew(self):
        self.open()
        for x in [60, 120, 180]:
            self.drag([(x, 100), (x + 20, 100)])
            self.fill()
        self.page.click("#results li:nth-child(2) button")
        self.until("studio.editor.current.id === 1")
        self.reload()
        self.assertEqual((self.results(), self.page.evaluate("studio.editor.current.id")), (3, 1))
        self.page.click("#undo")
        self.until("studio.editor.current.id === 3")
        self.open(stripes(64, 48), "small.png")
        self.until("studio.editor.results.length === 0")
        self.drag([(20, 20), (40, 20)])
        count = self.painted()
        self.reload()
        self.assertEqual(self.page.evaluate("[studio.editor.original.name, studio.editor.hole.width]"), ["small.png", 64])
        self.assertEqual((self.painted(), self.results()), (count, 0))
        self.page.click("#undo")
        self.until("studio.editor.hole.count === 0")

    def test_the_transparency_s_hole_is_still_one(self):
        self.open(png(64, 48, lambda x, y: (200, 90, 60, 0 if x < 20 else 255)))
        self.page.keyboard.press("t")
        self.until("studio.editor.hole.count === 960")
        self.reload()
        self.choose_model("methods/harmonic")
        self.fill()
        self.assertEqual(self.rgba(5, 5)[3], 255)

    def test_what_is_kept_has_bounds(self):
        self.open()
        self.page.evaluate(
            "async () => { const { bounds } = await import('/core/session.js'); bounds.steps = 400; bounds.results = 1; }"
        )
        for x in range(20, 300, 20):
            self.drag([(x, 60), (x + 10, 90)])
        steps = self.page.evaluate("studio.editor.history.steps.length")
        # Sizes are known when steps are packed: the next change has them all.
        self.reload_after_a_change()
        kept = self.page.evaluate("studio.editor.history.steps.length")
        self.assertTrue(0 < kept < steps, f"{kept} of {steps}")
        count = self.painted()
        for _ in range(kept):
            self.page.keyboard.press("Control+z")
        self.until("document.getElementById('undo').disabled")
        self.assertTrue(0 < self.painted() < count)

    def reload_after_a_change(self):
        self.until("!studio.editor.session.isWriting")
        self.drag([(20, 200), (40, 200)])
        self.reload()

    def test_what_cannot_be_brought_back_is_no_end(self):
        self.open()
        self.until("!studio.editor.session.isWriting")
        self.page.evaluate(
            "async () => { const { keep } = await import('/core/storage.js');"
            " await keep({values: [['picture', {blob: new Blob(['x']), name: 'bad.png', format: 'png'}]]}); }"
        )
        self.load()
        self.assertIn("bad.png: expected a JPEG, PNG or WebP picture", self.page.inner_text("#messages"))
        self.choose_model("methods/harmonic")
        self.open()
        self.drag([(80, 100), (120, 100)])
        self.fill()
        self.reload()
        self.assertEqual(self.results(), 1)

    def test_of_two_pages_the_one_that_changed_something_last_is_kept(self):
        self.open()
        self.drag([(80, 100), (120, 100)])
        self.until("!studio.editor.session.isWriting")
        first, self.page = self.page, self.context.new_page()
        self.load()
        self.until("studio.editor.hole.count > 0")
        self.open(stripes(64, 48), "other.png")
        self.until("!studio.editor.session.isWriting")
        second, self.page = self.page, first
        self.drag([(200, 60), (220, 60)])
        count = self.painted()
        self.reload()
        self.assertEqual((self.page.evaluate("studio.editor.original.name"), self.painted()), ("stripes.png", count))
        second.close()
